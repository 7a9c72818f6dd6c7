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
}
