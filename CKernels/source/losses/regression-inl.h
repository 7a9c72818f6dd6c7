// Losses of the residual r = z − y: value, gradient and curvature with respect to the prediction z.

LK_INLINE LK(point) LK(squared_error)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T r = z - y;
  return (LK(point)){r * r, r + r, 2};
}

// −1, 0, 1 or NaN.
LK_INLINE LK_T LK(sign)(LK_T r) { return r > 0 ? 1 : r < 0 ? -1 : r; }

LK_INLINE LK(point) LK(absolute_error)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T r = z - y;
  return (LK(point)){LK(abs)(r), LK(sign)(r), 0};
}

// At a break the curvature is the midpoint; `x − edge` is 0 there and carries a NaN elsewhere.
LK_INLINE LK_T LK(step_down)(LK_T x, LK_T edge) { return x < edge ? 1 : x > edge ? 0 : (LK_T)0.5 + (x - edge); }

// r clamped to [−d, d]; a NaN stays.
LK_INLINE LK_T LK(clamp)(LK_T r, LK_T d) {
  LK_T low = r < -d ? -d : r;
  return low > d ? d : low;
}

// With c = clamp(r, δ) both branches of the value are c(r − ½c), and c is the gradient.
LK_INLINE LK(point) LK(huber)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, d = k[0], c = LK(clamp)(r, d);
  return (LK(point)){c * (r - (LK_T)0.5 * c), c, LK(step_down)(LK(abs)(r), d)};
}

LK_INLINE LK(point) LK(smooth_l1)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, b = k[0], c = LK(clamp)(r, b), slope = c / b;
  return (LK(point)){slope * (r - (LK_T)0.5 * c), slope, LK(step_down)(LK(abs)(r), b) / b};
}

// r²/(√(1 + (r/δ)²) + 1) does not cancel for small r. Where |r|/δ is so large that the root is |r|/δ to rounding, the
// loss is δ(|r| − δ) and the gradient ±δ, without the quotient, which may overflow.
LK_INLINE LK(point) LK(pseudo_huber)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), d = k[0];
  LK_T u = a / d, root = LK(sqrt)(1 + u * u);
  int far = u > LK_SQRT_IS_LINEAR;
  LK_T q = far ? u : root;
  return (LK(point)){
      far ? d * (a - d) : d * (u / (root + 1)) * a,
      far ? LK(copysign)(d, r) : r / root,
      1 / q / q / q,
  };
}

// With M = expm1(−2|r|): tanh |r| = −M/(2 + M) and ln cosh r = |r| + log1p(M/2), which cancels for small |r|, where
// −½ log1p(−tanh² r) does not.
LK_INLINE LK(point) LK(log_cosh)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T r = z - y, a = LK(abs)(r);
  LK_T m = LK(expm1)(-2 * a), t = -m / (2 + m);
  int small = a < (LK_T)0.8;
  LK_T l = LK(log1p)(small ? -t * t : (LK_T)0.5 * m);
  LK_T e = LK(exp_neg)(-a), sech = 2 * e / (1 + e * e);
  return (LK(point)){small ? (LK_T)-0.5 * l : a + l, LK(copysign)(t, r), sech * sech};
}

LK_INLINE LK(point) LK(quantile)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, q = k[0];
  LK_T slope = r > 0 ? 1 - q : r < 0 ? -q : ((LK_T)0.5 - q) + r;
  return (LK(point)){slope * r, slope, 0};
}

LK_INLINE LK(point) LK(expectile)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, q = k[0];
  LK_T curvature = r > 0 ? 2 - 2 * q : r < 0 ? 2 * q : 1 + r;
  return (LK(point)){(LK_T)0.5 * curvature * r * r, curvature * r, curvature};
}

LK_INLINE LK(point) LK(epsilon_insensitive)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), e = k[0];
  LK_T outside = a > e ? 1 : a < e ? 0 : (LK_T)0.5 + (a - e);
  return (LK(point)){a <= e ? 0 : a - e, outside * LK(sign)(r), 0};
}

// A term of weight 0 is 0, even where the other factor is infinite.
LK_INLINE LK_T LK(times)(LK_T weight, LK_T x) { return weight == 0 ? 0 : weight * x; }

LK_INLINE LK(point) LK(poisson)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T e = LK(exp)(z);
  return (LK(point)){e - LK(times)(y, z), e - y, e};
}
