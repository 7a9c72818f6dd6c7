package import CLossKernels

/// One call of the kernels of ``DistributionLoss``: the addresses of its inputs and outputs, checked against each other.
///
/// Whoever makes one keeps the spans alive until it is evaluated.
@usableFromInline
package struct DistributionCall {
  @usableFromInline let kind: _LossScalarKind
  @usableFromInline let count: Int
  @usableFromInline let columnCount: Int
  @usableFromInline let predictions: UnsafeRawPointer?
  @usableFromInline let predictionStride: Int
  @usableFromInline var targets: UnsafeRawPointer?
  @usableFromInline var weights: UnsafeRawPointer?
  @usableFromInline var values: UnsafeMutableRawPointer?
  @usableFromInline var gradient: UnsafeMutableRawPointer?
  @usableFromInline var gradientStride = 0
  @usableFromInline var scale = 1.0
  @usableFromInline var accumulating = false

  /// Whether the sum of the losses is not needed.
  @usableFromInline package var skipsValue = false

  /// The instruction set. Results do not depend on it.
  package var instructionSet = lk_isa_best

  @usableFromInline
  init(
    kind: _LossScalarKind, count: Int, columnCount: Int, predictions: UnsafeRawPointer?, predictionStride: Int
  ) {
    self.kind = kind
    self.count = count
    self.columnCount = columnCount
    self.predictions = predictions
    self.predictionStride = predictionStride
  }

  @inlinable
  package init<S: LossScalar>(
    predictions: MatrixView<S>, targets: Span<S>, weights: Span<S>?
  ) throws(LossError) {
    self.init(
      kind: S._kind, count: predictions.rowCount, columnCount: predictions.columnCount,
      predictions: UnsafeRawPointer(predictions.address), predictionStride: predictions.rowStride)
    try setTargets(targets, weights)
  }

  /// A call whose gradient replaces the predictions.
  @inlinable
  package init<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: Span<S>, weights: Span<S>?, scale: Double
  ) throws(LossError) {
    let address = predictions.address
    self.init(
      kind: S._kind, count: predictions.rowCount, columnCount: predictions.columnCount,
      predictions: UnsafeRawPointer(address), predictionStride: predictions.rowStride)
    try setTargets(targets, weights)
    gradient = UnsafeMutableRawPointer(address)
    gradientStride = predictions.rowStride
    self.scale = scale
  }

  /// A call with rows that follow each other, as many as there are targets.
  @inlinable
  package init<S: LossScalar>(
    rows predictions: Span<S>, columnCount: Int, targets: Span<S>, weights: Span<S>?
  ) throws(LossError) {
    let (length, isTooLong) = targets.count.multipliedReportingOverflow(by: columnCount)
    if isTooLong || predictions.count != length {
      throw PointwiseCall.mismatch("predictions", predictions.count, isTooLong ? .max : length)
    }
    self.init(
      kind: S._kind, count: targets.count, columnCount: columnCount,
      predictions: predictions.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) },
      predictionStride: columnCount)
    try setTargets(targets, weights)
  }

  @inlinable
  mutating func setTargets<S: LossScalar>(_ targets: Span<S>, _ weights: Span<S>?) throws(LossError) {
    if targets.count != count { throw PointwiseCall.mismatch("targets", targets.count, count) }
    self.targets = targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    guard let weights else { return }
    if weights.count != count { throw PointwiseCall.mismatch("weights", weights.count, count) }
    // Weights of no samples are still weights.
    self.weights =
      weights.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
  }

  @inlinable
  package mutating func setValues<S: LossScalar>(_ values: inout MutableSpan<S>) throws(LossError) {
    if values.count != count { throw PointwiseCall.mismatch("values", values.count, count) }
    self.values = values.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }

  @inlinable
  package mutating func setGradient<S: LossScalar>(
    _ gradient: inout MutableMatrixView<S>, scale: Double, accumulating: Bool
  ) throws(LossError) {
    if gradient.rowCount != count || gradient.columnCount != columnCount {
      throw shapeMismatch("gradient", gradient.rowCount, gradient.columnCount)
    }
    self.gradient = UnsafeMutableRawPointer(gradient.address)
    gradientStride = gradient.rowStride
    self.scale = scale
    self.accumulating = accumulating
  }

  /// A gradient of rows that follow each other; it has the length of the predictions.
  @inlinable
  mutating func setGradient<S: LossScalar>(rows gradient: inout MutableSpan<S>, scale: Double) {
    self.gradient = gradient.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
    gradientStride = columnCount
    self.scale = scale
  }

  @usableFromInline
  func shapeMismatch(_ argument: StaticString, _ rows: Int, _ columns: Int) -> LossError {
    .invalidArgument(
      argument: "\(argument)", value: "a matrix of \(rows) rows of \(columns)",
      expected: "\(count) rows of \(columnCount)")
  }

  /// The reduced loss.
  @usableFromInline
  func value(_ loss: DistributionLoss, _ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(loss, reduction: reduction, threads: threads).value
  }

  package func evaluate(
    _ loss: DistributionLoss, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> EvaluationOutcome {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    try loss.validate(kind)
    guard columnCount == loss.columnCount else {
      throw .invalidArgument(
        argument: "predictions", value: "a matrix of \(columnCount) columns",
        expected: "\(loss.columnCount): \(loss.columnNames.joined(separator: ", "))")
    }
    var call = lk_distribution_call()
    call.columns = Int32(columnCount)
    call.scalar = kind.code
    call.count = Int64(count)
    call.predictions = predictions
    call.prediction_stride = Int64(predictionStride)
    call.targets = targets
    call.weights = weights
    call.values = values
    call.gradient = gradient
    call.gradient_stride = Int64(gradientStride)
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
    call.skip_value = skipsValue ? 1 : 0
    call.threads = try threads.kernelLimit()
    call.isa = instructionSet
    return try loss.withKernelParameters(&call) { (call) throws(LossError) in try Self.reduce(&call, reduction) }
  }

  private static func reduce(
    _ call: inout lk_distribution_call, _ reduction: Reduction
  ) throws(LossError) -> EvaluationOutcome {
    call.mean = reduction == .sum ? 0 : 1
    guard reduction == .rootMean else { return try run(&call) }
    // The derivative of the root needs the root: the first pass gives the value, the second one the gradient.
    let gradient = call.gradient
    call.gradient = nil
    call.skip_value = 0
    var outcome = try run(&call)
    guard !(outcome.value < 0) else { throw .negativeMean(value: outcome.value) }
    outcome.value = outcome.value.squareRoot()
    if gradient != nil {
      call.gradient = gradient
      call.values = nil
      call.skip_value = 1
      call.scale = outcome.value == 0 ? 0 : call.scale / (2 * outcome.value)
      _ = try run(&call)
    }
    return outcome
  }

  private static func run(_ call: inout lk_distribution_call) throws(LossError) -> EvaluationOutcome {
    var result = lk_result()
    guard lk_distribution(&call, &result) == lk_ok else {
      let index = Int(result.bad_index)
      throw .invalidElement(
        argument: "weights", index: index, value: call.scalar.element(call.weights, at: index),
        expected: "a finite number not below 0")
    }
    let value = call.mean == 0 ? result.value : result.weight == 0 ? 0 : result.value / result.weight
    return EvaluationOutcome(result, value: value)
  }
}

extension lk_scalar {
  /// An element of an array that the kernels saw; NaN where there is no array.
  func element(_ array: UnsafeRawPointer?, at index: Int) -> Double {
    guard let array else { return .nan }
    return self == lk_scalar_float
      ? Double(array.load(fromByteOffset: 4 * index, as: Float.self))
      : array.load(fromByteOffset: 8 * index, as: Double.self)
  }
}

extension DistributionLoss {
  /// Calls `body` with a call that knows the loss and its parameters.
  fileprivate func withKernelParameters(
    _ call: inout lk_distribution_call,
    _ body: (inout lk_distribution_call) throws(LossError) -> EvaluationOutcome
  ) throws(LossError) -> EvaluationOutcome {
    switch self {
    case .gaussian(let varianceFloor):
      call.loss = lk_distribution_gaussian
      call.parameter = varianceFloor
    case .gaussianLogVariance: call.loss = lk_distribution_gaussian_log_variance
    case .laplace: call.loss = lk_distribution_laplace
    case .continuousRankedProbability: call.loss = lk_distribution_continuous_ranked_probability
    case .intervalScore(let level):
      call.loss = lk_distribution_interval_score
      call.parameter = 2 / (1 - level)
    case .quantiles(let levels, let crossingPenalty):
      call.loss = lk_distribution_quantiles
      call.parameter = crossingPenalty
      return try levels.withUnsafeBufferPointer { (levels) throws(LossError) in
        call.levels = levels.baseAddress
        return try body(&call)
      }
    }
    return try body(&call)
  }
}
