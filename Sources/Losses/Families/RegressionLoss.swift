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

  /// `|r|^p`, `p ≥ 1`: 1 is ``absoluteError``, 2 ``squaredError``, both exactly. The curvature at `r = 0` is infinite where
  /// `1 < p < 2`, its limit.
  case power(p: Double = 1.5)

  /// `max(0, |r| − ε)²` (Vapnik 1995). Requires `epsilon ≥ 0`; the curvature at `|r| = ε` is the midpoint 1, and 2 everywhere
  /// where ε is 0.
  case squaredEpsilonInsensitive(epsilon: Double = 0.1)

  /// `−ln(4eʳ/(1 + eʳ)²) = 2 ln cosh(r/2)`, accurate for small residuals: the negative log-likelihood of a logistic
  /// distribution around the prediction. LossFunctions.jl calls it `LogitDistLoss`.
  case logisticDistance

  /// `(c²/2) ln(1 + (r/c)²)`: ½r² near 0, and logarithmic in the distance. Requires `scale > 0`, which is c.
  ///
  /// `robust(shape: 0, scale: c)` is `cauchy(scale: √2·c)` divided by c².
  case cauchy(scale: Double = 1)

  /// `½r²/(1 + (r/c)²)` (Geman and McClure 1985): ½r² near 0, at most ½c². Requires `scale > 0`, which is c.
  ///
  /// `robust(shape: −2, scale: c)` is `gemanMcClure(scale: 2c)` divided by c².
  case gemanMcClure(scale: Double = 1)

  /// `(c²/2)(1 − exp(−(r/c)²))` (Dennis and Welsch 1978): ½r² near 0, at most ½c². Requires `scale > 0`, which is c.
  ///
  /// `robust(shape: −∞, scale: c)` is `welsch(scale: √2·c)` divided by c².
  case welsch(scale: Double = 1)

  /// `(c²/6)(1 − (1 − (r/c)²)³)` where `|r| < c`, `c²/6` beyond: the biweight (Beaton and Tukey 1974), ½r² near 0.
  ///
  /// Requires `scale > 0`, which is c. The default has 95 % efficiency for normal errors of variance 1.
  case tukey(scale: Double = 4.685)

  /// `c²(|r|/c − ln(1 + |r|/c))` (Fair 1974): ½r² near 0, `c|r|` far away, convex. Requires `scale > 0`, which is c.
  case fair(scale: Double = 1)

  /// `(c²/2) arctan((r/c)²)`: ½r² near 0, at most `πc²/4`. Requires `scale > 0`, which is c.
  case arctan(scale: Double = 1)

  /// `½(ν + 1) ln(1 + r²/(νs²))`: the negative log-likelihood of Student's t around the prediction, up to its normaliser.
  ///
  /// `degreesOfFreedom` is ν > 0 (4 as in Lange, Little and Taylor 1989), `scale` is s > 0. It is
  /// `(ν + 1)/(νs²)` times `cauchy(scale: s√ν)`.
  case studentT(degreesOfFreedom: Double = 4, scale: Double = 1)

  /// `ŷ + y exp(−ŷ)`: half the Gamma deviance with a log link, up to a term free of the prediction. Requires targets
  /// `y > 0`, as in scikit-learn and XGBoost.
  case gamma

  /// `−y (exp((1 − p)ŷ) − 1)/(1 − p) + (exp((2 − p)ŷ) − 1)/(2 − p)`: half the Tweedie deviance with a log link, up to a term
  /// free of the prediction; at p = 1 and 2 its limits.
  ///
  /// Continuous in the power: 0 is ½(exp(ŷ) − y)², 1 is ``poisson`` and 2 ``gamma``, 3 the inverse Gaussian, each up to a term
  /// free of the prediction; scikit-learn drops other constants at 0, 1 and 2. Between 1 and 2 it is convex, and the
  /// likelihood is that of a Poisson number of Gamma amounts. `power` is p ≤ 0 or p ≥ 1: between 0 and 1 there is no such
  /// distribution. Targets are any finite or infinite number where p ≤ 0, `y ≥ 0` where 1 ≤ p < 2, `y > 0` where p ≥ 2.
  case tweedie(power: Double = 1.5)

  /// `(y + 1/α) ln(1 + α exp(ŷ)) − yŷ`: the negative log-likelihood of counts of mean `exp(ŷ)` and variance
  /// `μ + αμ²`, up to a term free of the prediction.
  ///
  /// Requires targets `y ≥ 0`; `dispersion` is α > 0, and ``poisson`` is its limit for α → 0.
  case negativeBinomial(dispersion: Double = 1)

  /// `(ln(1 + ŷ) − ln(1 + y))²`, without cancellation. Requires targets `y > −1`.
  ///
  /// At `ŷ = −1` the value is ∞, below it NaN: there is no logarithm. Keras clips both at 1e-7 instead.
  case squaredLogError

  /// `|r|/max(|y|, floor)`, a fraction: Keras multiplies by 100. Requires `floor > 0`.
  ///
  /// The gradient at `r = 0` is 0, the midpoint. The floor is what keeps a target of 0 finite; Keras has 1e-7, scikit-learn
  /// the spacing of `Double` at 1.
  case absolutePercentageError(floor: Double = 1e-7)

  /// `2|r|/(|ŷ| + |y|)`, from 0 to 2, and 0 where both are 0: the form of Makridakis (1993) as a fraction, with the factor 2.
  ///
  /// Where prediction and target differ in sign it is 2 and does not fall towards the target. The gradient is 0 at `ŷ = y`,
  /// the midpoint at `ŷ = 0`, and 0 for a target of 0.
  case symmetricAbsolutePercentageError

  /// A sum of losses, each times its coefficient, evaluated in one pass: `0.7 * first + 0.3 * second`.
  case combination(Combination<RegressionLoss>)
}
