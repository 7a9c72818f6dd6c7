/// A metric of predictions for K classes: a row of K scores or probabilities for each sample; targets are class indices
/// from 0 to K − 1.
///
/// The class with the greatest score is the predicted one; of several, the one with the lowest index. ``logLoss``,
/// ``brier`` and ``calibrationError(bins:)`` need probabilities in [0, 1], of which a row is expected to add up to 1;
/// the others take any score, infinite ones included. A score that is NaN has no order and is an error, except in
/// ``logLoss`` and ``brier``, whose value then is NaN.
@nonexhaustive
public enum CategoricalMetric: Hashable, Sendable {
  /// The share of samples whose class is predicted.
  case accuracy

  /// The mean of the recalls of the classes that have samples.
  case balancedAccuracy

  /// The macro mean of the precisions, 0 for a class that is never predicted: every class that has samples or is
  /// predicted counts the same.
  case precision

  /// The macro mean of the recalls, 0 for a class without samples: every class that has samples or is predicted counts
  /// the same. ``balancedAccuracy`` leaves out those without samples.
  case recall

  /// The macro mean of `2TP/(2TP + FP + FN)`: every class that has samples or is predicted counts the same.
  case f1

  /// The correlation `R_K` of predictions and targets (Gorodkin 2004), which for two classes is that of Matthews; 0, as
  /// for a prediction by chance, where all targets or all predictions are of one class.
  case matthews

  /// The share of samples whose class is among the `k` of the greatest scores; of equal scores those of lowest index
  /// are taken, so that `topK(k: 1)` is ``accuracy``. 1 where `k ≥ K`. `k` is from 1 to 1,000,000.
  case topK(k: Int = 5)

  /// The mean of `−ln p_y`: infinite where the class of a sample has probability 0, since nothing is clipped.
  case logLoss

  /// The mean of `Σ_c (p_c − [c = y])²`, from 0 to 2 (Brier 1950); for two classes twice ``BinaryMetric/brier``.
  case brier

  /// The mean difference between the greatest probability of a row and the frequency with which that class is the right
  /// one, over bins `[j/B, (j + 1)/B)` of equal width, the last one closed (Guo et al. 2017). `bins` is from 1 to
  /// 1,000,000.
  case calibrationError(bins: Int = 10)
}

extension CategoricalMetric: Metric {
  /// The metric of n × K predictions, row by row, and n class indices, with n weights where they are given; `classCount`
  /// is K.
  ///
  /// O(nK) time; O(K) memory and a copy of the targets as `Int`.
  ///
  /// Throws ``LossError`` where lengths differ, where `classCount` or a parameter is outside its domain, and for the
  /// first weight, target or prediction that the metric does not allow, with its index.
  public func value<S: LossScalar, Label: FixedWidthInteger>(
    predictions: Span<S>, targets: Span<Label>, classCount: Int, weights: Span<S>? = nil
  ) throws(LossError) -> Double {
    // The samples keep addresses only.
    defer {
      extendLifetime(predictions)
      extendLifetime(weights)
    }
    try validate()
    let samples = try CategoricalSamples(
      predictions: predictions, targets: targets, classCount: classCount, weights: weights)
    guard samples.count > 0 else { return 0 }
    switch self {
    case .accuracy: return try samples.tally().accuracy
    case .balancedAccuracy: return try samples.tally().balancedAccuracy
    case .precision:
      let tally = try samples.tally()
      return tally.macroMean(tally.precision)
    case .recall:
      let tally = try samples.tally()
      return tally.macroMean(tally.recall)
    case .f1:
      let tally = try samples.tally()
      return tally.macroMean(tally.f1)
    case .matthews: return try samples.tally().matthews
    case .topK(let k): return try samples.topK(k)
    case .logLoss: return try samples.logLoss()
    case .brier: return try samples.brier()
    case .calibrationError(let bins): return try samples.calibrationError(bins: bins)
    }
  }

  /// The metric of n × K predictions, row by row, and n class indices, with n weights where they are given; `classCount`
  /// is K. See the form for spans.
  public func value<S: LossScalar, Label: FixedWidthInteger>(
    predictions: [S], targets: [Label], classCount: Int, weights: [S]? = nil
  ) throws(LossError) -> Double {
    try withSpans(predictions, [], weights) { (predictions, _, weights) throws(LossError) in
      try targets.withUnsafeBufferPointer { (targets) throws(LossError) in
        try value(
          predictions: predictions, targets: Span(_unsafeElements: targets), classCount: classCount, weights: weights)
      }
    }
  }
}
