/// A loss that compares a real prediction `ŷ` with a real target `y`; `r = ŷ − y` is the residual.
///
/// Predictions and targets are flat arrays of one length. Every case is evaluated by the verbs of ``PointwiseLoss``.
@nonexhaustive
public enum RegressionLoss: Hashable, Sendable {
  /// `r²`. The half form of other systems is `½` times this one.
  case squaredError

  /// `|r|`. The gradient at `r = 0` is 0, the midpoint of the subdifferential; the curvature is 0 everywhere.
  case absoluteError

  /// `½r²` where `|r| ≤ δ`, `δ(|r| − ½δ)` beyond (Huber 1964). Requires `delta > 0`.
  case huber(delta: Double = 1)

  /// `½r²/β` where `|r| < β`, `|r| − ½β` beyond: `huber(delta: β)` divided by β. Requires `beta > 0`.
  case smoothL1(beta: Double = 1)

  /// `δ²(√(1 + (r/δ)²) − 1)` (Charbonnier et al. 1994). Requires `delta > 0`.
  case pseudoHuber(delta: Double = 1)

  /// `ln cosh r`, without overflow for large and without cancellation for small residuals.
  case logCosh

  /// `(1 − τ)r` where `r > 0`, `−τr` where `r < 0` (Koenker and Bassett 1978): its minimiser is the τ-quantile.
  /// The gradient at `r = 0` is the midpoint `½ − τ`. Requires `0 < level < 1`.
  case quantile(level: Double = 0.5)

  /// `(1 − τ)r²` where `r > 0`, `τr²` where `r < 0` (Newey and Powell 1987). Requires `0 < level < 1`.
  case expectile(level: Double = 0.5)

  /// `max(0, |r| − ε)` (Vapnik 1995). The gradient at `|r| = ε` is the midpoint. Requires `epsilon ≥ 0`.
  case epsilonInsensitive(epsilon: Double = 0.1)

  /// `exp(ŷ) − yŷ`: Poisson deviance with a log link, up to a term free of the prediction. Requires targets `y ≥ 0`.
  case poisson

  /// `(b/α)((r²/(c²b) + 1)^(α/2) − 1)` with `b = |α − 2|`: the general robust loss (Barron 2019), ½(r/c)² near 0.
  ///
  /// `shape` is α, any number below ∞; smaller shapes give outliers less to say. 2 is ½(r/c)², 1 pseudo-Huber, 0 Cauchy,
  /// −2 Geman–McClure, `-.infinity` Welsch, the exceptions being taken as limits. `scale` is c > 0. The derivative with
  /// respect to the shape diverges at 2, where it is given as 0: a shape that is learned must not start there.
  case robust(shape: Double = 1, scale: Double = 1)

  /// `robust(shape: α, scale: c)` `+ ln c + ln Z(α)`: the negative log-likelihood of the density ∝ exp(−robust). Its
  /// shape and scale can be learned from data (Barron 2019, section 3.1), which those of `robust` cannot: a loss without
  /// the normaliser is least where every residual is an outlier.
  ///
  /// `shape` is α ≥ 0: below 0 there is no such density.
  case robustLikelihood(shape: Double = 1, scale: Double = 1)

  /// A sum of losses, each times its coefficient, evaluated in one pass: `0.7 * first + 0.3 * second`.
  case combination(Combination<RegressionLoss>)
}
