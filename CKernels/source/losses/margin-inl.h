// Losses of the margin a = yz, the target y being −1 or +1. The gradient with respect to z is y times that with
// respect to a; the curvature is the same for both.

LK_INLINE LK(point) LK(hinge)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = y * z;
  return (LK(point)){a >= 1 ? 0 : 1 - a, -y * LK(step_down)(a, 1), 0};
}

LK_INLINE LK(point) LK(squared_hinge)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = y * z, m = a >= 1 ? 0 : 1 - a;
  return (LK(point)){m * m, -2 * y * m, 2 * LK(step_down)(a, 1)};
}

LK_INLINE LK(point) LK(smoothed_hinge)(LK_T z, LK_T y, const LK_T *k) {
  LK_T a = y * z, g = k[0], m = a >= 1 ? 0 : 1 - a;
  return (LK(point)){
      m >= g ? m - (LK_T)0.5 * g : (LK_T)0.5 * m * (m / g),
      m >= g ? -y : -y * (m / g),
      (m >= g ? LK(step_down)(m, g) : LK(step_down)(a, 1)) / g,
  };
}

LK_INLINE void LK(smoothed_hinge_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T a = y * z, m = a >= 1 ? 0 : 1 - a, share = m >= k[0] ? 1 : m / k[0];
  d[0] = (LK_T)-0.5 * (share * share);
}

LK_INLINE LK(point) LK(modified_huber)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = y * z, m = a >= 1 ? 0 : 1 - a;
  return (LK(point)){
      a < -1 ? -4 * a : m * m,
      a < -1 ? -4 * y : -2 * y * m,
      a < 0 ? 2 - 2 * LK(step_down)(a, -1) : 2 * LK(step_down)(a, 1),
  };
}

LK_INLINE LK(point) LK(perceptron)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = y * z;
  return (LK(point)){a >= 0 ? 0 : -a, -y * LK(step_down)(a, 0), 0};
}

LK_INLINE LK(point) LK(exponential)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T e = LK(exp)(-y * z);
  return (LK(point)){e, -y * e, e};
}

// 1 − tanh a = 2/(1 + e^2a), with e = exp(−2|a|).
LK_INLINE LK(point) LK(sigmoid)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = y * z, e = LK(exp_neg)(-2 * LK(abs)(a)), d = 1 / (1 + e), sech2 = 4 * e * d * d;
  LK_T tanh = LK(copysign)(-LK(expm1)(-2 * LK(abs)(a)) * d, a);
  return (LK(point)){(a > 0 ? 2 * e : 2) * d, -y * sech2, 2 * tanh * sech2};
}

// n² with n = 1/(1 + e^a), p = 1 − n.
LK_INLINE LK(point) LK(savage)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T a = y * z, e = LK(exp_neg)(-LK(abs)(a)), large = 1 / (1 + e), small = e * large;
  LK_T n = a > 0 ? small : large, p = a > 0 ? large : small, slope = 2 * n * n * p;
  return (LK(point)){n * n, -y * slope, slope * (2 * p - n)};
}

// Beyond a₀ = q/(q + 1) the loss is x^q/(q + 1) with x = a₀/a.
LK_INLINE LK(point) LK(distance_weighted_discrimination)(LK_T z, LK_T y, const LK_T *k) {
  LK_T a = y * z, q = k[0], edge = q / (q + 1), x = a > edge ? edge / a : 1;
  LK(power_parts) s = LK(power_split)(x, q);
  LK_T fall = x == 0 ? 0 : LK(scale_by_power)(s.y * s.m, s.n + s.k); // x^(q + 1)
  int linear = a <= edge;
  return (LK(point)){
      linear     ? 1 - a
      : a > edge ? (x == 0 ? 0 : LK(scale_by_power)(s.y, s.n) / (q + 1))
                 : a,
      linear     ? -y
      : a > edge ? -y * fall
                 : a,
      LK(step_up)(a, edge) * ((q + 1) / (linear ? edge : a) * fall),
  };
}

LK_INLINE void LK(distance_weighted_discrimination_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T a = y * z, q = k[0], edge = q / (q + 1), x = a > edge ? edge / a : 1;
  LK(power_parts) s = LK(power_split)(x, q);
  LK_T value = x == 0 ? 0 : LK(scale_by_power)(s.y, s.n) / (q + 1);
  d[0] = a <= edge ? 0 : a > edge ? LK(times)(value, LK(log)(x)) : a;
}
