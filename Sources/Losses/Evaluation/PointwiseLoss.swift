/// A loss that compares each prediction with its own target; the samples are independent.
///
/// The verbs are `value`, `values`, `gradient`, `valueAndGradient` and `valueGradientAndCurvature`. Each has a form
/// that returns arrays and a form that writes into memory of the caller and allocates nothing. All of them take
///
/// - `predictions` and `targets`: n numbers each;
/// - `weights`: n numbers, finite and not negative; without them every weight is 1. A sample of weight 0 counts as
///   deleted;
/// - `reduction`: how the losses become one value, by default their mean;
/// - `threads`: how many threads the call may use. Results do not depend on it.
///
/// Those that give a gradient also take `scale`, which multiplies the gradient and the curvature, not the value (for
/// an upstream gradient or loss scaling); those that write it take `accumulating`, which adds it to what is there.
///
/// The value is a `Double` whatever the scalar. Every verb is O(n) and reads its inputs once, except that a mean of
/// weighted gradients reads the weights twice, and ``Reduction/rootMean`` evaluates twice.
///
/// Every verb throws ``LossError``: lengths and parameters are checked before anything is written; labels and weights
/// within the pass, so that on a throw memory of the caller is initialised but its contents are unspecified.
/// Predictions that are not finite follow IEEE rules and leave the results of other samples alone.
public protocol PointwiseLoss: Loss {
  /// What turns a prediction into an estimate of the target.
  var link: Link { get }

  /// The distribution of the target whose negative log-likelihood the loss is, up to a term free of the prediction;
  /// `nil` where there is none.
  var noiseModel: NoiseModel? { get }

  /// The names of the parameters that ``valueAndParameterGradient(predictions:targets:weights:reduction:scale:threads:)``
  /// differentiates by: `delta`; in a combination `terms[0].coefficient`, `terms[0].delta`, and so on.
  var parameterNames: [String] { get }

  /// The values of the parameters, in the order of their names.
  var parameterValues: [Double] { get }

  /// The same loss with other parameters, as many as there are names. Throws ``LossError`` for another number of
  /// values, and for a value outside its domain.
  func withParameterValues(_ values: [Double]) throws(LossError) -> Self

  /// The loss as the kernels know it. An implementation detail.
  var _kernelTerms: _KernelTerms { get }
}

extension PointwiseLoss where Self: LossFamily & Combinable {
  /// What turns a prediction into an estimate of the target.
  public var link: Link { properties.link }

  /// The distribution of the target whose negative log-likelihood the loss is, up to a term free of the prediction;
  /// `nil` where there is none.
  public var noiseModel: NoiseModel? { properties.noiseModel }
}

extension PointwiseLoss {
  // MARK: Into memory of the caller

  // The kernels see addresses only, so every span is kept alive to the end of its verb.

  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, reduction: Reduction = .mean,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    let call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    return try call.value(_kernelTerms, reduction, threads)
  }

  /// Writes weight × loss of each sample into `values`, n elements.
  @inlinable
  public func values<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, threads: ThreadLimit = .automatic,
    values: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(values)
    }
    var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    try call.setValues(&values)
    _ = try call.value(_kernelTerms, .sum, threads)
  }

  /// Writes the derivative of the reduced loss with respect to each prediction into `gradient`, n elements.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    call.skipsValue = true
    _ = try call.value(_kernelTerms, reduction, threads)
  }

  /// The reduced loss; writes its derivative with respect to each prediction into `gradient`, n elements.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    return try call.value(_kernelTerms, reduction, threads)
  }

  /// The reduced loss; writes its first and second derivative with respect to each prediction into `gradient` and
  /// `curvature`, n elements each. The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>, curvature: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.setCurvature(&curvature)
    return try call.value(_kernelTerms, reduction, threads)
  }

  /// Replaces the predictions with the derivative of the reduced loss with respect to them.
  @inlinable
  public func gradient<S: LossScalar>(
    overwriting predictions: inout MutableSpan<S>, targets: Span<S>, weights: Span<S>? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    var call = try PointwiseCall(predictions: predictions.span, targets: targets, weights: weights)
    try call.setGradient(&predictions, scale: scale, accumulating: false)
    call.skipsValue = true
    _ = try call.value(_kernelTerms, reduction, threads)
  }

  /// The reduced loss; replaces the predictions with its derivative with respect to them.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    overwriting predictions: inout MutableSpan<S>, targets: Span<S>, weights: Span<S>? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    var call = try PointwiseCall(predictions: predictions.span, targets: targets, weights: weights)
    try call.setGradient(&predictions, scale: scale, accumulating: false)
    return try call.value(_kernelTerms, reduction, threads)
  }

  // MARK: Returning arrays

  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil, reduction: Reduction = .mean,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      try value(
        predictions: predictions, targets: targets, weights: weights, reduction: reduction, threads: threads)
    }
  }

  /// Weight × loss of each sample, n elements.
  @inlinable
  public func values<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      try newArray(count: predictions.count) { (output) throws(LossError) in
        try values(
          predictions: predictions, targets: targets, weights: weights, threads: threads, values: &output)
      }
    }
  }

  /// The derivative of the reduced loss with respect to each prediction, n elements.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      try newArray(count: predictions.count) { (output) throws(LossError) in
        try gradient(
          predictions: predictions, targets: targets, weights: weights, reduction: reduction, scale: scale,
          threads: threads, gradient: &output)
      }
    }
  }

  /// The reduced loss, and its derivative with respect to each prediction, n elements.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S]) {
    try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var value = 0.0
      let gradient = try newArray(count: predictions.count) { (output: inout MutableSpan<S>) throws(LossError) in
        value = try valueAndGradient(
          predictions: predictions, targets: targets, weights: weights, reduction: reduction, scale: scale,
          threads: threads, gradient: &output)
      }
      return (value, gradient)
    }
  }

  /// The reduced loss, and its first and second derivative with respect to each prediction, n elements each. The
  /// reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], curvature: [S]) {
    try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var value = 0.0
      var curvature: [S] = []
      let gradient = try newArray(count: predictions.count) { (first: inout MutableSpan<S>) throws(LossError) in
        curvature = try newArray(count: predictions.count) { (second: inout MutableSpan<S>) throws(LossError) in
          value = try valueGradientAndCurvature(
            predictions: predictions, targets: targets, weights: weights, reduction: reduction, scale: scale,
            threads: threads, gradient: &first, curvature: &second)
        }
      }
      return (value, gradient, curvature)
    }
  }
}

/// Calls `body` with spans over arrays that are certain to live until it returns: the kernels see addresses only, which
/// do not keep a temporary array alive.
@inlinable
func withSpans<S: LossScalar, Result>(
  _ predictions: [S], _ targets: [S], _ weights: [S]?,
  _ body: (Span<S>, Span<S>, Span<S>?) throws(LossError) -> Result
) throws(LossError) -> Result {
  try predictions.withUnsafeBufferPointer { (predictions) throws(LossError) in
    try targets.withUnsafeBufferPointer { (targets) throws(LossError) in
      guard let weights else {
        return try body(Span(_unsafeElements: predictions), Span(_unsafeElements: targets), nil)
      }
      return try weights.withUnsafeBufferPointer { (weights) throws(LossError) in
        try body(
          Span(_unsafeElements: predictions), Span(_unsafeElements: targets), Span(_unsafeElements: weights))
      }
    }
  }
}

/// An array that `body` fills. The memory is not set first: a fresh page is touched once.
@inlinable
func newArray<S: LossScalar>(
  count: Int, _ body: (inout MutableSpan<S>) throws(LossError) -> Void
) throws(LossError) -> [S] {
  try [S](capacity: count) { (output) throws(LossError) in
    try output.withUnsafeMutableBufferPointer { (buffer, initialized) throws(LossError) in
      let memory = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      var span = MutableSpan(_unsafeElements: memory)
      try body(&span)
      initialized = count
    }
  }
}
