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
  LK_T l = LK(log1p_unit)(e);
  LK_T large = 1 / (1 + e), small = e * large;
  return (LK(logit)){
      z > 0 ? large : small,
      z > 0 ? small : large,
      z > 0 ? z + l : l,
      z > 0 ? l : l - z,
  };
}

// With e = exp(−|z|) and l = log1p(e), softplus(z) = max(z, 0) + l and σ of either sign is 1/(1 + e) or e/(1 + e).
// The value p softplus(−z) + n softplus(z) becomes (n or −p)·z + (p + n)·l: nothing cancels, whatever the label.
LK_INLINE LK(point) LK(logistic)(LK_T z, LK_T y, const LK_T *k) {
  LK_T e = LK(exp_neg)(-LK(abs)(z)), l = LK(log1p_unit)(e), large = 1 / (1 + e);
  LK_T keep = 1 - k[1], half = (LK_T)0.5 * k[1];
  LK_T p = k[0] * (keep * y + half), n = keep * (1 - y) + half;
  LK_T pe = p * e, ne = n * e, weight = p + n;
  return (LK(point)){
      LK(times)(z > 0 ? n : -p, z) + weight * l,
      large * ((z > 0 ? n : ne) - (z > 0 ? pe : p)),
      weight * large * (large * e),
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
