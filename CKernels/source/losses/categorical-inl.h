// Losses Σ target × f(ln p), p being the softmax of a row of logits: what one class contributes. With c = −f′ ≥ 0 the
// gradient by logit k is p_k Σ_j t_j c_j − t_k c_k.

typedef struct {
  LK_T value; // f
  LK_T slope; // c = −df/d ln p
  LK_T bend;  // (1 − p) dc/d ln p
} LK(class_point);

// `log` is ln p, `other` 1 − p: each of the three is accurate relative to itself.
LK_INLINE LK(class_point) LK(cross_entropy_class)(LK_T log, LK_T p, LK_T other, const LK_T *k) {
  (void)p, (void)other, (void)k;
  return (LK(class_point)){-log, 1, 0};
}

// With u = 1 − p and r = −ln p/u, which is 1 where u vanishes: f = −u^γ ln p, c = u^γ (1 + γpr), and the bend is
// γ u^γ p (ur − 2 + (1 − γ)pr).
LK_INLINE LK(class_point) LK(focal_class)(LK_T log, LK_T p, LK_T other, const LK_T *k) {
  LK_T gamma = k[0];
  LK_T power = LK(exp_neg)(LK(times)(gamma, LK(log)(other)));
  LK_T ratio = other == 0 ? 1 : -log / other, pr = LK(times)(p, ratio);
  return (LK(class_point)){
      LK(times)(power, -log),
      power * (1 + LK(times)(gamma, pr)),
      LK(times)(gamma, power * LK(times)(p, LK(times)(other, ratio) - 2 + (1 - gamma) * pr)),
  };
}

// c = 1 + εp, which for ε < 0 is (1 + ε) − ε(1 − p).
LK_INLINE LK(class_point) LK(poly1_class)(LK_T log, LK_T p, LK_T other, const LK_T *k) {
  LK_T e = k[0];
  return (LK(class_point)){-log + e * other, e < 0 ? (1 + e) - e * other : 1 + e * p, e * p * other};
}

// (1 − p^q)/q, the cross-entropy where q = 0.
LK_INLINE LK(class_point) LK(generalized_cross_entropy_class)(LK_T log, LK_T p, LK_T other, const LK_T *k) {
  (void)p;
  LK_T q = k[0], exponent = LK(times)(q, log), power = LK(exp_neg)(exponent);
  return (LK(class_point)){q == 0 ? -log : -LK(expm1)(exponent) / q, power, q * power * other};
}
