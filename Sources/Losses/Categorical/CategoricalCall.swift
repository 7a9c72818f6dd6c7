package import CLossKernels

/// One call of the categorical kernels: the addresses of its inputs and outputs, checked against each other.
///
/// Whoever makes one keeps the views and spans alive until it is evaluated. What depends on the scalar is inlined into the
/// caller, where its type is known; the rest is compiled once.
@usableFromInline
package struct CategoricalCall {
  @usableFromInline let kind: _LossScalarKind
  @usableFromInline let rows: MatrixLayout
  @usableFromInline let predictions: UnsafeRawPointer?
  @usableFromInline var targets: UnsafeRawPointer?
  @usableFromInline var targetKind: _ClassIndexKind?
  @usableFromInline var targetStride = 0
  @usableFromInline var weights: UnsafeRawPointer?
  @usableFromInline var classWeights: UnsafeRawPointer?
  @usableFromInline var classWeighting = ClassWeighting.samples
  @usableFromInline var ignoredIndex: Int?
  @usableFromInline var values: UnsafeMutableRawPointer?
  @usableFromInline var gradient: UnsafeMutableRawPointer?
  @usableFromInline var gradientStride = 0
  @usableFromInline var curvature: UnsafeMutableRawPointer?
  @usableFromInline var curvatureStride = 0
  @usableFromInline var direction: UnsafeRawPointer?
  @usableFromInline var directionStride = 0
  @usableFromInline var scale = 1.0
  @usableFromInline var accumulating = false

  /// Whether the sum of the losses is not needed.
  @usableFromInline package var skipsValue = false

  /// The instruction set. Results do not depend on it.
  package var instructionSet = lk_isa_best

  @usableFromInline
  init(kind: _LossScalarKind, rows: MatrixLayout, predictions: UnsafeRawPointer?) throws(LossError) {
    guard rows.columnCount > 0 || rows.rowCount == 0 else {
      throw .invalidArgument(argument: "predictions", value: "a matrix without columns", expected: "at least one class")
    }
    self.kind = kind
    self.rows = rows
    self.predictions = predictions
  }

  /// A call over rows of class indices.
  @inlinable
  package init<S: LossScalar, Label: ClassIndex>(
    _ predictions: borrowing MatrixView<S>, targets: Span<Label>, weights: Span<S>?, classWeights: Span<S>?,
    classWeighting: ClassWeighting, ignoredIndex: Int?
  ) throws(LossError) {
    try self.init(kind: S._kind, rows: predictions.layout, predictions: UnsafeRawPointer(predictions.address))
    if targets.count != rows.rowCount { throw PointwiseCall.mismatch("targets", targets.count, rows.rowCount) }
    self.targets = targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    targetKind = Label._kind
    self.ignoredIndex = ignoredIndex
    try setWeights(weights, classWeights, classWeighting)
  }

  /// A call over rows of distributions.
  @inlinable
  package init<S: LossScalar>(
    _ predictions: borrowing MatrixView<S>, targets: borrowing MatrixView<S>, weights: Span<S>?,
    classWeights: Span<S>?, classWeighting: ClassWeighting
  ) throws(LossError) {
    try self.init(kind: S._kind, rows: predictions.layout, predictions: UnsafeRawPointer(predictions.address))
    try checkShape(targets.layout, "targets")
    self.targets = UnsafeRawPointer(targets.address)
    targetStride = targets.rowStride
    try setWeights(weights, classWeights, classWeighting)
  }

  /// A call over rows that the gradient replaces.
  @inlinable
  package init<S: LossScalar, Label: ClassIndex>(
    overwriting predictions: inout MutableMatrixView<S>, targets: Span<Label>, weights: Span<S>?,
    classWeights: Span<S>?, classWeighting: ClassWeighting, ignoredIndex: Int?, scale: Double
  ) throws(LossError) {
    let address = predictions.address
    try self.init(kind: S._kind, rows: predictions.layout, predictions: UnsafeRawPointer(address))
    if targets.count != rows.rowCount { throw PointwiseCall.mismatch("targets", targets.count, rows.rowCount) }
    self.targets = targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    targetKind = Label._kind
    self.ignoredIndex = ignoredIndex
    try setWeights(weights, classWeights, classWeighting)
    gradient = UnsafeMutableRawPointer(address)
    gradientStride = predictions.rowStride
    self.scale = scale
  }

  /// A call over rows that the gradient replaces.
  @inlinable
  package init<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: borrowing MatrixView<S>, weights: Span<S>?,
    classWeights: Span<S>?, classWeighting: ClassWeighting, scale: Double
  ) throws(LossError) {
    let address = predictions.address
    try self.init(kind: S._kind, rows: predictions.layout, predictions: UnsafeRawPointer(address))
    try checkShape(targets.layout, "targets")
    self.targets = UnsafeRawPointer(targets.address)
    targetStride = targets.rowStride
    try setWeights(weights, classWeights, classWeighting)
    gradient = UnsafeMutableRawPointer(address)
    gradientStride = predictions.rowStride
    self.scale = scale
  }

  @inlinable
  mutating func setWeights<S: LossScalar>(
    _ weights: Span<S>?, _ classWeights: Span<S>?, _ classWeighting: ClassWeighting
  ) throws(LossError) {
    // Weights of nothing are still weights.
    if let weights {
      if weights.count != rows.rowCount { throw PointwiseCall.mismatch("weights", weights.count, rows.rowCount) }
      self.weights =
        weights.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
    }
    if let classWeights {
      if classWeights.count != rows.columnCount {
        throw PointwiseCall.mismatch("classWeights", classWeights.count, rows.columnCount)
      }
      self.classWeights =
        classWeights.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
    }
    self.classWeighting = classWeighting
  }

  @inlinable
  package mutating func setValues<S: LossScalar>(_ values: inout MutableSpan<S>) throws(LossError) {
    if values.count != rows.rowCount { throw PointwiseCall.mismatch("values", values.count, rows.rowCount) }
    self.values = values.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }

  @inlinable
  package mutating func setGradient<S: LossScalar>(
    _ gradient: inout MutableMatrixView<S>, scale: Double, accumulating: Bool
  ) throws(LossError) {
    try checkShape(gradient.layout, "gradient")
    self.gradient = UnsafeMutableRawPointer(gradient.address)
    gradientStride = gradient.rowStride
    self.scale = scale
    self.accumulating = accumulating
  }

  @inlinable
  package mutating func setCurvature<S: LossScalar>(_ curvature: inout MutableMatrixView<S>) throws(LossError) {
    try checkShape(curvature.layout, "curvature")
    self.curvature = UnsafeMutableRawPointer(curvature.address)
    curvatureStride = curvature.rowStride
  }

  @inlinable
  package mutating func setDirection<S: LossScalar>(_ direction: borrowing MatrixView<S>) throws(LossError) {
    try checkShape(direction.layout, "direction")
    self.direction = UnsafeRawPointer(direction.address)
    directionStride = direction.rowStride
    skipsValue = true
  }

  @usableFromInline
  func checkShape(_ layout: MatrixLayout, _ argument: StaticString) throws(LossError) {
    guard layout.rowCount == rows.rowCount, layout.columnCount == rows.columnCount else {
      throw .invalidArgument(
        argument: "\(argument)", value: "a matrix of \(layout.rowCount) × \(layout.columnCount)",
        expected: "\(rows.rowCount) × \(rows.columnCount), as the predictions have it")
    }
  }

  /// The reduced loss.
  @usableFromInline
  func value(_ loss: CategoricalLoss, _ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(loss, reduction: reduction, threads: threads).value
  }

  package func evaluate(
    _ loss: CategoricalLoss, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> EvaluationOutcome {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    if targetKind == nil, lk_info_categorical(loss.kernel).kind == lk_kind_labels {
      throw .invalidArgument(argument: "targets", value: "distributions", expected: "class indices for \(loss)")
    }
    if direction != nil, loss.kernel != lk_categorical_cross_entropy {
      throw .invalidArgument(argument: "loss", value: "\(loss)", expected: "crossEntropy for a Hessian–vector product")
    }
    var call = lk_categorical_call(loss)
    call.scalar = kind.code
    call.rows = Int64(rows.rowCount)
    call.classes = Int64(rows.columnCount)
    call.predictions = predictions
    call.prediction_stride = Int64(rows.rowStride)
    call.targets = targets
    call.target_kind = targetKind?.code ?? lk_classes_distribution
    call.target_stride = Int64(targetStride)
    call.weights = weights
    call.class_weights = classWeights
    call.weighting = classWeighting.code
    call.has_ignored = ignoredIndex == nil ? 0 : 1
    call.ignored = Int64(ignoredIndex ?? 0)
    call.values = values
    call.gradient = gradient
    call.gradient_stride = Int64(gradientStride)
    call.curvature = curvature
    call.curvature_stride = Int64(curvatureStride)
    call.direction = direction
    call.direction_stride = Int64(directionStride)
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
    call.skip_value = skipsValue ? 1 : 0
    call.threads = try threads.kernelLimit()
    call.isa = instructionSet
    switch reduction {
    case .sum:
      return try Self.run(&call, loss)
    case .mean:
      call.mean = 1
      var outcome = try Self.run(&call, loss)
      outcome.value = outcome.weight == 0 ? 0 : outcome.value / outcome.weight
      return outcome
    case .rootMean:
      return try Self.runRootMean(&call, loss)
    }
  }

  /// The derivative of the root needs the root: the first pass gives the value, the second one the gradient.
  private static func runRootMean(
    _ call: inout lk_categorical_call, _ loss: CategoricalLoss
  ) throws(LossError) -> EvaluationOutcome {
    guard call.curvature == nil, call.direction == nil else {
      throw .invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a second derivative is asked for")
    }
    let gradient = call.gradient
    call.gradient = nil
    call.mean = 1
    call.skip_value = 0
    var outcome = try run(&call, loss)
    let mean = outcome.weight == 0 ? 0 : outcome.value / outcome.weight
    guard !(mean < 0) else { throw .negativeMean(value: mean) }
    outcome.value = mean.squareRoot()
    if gradient != nil {
      call.gradient = gradient
      call.values = nil
      call.skip_value = 1
      call.scale = outcome.value == 0 ? 0 : call.scale / (2 * outcome.value)
      _ = try run(&call, loss)
    }
    return outcome
  }

  private static func run(
    _ call: inout lk_categorical_call, _ loss: CategoricalLoss
  ) throws(LossError) -> EvaluationOutcome {
    var result = lk_result()
    let status = lk_categorical(&call, &result)
    guard status == lk_ok else { throw LossError(status, result, call, loss) }
    return EvaluationOutcome(result, value: result.value)
  }
}

extension lk_categorical_call {
  /// A call of a loss, without anything else.
  package init(_ loss: CategoricalLoss) {
    self.init()
    self.loss = loss.kernel
    parameters = loss.parameters
  }
}

extension ClassWeighting {
  package var code: lk_class_weighting {
    switch self {
    case .samples: lk_weighting_samples
    case .targets: lk_weighting_targets
    case .losses: lk_weighting_losses
    }
  }
}

extension LossError {
  /// The error of a status of the kernels, given the arrays that they saw.
  ///
  /// `weights` are those of the rows and their type, where the call does not have them.
  package init(
    _ status: lk_status, _ result: lk_result, _ call: lk_categorical_call, _ loss: CategoricalLoss,
    weights: (UnsafeRawPointer, lk_scalar)? = nil
  ) {
    let index = Int(result.bad_index)
    let weight = "a finite number not below 0"
    func element(_ array: UnsafeRawPointer?, _ index: Int, _ scalar: lk_scalar? = nil) -> Double {
      guard let array else { return .nan }
      return (scalar ?? call.scalar) == lk_scalar_float
        ? Double(array.load(fromByteOffset: 4 * index, as: Float.self))
        : array.load(fromByteOffset: 8 * index, as: Double.self)
    }
    switch status {
    case lk_bad_parameter:
      let parameter = Int(result.bad_parameter)
      let value = loss.parameterValues[parameter]
      let known = loss.entry?.parameters[parameter]
      let expected = known?.domain.description ?? "another number"
      self = .invalidParameter(
        of: loss.entry?.name ?? "", parameter: known?.name ?? "", value: value,
        expected: known?.domain.contains(value) == true ? "\(expected), even when rounded to Float" : expected)
    case lk_bad_target where call.target_kind == lk_classes_distribution:
      let (row, column) = index.quotientAndRemainder(dividingBy: Int(call.classes))
      self = .invalidElement(
        argument: "targets", index: index, value: element(call.targets, row * Int(call.target_stride) + column),
        expected: weight)
    case lk_bad_target:
      self = .invalidLabel(
        argument: "targets", index: index, value: call.target_kind.label(call.targets, at: index),
        expected: "a class from 0 to \(call.classes - 1)")
    case lk_bad_weight:
      self = .invalidElement(
        argument: "weights", index: index, value: element(weights?.0 ?? call.weights, index, weights?.1),
        expected: weight)
    case lk_bad_class_weight:
      self = .invalidElement(
        argument: "classWeights", index: index, value: element(call.class_weights, index), expected: weight)
    default:
      self = .outOfMemory
    }
  }
}

extension lk_class_targets {
  /// The label of a row.
  func label(_ targets: UnsafeRawPointer?, at index: Int) -> Int {
    guard let targets else { return 0 }
    return switch self {
    case lk_classes_u8: Int(targets.load(fromByteOffset: index, as: UInt8.self))
    case lk_classes_i32: Int(targets.load(fromByteOffset: 4 * index, as: Int32.self))
    default: Int(clamping: targets.load(fromByteOffset: 8 * index, as: Int64.self))
    }
  }
}
