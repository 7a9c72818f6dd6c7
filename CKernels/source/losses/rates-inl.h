// Losses of a positive mean or rate: the prediction z is its logarithm.

// y e^−z as y e^(−z/2) e^(−z/2): the square of a root neither overflows nor underflows before the product does.
LK_INLINE LK(point) LK(gamma)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T root = LK(exp)((LK_T)-0.5 * z), share = y * root * root;
  return (LK(point)){z < -LK_LARGEST ? -z : z + share, 1 - share, share};
}

// (e^az − 1)/a, z where a is 0.
LK_INLINE LK_T LK(power_mean)(LK_T a, LK_T z) {
  LK_T t = a * z;
  return LK(abs)(t) < (LK_T)0x1p-54 ? z : LK(expm1)(t) / a;
}

// a + b, where both may be infinite and of different signs: then the sign of z tells which one grows faster.
LK_INLINE LK_T LK(dominant_sum)(LK_T z, LK_T a, LK_T b) {
  int both = LK(min)(LK(abs)(a), LK(abs)(b)) > LK_LARGEST;
  return both ? (z > 0 ? a : b) : a + b;
}

// With E₁ = e^((1 − p)z) and E₂ = e^((2 − p)z) the gradient is E₂ − yE₁. Both, as in gamma, are squares of roots.
LK_INLINE LK(point) LK(tweedie)(LK_T z, LK_T y, const LK_T *k) {
  LK_T a = 1 - k[0], b = 2 - k[0], t = LK(times)(a, z);
  LK_T root = LK(exp)((LK_T)0.5 * t), rise = LK(exp)((LK_T)0.5 * LK(times)(b, z)), second = rise * rise,
       pull = LK(times)(LK(times)(y, root), root);
  LK_T first = t > 1 ? (pull - y) / a : LK(times)(y, LK(power_mean)(a, z));
  LK_T value = LK(dominant_sum)(z, LK(power_mean)(b, z), -first);
  return (LK(point)){
      z == z ? value : z,
      z == z ? LK(dominant_sum)(z, second, -pull) : z,
      z == z ? LK(dominant_sum)(z, LK(times)(LK(times)(b, rise), rise), -LK(times)(a, pull)) : z,
  };
}

// ∂/∂a (e^az − 1)/a = z²ψ(az).
LK_INLINE void LK(tweedie_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T s = (1 - k[0]) * z, t = (2 - k[0]) * z;
  LK_T first = z * (z * LK(robust_psi)(s, LK(expm1)(s))), second = z * (z * LK(robust_psi)(t, LK(expm1)(t)));
  d[0] = LK(times)(y, first) - second;
}

// With x = αe^z, L = ln(1 + x) and M = L − z, the value is L/α + yM. Beyond x = 1, M is ln α + ln(1 + 1/x), which does
// not cancel; where x overflows, L is z + ln α.
typedef struct {
  LK_T root, inverse, x, d, log, rest, share; // d = 1/(1 + q), log = ln(1 + q), rest = 1/(1 + x), share = e^z/(1 + x)
} LK(rate_parts);

LK_INLINE LK(rate_parts) LK(rate_split)(LK_T z, LK_T alpha) {
  LK(rate_parts) p;
  p.root = LK(exp)((LK_T)0.5 * z);
  p.x = alpha * p.root * p.root;
  p.inverse = 1 / p.root;
  LK_T q = p.x < 1 ? p.x : p.inverse / alpha * p.inverse;
  LK(odds_parts) odds = LK(odds_split)(q);
  p.d = odds.large, p.log = odds.log;
  p.rest = p.x < 1 ? p.d : q * p.d;
  p.share = p.x < 1 ? p.root * p.root * p.d : p.d / alpha;
  return p;
}

LK_INLINE LK(point) LK(negative_binomial)(LK_T z, LK_T y, const LK_T *k) {
  LK_T alpha = k[0], log = LK(log)(alpha);
  LK(rate_parts) p = LK(rate_split)(z, alpha);
  LK_T unit = p.log, l = p.x > LK_LARGEST ? z + log : LK(log1p)(p.x);
  // Where x is subnormal or 0, L/α is e^z.
  LK_T pull = p.x < (LK_T)0x1p-60 ? p.root * p.root : l / alpha;
  return (LK(point)){
      pull + LK(times)(y, p.x < 1 ? unit - z : unit + log),
      p.share - LK(times)(y, p.rest),
      // The last factor may be too small for the product of the others: the root of it comes last.
      p.x < 1 ? p.root * p.d * (1 + alpha * y) * p.d * p.root
              : p.share * (1 + alpha * y) * (p.inverse / alpha) * p.d * p.inverse,
  };
}

// (x/(1 + x) − L)/α² + y share, with L − x from log1p_minus where the difference would cancel.
LK_INLINE void LK(negative_binomial_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T alpha = k[0];
  LK(rate_parts) p = LK(rate_split)(z, alpha);
  LK_T less = LK(log1p_minus)(p.x), l = p.x > LK_LARGEST ? z + LK(log)(alpha) : less + p.x;
  LK_T difference = p.x < 1 ? -p.x * p.x * p.rest - less : p.d - l;
  LK_T e = p.root * p.root;
  d[0] = (p.x < (LK_T)0x1p-60 ? (LK_T)-0.5 * e * e : difference / alpha / alpha) + LK(times)(y, p.share);
}
