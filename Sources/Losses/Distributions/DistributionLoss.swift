/// A loss of several numbers that are predicted for each sample: the parameters of a distribution of the target, its
/// quantiles, or an interval that it lies in.
///
/// The predictions are a matrix of n rows of ``columnCount`` numbers, the targets n numbers. A width is predicted as its
/// logarithm, so that every number is one; only ``gaussian(varianceFloor:)`` takes a variance, as other systems do. A
/// negative log-likelihood leaves out what is free of the predictions, and so may be negative.
///
/// The verbs are those of ``PointwiseLoss``. `values` gives one number for each row; a gradient, and a curvature, which is
/// the diagonal of the Hessian, have the shape of the predictions. `weights` are n numbers, one for each row. What a
/// curvature does not depend on cannot make it NaN: that by the location of ``laplace`` is 0, and so is that of straight
/// pieces.
@nonexhaustive
public enum DistributionLoss: Hashable, Sendable {
  /// `½(ln v + r²/v)` with `r = μ − y` and `v = max(σ², floor)`, of the mean μ and the variance σ²: the negative
  /// log-likelihood of a normal distribution, without ½ ln 2π.
  ///
  /// `varianceFloor > 0`. A variance below the floor, or below 0, counts as the floor; the derivative by it is that at the
  /// floor, as in PyTorch, not the 0 of a constant: a variance that fell below can come back.
  case gaussian(varianceFloor: Double = 1e-6)

  /// `½(s + r² exp(−s))` with `r = μ − y`, of the mean μ and the logarithm s of the variance: as `gaussian`, without a
  /// floor (Nix and Weigend 1994; Kendall and Gal 2017).
  case gaussianLogVariance

  /// `s + |r| exp(−s)` with `r = μ − y`, of the location μ and the logarithm s of the scale: the negative log-likelihood
  /// of a Laplace distribution, without ln 2. The derivative by the location at `r = 0` is 0.
  case laplace

  /// `σ(z(2Φ(z) − 1) + 2φ(z) − 1/√π)` with `z = (y − μ)/σ`, of the mean μ and the logarithm of the standard deviation σ:
  /// the continuous ranked probability score of a normal distribution, `∫ (F(x) − [x ≥ y])² dx` (Gneiting and Raftery
  /// 2007). It is in the unit of the target, and |r| where σ is 0.
  case continuousRankedProbability

  /// `u − l + (2/α) max(0, l − y) + (2/α) max(0, y − u)` with α = 1 − level, of the lower bound l and the upper bound u of
  /// a central interval that has the target with the probability `level` (Winkler 1972; Gneiting and Raftery 2007).
  ///
  /// Requires `0 < level < 1`. Where the target is a bound the derivative by it is the midpoint. Bounds may cross: the
  /// formula then holds all the same, and is convex.
  case intervalScore(level: Double = 0.95)

  /// `Σ ρⱼ(qⱼ − y) + λ Σ max(0, qⱼ − qⱼ₊₁)` of one quantile qⱼ for each level τⱼ, with `ρⱼ(r) = (1 − τⱼ)r` where `r > 0`,
  /// `−τⱼr` where `r < 0`: the quantile losses of several levels at once, and a penalty where neighbours cross.
  ///
  /// `levels` are 1 to 256 numbers in (0, 1), each greater than the one before; `crossingPenalty` is λ ≥ 0. The derivative
  /// at a kink is the midpoint. It is a sum over the levels, not their mean.
  case quantiles(levels: [Double] = [0.1, 0.5, 0.9], crossingPenalty: Double = 1)
}

extension DistributionLoss {
  /// What is predicted for each sample, in the order of the columns.
  public var columnNames: [String] {
    switch self {
    case .gaussian: ["mean", "variance"]
    case .gaussianLogVariance: ["mean", "log-variance"]
    case .laplace: ["location", "log-scale"]
    case .continuousRankedProbability: ["mean", "log-deviation"]
    case .intervalScore: ["lower", "upper"]
    case .quantiles(let levels, _): levels.map { "quantile \($0)" }
    }
  }

  /// How many numbers are predicted for each sample.
  public var columnCount: Int {
    if case .quantiles(let levels, _) = self { levels.count } else { 2 }
  }
}
