package import CLossKernels

/// One call of the ordinal kernel; see ``CategoricalCall``.
package struct OrdinalCall {
  private var call = lk_ordinal_call()

  /// The instruction set. Results do not depend on it.
  package var instructionSet: lk_isa {
    get { call.isa }
    set { call.isa = newValue }
  }

  package init<S: LossScalar, Label: ClassIndex>(
    _ predictions: Span<S>, targets: Span<Label>, thresholds: Span<S>, weights: Span<S>?, ignoredIndex: Int?
  ) throws(LossError) {
    let count = predictions.count
    if targets.count != count { throw PointwiseCall.mismatch("targets", targets.count, count) }
    if let weights, weights.count != count { throw PointwiseCall.mismatch("weights", weights.count, count) }
    for k in thresholds.indices {
      let value = thresholds[k]._double
      guard value.isFinite, k == 0 || value > thresholds[k - 1]._double else {
        throw .invalidElement(
          argument: "thresholds", index: k, value: value,
          expected: value.isFinite ? "a number greater than the one before it" : "a finite number")
      }
    }
    call.scalar = S._kind.code
    call.rows = Int64(count)
    call.classes = Int64(thresholds.count + 1)
    call.predictions = predictions.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    call.targets = targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    call.target_kind = Label._kind.code
    call.thresholds = thresholds.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    if let weights {
      call.weights =
        weights.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
    }
    call.has_ignored = ignoredIndex == nil ? 0 : 1
    call.ignored = Int64(ignoredIndex ?? 0)
    call.scale = 1
    call.isa = lk_isa_best
  }

  package mutating func setValues<S: LossScalar>(_ values: inout MutableSpan<S>) throws(LossError) {
    call.values = try address(of: &values, "values", Int(call.rows))
  }

  package mutating func setGradient<S: LossScalar>(
    _ gradient: inout MutableSpan<S>, scale: Double, accumulating: Bool
  ) throws(LossError) {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    call.gradient = try address(of: &gradient, "gradient", Int(call.rows))
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
  }

  package mutating func setCurvature<S: LossScalar>(_ curvature: inout MutableSpan<S>) throws(LossError) {
    call.curvature = try address(of: &curvature, "curvature", Int(call.rows))
  }

  package mutating func setThresholdGradient<S: LossScalar>(_ gradient: inout MutableSpan<S>) throws(LossError) {
    call.threshold_gradient = try address(of: &gradient, "thresholdGradient", Int(call.classes) - 1)
  }

  private func address<S: LossScalar>(
    of span: inout MutableSpan<S>, _ argument: StaticString, _ count: Int
  ) throws(LossError) -> UnsafeMutableRawPointer? {
    if span.count != count { throw PointwiseCall.mismatch(argument, span.count, count) }
    return span.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
      ?? UnsafeMutableRawPointer(bitPattern: 8)
  }

  /// The reduced loss.
  package func value(_ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(reduction: reduction, threads: threads).value
  }

  package func evaluate(reduction: Reduction, threads: ThreadLimit) throws(LossError) -> EvaluationOutcome {
    var call = self.call
    call.threads = try threads.kernelLimit()
    guard reduction != .sum else {
      let result = try Self.run(&call)
      return EvaluationOutcome(result, value: result.value)
    }
    call.mean = 1
    guard reduction == .rootMean else {
      let result = try Self.run(&call)
      return EvaluationOutcome(result, value: result.weight == 0 ? 0 : result.value / result.weight)
    }
    guard call.curvature == nil else {
      throw .invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a curvature is asked for")
    }
    // The derivative of the root needs the root: the first pass gives the value, the second one the gradients.
    (call.gradient, call.threshold_gradient) = (nil, nil)
    let result = try Self.run(&call)
    let root = result.weight == 0 ? 0 : (result.value / result.weight).squareRoot()
    if self.call.gradient != nil || self.call.threshold_gradient != nil {
      (call.gradient, call.threshold_gradient) = (self.call.gradient, self.call.threshold_gradient)
      call.scale = root == 0 ? 0 : call.scale / (2 * root)
      _ = try Self.run(&call)
    }
    return EvaluationOutcome(result, value: root)
  }

  private static func run(_ call: inout lk_ordinal_call) throws(LossError) -> lk_result {
    var result = lk_result()
    let status = lk_ordinal(&call, &result)
    let index = Int(result.bad_index)
    switch status {
    case lk_ok:
      return result
    case lk_bad_target:
      throw .invalidLabel(
        argument: "targets", index: index, value: call.target_kind.label(call.targets, at: index),
        expected: "a class from 0 to \(call.classes - 1)")
    case lk_bad_weight:
      let weight =
        call.scalar == lk_scalar_float
        ? call.weights.map { Double($0.load(fromByteOffset: 4 * index, as: Float.self)) }
        : call.weights.map { $0.load(fromByteOffset: 8 * index, as: Double.self) }
      throw .invalidElement(
        argument: "weights", index: index, value: weight ?? .nan, expected: "a finite number not below 0")
    default:
      throw .outOfMemory
    }
  }
}
