/// A probabilistic loss for two classes: the prediction is the logit `z` of the positive class, the target `y` the
/// probability of that class, in [0, 1]. `p = σ(z) = 1/(1 + exp(−z))`. Of one loss,
/// ``crossEntropyOfProbabilities``, the prediction is p itself.
///
/// The link is merged into the loss, so that gradients keep their relative accuracy where `p` rounds to 0 or 1.
@nonexhaustive
public enum BinaryLoss: Hashable, Sendable {
  /// `−π y′ ln p − (1 − y′) ln(1 − p)` with `y′ = (1 − s)y + s/2`: cross-entropy of a logit.
  ///
  /// `positiveWeight` is π > 0, `labelSmoothing` is s in [0, 1].
  case logistic(positiveWeight: Double = 1, labelSmoothing: Double = 0)

  /// `−α y (1 − p)^γ ln p − (1 − α)(1 − y) p^γ ln(1 − p)` (Lin et al. 2017).
  ///
  /// `alpha` in [0, 1] weights the positive class and 1 − α the other; `gamma ≥ 0` focuses on hard samples.
  case focal(alpha: Double = 0.25, gamma: Double = 2)

  /// `−y ln p − (1 − y) ln(1 − p)` of a prediction that is the probability p itself, in [0, 1].
  ///
  /// Gradients are finite: where a probability is below ε = 2⁻⁴⁰, about 1e-12, its logarithm goes on as its tangent. So the gradient at
  /// `p = 0` with `y = 1` is −1/ε, and the value 28.7; at `p = 1` with `y = 0` likewise. (PyTorch bounds the gradient by 1e12,
  /// but clamps the logarithm at −100; Keras clips p at 1e-7, which leaves no gradient.) Outside [0, 1]
  /// the result is NaN. Prefer ``logistic(positiveWeight:labelSmoothing:)``, which takes the logit: near 1 a probability has
  /// lost what 1 − p needs.
  case crossEntropyOfProbabilities

  /// `−y ln p − (1 − y) ln(1 − p) + ε(y(1 − p) + (1 − y)p)`: cross-entropy with another weight of the first term of its
  /// expansion (Leng et al. 2022), for two classes.
  ///
  /// `epsilon ≥ −1`; 0 is cross-entropy. Convex where |ε| ≤ 1.
  case poly1(epsilon: Double = 1)

  /// `−y (1 − p)^γ₊ ln p − (1 − y) q^γ₋ ln(1 − q)` with `q = max(p − m, 0)` (Ridnik et al. 2021).
  ///
  /// `gammaPositive` is γ₊ ≥ 0 and `gammaNegative` γ₋ ≥ 0; `clip` is m in [0, 1]: negatives of a probability up to m cost
  /// nothing. The gradient is that of this formula; the authors' own program can also leave out that of the factors. At
  /// `p = m` gradient and curvature are the midpoints, but the curvature is 0 where 0 < γ₋ < 1: beyond, it is not bounded.
  /// Without a clip and with equal exponents it is twice ``focal(alpha:gamma:)`` of `alpha: 0.5`.
  case asymmetric(gammaPositive: Double = 0, gammaNegative: Double = 4, clip: Double = 0.05)

  /// `y(1 − p^q)/q + (1 − y)(1 − (1 − p)^q)/q` (Zhang and Sabuncu 2018), bounded by 1/q, for labels that may be wrong.
  ///
  /// `q` is in [0, 1]: 0 is cross-entropy, the limit, and 1 the mean absolute error of the probability.
  case generalizedCrossEntropy(q: Double = 0.7)

  /// A sum of losses, each times its coefficient, evaluated in one pass: `0.7 * first + 0.3 * second`.
  case combination(Combination<BinaryLoss>)
}
