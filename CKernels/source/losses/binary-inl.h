// Losses of a logit z and a probability y of the positive class. σ(z) and σ(−z) are computed side by side, never as
// 1 − σ, so that both keep their relative accuracy.

typedef struct {
  LK_T positive;          // σ(z)
  LK_T negative;          // σ(−z)
  LK_T softplus;          // ln(1 + e^z) = −ln σ(−z)
  LK_T softplus_negative; // ln(1 + e^−z) = −ln σ(z)
} LK(logit);

LK_INLINE LK(logit) LK(split)(LK_T z) {
  LK_T e = LK(exp_neg)(-LK(abs)(z));
  LK(odds_parts) odds = LK(odds_split)(e);
  LK_T l = odds.log, large = odds.large, small = e * large;
  return (LK(logit)){
      z > 0 ? large : small,
      z > 0 ? small : large,
      z > 0 ? z + l : l,
      z > 0 ? l : l - z,
  };
}

// With e = exp(−|z|) and l = log1p(e), softplus(z) = max(z, 0) + l and σ of either sign is 1/(1 + e) or e/(1 + e).
// The value p softplus(−z) + n softplus(z) becomes |z| times the weight of the class against z, plus (p + n)·l: nothing
// cancels, whatever the label.
LK_INLINE LK(point) LK(logistic)(LK_T z, LK_T y, const LK_T *k) {
  LK_T distance = LK(abs)(z), e = LK(exp_neg)(-distance);
  LK(odds_parts) odds = LK(odds_split)(e);
  LK_T keep = 1 - k[1], half = (LK_T)0.5 * k[1];
  LK_T p = k[0] * (keep * y + half), n = keep * (1 - y) + half, weight = p + n;
  LK_T against = z > 0 ? n : p, slope = odds.large * (against - (z > 0 ? p : n) * e);
  return (LK(point)){
      LK(times)(against, distance) + weight * odds.log,
      z > 0 ? slope : -slope,
      weight * odds.large * (odds.large * e),
  };
}

// With the two softpluses written as l + max(±z, 0), what is common to both does not cancel.
LK_INLINE void LK(logistic_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK_T l = LK(log1p_unit)(LK(exp_neg)(-LK(abs)(z)));
  LK_T below = z > 0 ? 0 : -z, above = z > 0 ? z : 0;
  LK_T positive = (1 - k[1]) * y + (LK_T)0.5 * k[1];
  d[0] = LK(times)(positive, below + l);
  d[1] = LK(times)((LK_T)0.5 - y, (k[0] * below - above) + (k[0] - 1) * l);
}

// One class's term P = σ(−z)^γ · softplus(−z), with c = σ(−z), s = σ(z), b = softplus(−z): its factor is
// exp(−γ softplus(z)), P′ = −factor (γ s b + c), P″ = factor s (γ² s b + 2γc − γcb + c).
LK_INLINE LK(point) LK(focal_term)(LK_T gamma, LK_T s, LK_T c, LK_T softplus, LK_T b) {
  LK_T factor = LK(exp_neg)(-LK(times)(gamma, softplus));
  LK_T sb = LK(times)(s, gamma * b);
  return (LK(point)){
      factor * b,
      -factor * (sb + c),
      factor * s * (gamma * sb + (2 * gamma - gamma * b) * c + c),
  };
}

LK_INLINE LK(point) LK(focal)(LK_T z, LK_T y, const LK_T *k) {
  LK(logit) s = LK(split)(z);
  LK_T p = k[0] * y, n = (1 - k[0]) * (1 - y);
  LK(point) a = LK(focal_term)(k[1], s.positive, s.negative, s.softplus, s.softplus_negative);
  LK(point) b = LK(focal_term)(k[1], s.negative, s.positive, s.softplus_negative, s.softplus);
  return (LK(point)){
      LK(times)(p, a.value) + LK(times)(n, b.value),
      LK(times)(p, a.gradient) - LK(times)(n, b.gradient),
      LK(times)(p, a.curvature) + LK(times)(n, b.curvature),
  };
}

LK_INLINE void LK(focal_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK(logit) s = LK(split)(z);
  LK_T a = LK(exp_neg)(-LK(times)(k[1], s.softplus)) * s.softplus_negative;
  LK_T b = LK(exp_neg)(-LK(times)(k[1], s.softplus_negative)) * s.softplus;
  LK_T p = LK(times)(y, a), n = LK(times)(1 - y, b);
  d[0] = p - n;
  d[1] = -(LK(times)(k[0] * p, s.softplus) + LK(times)((1 - k[0]) * n, s.softplus_negative));
}

// Of a probability z. Below ε = 2⁻⁴⁰ −ln z goes on as its tangent, so that the gradient is at most 1/ε. Beyond [0, 1]
// there is no probability: NaN.
LK_INLINE LK(point) LK(log_of_probability)(LK_T log, LK_T p) {
  LK_T floor = (LK_T)0x1p-40, slope = 1 / (p < floor ? floor : p);
  return (LK(point)){
      p < floor ? (LK_T)27.725887222397812 + (floor - p) * slope : -log,
      -slope,
      LK(step_up)(p, floor) * slope * slope,
  };
}

LK_INLINE LK(point) LK(cross_entropy_of_probabilities)(LK_T z, LK_T y, const LK_T *k) {
  (void)k;
  LK(point) a = LK(log_of_probability)(LK(log)(z), z), b = LK(log_of_probability)(LK(log1p)(-z), 1 - z);
  int inside = (z >= 0) & (z <= 1);
  LK_T n = 1 - y, none = LK_NOT_A_NUMBER;
  return (LK(point)){
      inside ? LK(times)(y, a.value) + LK(times)(n, b.value) : none,
      inside ? y * a.gradient - n * b.gradient : none,
      inside ? y * a.curvature + n * b.curvature : none,
  };
}

// Cross-entropy plus ε times the probability of the other class. The gradient is (1 − y)s(1 + εc) − yc(1 + εs).
LK_INLINE LK(point) LK(poly1)(LK_T z, LK_T y, const LK_T *k) {
  LK(logit) p = LK(split)(z);
  LK_T s = p.positive, c = p.negative, e = k[0], n = 1 - y;
  return (LK(point)){
      LK(times)(y, p.softplus_negative + e * c) + LK(times)(n, p.softplus + e * s),
      n * (s * (1 + e * c)) - y * (c * (1 + e * s)),
      s * c * (s * (1 - e + 2 * e * y) + c * (1 - e + 2 * e * n)),
  };
}

LK_INLINE void LK(poly1_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  (void)k;
  LK(logit) p = LK(split)(z);
  d[0] = y * p.negative + (1 - y) * p.positive;
}

// The other class's term of the asymmetric loss, N = (s − m)^γ b where s > m, with b = −ln u, u = 1 − (s − m) = c + m.
// With w = sc its derivatives are sums of products of ρ = w/(s − m) and t = w/u, which without a clip are c and s.
typedef struct {
  LK(point) point;
  LK_T log, by_clip; // ln(s − m), and the derivative by the clip
} LK(clipped);

LK_INLINE LK(clipped) LK(asymmetric_negative)(LK(logit) z, LK_T gamma, LK_T m) {
  LK_T s = z.positive, c = z.negative, p = s - m, u = c + m;
  int plain = m == 0;
  LK_T b = plain ? z.softplus : -LK(log_of_share)(u, -p);
  LK_T log = plain ? -z.softplus_negative : LK(log)(p);
  LK_T w = s * c, rho = plain ? c : w / p, t = plain ? s : w / u;
  LK_T factor = LK(exp_neg)(LK(times)(gamma, log));
  LK_T grow = LK(times)(gamma, rho * b);
  LK_T lost = plain ? 0 : m / s, kept = plain ? 0 : m / u;
  LK_T bend = grow * (gamma * rho - s - rho * lost) + (2 * gamma * rho) * t + t * (c - s * kept);
  // At the kink: the midpoint, but 0 where the curvature beyond it is not bounded.
  LK_T kink_bend = gamma == 0 ? (LK_T)0.5 * t * (c - s * kept) : gamma == 1 ? w * w : 0;
  int none = p < 0, kink = (p == 0) & !plain;
  LK_T ratio = p < (LK_T)0x1p-54 ? 1 : b / p;
  return (LK(clipped)){
      {
          none | kink ? 0 : factor * b,
          none   ? 0
          : kink ? (gamma == 0 ? (LK_T)0.5 * t : 0)
                 : factor * (grow + t),
          none   ? 0
          : kink ? kink_bend
                 : factor * bend,
      },
      log,
      none   ? 0
      : kink ? (gamma == 0 ? (LK_T)-0.5 / u : 0)
             : -factor * (gamma * ratio + 1 / u),
  };
}

LK_INLINE LK(point) LK(asymmetric)(LK_T z, LK_T y, const LK_T *k) {
  LK(logit) s = LK(split)(z);
  LK_T n = 1 - y;
  LK(point) a = LK(focal_term)(k[0], s.positive, s.negative, s.softplus, s.softplus_negative);
  LK(point) b = LK(asymmetric_negative)(s, k[1], k[2]).point;
  return (LK(point)){
      LK(times)(y, a.value) + LK(times)(n, b.value),
      LK(times)(y, a.gradient) + LK(times)(n, b.gradient),
      LK(times)(y, a.curvature) + LK(times)(n, b.curvature),
  };
}

LK_INLINE void LK(asymmetric_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK(logit) s = LK(split)(z);
  LK(clipped) b = LK(asymmetric_negative)(s, k[1], k[2]);
  LK_T a = LK(exp_neg)(-LK(times)(k[0], s.softplus)) * s.softplus_negative;
  d[0] = -LK(times)(y, LK(times)(a, s.softplus));
  d[1] = LK(times)(1 - y, LK(times)(b.point.value, b.log));
  d[2] = LK(times)(1 - y, b.by_clip);
}

// One class's term (1 − σ^q)/q with l = −ln σ, c = 1 − σ: its limit for q → 0 is l.
LK_INLINE LK(point) LK(generalized_term)(LK_T q, LK_T s, LK_T c, LK_T l) {
  LK_T t = LK(times)(q, l), factor = LK(exp_neg)(-t);
  return (LK(point)){
      t < (LK_T)0x1p-54 ? l : -LK(expm1)(-t) / q,
      -factor * c,
      factor * c * (s - q * c),
  };
}

LK_INLINE LK(point) LK(generalized_cross_entropy)(LK_T z, LK_T y, const LK_T *k) {
  LK(logit) s = LK(split)(z);
  LK_T n = 1 - y;
  LK(point) a = LK(generalized_term)(k[0], s.positive, s.negative, s.softplus_negative);
  LK(point) b = LK(generalized_term)(k[0], s.negative, s.positive, s.softplus);
  return (LK(point)){
      LK(times)(y, a.value) + LK(times)(n, b.value),
      y * a.gradient - n * b.gradient,
      y * a.curvature + n * b.curvature,
  };
}

// ∂/∂q (1 − e^(−ql))/q = −l²ψ(−ql).
LK_INLINE void LK(generalized_cross_entropy_slopes)(LK_T z, LK_T y, const LK_T *k, LK_T *d) {
  LK(logit) s = LK(split)(z);
  LK_T a = s.softplus_negative, b = s.softplus, q = -k[0];
  LK_T positive = a * (a * LK(robust_psi)(q * a, LK(expm1)(q * a)));
  LK_T negative = b * (b * LK(robust_psi)(q * b, LK(expm1)(q * b)));
  d[0] = -(LK(times)(y, positive) + LK(times)(1 - y, negative));
}
