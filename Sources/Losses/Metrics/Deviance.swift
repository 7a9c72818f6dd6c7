/// A family of distributions of the target `y` around a prediction `μ` on the target's own scale, and the deviance
/// that it measures errors by: twice the log-likelihood that is lost against a perfect prediction, free of the
/// dispersion.
///
/// A ``NoiseModel`` is the distribution behind one loss: its prediction may be on the scale of a link, and its
/// dispersion is that of the loss. ``NoiseModel/deviance`` is the family that it belongs to. Some families here
/// (gamma, Tweedie) have no loss.
@nonexhaustive
public enum Deviance: Hashable, Sendable {
  /// `(y − μ)²`.
  case gaussian

  /// `2|y − μ|`.
  case laplace

  /// `2τ(y − μ)` where `y > μ`, `2(1 − τ)(μ − y)` where `y < μ`. Requires `0 < level < 1`.
  case asymmetricLaplace(level: Double = 0.5)

  /// `2(y ln(y/μ) − y + μ)`. Requires targets `y ≥ 0` and predictions `μ ≥ 0`; infinite where `μ = 0 < y`.
  case poisson

  /// `2((y − μ)/μ − ln(y/μ))`. Requires targets `y > 0` and predictions `μ ≥ 0`; infinite where `μ = 0`.
  case gamma

  /// `2(y^(2−p)/((1−p)(2−p)) − y μ^(1−p)/(1−p) + μ^(2−p)/(2−p))` (Jørgensen 1987), whose variance is proportional to
  /// `μ^p`: Poisson for `p = 1`, gamma for `p = 2`, inverse Gaussian for `p = 3`, a mass at 0 and a density above it
  /// between 1 and 2. Requires `power ≥ 1`, predictions `μ ≥ 0`, and targets `y ≥ 0`, for `power ≥ 2` `y > 0`.
  case tweedie(power: Double = 1.5)

  /// `2(y ln(y/μ) + (1 − y) ln((1 − y)/(1 − μ)))`. Requires targets and predictions in [0, 1]; infinite where a
  /// prediction of 0 or 1 is not the target.
  case bernoulli

  /// The deviance of one sample. What is outside the domain of the family gives NaN or infinity.
  public func unit(target y: Double, prediction mean: Double) -> Double {
    switch self {
    case .gaussian: (y - mean) * (y - mean)
    case .laplace: 2 * abs(y - mean)
    case .asymmetricLaplace(let level): 2 * (y > mean ? level * (y - mean) : (1 - level) * (mean - y))
    case .poisson: powerDeviance(y, mean, difference: y - mean, power: 1)
    case .gamma: powerDeviance(y, mean, difference: y - mean, power: 2)
    case .tweedie(let power): powerDeviance(y, mean, difference: y - mean, power: power)
    case .bernoulli: bernoulliDeviance(y, mean)
    }
  }
}

extension NoiseModel {
  /// The family of distributions whose deviance measures errors under this model, for predictions on the scale of the
  /// target (``PointwiseLoss/link`` takes them there); `nil` where there is none.
  public var deviance: Deviance? {
    switch self {
    case .gaussian: .gaussian
    case .laplace: .laplace
    case .asymmetricLaplace(let level): .asymmetricLaplace(level: level)
    case .poisson: .poisson
    case .bernoulli: .bernoulli
    case .gamma: .gamma
    case .inverseGaussian: .tweedie(power: 3)
    case .generalizedNormal(let power): power == 1 ? .laplace : power == 2 ? .gaussian : nil
    case .asymmetricGaussian, .huber, .hyperbolic, .hyperbolicSecant, .epsilonInsensitive, .robust, .logNormal,
      .squaredEpsilonInsensitive, .logistic, .studentT, .fair, .negativeBinomial:
      nil
    }
  }
}

/// The deviance of the family whose variance is `mean^power`; `difference` is `y − mean`, which the caller may know better
/// than these two tell.
///
/// With `t = y/mean`, `a = 2 − power` and `h = 1 − power` it is `2 mean^a f(t)`, where `f(t) = (tᵃ − 1 − a(t − 1))/(ah)`
/// has the limits of Poisson (`h = 0`) and gamma (`a = 0`), and the series `(t − 1)²/2 + (a − 2)(t − 1)³/6 + …`.
private func powerDeviance(_ y: Double, _ mean: Double, difference: Double, power: Double) -> Double {
  if difference == 0 { return 0 }
  if mean == 0 || mean == .infinity { return .infinity }
  let a = 2 - power
  let h = 1 - power
  if y == 0 { return a > 0 ? 2 * Math.pow(mean, a) / a : .infinity }
  let scale = 2 * Math.pow(mean, h)
  let x = difference / mean
  if abs(x) * power < 0.1 {
    // The closed form would cancel.
    var term = x * difference / 2
    var sum = term
    var k = 2.0
    while true {
      term *= x * (a - k) / (k + 1)
      k += 1
      guard sum + term != sum else { return scale * sum }
      sum += term
    }
  }
  let ratio = y / mean
  let logarithm = ratio.isNormal ? Math.log(ratio) : Math.log(y) - Math.log(mean)
  // Of the two forms, the one whose limit is the nearer.
  return abs(a) < abs(h)
    ? scale * (difference - mean * scaledExponential(logarithm, a)) / -h
    : scale * (y * scaledExponential(logarithm, h) - difference) / a
}

/// `(exp(cx) − 1)/c`, which is `x` in the limit `c = 0`.
private func scaledExponential(_ x: Double, _ c: Double) -> Double { c == 0 ? x : Math.expm1(c * x) / c }

/// Labels 0 and 1 leave one term, which keeps its relative accuracy; between them the two differences add up to 0.
private func bernoulliDeviance(_ y: Double, _ probability: Double) -> Double {
  if y == 0 { return -2 * Math.log1p(-probability) }
  if y == 1 { return -2 * Math.log(probability) }
  return powerDeviance(y, probability, difference: y - probability, power: 1)
    + powerDeviance(1 - y, 1 - probability, difference: probability - y, power: 1)
}
