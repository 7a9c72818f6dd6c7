/// A metric of predictions `ŷ` that estimate a real target `y` on its own scale.
///
/// What a loss predicts on another scale (a logarithm, a logit) goes through the response of its link first. Residual
/// metrics take any numbers and follow IEEE rules for those that are not finite; deviances state what they require.
@nonexhaustive
public enum RegressionMetric: Hashable, Sendable {
  /// `√(mean of (ŷ − y)²)`, the root mean of ``RegressionLoss/squaredError``.
  case rootMeanSquaredError

  /// The mean of `(ŷ − y)²`.
  case meanSquaredError

  /// The mean of `|ŷ − y|`.
  case meanAbsoluteError

  /// The median of `|ŷ − y|`: the midpoint of the two middle values where half of the weight lies on either side.
  /// Predictions and targets must be finite. O(n log n).
  case medianAbsoluteError

  /// `1 − Σ(ŷ − y)²/Σ(y − ȳ)²`, which is `devianceExplained(.gaussian)`: 1 is perfect, 0 as good as the mean of the
  /// targets, below 0 worse. Where all targets are equal it is 1 if every prediction is right, else 0.
  case rSquared

  /// The mean of ``RegressionLoss/quantile(level:)``: `(1 − τ)(ŷ − y)` above the target, `τ(y − ŷ)` below. Requires
  /// `0 < level < 1`.
  case pinball(level: Double = 0.5)

  /// The mean deviance of a family of distributions, for example `deviance(.poisson)`; its text form is
  /// `deviance.poisson`.
  case deviance(Deviance)

  /// `1 − D/D₀`, the share of the deviance of the best constant prediction that the predictions remove (`D²`; Cameron
  /// and Windmeijer 1997). That constant is the mean of the targets, for the Laplace distributions their median or
  /// quantile. Where all targets are equal it is 1 if the deviance is 0, else 0. Text form
  /// `devianceExplained.poisson`.
  case devianceExplained(Deviance)
}

extension RegressionMetric: PointwiseMetric {
  /// The metric of samples that the verb has gathered. An implementation detail.
  public func _value(of samples: _MetricSamples) throws(LossError) -> Double {
    switch self {
    case .rootMeanSquaredError: try samples.mean(of: .squaredError, reduction: .rootMean)
    case .meanSquaredError: try samples.mean(of: .squaredError)
    case .meanAbsoluteError: try samples.mean(of: .absoluteError)
    case .medianAbsoluteError: try samples.medianAbsoluteError()
    case .rSquared: try Deviance.gaussian.explained(of: samples)
    case .pinball(let level): try samples.mean(of: .quantile(level: level))
    case .deviance(let deviance): try deviance.mean(of: samples)
    case .devianceExplained(let deviance): try deviance.explained(of: samples)
    }
  }
}
