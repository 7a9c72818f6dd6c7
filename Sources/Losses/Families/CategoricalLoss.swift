/// A loss for K classes: a prediction is a row of K scores, the target a class index from 0 to K − 1 or a distribution over
/// the classes. `z` is the row, `y` the class, `q` the distribution (`[c = y]` for a class index), `p` the softmax of `z`,
/// `p_c = exp(z_c)/Σ exp(z_j)`.
///
/// The softmax is merged into the loss: logits of any size are allowed, and the gradient by the logit of the target itself is
/// minus the sum of the gradients by the others, accurate relative to itself where `p_y` rounds to 1.
///
/// - A logit of −∞ masks its class: the class has probability 0 and gradient 0. A target of such a class has an infinite
///   loss; smoothing leaves masked classes out. A row without a finite greatest logit gives NaN.
/// - A row with a NaN gives NaN, and leaves the other rows alone. (``negativeLogLikelihood`` and
///   ``crossEntropyOfProbabilities`` see the classes of their target only.)
/// - Distributions are used as they are. Their elements must be finite and not negative; a row that does not sum to 1 makes the
///   loss the sum `Σ q_c f(p_c)` all the same, whose gradient is exact.
@nonexhaustive
public enum CategoricalLoss: Hashable, Sendable {
  /// `−Σ q′_c ln p_c`, with `q′ = (1 − s)q + s/K`: softmax and logarithm in one.
  ///
  /// `labelSmoothing` is s in [0, 1]. Classes that are masked by −∞ have no part in it: K is the number of the others.
  case crossEntropy(labelSmoothing: Double = 0)

  /// `−Σ q_c z_c`: the predictions are log-probabilities.
  case negativeLogLikelihood

  /// `−Σ q_c ln z_c`: the predictions are probabilities.
  ///
  /// Below the least normal number of the scalar the tangent of the logarithm takes its place, so that value and gradient are
  /// finite at 0: in `Float` the loss there is 88.3, the slope −8.5e37.
  case crossEntropyOfProbabilities

  /// `−Σ q_c (1 − p_c)^γ ln p_c` (Lin et al. 2017), computed from logarithms.
  ///
  /// `gamma ≥ 0` focuses on hard rows. An α for each class is given as class weights with ``ClassWeighting/losses``.
  case focal(gamma: Double = 2)

  /// `Σ q_c (−ln p_c + ε(1 − p_c))` (Leng et al. 2022). `epsilon` is any finite number, from −1 in the paper.
  case poly1(epsilon: Double = 1)

  /// `Σ q_c (1 − p_c^q)/q` (Zhang and Sabuncu 2018), with the exponent `q` in [0, 1]: 0 is the cross-entropy, 1 the
  /// probability of an error.
  case generalizedCrossEntropy(q: Double = 0.7)

  /// `max(0, margin + max_{c ≠ y} z_c − z_y)` (Crammer and Singer 2001). Needs class indices.
  ///
  /// Of several greatest scores the first counts. Where the margin is met exactly the gradient is half of that beyond.
  case crammerSinger(margin: Double = 1)

  /// `Σ_{c ≠ y} max(0, margin + z_c − z_y)^power` (Weston and Watkins 1999), `power` being 1 or 2. Needs class indices.
  ///
  /// PyTorch divides by K: divide the value, and pass `scale: 1/K` for the gradient. Where a margin is met exactly the slope
  /// of its term is the midpoint.
  case westonWatkins(power: Double = 1, margin: Double = 1)

  /// `max(0, max_{c ≠ y} z_c − z_y)`: ``crammerSinger(margin:)`` with the margin 0. Needs class indices.
  case perceptron

  /// `½‖p − q‖² + Σ q_c max(0, τ − z_c)`, p being the projection of `z` on the simplex and τ its threshold, `p_c = max(0, z_c − τ)`
  /// (Martins and Astudillo 2016): the Fenchel–Young loss whose gradient is `p − q`, with p sparse. The terms of the paper's
  /// formula, which is equal to this one, cancel. Where q does not sum to 1, `(1 − Σ q)τ` is added.
  case sparsemax
}

extension CategoricalLoss {
  /// What the predictions are: ``DistributionForm/logits`` stands for scores of any size, as a linear model gives them.
  public var input: DistributionForm {
    switch self {
    case .negativeLogLikelihood: .logProbabilities
    case .crossEntropyOfProbabilities: .probabilities
    case .crossEntropy, .focal, .poly1, .generalizedCrossEntropy: .logits
    case .crammerSinger, .westonWatkins, .perceptron, .sparsemax: .logits
    }
  }
}
