// Elementary functions for the kernels, written so that a plain loop over them vectorizes.
//
// Re-included once per scalar type, hence no include guard. The includer defines LK_T (float or double), LK(name)
// (adds the type's suffix), LK_IS_F64 (0 or 1) and LK_INLINE, and has included <stdint.h>.
//
// Every function is straight-line code made of + - * / and sqrt, comparisons, selects and integer operations on the bit
// patterns. Those are exactly rounded or exact on every processor, so results do not depend on the instruction set as
// long as the compiler neither contracts a * b + c into a fused operation nor reorders (-ffp-contract=off, no
// -ffast-math). For the same reason there is no fused multiply-add here. Rounding to the nearest integer adds a large
// constant instead of using a rounding instruction, which SSE2 does not have.
//
// Each function states its largest measured error in units in the last place (ULP) of the result, rounded up to the
// next 0.05: over every argument for float, over 70 to 90 million random and boundary arguments for double. Polynomials
// are minimax fits (Remez), rounded to the type. Products are paired (Estrin) because a long dependent chain would
// leave the processor's arithmetic units idle; for the same reason loops over these functions gain from
// `interleave_count(4)`. Status flags and NaN payloads are not part of the contract.

#if LK_IS_F64
#define LK_UINT uint64_t
#define LK_PICK(f32, f64) f64
#else
#define LK_UINT uint32_t
#define LK_PICK(f32, f64) f32
#endif

// Bits in the stored fraction, that is, the position of the exponent's lowest bit.
#define LK_EXP_SHIFT LK_PICK(23, 52)
#define LK_INFINITY ((LK_T)__builtin_inff())
#define LK_NAN ((LK_T)__builtin_nanf(""))

// ---------------------------------------------------------------------------------------------------------------------
// Thin wrappers
// ---------------------------------------------------------------------------------------------------------------------

/// The bit pattern of x.
LK_INLINE LK_UINT LK(to_bits)(LK_T x) {
  union {
    LK_T value;
    LK_UINT bits;
  } u = {.value = x};
  return u.bits;
}

/// The number with the given bit pattern.
LK_INLINE LK_T LK(from_bits)(LK_UINT bits) {
  union {
    LK_UINT bits;
    LK_T value;
  } u = {.bits = bits};
  return u.value;
}

/// Square root, exactly rounded. Max error: 0.50 ULP.
LK_INLINE LK_T LK(sqrt)(LK_T x) { return LK_PICK(__builtin_sqrtf, __builtin_sqrt)(x); }

/// Absolute value; clears the sign of zeros and NaNs too.
LK_INLINE LK_T LK(abs)(LK_T x) { return LK_PICK(__builtin_fabsf, __builtin_fabs)(x); }

/// The magnitude of x with the sign of s.
LK_INLINE LK_T LK(copysign)(LK_T x, LK_T s) { return LK_PICK(__builtin_copysignf, __builtin_copysign)(x, s); }

/// The smaller of two numbers. If either is NaN the result is b, so a NaN survives only in b. Of two zeros, b.
LK_INLINE LK_T LK(min)(LK_T a, LK_T b) { return a < b ? a : b; }

/// The larger of two numbers. If either is NaN the result is b, so a NaN survives only in b. Of two zeros, b.
LK_INLINE LK_T LK(max)(LK_T a, LK_T b) { return a > b ? a : b; }

// ---------------------------------------------------------------------------------------------------------------------
// Exponentials
// ---------------------------------------------------------------------------------------------------------------------

#define LK_LOG2_E LK_PICK(0x1.715476p0f, 0x1.71547652b82fep0)
// ln 2 in two parts. The first has so few bits that its product with any exponent occurring here is exact.
#define LK_LN2_HI LK_PICK(0x1.62e4p-1f, 0x1.62e42fee00000p-1)
#define LK_LN2_LO LK_PICK(0x1.7f7d1cp-20f, 0x1.a39ef35793c76p-33)
// Adding this rounds to an integer n and leaves n in the low bits of the sum's bit pattern.
#define LK_ROUNDER LK_PICK(0x1.8p23f, 0x1.8p52)
#define LK_EXP_BIAS LK_PICK(127, 1023)

/// exp(r) - 1 - r for |r| <= 0.3468, as r^2 times a polynomial of degree 4 (float) or 9 (double). The float polynomial
/// is fitted to the relative error of exp(r), the double one to that of exp(r) - 1. Leaving out 1 + r lets callers add
/// the large terms last, which is where their rounding does least harm. The float polynomial is arranged for few
/// multiplications, for which processors have fewer units than these functions could use.
LK_INLINE LK_T LK(exp_tail)(LK_T r) {
  const LK_T r2 = r * r;
#if LK_IS_F64
  const LK_T r4 = r2 * r2;
  const LK_T p01 = 0x1.0000000000005p-1 + 0x1.5555555555539p-3 * r;
  const LK_T p23 = 0x1.555555555228ep-5 + 0x1.1111111119019p-7 * r;
  const LK_T p45 = 0x1.6c16c17ee7380p-10 + 0x1.a01a0174f797dp-13 * r;
  const LK_T p67 = 0x1.a019a74a460e1p-16 + 0x1.71de882d72b1ap-19 * r;
  const LK_T p89 = 0x1.28a206bb4f012p-22 + 0x1.ae6b9e3ed9092p-26 * r;
  return r2 * ((p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * p89));
#else
  const LK_T p = (0x1.123a0cp-7f + 0x1.6a239ep-10f * r) * r + 0x1.cfe142p-7f;
  return r2 * ((r2 + 0x1.3ea4bap+4f) * p + 0x1.be9baap-3f);
#endif
}

/// 1 + r + tail(r) = exp(r) for the reduced argument r = high - low.
LK_INLINE LK_T LK(exp_reduced)(LK_T high, LK_T low) {
  const LK_T r = high - low;
#if LK_IS_F64
  // Keeps the rounding error of r out of the leading term.
  return 1.0 + (high + (LK(exp_tail)(r) - low));
#else
  return 1.0f + (r + LK(exp_tail)(r));
#endif
}

/// exp(x) for every x. exp(inf) = inf, exp(-inf) = 0, NaN gives NaN. Results below the normal range are subnormal.
///
/// Max error: 1.05 ULP (every float), 1.00 ULP (double, sampled).
/// Method: x = n ln 2 + r, Cody-Waite reduction in two parts, polynomial in r. The scale 2^n is applied as two factors,
/// each a normal number, so the result overflows or turns subnormal in the last multiplication, rounded only there.
LK_INLINE LK_T LK(exp)(LK_T x) {
  const LK_T lowest = LK_PICK(-104.0f, -746.0), highest = LK_PICK(89.0f, 710.0);
  // Beyond these the result is 0 or infinity anyway; the comparisons are false for NaN, which passes through.
  x = x < lowest ? lowest : x;
  x = x > highest ? highest : x;
  // The offset makes the integer positive and gives each of its two halves the exponent bias.
  const LK_T rounder = LK_ROUNDER + 2 * LK_EXP_BIAS;
  const LK_T t = x * LK_LOG2_E + rounder;
  const LK_T n = t - rounder;
  const LK_T y = LK(exp_reduced)(x - n * LK_LN2_HI, n * LK_LN2_LO);
  const LK_UINT whole = LK(to_bits)(t), half = whole >> 1;
  return y * LK(from_bits)(half << LK_EXP_SHIFT) * LK(from_bits)((whole - half) << LK_EXP_SHIFT);
}

/// exp(x) for x <= 0 or NaN; other arguments are not supported. exp_neg(-inf) = 0, NaN gives NaN. Results below the
/// normal range are subnormal.
///
/// Max error: 1.00 ULP (every float), 1.00 ULP (double, sampled).
/// Method: as `exp`, but as n <= 0 the scale is 2^(n + 64), always a normal number, times the constant 2^-64.
LK_INLINE LK_T LK(exp_neg)(LK_T x) {
  const LK_T lowest = LK_PICK(-104.0f, -746.0);
  x = x < lowest ? lowest : x;
  const LK_T rounder = LK_ROUNDER + (LK_EXP_BIAS + 64);
  const LK_T t = x * LK_LOG2_E + rounder;
  const LK_T n = t - rounder;
  const LK_T y = LK(exp_reduced)(x - n * LK_LN2_HI, n * LK_LN2_LO);
  return y * LK(from_bits)(LK(to_bits)(t) << LK_EXP_SHIFT) * (LK_T)0x1p-64;
}

/// exp(x) as `exp_neg` gives it, whose scale has room for x <= 43 (float) or 600 (double); a greater x counts as that.
#define LK_NEAR LK_PICK(43.0f, 600.0)
LK_INLINE LK_T LK(exp_near)(LK_T x) { return LK(exp_neg)(LK(min)(LK_NEAR, x)); }

/// exp(x) - 1 for every x. expm1(inf) = inf, expm1(-inf) = -1, NaN gives NaN; zeros keep their sign and tiny x is
/// returned unchanged.
///
/// Max error: 1.35 ULP (every float), 1.35 ULP (double, sampled).
/// Method: reduction and polynomial as in `exp`; 2^n (high + tail - low) + (2^n - 1) with the large terms added first.
LK_INLINE LK_T LK(expm1)(LK_T x) {
  const LK_T lowest = LK_PICK(-20.0f, -40.0), highest = LK_PICK(89.0f, 710.0);
  LK_T c = x < lowest ? lowest : x;
  c = c > highest ? highest : c;
  // Half the scale: 2^n itself overflows for the largest x with a finite result.
  const LK_T rounder = LK_ROUNDER + (LK_EXP_BIAS - 1);
  const LK_T t = c * LK_LOG2_E + rounder;
  const LK_T n = t - rounder;
  const LK_T high = c - n * LK_LN2_HI, low = n * LK_LN2_LO;
  const LK_T r = high - low;
  const LK_T s = LK(from_bits)(LK(to_bits)(t) << LK_EXP_SHIFT);
  const LK_T y = (s * high + (s - (LK_T)0.5)) + s * (LK(exp_tail)(r) - low);
  // Only when x is tiny: r is never 0 for n != 0. Halving would lose the last bit of a subnormal x and the sign of
  // zero.
  return r * r == 0 ? x : y + y;
}

// ---------------------------------------------------------------------------------------------------------------------
// Logarithms
// ---------------------------------------------------------------------------------------------------------------------

/// log(1 + f) - f for -1/4 <= f <= 1/2.
///
/// Float: f^2 times a polynomial of degree 8. Double: log(1 + f) = 2 atanh(s) with s = f / (2 + f), arranged as in
/// fdlibm's log so that the rounding error of s only reaches a small term; degree 6 in s^2. A polynomial
/// in f would need degree 19; tried in `log1p_unit`, that took about as long and was less accurate.
LK_INLINE LK_T LK(log_tail)(LK_T f) {
#if LK_IS_F64
  const LK_T s = f / (2.0 + f);
  const LK_T z = s * s, z2 = z * z;
  const LK_T p01 = 0x1.5555555555780p-1 + 0x1.99999998ee0e4p-2 * z;
  const LK_T p23 = 0x1.249249b4067f9p-2 + 0x1.c71c002ff6cc5p-3 * z;
  const LK_T p45 = 0x1.747513fe517cbp-3 + 0x1.384efea931749p-3 * z;
  const LK_T p = p01 + z2 * (p23 + z2 * (p45 + z2 * 0x1.3adc06b100676p-3));
  const LK_T h = 0.5 * f * f;
  return s * (h + z * p) - h;
#else
  const LK_T f2 = f * f, f4 = f2 * f2;
  const LK_T p12 = 0x1.5555a6p-2f + -0x1.000024p-2f * f;
  const LK_T p34 = 0x1.996858p-3f + -0x1.54f234p-3f * f;
  const LK_T p56 = 0x1.2897c2p-3f + -0x1.0d9082p-3f * f;
  const LK_T p78 = 0x1.abf87ap-4f + -0x1.6fe822p-5f * f;
  return f2 * (-0x1.000000p-1f + f * ((p12 + f2 * p34) + f4 * (p56 + f2 * p78)));
#endif
}

#define LK_THREE_QUARTERS LK_PICK(0x3f400000u, 0x3fe8000000000000u)
#define LK_EXP_MASK LK_PICK(0xff800000u, 0xfff0000000000000u)

/// k, where e holds it in the exponent's position.
LK_INLINE LK_T LK(exponent)(LK_UINT e) {
#if LK_IS_F64
  // SSE2 and AVX2 cannot convert 64-bit integers: place k + 1023 in the low bits of 2^52 instead.
  return LK(from_bits)(((e + ((uint64_t)1023 << 52)) >> 52) | 0x4330000000000000u) - (0x1p52 + 1023);
#else
  return (float)(int32_t)e * 0x1p-23f;
#endif
}

/// (k - steps) ln 2 + log(1 + f), where e holds k in the exponent's position.
LK_INLINE LK_T LK(log_join)(LK_UINT e, LK_T steps, LK_T f) {
#if LK_IS_F64
  const LK_T unit = 1;
  const LK_T k = LK(exponent)(e) - steps;
#else
  // Converting e itself, 2^23 times too large, saves a shift; the constants undo the factor exactly.
  const LK_T unit = 0x1p-23f;
  const LK_T k = (float)(int32_t)e - steps * 0x1p23f;
#endif
  return k * (LK_LN2_HI * unit) + (f + (LK(log_tail)(f) + k * (LK_LN2_LO * unit)));
}

/// log(x) for every x. log(0) = -inf, log(x < 0) = NaN, log(inf) = inf, NaN gives NaN. Subnormal x is exact input.
///
/// Max error: 1.00 ULP (every float), 1.05 ULP (double, sampled).
/// Method: x = 2^k (1 + f) with 3/4 <= 1 + f < 3/2, f exact; k ln 2 in two parts plus `log_tail`.
LK_INLINE LK_T LK(log)(LK_T x) {
  const LK_T scale = LK_PICK(0x1p24f, 0x1p54), steps = LK_PICK(24, 54);
  const int tiny = x < LK_PICK(0x1p-126f, 0x1p-1022);
  const LK_UINT b = LK(to_bits)(tiny ? x * scale : x);
  const LK_UINT e = (b - LK_THREE_QUARTERS) & LK_EXP_MASK;
  const LK_T f = LK(from_bits)(b - e) - (LK_T)1;
  LK_T y = LK(log_join)(e, tiny ? steps : (LK_T)0, f);
  y = x < LK_INFINITY ? y : x;
  y = x == 0 ? -LK_INFINITY : y;
  return x < 0 ? LK_NAN : y;
}

/// log(1 + x) for every x. log1p(-1) = -inf, log1p(x < -1) = NaN, log1p(inf) = inf, NaN gives NaN. Tiny x, subnormal
/// or not, is returned unchanged, except that -0 gives +0.
///
/// Max error: 1.05 ULP (every float), 1.05 ULP (double, sampled).
/// Method: as `log`, with k from the rounded 1 + x but 1 + f = 2^-k (1 + x) from x itself, so that no bit of x is lost
/// and f = x when k = 0.
LK_INLINE LK_T LK(log1p)(LK_T x) {
  const LK_T u = (LK_T)1 + x;
  const LK_UINT e = (LK(to_bits)(u) - LK_THREE_QUARTERS) & LK_EXP_MASK;
  // 4 * 2^-k rather than 2^-k, which is not a normal number for the largest x. Subtracting e from the bits of x scales
  // x by 2^-k exactly; where x is zero or subnormal, e is 0.
  const LK_T s = LK(from_bits)(LK(to_bits)((LK_T)4) - e);
  const LK_T f = LK(from_bits)(LK(to_bits)(x) - e) + ((LK_T)0.25 * s - (LK_T)1);
  LK_T y = LK(log_join)(e, 0, f);
  y = u < LK_INFINITY ? y : u;
  y = u == 0 ? -LK_INFINITY : y;
  return u < 0 ? LK_NAN : y;
}

/// log(1 + x) - x for x >= 0 or NaN; other arguments are not supported. log1p_minus(inf) = -inf.
///
/// Max error: 3.95 ULP (every float), 5.90 ULP (double, sampled).
/// Method: as `log1p`; f - x = -(1 - 2^-k)(1 + x), whose parts are taken from k ln 2 one after the other: below 1/2
/// they are 0, and just above both differences are exact.
LK_INLINE LK_T LK(log1p_minus)(LK_T x) {
  const LK_T u = (LK_T)1 + x;
  const LK_UINT e = (LK(to_bits)(u) - LK_THREE_QUARTERS) & LK_EXP_MASK;
  const LK_T s = (LK_T)0.25 * LK(from_bits)(LK(to_bits)((LK_T)4) - e);
  const LK_T f = LK(from_bits)(LK(to_bits)(x) - e) + (s - (LK_T)1);
  const LK_T k = LK(exponent)(e), d = (LK_T)1 - s;
  const LK_T y = ((k * LK_LN2_HI - d) - d * x) + (LK(log_tail)(f) + k * LK_LN2_LO);
  return u < LK_INFINITY ? y : -u;
}

/// log(u) for a normal u in (0, 1] of which x = u - 1 is known too: the more accurate of the two is used. NaN gives
/// NaN.
LK_INLINE LK_T LK(log_of_share)(LK_T u, LK_T x) {
  const LK_UINT e = (LK(to_bits)(u) - LK_THREE_QUARTERS) & LK_EXP_MASK;
  const LK_T f = LK(from_bits)(LK(to_bits)(u) - e) - (LK_T)1;
  const LK_T y = LK(log_join)(e, 0, e == 0 ? x : f);
  return u > 0 ? y : u;
}

/// arctan(x) for 0 <= x <= 1 or NaN; other arguments are not supported.
///
/// Max error: 2.10 ULP (every float), 2.00 ULP (double, sampled).
/// Method: above tan(pi/8), pi/4 + arctan((x - 1)/(x + 1)); then the polynomial (float) or the quotient of polynomials
/// (double) of Cephes (Moshier 1989).
LK_INLINE LK_T LK(atan_unit)(LK_T x) {
  const int upper = x > LK_PICK(0x1.a8279ap-2f, 0x1.a827999fcef32p-2);
  const LK_T w = upper ? (x - 1) / (x + 1) : x, z = w * w;
#if LK_IS_F64
  const LK_T p = (((-8.750608600031904122785E-1 * z - 1.615753718733365076637E1) * z - 7.500855792314704667340E1) * z -
                  1.228866684490136173410E2) *
                     z -
                 6.485021904942025371773E1;
  const LK_T q =
      ((((z + 2.485846490142306297962E1) * z + 1.650270098316988542046E2) * z + 4.328810604912902668951E2) * z +
       4.853903996359136964868E2) *
          z +
      1.945506571482613964425E2;
  return (upper ? 0x1.921fb54442d18p-1 : 0.0) + (w + (w * (z * (p / q)) + (upper ? 0x1.1a62633145c07p-55 : 0.0)));
#else
  const LK_T p = ((8.05374449538e-2f * z - 1.38776856032E-1f) * z + 1.99777106478E-1f) * z - 3.33329491539E-1f;
  return (upper ? 0x1.921fb6p-1f : 0.0f) + (w + (w * (z * p) - (upper ? 0x1.777a5cp-26f : 0.0f)));
#endif
}

// ---------------------------------------------------------------------------------------------------------------------
// Powers
// ---------------------------------------------------------------------------------------------------------------------

/// x = m 2^k with 3/4 <= m < 3/2, and x^a = y 2^n with y near 1; k and n are whole numbers, n bounded.
typedef struct {
  LK_T m, k, y, n;
} LK(power_parts);

/// The parts of x and x^a, for a finite x > 0; for 0, k is below that of the least number. Kept apart they let products
/// of x and x^a be formed without overflow. Of exponents 0 and 1 the parts are exact.
///
/// Max error of y 2^n for exponents up to 3: 4.15 ULP (every float, each with one random exponent), 4.45 ULP (double,
/// sampled). It grows with the exponent, to 13 ULP for exponents up to 10.
/// Method: k a is exact in two parts, so that only a log(m), and not a log(x), magnifies a rounding error.
LK_INLINE LK(power_parts) LK(power_split)(LK_T x, LK_T a) {
  const LK_T scale = LK_PICK(0x1p24f, 0x1p54), steps = LK_PICK(24, 54);
  const LK_T bound = 16 * LK_EXP_BIAS;
  const int tiny = x < LK_PICK(0x1p-126f, 0x1p-1022);
  const LK_UINT b = LK(to_bits)(tiny ? x * scale : x);
  const LK_UINT e = (b - LK_THREE_QUARTERS) & LK_EXP_MASK;
  const LK_T m = LK(from_bits)(b - e), k = LK(exponent)(e) - (tiny ? steps : (LK_T)0);
  const LK_T f = m - (LK_T)1, g = a * (f + LK(log_tail)(f));
  const LK_T high = LK(from_bits)(LK(to_bits)(a) & LK_PICK(0xfffff000u, 0xfffffffff8000000u));
  const LK_T t = high * k;
  LK_T n = t + g * LK_LOG2_E;
  n = n < -bound ? -bound : n;
  n = n > bound ? bound : n;
  n = (n + LK_ROUNDER) - LK_ROUNDER;
  LK_T r = (t - n) * (LK_LN2_HI + LK_LN2_LO) + ((a - high) * k * (LK_LN2_HI + LK_LN2_LO) + g);
  r = r < (LK_T)-0.5 ? (LK_T)-0.5 : r;
  r = r > (LK_T)0.5 ? (LK_T)0.5 : r;
  return (LK(power_parts)){m, k, a == 1 ? m : 1 + (r + LK(exp_tail)(r)), a == 1 ? k : n};
}

/// y 2^n for a whole number n.
LK_INLINE LK_T LK(scale_by_power)(LK_T y, LK_T n) {
  const LK_T bound = 2 * LK_EXP_BIAS - 8;
  n = n < -bound ? -bound : n;
  n = n > bound ? bound : n;
  const LK_UINT whole = LK(to_bits)(n + (LK_ROUNDER + 2 * LK_EXP_BIAS)), half = whole >> 1;
  return y * LK(from_bits)(half << LK_EXP_SHIFT) * LK(from_bits)((whole - half) << LK_EXP_SHIFT);
}

/// What the odds e of the less probable of two classes say.
typedef struct {
  LK_T large; // 1 / (1 + e)
  LK_T log;   // log(1 + e)
} LK(odds_parts);

/// The parts of 0 <= e <= 1 or NaN; other arguments are not supported. NaN gives NaN, log(1 + 0) is 0 and log(1 + e) of
/// a tiny e is e.
///
/// Max error of the logarithm: 2.25 ULP (every float), 2.15 ULP (double, sampled).
/// Method: with s = e / (1 + e), e + s is 2 sinh(log(1 + e)) and e s is 4 sinh^2(log(1 + e) / 2). As L / sinh(L) is an
/// analytic function of sinh^2(L / 2) whose singularity next to 0 is at -1, far from the interval, a short polynomial
/// is enough; e + s = 2 (e - e s / 2), where e is exact.
LK_INLINE LK(odds_parts) LK(odds_split)(LK_T e) {
  const LK_T half = (LK_T)0.5 / ((LK_T)1 + e);
  const LK_T p = e * (e * half), a = e - p, p2 = p * p;
#if LK_IS_F64
  const LK_T h01 = -0x1.55555555554fdp-2 + 0x1.11111111089e3p-3 * p;
  const LK_T h23 = -0x1.d41d41cb2a220p-5 + 0x1.a019ff45f47a8p-6 * p;
  const LK_T h45 = -0x1.7a45d4d1dbfa8p-7 + 0x1.5d24838775124p-8 * p;
  const LK_T h67 = -0x1.4560b2024affdp-9 + 0x1.2d7e7654acaa7p-10 * p;
  const LK_T h89 = -0x1.01194b490976cp-11 + 0x1.28238122e0cdep-13 * p;
  const LK_T h = h01 + p2 * (h23 + p2 * (h45 + p2 * (h67 + p2 * h89)));
#else
  const LK_T h = (p2 + 0x1.b58330p+2f) * (0x1.3f54fap-6f * p - 0x1.ca8a36p-5f) + 0x1.93fdf8p-5f;
#endif
  return (LK(odds_parts)){half + half, a + a * (p * h)};
}

/// log(1 + x) for 0 <= x <= 1 or NaN, as `odds_split` gives it: the logarithm in softplus, log1p(exp(-|z|)).
LK_INLINE LK_T LK(log1p_unit)(LK_T x) { return LK(odds_split)(x).log; }

// ---------------------------------------------------------------------------------------------------------------------
// Error function
// ---------------------------------------------------------------------------------------------------------------------

/// erf(x) for every x. erf(±inf) = ±1, NaN gives NaN; zeros keep their sign, and tiny x gives 2x/sqrt(pi) to its own
/// precision.
///
/// Max error: 1.45 ULP (every float), 1.55 ULP (double, sampled).
/// Method: below 1, x + x p(x^2). From there 1 - exp(-q(x)), with q a fit of -log(erfc(x)) that weighs its errors by
/// erfc(x): where q is large its error does not matter. Where 1 - erfc(x) rounds to 1, x is clamped.
LK_INLINE LK_T LK(erf)(LK_T x) {
  const LK_T a = LK(abs)(x), limit = LK_PICK(4, 6);
  const LK_T t = a * a, t2 = t * t, t4 = t2 * t2;
  const LK_T u = a > limit ? limit : a, u2 = u * u, u4 = u2 * u2;
#if LK_IS_F64
  const LK_T p01 = 0x1.06eba8214db68p-3 + -0x1.812746b0379bdp-2 * t;
  const LK_T p23 = 0x1.ce2f21a040d21p-4 + -0x1.b82ce311fab6fp-6 * t;
  const LK_T p45 = 0x1.565bccf92eaadp-8 + -0x1.c02db03e3cd72p-11 * t;
  const LK_T p67 = 0x1.f9a2bab00ed8ep-14 + -0x1.f4ca4dbca9a02p-17 * t;
  const LK_T p89 = 0x1.b97fd5d5cea58p-20 + -0x1.5c072df7c0e9ep-23 * t;
  const LK_T pab = 0x1.d71b21cf3dcd1p-27 + -0x1.abae353b8c9f6p-31 * t;
  const LK_T p = (p01 + t2 * p23) + t4 * ((p45 + t2 * p67) + t4 * (p89 + t2 * pab));
  const LK_T q01 = 0x1.0df92ba2c4038p-21 + 0x1.20dd1fd358f17p+0 * u;
  const LK_T q23 = 0x1.45f62759166ecp-1 + 0x1.a4ac5c28128edp-4 * u;
  const LK_T q45 = -0x1.372291c0ac8cdp-6 + -0x1.ae9454c573dbcp-12 * u;
  const LK_T q67 = 0x1.f6411e56d4846p-10 + -0x1.940a8f0a14901p-11 * u;
  const LK_T q89 = 0x1.1b3a2f60cd5dcp-13 + 0x1.53fde72e0f23fp-16 * u;
  const LK_T qab = -0x1.7ee3103f83a8ap-16 + 0x1.22d0828f516fdp-17 * u;
  const LK_T qcd = -0x1.1ea36d8da4dd8p-19 + 0x1.90d1cca410b9ep-22 * u;
  const LK_T qef = -0x1.8ec1b666ac630p-25 + 0x1.0e59acc5eb10cp-28 * u;
  const LK_T qgh = -0x1.c1ac57b36233ep-33 + 0x1.5acdfd9757b33p-38 * u;
  const LK_T u8 = u4 * u4;
  const LK_T q =
      ((q01 + u2 * q23) + u4 * (q45 + u2 * q67)) + u8 * (((q89 + u2 * qab) + u4 * (qcd + u2 * qef)) + u8 * qgh);
#else
  const LK_T p01 = 0x1.06eba8p-3f + -0x1.81273ep-2f * t;
  const LK_T p23 = 0x1.ce2cf8p-4f + -0x1.b7f910p-6f * t;
  const LK_T p45 = 0x1.5405bep-8f + -0x1.a3f71ep-11f * t;
  const LK_T p = (p01 + t2 * p23) + t4 * (p45 + t2 * 0x1.496a12p-14f);
  const LK_T q01 = -0x1.8b3c54p-13f + 0x1.212c2cp+0f * u;
  const LK_T q23 = 0x1.4434f2p-1f + 0x1.bc18c6p-4f * u;
  const LK_T q45 = -0x1.9d0bbap-6f + 0x1.1398d4p-8f * u;
  const LK_T q67 = -0x1.ceea7ep-12f + 0x1.6c0600p-16f * u;
  const LK_T q = (q01 + u2 * q23) + u4 * (q45 + u2 * q67);
#endif
  const LK_T far = LK(copysign)((LK_T)1 - LK(exp_neg)(-q), x);
  return a < 1 ? x + x * p : far;
}

#undef LK_PICK
#undef LK_EXP_SHIFT
#undef LK_INFINITY
#undef LK_NAN
#undef LK_LOG2_E
#undef LK_LN2_HI
#undef LK_LN2_LO
#undef LK_ROUNDER
#undef LK_EXP_BIAS
#undef LK_THREE_QUARTERS
#undef LK_EXP_MASK
