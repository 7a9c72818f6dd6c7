/// What is added to the loss of a model to keep its coefficients `w` small, few or alike.
///
/// The verbs are `value`, `gradient`, `valueAndGradient` and `proximal`; each has a form that
/// returns an array and a form that writes into memory of the caller. Penalties add and scale, `0.7 * first + 0.3 *
/// second`, and have a text form. Since losses are means, the strength `λ` of a penalty does not depend on the number of
/// rows. Strengths are finite and not negative.
///
/// The gradient at a kink, where a penalty has no derivative, is the subgradient of least norm (of Clarke's
/// subdifferential where the penalty is not convex): zero coefficients stay zero unless the loss pulls harder than the
/// penalty holds.
@nonexhaustive
public enum Penalty: Hashable, Sendable {
  /// `λ‖w‖₁` (Tibshirani 1996, the lasso).
  case l1(strength: Double = 1)

  /// `½λ‖w‖²` (Hoerl and Kennard 1970, ridge regression).
  case l2(strength: Double = 1)

  /// `l1·‖w‖₁ + ½·l2·‖w‖²` (Zou and Hastie 2005).
  case elasticNet(l1: Double = 1, l2: Double = 1)

  /// `λ Σ h(wⱼ)/δ` with Huber's function: `w²/(2δ)` where `|w| ≤ δ`, `|w| − ½δ` beyond; the Moreau envelope of `λ‖w‖₁`.
  /// Requires `delta > 0`.
  case smoothedL1(strength: Double = 1, delta: Double = 1)

  /// The minimax concave penalty (Zhang 2010): `Σ λ|w| − w²/(2γ)` where `|w| ≤ γλ`, `½γλ²` beyond. Requires
  /// `gamma > 1`. It is not convex; a step of `γ` or more leaves its proximal operator with two local minima, of which
  /// the lower one counts, and 0 where they are equal: hard thresholding.
  case mcp(strength: Double = 1, gamma: Double = 3)

  /// The smoothly clipped absolute deviation (Fan and Li 2001): `Σ λ|w|` where `|w| ≤ λ`,
  /// `(2aλ|w| − w² − λ²)/(2(a − 1))` where `|w| ≤ aλ`, `½λ²(a + 1)` beyond. Requires `a > 2`. It is not convex; a step
  /// of `a − 1` or more leaves its proximal operator with two local minima, of which the lower one counts, and the one
  /// nearer to 0 where they are equal.
  case scad(strength: Double = 1, a: Double = 3.7)

  /// `λ Σ_g √|g| ‖w_g‖` (Yuan and Lin 2006): whole groups are zero or not. `groups` has the group of each coefficient,
  /// numbered from 0.
  case groupLasso(strength: Double = 1, groups: [Int])

  /// `l1·‖w‖₁ + group·Σ_g √|g| ‖w_g‖` (Simon, Friedman, Hastie and Tibshirani 2013, where `l1 = αλ` and
  /// `group = (1 − α)λ`). `groups` is as in ``groupLasso(strength:groups:)``.
  case sparseGroupLasso(l1: Double = 1, group: Double = 1, groups: [Int])

  /// `½λ‖WᵀW − I‖²`, the squared Frobenius norm, for coefficients that are a matrix `W`, row by row, with this number of
  /// columns: the columns become orthonormal. It is smooth, but not convex. Its proximal operator needs the singular
  /// values of `W` and is not offered.
  case orthogonality(strength: Double = 1, columns: Int = 1)

  /// `Σ ½((w − μ)/σ)²`: the negative logarithm, up to a constant, of normal prior densities of the coefficients, so that
  /// a minimum is a MAP estimate where the loss is a negative log-likelihood summed over the rows. For a mean loss of n
  /// rows divide the penalty by n. `scales` are standard deviations `σ > 0`.
  case gaussianPrior(means: PerCoefficient = 0, scales: PerCoefficient = 1)

  /// `Σ |w − μ|/σ`: the same for Laplace priors of the scales `σ > 0`.
  case laplacePrior(means: PerCoefficient = 0, scales: PerCoefficient = 1)

  /// `λ Σ |wᵢ₊₁ − wᵢ|` (Rudin, Osher and Fatemi 1992, in one dimension): neighbours are mostly equal. With
  /// ``l1(strength:)`` it is the fused lasso (Tibshirani et al. 2005).
  case totalVariation(strength: Double = 1)

  /// A sum of penalties, each times its coefficient: `0.7 * first + 0.3 * second`.
  case combination(Combination<Penalty>)
}

extension Penalty: Combinable {
  /// The sum that this is; `nil` for a single penalty.
  public var combination: Combination<Self>? {
    if case .combination(let combination) = self { combination } else { nil }
  }
}
