/// A metric of predictions for two classes; targets are 0 or 1, and 1 is the positive class.
///
/// - The metrics with a `threshold` take any score and predict the positive class where it is strictly greater, so
///   that a tie goes to class 0, the lowest index. The default suits probabilities; for logits and margins it is 0.
/// - ``rocAUC`` and ``averagePrecision`` take any score, infinite ones included, and depend on its order alone.
/// - ``logLoss``, ``brier``, ``calibrationError(bins:)`` and ``devianceExplained`` need probabilities in [0, 1].
///
/// A score that is NaN has no order and is an error, except in ``logLoss``, ``brier`` and ``devianceExplained``, whose
/// value then is NaN.
@nonexhaustive
public enum BinaryMetric: Hashable, Sendable {
  /// The share of samples whose class is predicted.
  case accuracy(threshold: Double = 0.5)

  /// The mean of the recalls of both classes; where there are targets of one class only, the recall of that class.
  case balancedAccuracy(threshold: Double = 0.5)

  /// The share of true positives among the predicted positives; 0 where none is predicted.
  case precision(threshold: Double = 0.5)

  /// The share of predicted positives among the positives; 0 where there are none.
  case recall(threshold: Double = 0.5)

  /// `2TP/(2TP + FP + FN)`, the harmonic mean of precision and recall; 0 where no sample is positive or predicted so.
  case f1(threshold: Double = 0.5)

  /// The correlation of prediction and target, `(TP·TN − FP·FN)/√((TP + FP)(TP + FN)(TN + FP)(TN + FN))` (Matthews
  /// 1975); 0, as for a prediction by chance, where all targets or all predictions are of one class.
  case matthews(threshold: Double = 0.5)

  /// The area under the receiver operating characteristic: the probability that a positive sample has a greater score
  /// than a negative one, a tie counting ½ (Mann and Whitney 1947). Where one class is missing there is nothing to
  /// order, and it is ½, the value of an order without information. O(n log n).
  case rocAUC

  /// `Σ (Rₖ − Rₖ₋₁)Pₖ` over the thresholds from high to low, with precision `Pₖ` and recall `Rₖ`; samples of equal
  /// score share one threshold. 0 where there are no positives. O(n log n).
  case averagePrecision

  /// The mean of `−y ln p − (1 − y) ln(1 − p)`: infinite where a probability of 0 or 1 is wrong, since nothing is
  /// clipped. For logits, whose probabilities may round to 0 or 1, ``BinaryLoss/logistic(positiveWeight:labelSmoothing:)``
  /// is exact.
  case logLoss

  /// The mean of `(p − y)²` (Brier 1950).
  case brier

  /// `Σ_b |Σ_{i in b} sᵢ(yᵢ − pᵢ)|/Σ sᵢ` over bins `[j/B, (j + 1)/B)` of equal width, the last one closed: the mean
  /// difference between the probability of the positive class and its frequency (Naeini et al. 2015). `bins` is from 1
  /// to 1,000,000.
  case calibrationError(bins: Int = 10)

  /// `1 − D/D₀` for ``Deviance/bernoulli``: the share of the log loss of the constant prediction `ȳ` that the
  /// predictions remove. Where all targets are of one class it is 1 if every prediction is right, else 0.
  case devianceExplained
}

extension BinaryMetric: PointwiseMetric {
  /// The metric of samples that the verb has gathered. An implementation detail.
  public func _value(of samples: _MetricSamples) throws(LossError) -> Double {
    switch self {
    case .accuracy(let threshold): return try samples.tally(threshold: threshold).accuracy
    case .balancedAccuracy(let threshold): return try samples.tally(threshold: threshold).balancedAccuracy
    case .precision(let threshold): return try samples.tally(threshold: threshold).precision(of: 1)
    case .recall(let threshold): return try samples.tally(threshold: threshold).recall(of: 1)
    case .f1(let threshold): return try samples.tally(threshold: threshold).f1(of: 1)
    case .matthews(let threshold): return try samples.tally(threshold: threshold).matthews
    case .rocAUC: return try samples.rankedScores().rocAUC
    case .averagePrecision: return try samples.rankedScores().averagePrecision
    case .logLoss:
      try samples.checkLabelsAndProbabilities()
      return try Deviance.bernoulli.mean(of: samples) / 2
    case .brier:
      try samples.checkLabelsAndProbabilities()
      return try samples.mean(of: .squaredError)
    case .calibrationError(let bins): return try samples.calibrationError(bins: bins)
    case .devianceExplained:
      try samples.checkLabelsAndProbabilities()
      return try Deviance.bernoulli.explained(of: samples)
    }
  }

  /// Whether the predictions have to be probabilities, rather than any score.
  public var comparesProbabilities: Bool {
    switch self {
    case .logLoss, .brier, .calibrationError, .devianceExplained: true
    case .accuracy, .balancedAccuracy, .precision, .recall, .f1, .matthews, .rocAUC, .averagePrecision: false
    }
  }
}
