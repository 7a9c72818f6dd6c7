/// All verbs take
///
/// - `predictions`: n scores; `targets`: n class indices from 0 to K − 1; `thresholds`: K − 1 finite, increasing numbers;
/// - `weights`, `ignoredIndex`, `reduction`, `scale`, `accumulating` and `threads` as those of ``CategoricalLoss`` do.
///
/// A `gradient` is that with respect to the scores; a verb that has a `thresholdGradient` gives the one with respect to the
/// thresholds in the same pass. The forms with `overwriting` replace the scores with their gradient.
///
/// They take O(n + K) time. The gradient with respect to the thresholds needs memory of the system for more than 4096 sums: at
/// most 64 times K − 1 of them, and under 64 MiB unless K alone takes more; everything else allocates nothing. Every verb throws ``LossError``, for thresholds that do not
/// increase too.
extension OrdinalLoss {
  // The kernel sees addresses only, so every span is kept alive to the end of its verb.

  /// The reduced loss.
  public func value<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
    }
    let call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    return try call.value(reduction, threads)
  }

  /// Writes weight × loss of each row into `values`, n elements.
  public func values<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    threads: ThreadLimit = .automatic, values: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(values)
    }
    var call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setValues(&values)
    _ = try call.value(.sum, threads)
  }

  /// Writes the derivative of the reduced loss with respect to each score into `gradient`, n elements.
  public func gradient<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    _ = try call.value(reduction, threads)
  }

  /// Writes the derivative of the reduced loss with respect to each score into `gradient`, n elements, and with respect to
  /// each threshold into `thresholdGradient`, K − 1 elements.
  public func gradient<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>, thresholdGradient: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(gradient)
      extendLifetime(thresholdGradient)
    }
    var call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.setThresholdGradient(&thresholdGradient)
    _ = try call.value(reduction, threads)
  }

  /// The reduced loss; writes its derivative with respect to each score into `gradient`, n elements.
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    return try call.value(reduction, threads)
  }

  /// The reduced loss; writes its derivatives with respect to each score into `gradient`, n elements, and with respect to each
  /// threshold into `thresholdGradient`, K − 1 elements.
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>, thresholdGradient: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(gradient)
      extendLifetime(thresholdGradient)
    }
    var call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.setThresholdGradient(&thresholdGradient)
    return try call.value(reduction, threads)
  }

  /// The reduced loss; writes its first and second derivative with respect to each score into `gradient` and `curvature`, n
  /// elements each. The reduction must be `sum` or `mean`.
  public func valueGradientAndCurvature<S: LossScalar, Label: ClassIndex>(
    predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>, curvature: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var call = try OrdinalCall(
      predictions, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    try call.setCurvature(&curvature)
    return try call.value(reduction, threads)
  }

  /// Replaces the scores with the derivative of the reduced loss with respect to them.
  public func gradient<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableSpan<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil,
    ignoredIndex: Int? = nil, reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
    }
    var call = try OrdinalCall(
      predictions.span, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&predictions, scale: scale, accumulating: false)
    _ = try call.value(reduction, threads)
  }

  /// Replaces the scores with the derivative of the reduced loss with respect to them, and writes that with respect to each
  /// threshold into `thresholdGradient`, K − 1 elements.
  public func gradient<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableSpan<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil,
    ignoredIndex: Int? = nil, reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic,
    thresholdGradient: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(thresholdGradient)
    }
    var call = try OrdinalCall(
      predictions.span, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&predictions, scale: scale, accumulating: false)
    try call.setThresholdGradient(&thresholdGradient)
    _ = try call.value(reduction, threads)
  }

  /// The reduced loss; replaces the scores with its derivative with respect to them.
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableSpan<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil,
    ignoredIndex: Int? = nil, reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
    }
    var call = try OrdinalCall(
      predictions.span, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&predictions, scale: scale, accumulating: false)
    return try call.value(reduction, threads)
  }

  /// The reduced loss; replaces the scores with its derivative with respect to them, and writes that with respect to each
  /// threshold into `thresholdGradient`, K − 1 elements.
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableSpan<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>? = nil,
    ignoredIndex: Int? = nil, reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic,
    thresholdGradient: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(thresholds)
      extendLifetime(weights)
      extendLifetime(thresholdGradient)
    }
    var call = try OrdinalCall(
      predictions.span, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignoredIndex)
    try call.setGradient(&predictions, scale: scale, accumulating: false)
    try call.setThresholdGradient(&thresholdGradient)
    return try call.value(reduction, threads)
  }

  // MARK: Returning arrays

  /// The reduced loss.
  public func value<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], thresholds: [S], weights: [S]? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withOptionalSpan(weights) { (weights) throws(LossError) in
      try value(
        predictions: predictions.span, targets: targets.span, thresholds: thresholds.span, weights: weights,
        ignoredIndex: ignoredIndex, reduction: reduction, threads: threads)
    }
  }

  /// Weight × loss of each sample, n elements.
  public func values<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], thresholds: [S], weights: [S]? = nil, ignoredIndex: Int? = nil,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withOptionalSpan(weights) { (weights) throws(LossError) in
      try newArray(count: predictions.count) { (output: inout MutableSpan<S>) throws(LossError) in
        try values(
          predictions: predictions.span, targets: targets.span, thresholds: thresholds.span, weights: weights,
          ignoredIndex: ignoredIndex, threads: threads, values: &output)
      }
    }
  }

  /// The derivative of the reduced loss with respect to each score, n elements.
  public func gradient<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], thresholds: [S], weights: [S]? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withOptionalSpan(weights) { (weights) throws(LossError) in
      try newArray(count: predictions.count) { (output: inout MutableSpan<S>) throws(LossError) in
        try gradient(
          predictions: predictions.span, targets: targets.span, thresholds: thresholds.span, weights: weights,
          ignoredIndex: ignoredIndex, reduction: reduction, scale: scale, threads: threads, gradient: &output)
      }
    }
  }

  /// The reduced loss, its derivative with respect to each score, n elements, and with respect to each threshold, K − 1.
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], thresholds: [S], weights: [S]? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], thresholdGradient: [S]) {
    try withOptionalSpan(weights) { (weights) throws(LossError) in
      var value = 0.0
      var thresholdGradient: [S] = []
      let gradient = try newArray(count: predictions.count) { (first: inout MutableSpan<S>) throws(LossError) in
        thresholdGradient = try newArray(count: thresholds.count) { (second: inout MutableSpan<S>) throws(LossError) in
          value = try valueAndGradient(
            predictions: predictions.span, targets: targets.span, thresholds: thresholds.span, weights: weights,
            ignoredIndex: ignoredIndex, reduction: reduction, scale: scale, threads: threads, gradient: &first,
            thresholdGradient: &second)
        }
      }
      return (value, gradient, thresholdGradient)
    }
  }

  /// The reduced loss, its first and its second derivative with respect to each score, n elements each. The reduction must
  /// be `sum` or `mean`.
  public func valueGradientAndCurvature<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], thresholds: [S], weights: [S]? = nil, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], curvature: [S]) {
    try withOptionalSpan(weights) { (weights) throws(LossError) in
      var value = 0.0
      var curvature: [S] = []
      let gradient = try newArray(count: predictions.count) { (first: inout MutableSpan<S>) throws(LossError) in
        curvature = try newArray(count: predictions.count) { (second: inout MutableSpan<S>) throws(LossError) in
          value = try valueGradientAndCurvature(
            predictions: predictions.span, targets: targets.span, thresholds: thresholds.span, weights: weights,
            ignoredIndex: ignoredIndex, reduction: reduction, scale: scale, threads: threads, gradient: &first,
            curvature: &second)
        }
      }
      return (value, gradient, curvature)
    }
  }
}
