extension DivergenceLoss {
  // MARK: Into memory of the caller

  // The kernels see addresses only, so every span is kept alive to the end of its verb.

  /// The reduced loss of the rows.
  @inlinable
  public func value<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil, reduction: Reduction = .mean,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    let call = try RowCall(predictions: predictions, targets: targets, weights: weights)
    return try call.value(self, reduction, threads)
  }

  /// Writes weight × loss of each row into `values`, n elements.
  @inlinable
  public func values<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil, threads: ThreadLimit = .automatic,
    values: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(values)
    }
    var call = try RowCall(predictions: predictions, targets: targets, weights: weights)
    try call.setValues(&values)
    _ = try call.value(self, .sum, threads)
  }

  /// Writes the derivative of the reduced loss with respect to each prediction into `gradient`, a matrix of their shape.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableMatrixView<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try RowCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    call.skipsValue = true
    _ = try call.value(self, reduction, threads)
  }

  /// The reduced loss; writes its derivative with respect to each prediction into `gradient`, a matrix of their shape.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableMatrixView<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try RowCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    return try call.value(self, reduction, threads)
  }

  /// The reduced loss; writes its first derivative with respect to each prediction and its second one, the diagonal of the
  /// Hessian, into `gradient` and `curvature`, matrices of their shape. The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableMatrixView<S>, curvature: inout MutableMatrixView<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var call = try RowCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.setCurvature(&curvature)
    return try call.value(self, reduction, threads)
  }

  /// Replaces the predictions with the derivative of the reduced loss with respect to them.
  @inlinable
  public func gradient<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    var call = try RowCall(overwriting: &predictions, targets: targets, weights: weights, scale: scale)
    call.skipsValue = true
    _ = try call.value(self, reduction, threads)
  }

  /// The reduced loss; replaces the predictions with its derivative with respect to them.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: MatrixView<S>?, weights: Span<S>? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    let call = try RowCall(overwriting: &predictions, targets: targets, weights: weights, scale: scale)
    return try call.value(self, reduction, threads)
  }

  // MARK: Returning arrays

  // Predictions and targets are rows of `classCount` numbers, one after the other.

  /// The reduced loss of the rows.
  @inlinable
  public func value<S: LossScalar>(
    predictions: [S], targets: [S]?, classCount: Int, weights: [S]? = nil, reduction: Reduction = .mean,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withOptionalSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      try RowCall(rows: predictions, classCount: classCount, targets: targets, weights: weights)
        .value(self, reduction, threads)
    }
  }

  /// Weight × loss of each row, n elements.
  @inlinable
  public func values<S: LossScalar>(
    predictions: [S], targets: [S]?, classCount: Int, weights: [S]? = nil, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withOptionalSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var call = try RowCall(
        rows: predictions, classCount: classCount, targets: targets, weights: weights)
      return try newArray(count: predictions.count / classCount) { (output) throws(LossError) in
        try call.setValues(&output)
        _ = try call.value(self, .sum, threads)
      }
    }
  }

  /// The derivative of the reduced loss with respect to each prediction, as many numbers as there are predictions.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: [S], targets: [S]?, classCount: Int, weights: [S]? = nil, reduction: Reduction = .mean,
    scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withOptionalSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var call = try RowCall(
        rows: predictions, classCount: classCount, targets: targets, weights: weights)
      call.skipsValue = true
      return try newArray(count: predictions.count) { (output) throws(LossError) in
        call.setGradient(rows: &output, scale: scale)
        _ = try call.value(self, reduction, threads)
      }
    }
  }

  /// The reduced loss, and its derivative with respect to each prediction, as many numbers as there are predictions.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: [S], targets: [S]?, classCount: Int, weights: [S]? = nil, reduction: Reduction = .mean,
    scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S]) {
    try withOptionalSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var call = try RowCall(
        rows: predictions, classCount: classCount, targets: targets, weights: weights)
      var value = 0.0
      let gradient = try newArray(count: predictions.count) { (output: inout MutableSpan<S>) throws(LossError) in
        call.setGradient(rows: &output, scale: scale)
        value = try call.value(self, reduction, threads)
      }
      return (value, gradient)
    }
  }

  /// The reduced loss, its first derivative with respect to each prediction and its second one, the diagonal of the
  /// Hessian, as many numbers each as there are predictions. The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: [S], targets: [S]?, classCount: Int, weights: [S]? = nil, reduction: Reduction = .mean,
    scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], curvature: [S]) {
    try withOptionalSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var call = try RowCall(
        rows: predictions, classCount: classCount, targets: targets, weights: weights)
      var value = 0.0
      var curvature: [S] = []
      let gradient = try newArray(count: predictions.count) { (first: inout MutableSpan<S>) throws(LossError) in
        curvature = try newArray(count: predictions.count) { (second: inout MutableSpan<S>) throws(LossError) in
          call.setGradient(rows: &first, scale: scale)
          call.setCurvature(rows: &second)
          value = try call.value(self, reduction, threads)
        }
      }
      return (value, gradient, curvature)
    }
  }
}

/// Calls `body` with spans over arrays that are certain to live until it returns.
@inlinable
func withOptionalSpans<S: LossScalar, Result>(
  _ predictions: [S], _ targets: [S]?, _ weights: [S]?,
  _ body: (Span<S>, Span<S>?, Span<S>?) throws(LossError) -> Result
) throws(LossError) -> Result {
  try withSpan(predictions) { (predictions) throws(LossError) in
    try withOptionalSpan(targets) { (targets) throws(LossError) in
      try withOptionalSpan(weights) { (weights) throws(LossError) in try body(predictions, targets, weights) }
    }
  }
}
