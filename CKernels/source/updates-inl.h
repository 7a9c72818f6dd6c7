// Update rules: the new parameter from w, the parameter, and g, its gradient, both as lk_update_call prepares them. The
// states s are replaced. The factors k belong to the step: what depends on the number of the step or on the learning
// rate is computed once, in double.

// x + share × (y − x).
LK_INLINE LK_T LK(approach)(LK_T x, LK_T y, LK_T share) { return x + share * (y - x); }

// x/d, 0 where d is 0: a parameter whose gradients were all 0 stays where it is, also without an ε.
LK_INLINE LK_T LK(share_of)(LK_T x, LK_T d) { return d == 0 ? 0 : x / d; }

// k: learning rate.
LK_INLINE LK_T LK(descent_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  (void)s;
  return w - k[0] * g;
}

// k: learning rate, momentum, share of the gradient.
LK_INLINE LK_T LK(momentum_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[0] = k[1] * s[0] + k[2] * g;
  return w - k[0] * s[0];
}
LK_INLINE LK_T LK(nesterov_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[0] = k[1] * s[0] + k[2] * g;
  return w - k[0] * (g + k[1] * s[0]);
}

// The moments of Adam. k: step length, 1 − β₁, β₂, 1 − β₂, factor of the root, ε.
LK_INLINE void LK(moments)(LK_T g, LK_T *s, const LK_T *k) {
  s[0] = LK(approach)(s[0], g, k[1]);
  s[1] = k[2] * s[1] + k[3] * g * g;
}
LK_INLINE LK_T LK(adam_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK(moments)(g, s, k);
  return w - k[0] * LK(share_of)(s[0], LK(sqrt)(s[1]) * k[4] + k[5]);
}
LK_INLINE LK_T LK(amsgrad_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK(moments)(g, s, k);
  s[2] = s[1] > s[2] ? s[1] : s[2];
  return w - k[0] * LK(share_of)(s[0], LK(sqrt)(s[2]) * k[4] + k[5]);
}
LK_INLINE LK_T LK(yogi_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK_T square = g * g;
  s[0] = LK(approach)(s[0], g, k[1]);
  s[1] = s[1] - k[3] * LK(sign)(s[1] - square) * square;
  return w - k[0] * LK(share_of)(s[0], LK(sqrt)(s[1]) * k[4] + k[5]);
}

// k: step length, 1 − β₁, β₂, 1 − β₂, factor of the root, ε of the root; k[6] the other one.
LK_INLINE LK_T LK(adabelief_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[0] = LK(approach)(s[0], g, k[1]);
  LK_T away = g - s[0];
  s[1] = k[2] * s[1] + k[3] * away * away + k[5];
  return w - k[0] * LK(share_of)(s[0], LK(sqrt)(s[1]) * k[4] + k[6]);
}

// k: step length of the momentum, 1 − β₁, β₂, 1 − β₂, factor of the root, ε; k[6] the step length of the gradient.
LK_INLINE LK_T LK(nadam_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK(moments)(g, s, k);
  return w - LK(share_of)(k[6] * g + k[0] * s[0], LK(sqrt)(s[1]) * k[4] + k[5]);
}

// k: step length, 1 − β₁, β₂, ε.
LK_INLINE LK_T LK(adamax_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK_T least = LK(abs)(g) + k[3], decayed = k[2] * s[1];
  s[0] = LK(approach)(s[0], g, k[1]);
  s[1] = decayed > least ? decayed : least;
  return w - k[0] * LK(share_of)(s[0], s[1]);
}

// k: learning rate, 1 − β₁, 1 − β₂, decoupled weight decay: rates are so small that 1 − rate × decay would be rounded.
LK_INLINE LK_T LK(lion_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK_T direction = LK(sign)(LK(approach)(s[0], g, k[1]));
  s[0] = LK(approach)(s[0], g, k[2]);
  return w - k[0] * (direction + k[3] * w);
}

// k: learning rate, 1 − β.
LK_INLINE LK_T LK(signum_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[0] = LK(approach)(s[0], g, k[1]);
  return w - k[0] * LK(sign)(s[0]);
}

// k: learning rate, α, 1 − α, ε, momentum. The states: the square, the momentum where there is one, the mean where it
// is centered.
LK_INLINE LK_T LK(rmsprop_step)(LK_T g, LK_T *square, LK_T mean, const LK_T *k) {
  *square = k[1] * *square + k[2] * g * g;
  LK_T variance = *square - mean * mean; // rounding may leave it below 0
  return LK(share_of)(g, LK(sqrt)(variance < 0 ? 0 : variance) + k[3]);
}
LK_INLINE LK_T LK(rmsprop_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  return w - k[0] * LK(rmsprop_step)(g, &s[0], 0, k);
}
LK_INLINE LK_T LK(rmsprop_momentum_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[1] = k[4] * s[1] + LK(rmsprop_step)(g, &s[0], 0, k);
  return w - k[0] * s[1];
}
LK_INLINE LK_T LK(centered_rmsprop_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[1] = LK(approach)(s[1], g, k[2]);
  return w - k[0] * LK(rmsprop_step)(g, &s[0], s[1], k);
}
LK_INLINE LK_T LK(centered_rmsprop_momentum_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[2] = LK(approach)(s[2], g, k[2]);
  s[1] = k[4] * s[1] + LK(rmsprop_step)(g, &s[0], s[2], k);
  return w - k[0] * s[1];
}

// k: learning rate, ε.
LK_INLINE LK_T LK(adagrad_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[0] = s[0] + g * g;
  return w - k[0] * LK(share_of)(g, LK(sqrt)(s[0]) + k[1]);
}

// k: learning rate, ρ, 1 − ρ, ε.
LK_INLINE LK_T LK(adadelta_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  s[0] = k[1] * s[0] + k[2] * g * g;
  LK_T step = LK(share_of)(LK(sqrt)(s[1] + k[3]), LK(sqrt)(s[0] + k[3])) * g;
  s[1] = k[1] * s[1] + k[2] * step * step;
  return w - k[0] * step;
}

// k: what a step length is multiplied by where the sign stays, where it turns, the least and the greatest one. The
// states: the gradient before, and the step length.
LK_INLINE LK_T LK(rprop_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  LK_T turn = g * s[0], length = s[1] * (turn > 0 ? k[0] : turn < 0 ? k[1] : 1);
  length = length < k[2] ? k[2] : length > k[3] ? k[3] : length;
  s[0] = turn < 0 ? 0 : g;
  s[1] = length;
  return w - length * LK(sign)(s[0]);
}

// k: the share of what is called the gradient.
LK_INLINE LK_T LK(average_update)(LK_T w, LK_T g, LK_T *s, const LK_T *k) {
  (void)s;
  return LK(approach)(w, g, k[0]);
}
