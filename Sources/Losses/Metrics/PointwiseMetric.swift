/// A metric that compares one prediction for each sample with one target.
public protocol PointwiseMetric: Metric {
  /// The metric of samples that the verb has gathered. An implementation detail.
  func _value(of samples: _MetricSamples) throws(LossError) -> Double
}

extension PointwiseMetric {
  /// The metric of n predictions and n targets, with n weights where they are given.
  ///
  /// O(n) time and a constant amount of memory, except that what orders the samples (``RegressionMetric/medianAbsoluteError``, the
  /// deviance explained of a Laplace distribution, ``BinaryMetric/rocAUC`` and ``BinaryMetric/averagePrecision``)
  /// takes O(n log n) time and O(n) memory.
  ///
  /// Throws ``LossError`` where lengths differ, where a parameter is outside its domain, and for the first weight,
  /// target or prediction that the metric does not allow, with its index.
  public func value<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil
  ) throws(LossError) -> Double {
    // The samples keep addresses only.
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    try validate()
    return try _value(of: _MetricSamples(predictions: predictions, targets: targets, weights: weights))
  }

  /// The metric of n predictions and n targets, with n weights where they are given. See the form for spans.
  public func value<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil
  ) throws(LossError) -> Double {
    try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      try value(predictions: predictions, targets: targets, weights: weights)
    }
  }
}
