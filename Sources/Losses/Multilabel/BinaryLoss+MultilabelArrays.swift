/// Arrays: `predictions` and `targets` have n × K elements, row by row, and `classCount` is K. Everything else is as in the
/// forms that write into memory of the caller. Throws ``LossError`` for a `classCount` below 1, too.
extension BinaryLoss {
  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    positiveWeights: [S]? = nil, reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withLabelRows(predictions, targets, classCount, weights, classWeights, positiveWeights) {
      (predictions, targets, weights, classWeights, positiveWeights) throws(LossError) in
      try value(
        predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
        positiveWeights: positiveWeights, reduction: reduction, threads: threads)
    }
  }

  /// Weight × loss of each element, n × K numbers.
  @inlinable
  public func values<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    positiveWeights: [S]? = nil, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withLabelRows(predictions, targets, classCount, weights, classWeights, positiveWeights) {
      (predictions, targets, weights, classWeights, positiveWeights) throws(LossError) in
      try newMatrix(like: predictions) { (output) throws(LossError) in
        try values(
          predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
          positiveWeights: positiveWeights, threads: threads, values: &output)
      }
    }
  }

  /// The derivative of the reduced loss with respect to each logit, n × K numbers.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    positiveWeights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withLabelRows(predictions, targets, classCount, weights, classWeights, positiveWeights) {
      (predictions, targets, weights, classWeights, positiveWeights) throws(LossError) in
      try newMatrix(like: predictions) { (output) throws(LossError) in
        try gradient(
          predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
          positiveWeights: positiveWeights, reduction: reduction, scale: scale, threads: threads,
          gradient: &output)
      }
    }
  }

  /// The reduced loss, and its derivative with respect to each logit, n × K numbers.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    positiveWeights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S]) {
    try withLabelRows(predictions, targets, classCount, weights, classWeights, positiveWeights) {
      (predictions, targets, weights, classWeights, positiveWeights) throws(LossError) in
      var value = 0.0
      let gradient = try newMatrix(like: predictions) { (output: inout MutableMatrixView<S>) throws(LossError) in
        value = try valueAndGradient(
          predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
          positiveWeights: positiveWeights, reduction: reduction, scale: scale, threads: threads,
          gradient: &output)
      }
      return (value, gradient)
    }
  }

  /// The reduced loss, and its first and second derivative with respect to each logit, n × K numbers each. The reduction
  /// must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    positiveWeights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], curvature: [S]) {
    try withLabelRows(predictions, targets, classCount, weights, classWeights, positiveWeights) {
      (predictions, targets, weights, classWeights, positiveWeights) throws(LossError) in
      var value = 0.0
      var curvature: [S] = []
      let gradient = try newMatrix(like: predictions) { (first: inout MutableMatrixView<S>) throws(LossError) in
        curvature = try newMatrix(like: predictions) { (second: inout MutableMatrixView<S>) throws(LossError) in
          value = try valueGradientAndCurvature(
            predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
            positiveWeights: positiveWeights, reduction: reduction, scale: scale, threads: threads,
            gradient: &first, curvature: &second)
        }
      }
      return (value, gradient, curvature)
    }
  }
}

/// Calls `body` with views of arrays that are certain to live until it returns.
@inlinable
func withLabelRows<S: LossScalar, Result>(
  _ predictions: [S], _ targets: [S], _ classCount: Int, _ weights: [S]?, _ classWeights: [S]?,
  _ positiveWeights: [S]?,
  _ body: (MatrixView<S>, MatrixView<S>, Span<S>?, Span<S>?, Span<S>?) throws(LossError) -> Result
) throws(LossError) -> Result {
  guard classCount >= 1 else { throw RowCall.noClasses(classCount) }
  if targets.count != predictions.count { throw PointwiseCall.mismatch("targets", targets.count, predictions.count) }
  return try withRows(
    predictions, targets, rowCount: predictions.count / classCount, classCount: classCount, weights, classWeights
  ) { (predictions, targets, weights, classWeights) throws(LossError) in
    try withOptionalSpan(positiveWeights) { (positiveWeights) throws(LossError) in
      try body(
        predictions, MatrixView(targets, rowCount: predictions.rowCount, columnCount: classCount), weights,
        classWeights, positiveWeights)
    }
  }
}
