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
