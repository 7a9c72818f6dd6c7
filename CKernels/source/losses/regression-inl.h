// Losses of the residual r = z − y: value, gradient and curvature with respect to the prediction z.

LK_INLINE LK(point) LK(squared_error)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T r = z - y;
  return (LK(point)){r * r, r + r, 2};
}

// A term of weight 0 is 0, even where the other factor is infinite.
LK_INLINE LK_T LK(times)(LK_T weight, LK_T x) { return weight == 0 ? 0 : weight * x; }

// −1, 0, 1 or NaN.
LK_INLINE LK_T LK(sign)(LK_T r) { return r > 0 ? 1 : r < 0 ? -1 : r; }

LK_INLINE LK(point) LK(absolute_error)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T r = z - y;
  return (LK(point)){LK(abs)(r), LK(sign)(r), 0};
}

// At a break the curvature is the midpoint; `x − edge` is 0 there and carries a NaN elsewhere.
LK_INLINE LK_T LK(step_down)(LK_T x, LK_T edge) { return x < edge ? 1 : x > edge ? 0 : (LK_T)0.5 + (x - edge); }

// The same the other way.
LK_INLINE LK_T LK(step_up)(LK_T x, LK_T edge) { return x > edge ? 1 : x < edge ? 0 : (LK_T)0.5 + (x - edge); }

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

LK_INLINE void LK(huber_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T excess = LK(abs)(z - y) - k[0];
  d[0] = excess <= 0 ? 0 : excess;
}

LK_INLINE LK(point) LK(smooth_l1)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, b = k[0], c = LK(clamp)(r, b), slope = c / b;
  return (LK(point)){slope * (r - (LK_T)0.5 * c), slope, LK(step_down)(LK(abs)(r), b) / b};
}

LK_INLINE void LK(smooth_l1_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T slope = LK(clamp)(z - y, k[0]) / k[0];
  d[0] = (LK_T)-0.5 * (slope * slope);
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

// δ(q − 1)²/q with q = √(1 + u²), in which q − 1 = u²/(q + 1) does not cancel.
LK_INLINE void LK(pseudo_huber_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T u = LK(abs)(z - y) / k[0], q = LK(sqrt)(1 + u * u), m = u * (u / (q + 1));
  d[0] = u > LK_SQRT_IS_LINEAR ? k[0] * (u - 2) : k[0] * (m * (m / q));
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

// −ln(4eʳ/(1 + eʳ)²) is 2 ln cosh(r/2).
LK_INLINE LK(point) LK(logistic_distance)(LK_T z, LK_T y, const LK_T *k) {
  LK(point) p = LK(log_cosh)((LK_T)0.5 * z, (LK_T)0.5 * y, k);
  return (LK(point)){2 * p.value, p.gradient, (LK_T)0.5 * p.curvature};
}

// With a = p − 1 and |r|^a = s2ⁿ, |r| = m2ᵏ, each result is a product of these, scaled last: none overflows before the
// true value does. Exact for p = 1 and 2.
LK_INLINE LK(point) LK(power)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, x = LK(abs)(r), p = k[0], a = p - 1;
  LK(power_parts) s = LK(power_split)(x, a);
  int edge = (x == 0) | !(x <= LK_LARGEST);
  // At 0 and at infinity; NaN where it is not constant.
  LK_T edge_slope = x == 0 ? 0 : a == 0 ? x / x : x;
  edge_slope = x > LK_LARGEST ? (a == 0 ? 1 : x) : edge_slope;
  LK_T steep = x == 0 ? LK_INFINITE : x > LK_LARGEST ? 0 : x, flat = x == 0 ? 0 : x;
  LK_T edge_bend = a == 0 ? 0 : a == 1 ? 2 : a < 1 ? steep : flat;
  return (LK(point)){
      edge ? x : LK(scale_by_power)(s.y * s.m, s.n + s.k),
      LK(copysign)(edge ? edge_slope : p * LK(scale_by_power)(s.y, s.n), r),
      edge ? edge_bend : LK(times)(a, p * LK(scale_by_power)(s.y / s.m, s.n - s.k)),
  };
}

LK_INLINE void LK(power_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T x = LK(abs)(z - y);
  LK(power_parts) s = LK(power_split)(x, k[0] - 1);
  d[0] = x <= LK_LARGEST ? LK(times)(LK(scale_by_power)(s.y * s.m, s.n + s.k), x == 0 ? 0 : LK(log)(x)) : x;
}

LK_INLINE LK(point) LK(quantile)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, q = k[0];
  LK_T slope = r > 0 ? 1 - q : r < 0 ? -q : ((LK_T)0.5 - q) + r;
  return (LK(point)){slope * r, slope, 0};
}

LK_INLINE void LK(quantile_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  (void)k;
  d[0] = y - z;
}

LK_INLINE LK(point) LK(expectile)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, q = k[0];
  LK_T curvature = r > 0 ? 2 - 2 * q : r < 0 ? 2 * q : 1 + r;
  return (LK(point)){(LK_T)0.5 * curvature * r * r, curvature * r, curvature};
}

LK_INLINE void LK(expectile_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  (void)k;
  LK_T r = z - y;
  d[0] = -r * LK(abs)(r);
}

LK_INLINE LK(point) LK(epsilon_insensitive)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), e = k[0];
  LK_T outside = a > e ? 1 : a < e ? 0 : (LK_T)0.5 + (a - e);
  return (LK(point)){a <= e ? 0 : a - e, outside * LK(sign)(r), 0};
}

LK_INLINE void LK(epsilon_insensitive_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T a = LK(abs)(z - y), e = k[0];
  d[0] = a > e ? -1 : a < e ? 0 : (LK_T)-0.5 + (a - e);
}

// Without a margin there is no break.
LK_INLINE LK(point) LK(squared_epsilon_insensitive)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, a = LK(abs)(r), e = k[0], excess = a <= e ? 0 : a - e;
  return (LK(point)){excess * excess, LK(copysign)(2 * excess, r), e == 0 ? 2 : 2 - 2 * LK(step_down)(a, e)};
}

LK_INLINE void LK(squared_epsilon_insensitive_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T a = LK(abs)(z - y);
  d[0] = a <= k[0] ? 0 : -2 * (a - k[0]);
}

LK_INLINE LK(point) LK(poisson)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK_T e = LK(exp)(z);
  return (LK(point)){e - LK(times)(y, z), e - y, e};
}

// Barron's family (2019). With v = |r|/c, b = |α − 2|, q = v/√b and L = ln(1 + q²), the value is (b/α)·expm1(½αL).
// The quotient expm1(t)/t, t = ½αL, fills the hole at α = 0, and the square of a root keeps factors from underflow.
typedef struct {
  LK_T v, a, b, l, t, m; // m = expm1(t)
  LK_T share;            // q²/(1 + q²)
  LK_T root;             // of the weight gradient/(r/c²) = (1 + q²)^(½α − 1)
  int square, welsch;
} LK(robust_parts);

LK_INLINE LK(robust_parts) LK(robust_split)(LK_T r, const LK_T *k) {
  LK(robust_parts) p;
  p.square = k[0] == 2;
  p.welsch = k[0] < -LK_LARGEST;
  // At the two special shapes the general formula is 0/0: another one is evaluated, and not used.
  p.a = p.square | p.welsch ? 1 : k[0];
  p.v = LK(abs)(r) / k[1];
  p.b = LK(abs)(p.a - 2);
  LK_T q = p.v / LK(sqrt)(p.b), q2 = q * q;
  int far = q > LK_SQRT_IS_LINEAR; // ln(1 + q²) is 2 ln q, and q² may overflow
  LK_T log = LK(log)(far ? q : (LK_T)1);
  p.l = far ? log + log : LK(log1p)(q2);
  p.t = p.a == 0 ? 0 : (LK_T)0.5 * p.a * p.l;
  p.m = LK(expm1)(p.t);
  p.share = far ? 1 : q2 / (1 + q2);
  LK_T u = p.v * p.v;
  LK_T root = LK(exp)(p.welsch ? (LK_T)-0.25 * u : ((LK_T)0.25 * p.a - (LK_T)0.5) * p.l);
  p.root = p.square ? 1 : root;
  return p;
}

LK_INLINE LK(point) LK(robust)(LK_T z, LK_T y, const LK_T *k) {
  LK_T r = z - y, c = k[1];
  LK(robust_parts) p = LK(robust_split)(r, k);
  LK_T u = p.v * p.v;
  LK_T near = (LK_T)0.5 * p.b * p.l * (p.t == 0 ? 1 : p.m / p.t), far = p.b / p.a * p.m;
  LK_T general = LK(abs)(p.t) < 1 || p.a == 0 ? near : far;
  LK_T slope = p.root == 0 ? 0 : p.v * p.root * (p.root / c);
  LK_T limit = k[0] < 1 ? 0 : k[0] == 1 ? 1 / c : p.v;
  LK_T bend = p.square ? 1 : p.welsch ? 1 - u : 1 + (k[0] - 2) * p.share;
  return (LK(point)){
      p.square   ? (LK_T)0.5 * u
      : p.welsch ? -LK(expm1)((LK_T)-0.5 * u)
                 : general,
      LK(copysign)(p.v > LK_LARGEST ? limit : slope, r),
      p.root == 0 ? 0 : p.root / c * bend * (p.root / c),
  };
}

// (t eᵗ − expm1 t)/t², by its series Σ tⁿ/(n!(n + 2)) where the difference would cancel.
LK_INLINE LK_T LK(robust_psi)(LK_T t, LK_T m) {
  static const LK_T terms[] = {
      (LK_T)(1.0 / 2),          (LK_T)(1.0 / 3),           (LK_T)(1.0 / 8),        (LK_T)(1.0 / 30),
      (LK_T)(1.0 / 144),        (LK_T)(1.0 / 840),         (LK_T)(1.0 / 5760),     (LK_T)(1.0 / 45360),
      (LK_T)(1.0 / 403200),     (LK_T)(1.0 / 3991680),     (LK_T)(1.0 / 43545600), (LK_T)(1.0 / 518918400),
      (LK_T)(1.0 / 6706022400), (LK_T)(1.0 / 93405312000),
  };
  LK_T series = 0;
  for (int i = (int)(sizeof terms / sizeof *terms) - 1; i >= 0; --i)
    series = series * t + terms[i];
  return LK(abs)(t) < (LK_T)0.5 ? series : (t * (m + 1) - m) / t / t;
}

// ∂/∂α is ½L²ψ(t) − ½eᵗ(L − q²/(1 + q²)) below 2 and its negative above; at 2, where it diverges, 0.
LK_INLINE void LK(robust_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T r = z - y;
  LK(robust_parts) p = LK(robust_split)(r, k);
  LK_T rise = (LK_T)0.5 * p.l * p.l * LK(robust_psi)(p.t, p.m) - (LK_T)0.5 * (p.m + 1) * (p.l - p.share);
  LK_T same = r - r; // 0, or NaN
  d[0] = p.welsch | p.square ? same : k[0] < 2 ? rise : -rise;
  d[1] = p.root == 0 ? same : -p.v * p.root * (p.v * p.root) / k[1];
}

// The negative logarithm of the density ∝ exp(−robust): k[2] is ln(c Z(α)), k[3] its derivative by α.
LK_INLINE LK(point) LK(robust_likelihood)(LK_T z, LK_T y, const LK_T *k) {
  LK(point) p = LK(robust)(z, y, k);
  p.value += k[2];
  return p;
}

LK_INLINE void LK(robust_likelihood_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK(robust_slopes)(z, y, k, d);
  d[0] += k[3];
  d[1] += 1 / k[1];
}
