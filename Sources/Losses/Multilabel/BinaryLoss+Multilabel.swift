/// Several labels for each sample: n rows of K logits, and of K targets in [0, 1]. Each element is compared with its own
/// target, and counts as a sample.
///
/// - `weights`: one number for each row, finite and not below 0; a row of weight 0 counts as deleted.
/// - `classWeights`: one number for each column, likewise. The weight of an element is the product of both, and a mean divides
///   by their sum, n × K without weights. (PyTorch's `multilabel_soft_margin_loss` divides by n × K whatever they are.)
/// - `positiveWeights`: one number greater than 0 for each column, which multiplies the `positiveWeight` of
///   ``BinaryLoss/logistic(positiveWeight:labelSmoothing:)``; other losses have none. They are parameters of the loss, and no
///   part of the denominator: PyTorch's `pos_weight`.
///
/// `values`, `gradient` and `curvature` are matrices of the same shape. All results are the same for any number of threads,
/// instruction set and distance of the rows. Each verb costs O(nK) time; those that write into memory of the caller allocate
/// nothing. They throw ``LossError`` for shapes that do not agree, for a target that is not allowed (the index is that of the
/// element: row × K + column) or a weight (that of its row or column), and for a parameter of the loss or a `scale` that is
/// not.
extension BinaryLoss {
  // The kernels see addresses only, so every span is kept alive to the end of its verb.

  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    positiveWeights: Span<S>? = nil, reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
    }
    return try MultilabelCall(
      predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights
    )
    .value(self, reduction, threads)
  }

  /// Writes weight × loss of each element into `values`.
  @inlinable
  public func values<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    positiveWeights: Span<S>? = nil, threads: ThreadLimit = .automatic,
    values: inout MutableMatrixView<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
      extendLifetime(values)
    }
    var call = try MultilabelCall(
      predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights)
    try call.setValues(&values)
    _ = try call.value(self, .sum, threads)
  }

  /// Writes the derivative of the reduced loss with respect to each logit, times `scale`, into `gradient`, or adds it to
  /// what is there.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    positiveWeights: Span<S>? = nil, reduction: Reduction = .mean, scale: Double = 1,
    accumulating: Bool = false, threads: ThreadLimit = .automatic, gradient: inout MutableMatrixView<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
      extendLifetime(gradient)
    }
    var call = try MultilabelCall(
      predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights)
    try call.rows.setGradient(&gradient, scale: scale, accumulating: accumulating)
    call.rows.skipsValue = true
    _ = try call.value(self, reduction, threads)
  }

  /// The reduced loss; writes its derivative with respect to each logit into `gradient`.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    positiveWeights: Span<S>? = nil, reduction: Reduction = .mean, scale: Double = 1,
    accumulating: Bool = false, threads: ThreadLimit = .automatic, gradient: inout MutableMatrixView<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
      extendLifetime(gradient)
    }
    var call = try MultilabelCall(
      predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights)
    try call.rows.setGradient(&gradient, scale: scale, accumulating: accumulating)
    return try call.value(self, reduction, threads)
  }

  /// The reduced loss; writes its first and second derivative with respect to each logit into `gradient` and `curvature`.
  /// The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    positiveWeights: Span<S>? = nil, reduction: Reduction = .mean, scale: Double = 1,
    accumulating: Bool = false, threads: ThreadLimit = .automatic, gradient: inout MutableMatrixView<S>,
    curvature: inout MutableMatrixView<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var call = try MultilabelCall(
      predictions: predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights)
    try call.rows.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.rows.setCurvature(&curvature)
    return try call.value(self, reduction, threads)
  }

  /// Replaces the logits with the derivative of the reduced loss with respect to them.
  @inlinable
  public func gradient<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil,
    classWeights: Span<S>? = nil, positiveWeights: Span<S>? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
    }
    var call = try MultilabelCall(
      overwriting: &predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights, scale: scale)
    call.rows.skipsValue = true
    _ = try call.value(self, reduction, threads)
  }

  /// The reduced loss; replaces the logits with its derivative with respect to them.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: MatrixView<S>, weights: Span<S>? = nil,
    classWeights: Span<S>? = nil, positiveWeights: Span<S>? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(positiveWeights)
    }
    return try MultilabelCall(
      overwriting: &predictions, targets: targets, weights: weights, classWeights: classWeights,
      positiveWeights: positiveWeights, scale: scale
    )
    .value(self, reduction, threads)
  }
}
