package import CLossKernels

/// One call of the kernels for rows of predictions: the addresses of its inputs and outputs, checked against each other.
///
/// Whoever makes one keeps the spans alive until it is evaluated.
@usableFromInline
package struct RowCall {
  @usableFromInline let kind: _LossScalarKind
  @usableFromInline let count: Int
  @usableFromInline let columnCount: Int
  @usableFromInline let predictions: UnsafeRawPointer?
  @usableFromInline let predictionStride: Int
  @usableFromInline var targets: UnsafeRawPointer?
  /// Of targets that are rows.
  @usableFromInline var targetStride = 0
  @usableFromInline var weights: UnsafeRawPointer?
  @usableFromInline var values: UnsafeMutableRawPointer?
  @usableFromInline var gradient: UnsafeMutableRawPointer?
  @usableFromInline var gradientStride = 0
  @usableFromInline var curvature: UnsafeMutableRawPointer?
  @usableFromInline var curvatureStride = 0
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
    self.init(predictions)
    try setTargets(targets)
    try setWeights(weights)
  }

  @inlinable
  package init<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>?, weights: Span<S>?
  ) throws(LossError) {
    self.init(predictions)
    try setTargets(targets)
    try setWeights(weights)
  }

  /// A call whose gradient replaces the predictions.
  @inlinable
  package init<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: Span<S>, weights: Span<S>?, scale: Double
  ) throws(LossError) {
    self.init(overwriting: &predictions, scale: scale)
    try setTargets(targets)
    try setWeights(weights)
  }

  /// A call whose gradient replaces the predictions.
  @inlinable
  package init<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: MatrixView<S>?, weights: Span<S>?, scale: Double
  ) throws(LossError) {
    self.init(overwriting: &predictions, scale: scale)
    try setTargets(targets)
    try setWeights(weights)
  }

  /// A call with rows that follow each other, as many as there are targets.
  @inlinable
  package init<S: LossScalar>(
    rows predictions: Span<S>, columnCount: Int, targets: Span<S>, weights: Span<S>?
  ) throws(LossError) {
    try self.init(rows: predictions, count: targets.count, columnCount: columnCount)
    try setTargets(targets)
    try setWeights(weights)
  }

  @inlinable
  init<S: LossScalar>(_ predictions: MatrixView<S>) {
    self.init(
      kind: S._kind, count: predictions.rowCount, columnCount: predictions.columnCount,
      predictions: UnsafeRawPointer(predictions.address), predictionStride: predictions.rowStride)
  }

  @inlinable
  init<S: LossScalar>(overwriting predictions: inout MutableMatrixView<S>, scale: Double) {
    let address = predictions.address
    self.init(
      kind: S._kind, count: predictions.rowCount, columnCount: predictions.columnCount,
      predictions: UnsafeRawPointer(address), predictionStride: predictions.rowStride)
    gradient = UnsafeMutableRawPointer(address)
    gradientStride = predictions.rowStride
    self.scale = scale
  }

  @inlinable
  init<S: LossScalar>(rows predictions: Span<S>, count: Int, columnCount: Int) throws(LossError) {
    let (length, isTooLong) = count.multipliedReportingOverflow(by: columnCount)
    if isTooLong || predictions.count != length {
      throw PointwiseCall.mismatch("predictions", predictions.count, isTooLong ? .max : length)
    }
    self.init(
      kind: S._kind, count: count, columnCount: columnCount,
      predictions: predictions.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) },
      predictionStride: columnCount)
  }

  @inlinable
  mutating func setTargets<S: LossScalar>(_ targets: Span<S>) throws(LossError) {
    if targets.count != count { throw PointwiseCall.mismatch("targets", targets.count, count) }
    self.targets = targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
  }

  @inlinable
  mutating func setTargets<S: LossScalar>(_ targets: MatrixView<S>?) throws(LossError) {
    guard let targets else { return }
    if targets.rowCount != count || targets.columnCount != columnCount {
      throw shapeMismatch("targets", targets.rowCount, targets.columnCount)
    }
    // Targets of no rows are still targets.
    self.targets = UnsafeRawPointer(targets.address) ?? UnsafeRawPointer(bitPattern: 8)
    targetStride = targets.rowStride
  }

  @inlinable
  mutating func setWeights<S: LossScalar>(_ weights: Span<S>?) throws(LossError) {
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
    self.gradient = try address(of: &gradient, "gradient")
    gradientStride = gradient.rowStride
    self.scale = scale
    self.accumulating = accumulating
  }

  @inlinable
  package mutating func setCurvature<S: LossScalar>(_ curvature: inout MutableMatrixView<S>) throws(LossError) {
    self.curvature = try address(of: &curvature, "curvature")
    curvatureStride = curvature.rowStride
  }

  /// The address of a matrix that has the shape of the predictions.
  @inlinable
  func address<S: LossScalar>(
    of matrix: inout MutableMatrixView<S>, _ argument: StaticString
  ) throws(LossError) -> UnsafeMutableRawPointer? {
    if matrix.rowCount != count || matrix.columnCount != columnCount {
      throw shapeMismatch(argument, matrix.rowCount, matrix.columnCount)
    }
    return UnsafeMutableRawPointer(matrix.address)
  }

  /// A gradient of rows that follow each other; it has the length of the predictions.
  @inlinable
  mutating func setGradient<S: LossScalar>(rows gradient: inout MutableSpan<S>, scale: Double) {
    self.gradient = gradient.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
    gradientStride = columnCount
    self.scale = scale
  }

  /// A curvature of rows that follow each other; it has the length of the predictions.
  @inlinable
  mutating func setCurvature<S: LossScalar>(rows curvature: inout MutableSpan<S>) {
    self.curvature = curvature.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
    curvatureStride = columnCount
  }

  @usableFromInline
  func shapeMismatch(_ argument: StaticString, _ rows: Int, _ columns: Int) -> LossError {
    .invalidArgument(
      argument: "\(argument)", value: "a matrix of \(rows) rows of \(columns)",
      expected: "\(count) rows of \(columnCount)")
  }

  /// Reduces what the kernels give. `expectedTargets` says what a target that they refuse ought to be, and
  /// `parameterError` which parameter they refuse.
  func evaluate(
    reduction: Reduction, threads: ThreadLimit, expectedTargets: (Double) -> String,
    parameterError: (lk_result) -> LossError = { _ in
      .invalidArgument(argument: "loss", value: "a parameter", expected: "one in its domain")
    }, run: (lk_rows, inout lk_result) -> lk_status
  ) throws(LossError) -> EvaluationOutcome {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    if curvature != nil, reduction == .rootMean {
      throw .invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a curvature is asked for")
    }
    var rows = lk_rows()
    rows.scalar = kind.code
    rows.count = Int64(count)
    rows.columns = Int64(columnCount)
    rows.predictions = predictions
    rows.prediction_stride = Int64(predictionStride)
    rows.targets = targets
    rows.target_stride = Int64(targetStride)
    rows.weights = weights
    rows.values = values
    rows.gradient = gradient
    rows.gradient_stride = Int64(gradientStride)
    rows.curvature = curvature
    rows.curvature_stride = Int64(curvatureStride)
    rows.scale = scale
    rows.mean = reduction == .sum ? 0 : 1
    rows.accumulate = accumulating ? 1 : 0
    rows.skip_value = skipsValue ? 1 : 0
    rows.threads = try threads.kernelLimit()
    rows.isa = instructionSet

    func pass() throws(LossError) -> EvaluationOutcome {
      var result = lk_result()
      let status = run(rows, &result)
      let index = Int(result.bad_index)
      switch status {
      case lk_ok:
        let value = rows.mean == 0 ? result.value : result.weight == 0 ? 0 : result.value / result.weight
        return EvaluationOutcome(result, value: value)
      case lk_bad_target:
        let target = rows.scalar.element(targets, at: index / columnCount * targetStride + index % columnCount)
        throw .invalidElement(
          argument: "targets", index: index, value: target, expected: expectedTargets(target))
      case lk_bad_parameter:
        throw parameterError(result)
      case lk_out_of_memory:
        throw .outOfMemory
      default:
        throw .invalidElement(
          argument: "weights", index: index, value: rows.scalar.element(weights, at: index),
          expected: "a finite number not below 0")
      }
    }
    guard reduction == .rootMean else { return try pass() }

    // The derivative of the root needs the root: the first pass gives the value, the second one the gradient.
    rows.gradient = nil
    rows.skip_value = 0
    var outcome = try pass()
    guard !(outcome.value < 0) else { throw .negativeMean(value: outcome.value) }
    outcome.value = outcome.value.squareRoot()
    if gradient != nil {
      rows.gradient = gradient
      rows.values = nil
      rows.skip_value = 1
      rows.scale = outcome.value == 0 ? 0 : scale / (2 * outcome.value)
      _ = try pass()
    }
    return outcome
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
