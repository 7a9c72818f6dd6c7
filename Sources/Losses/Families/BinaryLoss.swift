/// A probabilistic loss for two classes: the prediction is the logit `z` of the positive class, the target `y` the
/// probability of that class, in [0, 1]. `p = σ(z) = 1/(1 + exp(−z))`.
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

  /// A sum of losses, each times its coefficient, evaluated in one pass: `0.7 * first + 0.3 * second`.
  case combination(Combination<BinaryLoss>)
}
