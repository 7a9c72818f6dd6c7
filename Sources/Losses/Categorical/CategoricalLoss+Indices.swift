// The kernels see addresses only, so every view and span is kept alive to the end of its verb.

/// Class indices as targets. All verbs take
///
/// - `predictions`: n rows of K scores, which may be part of a larger matrix;
/// - `targets`: n class indices from 0 to K − 1, of a ``ClassIndex`` type;
/// - `weights`: n numbers, finite and not negative; without them every weight is 1. A row of weight 0 counts as deleted,
///   even where it is not a number;
/// - `classWeights`: K numbers of the same kind, and `classWeighting`: what they multiply;
/// - `ignoredIndex`: a label, of a class or not, whose rows count as deleted;
/// - `reduction`: how the losses become one value, by default their mean, which divides by the sum of the rows' weights.
///   That of a row is sᵢ, its own weight, and with class weights sᵢ w_y, unless these are a factor of the loss only;
/// - `threads`: how many threads the call may use. Results do not depend on it.
///
/// Those that give a gradient also take `scale`, which multiplies the gradient and the second derivative, not the value; those
/// that write it take `accumulating`, which adds it to what is there. They allocate nothing, take O(nK) time, and read a
/// row once from memory if it fits in the cache.
///
/// Every verb throws ``LossError``: shapes and parameters are checked before anything is written; targets and weights within
/// the pass, so that on a throw memory of the caller is initialised but its contents are unspecified.
extension CategoricalLoss {
  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar, Label: ClassIndex>(
    predictions: MatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
    }
    let call = try CategoricalCall(
      predictions, targets: targets, weights: weights, classWeights: classWeights, classWeighting: classWeighting,
      ignoredIndex: ignoredIndex)
    return try call.value(self, reduction, threads)
  }

  /// Writes weight × loss of each row into `values`, n elements.
  @inlinable
  public func values<S: LossScalar, Label: ClassIndex>(
    predictions: MatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    threads: ThreadLimit = .automatic, values: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(values)
    }
    var call = try CategoricalCall(
      predictions, targets: targets, weights: weights, classWeights: classWeights, classWeighting: classWeighting,
      ignoredIndex: ignoredIndex)
    try call.setValues(&values)
    _ = try call.value(self, .sum, threads)
  }

  /// Writes the derivative of the reduced loss with respect to each prediction into `gradient`, n × K.
  @inlinable
  public func gradient<S: LossScalar, Label: ClassIndex>(
    predictions: MatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableMatrixView<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(gradient)
    }
    var call = try CategoricalCall(
      predictions, targets: targets, weights: weights, classWeights: classWeights, classWeighting: classWeighting,
      ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    call.skipsValue = true
    _ = try call.value(self, reduction, threads)
  }

  /// The reduced loss; writes its derivative with respect to each prediction into `gradient`, n × K.
  @inlinable
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    predictions: MatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableMatrixView<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(gradient)
    }
    var call = try CategoricalCall(
      predictions, targets: targets, weights: weights, classWeights: classWeights, classWeighting: classWeighting,
      ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    return try call.value(self, reduction, threads)
  }

  /// The reduced loss; writes its first derivative with respect to each prediction, and its second one, the diagonal of
  /// the Hessian, into `gradient` and `curvature`, n × K each. The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar, Label: ClassIndex>(
    predictions: MatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableMatrixView<S>, curvature: inout MutableMatrixView<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var call = try CategoricalCall(
      predictions, targets: targets, weights: weights, classWeights: classWeights, classWeighting: classWeighting,
      ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.setCurvature(&curvature)
    return try call.value(self, reduction, threads)
  }

  /// Writes the product of the Hessian of the reduced loss with a direction into `product`, both n × K: for each row
  /// `w (Σ q′) (p ∘ v − p pᵀv)`, w being its share in the reduction. Only for ``crossEntropy(labelSmoothing:)``; the reduction
  /// must be `sum` or `mean`.
  @inlinable
  public func hessianVectorProduct<S: LossScalar, Label: ClassIndex>(
    predictions: MatrixView<S>, targets: Span<Label>, direction: MatrixView<S>,
    weights: Span<S>? = nil, classWeights: Span<S>? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    product: inout MutableMatrixView<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
      extendLifetime(direction)
      extendLifetime(product)
    }
    var call = try CategoricalCall(
      predictions, targets: targets, weights: weights, classWeights: classWeights, classWeighting: classWeighting,
      ignoredIndex: ignoredIndex)
    try call.setGradient(&product, scale: scale, accumulating: accumulating)
    try call.setDirection(direction)
    _ = try call.value(self, reduction, threads)
  }

  /// Replaces the predictions with the derivative of the reduced loss with respect to them.
  @inlinable
  public func gradient<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableMatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil,
    classWeights: Span<S>? = nil, classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
    }
    var call = try CategoricalCall(
      overwriting: &predictions, targets: targets, weights: weights, classWeights: classWeights,
      classWeighting: classWeighting, ignoredIndex: ignoredIndex, scale: scale)
    call.skipsValue = true
    _ = try call.value(self, reduction, threads)
  }

  /// The reduced loss; replaces the predictions with its derivative with respect to them.
  @inlinable
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableMatrixView<S>, targets: Span<Label>, weights: Span<S>? = nil,
    classWeights: Span<S>? = nil, classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(classWeights)
    }
    let call = try CategoricalCall(
      overwriting: &predictions, targets: targets, weights: weights, classWeights: classWeights,
      classWeighting: classWeighting, ignoredIndex: ignoredIndex, scale: scale)
    return try call.value(self, reduction, threads)
  }
}
