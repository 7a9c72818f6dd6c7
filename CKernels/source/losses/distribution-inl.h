// Losses of two numbers a and b that are predicted for a sample, and its target y: the value and the derivatives by
// both. The parameter k is what lk_distribution_call says.

// r times e = exp(x): 0 where r is, even if e is infinite.
LK_INLINE LK_T LK(stretch)(LK_T r, LK_T e) { return ((r == 0) & (e == e)) ? 0 : r * e; }

// ½(ln v + r²/v) of the residual r and the variance b, which is raised to the floor k. The derivative by a variance
// below the floor is that at the floor.
LK_INLINE LK(pair) LK(gaussian)(LK_T a, LK_T b, LK_T y, LK_T k) {
  LK_T r = a - y, v = b < k ? k : b, u = r / v, half = (LK_T)0.5 * u;
  return (LK(pair)){(LK_T)0.5 * LK(log)(v) + half * r, u, (LK_T)0.5 / v - half * u};
}

// ½(b + r² exp(−b)). The exponential is taken in four parts: none of them overflows where the result does not.
LK_INLINE LK(pair) LK(gaussian_log_variance)(LK_T a, LK_T b, LK_T y, LK_T k) {
  (void)k;
  LK_T r = a - y, e = LK(exp)((LK_T)-0.25 * b), u = LK(stretch)(LK(stretch)(r, e), e), half = (LK_T)0.5 * u;
  return (LK(pair)){(LK_T)0.5 * b + half * u, LK(stretch)(LK(stretch)(u, e), e), (LK_T)0.5 - half * u};
}

// b + |r| exp(−b).
LK_INLINE LK(pair) LK(laplace)(LK_T a, LK_T b, LK_T y, LK_T k) {
  (void)k;
  LK_T r = a - y, e = LK(exp)((LK_T)-0.5 * b);
  LK_T u = LK(stretch)(LK(stretch)(LK(abs)(r), e), e);
  return (LK(pair)){b + u, LK(stretch)(LK(stretch)(LK(sign)(r), e), e), 1 - u};
}

// With σ = exp(b) and z = r/σ: r erf(z/√2) + σ/√π (√2 exp(−½z²) − 1). The derivative by a is the factor of r, that by b
// the second term, which does not cancel as expm1(½(ln 2 − z²)).
LK_INLINE LK(pair) LK(continuous_ranked_probability)(LK_T a, LK_T b, LK_T y, LK_T k) {
  (void)k;
  const LK_T root_half = (LK_T)0x1.6a09e667f3bcdp-1, root_inverse_pi = (LK_T)0x1.20dd750429b6dp-1;
  const LK_T ln_2 = (LK_T)0x1.62e42fefa39efp-1;
  LK_T r = a - y, e = LK(exp)((LK_T)-0.5 * b), z = LK(stretch)(LK(stretch)(r, e), e);
  LK_T slope = LK(erf)(root_half * z);
  LK_T spread = root_inverse_pi * LK(expm1)((LK_T)0.5 * (ln_2 - z * z)) / e / e;
  return (LK(pair)){r * slope + spread, slope, spread};
}

// b − a + k max(0, a − y) + k max(0, y − b), as the sum of what each bound adds: neither is negative. At a kink the
// midpoint.
LK_INLINE LK(pair) LK(interval_score)(LK_T a, LK_T b, LK_T y, LK_T k) {
  LK_T below = a - y, above = y - b;
  LK_T first = below > 0 ? k - 1 : below < 0 ? -1 : ((LK_T)0.5 * k - 1) + below;
  LK_T second = above > 0 ? 1 - k : above < 0 ? 1 : (1 - (LK_T)0.5 * k) + above;
  return (LK(pair)){
      (below > 0 ? (k - 1) * below : -below) + (above > 0 ? (k - 1) * above : -above),
      first,
      second,
  };
}

#if LK_IS_F64
// The second derivatives by a and by b of the losses that bend.
typedef struct {
  double first, second;
} lk_bends;

// 1/v and (u² − ½/v)/v with u = r/v. One order of the products overflows where u is large, the other where v is tiny.
LK_INLINE lk_bends lk_gaussian_bends(double a, double b, double y, double k) {
  double v = b < k ? k : b, u = (a - y) / v, bend = 1 / v, square = bend * bend;
  return (lk_bends){bend, square < __builtin_inf() ? u * (u * bend) - 0.5 * square : (u * u - 0.5 * bend) * bend};
}

// exp(−b) and ½ r² exp(−b).
LK_INLINE lk_bends lk_gaussian_log_variance_bends(double a, double b, double y, double k) {
  (void)k;
  double r = a - y, e = exp_f64(-0.25 * b), u = stretch_f64(stretch_f64(r, e), e);
  return (lk_bends){(e * e) * (e * e), 0.5 * u * u};
}

// 0 and |r| exp(−b).
LK_INLINE lk_bends lk_laplace_bends(double a, double b, double y, double k) {
  (void)k;
  double r = abs_f64(a - y), e = exp_f64(-0.5 * b);
  return (lk_bends){0, stretch_f64(stretch_f64(r, e), e)};
}

// With f = √(2/π) exp(−½z²): f/σ and σ(f (1 + z²) − 1/√π).
LK_INLINE lk_bends lk_continuous_ranked_probability_bends(double a, double b, double y, double k) {
  (void)k;
  const double root_two_by_pi = 0x1.9884533d43651p-1, root_inverse_pi = 0x1.20dd750429b6dp-1;
  double r = a - y, e = exp_f64(-0.5 * b), z = stretch_f64(stretch_f64(r, e), e), square = z * z;
  double f = root_two_by_pi * exp_f64(-0.5 * square);
  return (lk_bends){
      f == 0 ? 0 : stretch_f64(stretch_f64(f, e), e),
      ((f == 0 ? 0 : f * (1 + square)) - root_inverse_pi) / e / e,
  };
}
#endif
