package import CLossKernels

/// One call of the pointwise kernels: the addresses of its inputs and outputs, checked against each other.
///
/// The addresses come from spans that are parameters of the caller, so they outlive the call.
package struct PointwiseCall {
  private var call: lk_call

  /// Whether the sum of the losses is not needed.
  package var skipsValue = false

  /// The instruction set; the best one by default. Results do not depend on it.
  package var instructionSet = lk_isa_best

  package init<S: LossScalar>(predictions: Span<S>, targets: Span<S>, weights: Span<S>?) throws(LossError) {
    let count = predictions.count
    call = lk_call()
    call.scalar = S._kind.code
    call.count = Int64(count)
    call.predictions = UnsafeRawPointer(Self.address(of: predictions))
    call.targets = UnsafeRawPointer(Self.address(of: targets))
    call.scale = 1
    try Self.check("targets", targets.count, count)
    if let weights {
      try Self.check("weights", weights.count, count)
      // Weights of no samples are still weights.
      call.weights = UnsafeRawPointer(Self.address(of: weights)) ?? UnsafeRawPointer(bitPattern: 8)
    }
  }

  package mutating func setValues<S: LossScalar>(_ values: inout MutableSpan<S>) throws(LossError) {
    call.values = try address(of: &values, "values")
  }

  package mutating func setGradient<S: LossScalar>(
    _ gradient: inout MutableSpan<S>, scale: Double, accumulating: Bool
  ) throws(LossError) {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    call.gradient = try address(of: &gradient, "gradient")
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
  }

  package mutating func setCurvature<S: LossScalar>(_ curvature: inout MutableSpan<S>) throws(LossError) {
    call.curvature = try address(of: &curvature, "curvature")
  }

  /// What an evaluation gives besides what it writes.
  package struct Outcome {
    package var value: Double
    package var weight: Double
    package var threads: Int
    package var instructionSet: lk_isa
  }

  package func evaluate(
    _ terms: _KernelTerms, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> Outcome {
    var call = call
    call.threads = try threads.kernelLimit()
    call.isa = instructionSet
    call.skip_value = skipsValue && reduction != .rootMean ? 1 : 0
    switch reduction {
    case .sum:
      return try Self.run(&call, terms)
    case .mean:
      call.mean = 1
      var outcome = try Self.run(&call, terms)
      outcome.value = outcome.weight == 0 ? 0 : outcome.value / outcome.weight
      return outcome
    case .rootMean:
      return try Self.runRootMean(&call, terms)
    }
  }

  /// The derivative of the root needs the root: the first pass gives the value, the second one the gradient.
  private static func runRootMean(_ call: inout lk_call, _ terms: _KernelTerms) throws(LossError) -> Outcome {
    guard call.curvature == nil else {
      throw .invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a curvature is asked for")
    }
    let gradient = call.gradient
    call.gradient = nil
    call.mean = 1
    var outcome = try run(&call, terms)
    let mean = outcome.weight == 0 ? 0 : outcome.value / outcome.weight
    guard !(mean < 0) else { throw .negativeMean(value: mean) }
    outcome.value = mean.squareRoot()
    if let gradient {
      call.gradient = gradient
      call.skip_value = 1
      call.scale = outcome.value == 0 ? 0 : call.scale / (2 * outcome.value)
      _ = try run(&call, terms)
    }
    return outcome
  }

  private static func run(_ call: inout lk_call, _ terms: _KernelTerms) throws(LossError) -> Outcome {
    var result = lk_result()
    let status = terms.withUnsafeTerms { pointer, count in
      call.terms = pointer
      call.term_count = count
      return lk_pointwise(&call, &result)
    }
    guard status == lk_ok else {
      throw LossError(status, result, terms) { name, index in
        let base = name == "weights" ? call.weights : call.targets
        guard let base else { return .nan }
        return call.scalar == lk_scalar_float
          ? Double(base.load(fromByteOffset: 4 * index, as: Float.self))
          : base.load(fromByteOffset: 8 * index, as: Double.self)
      }
    }
    return Outcome(
      value: result.value, weight: result.weight, threads: Int(result.threads), instructionSet: result.isa)
  }

  private static func check(_ argument: String, _ length: Int, _ expected: Int) throws(LossError) {
    guard length == expected else {
      throw .lengthMismatch(argument: argument, length: length, expected: expected)
    }
  }

  private static func address<S: LossScalar>(of span: Span<S>) -> UnsafePointer<S>? {
    span.withUnsafeBufferPointer { $0.baseAddress }
  }

  private func address<S: LossScalar>(
    of span: inout MutableSpan<S>, _ argument: String
  ) throws(LossError) -> UnsafeMutableRawPointer? {
    try Self.check(argument, span.count, Int(call.count))
    return span.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }
}

extension LossError {
  /// The error of a status of the kernels. `element` gives the element of an array by name and index.
  package init(
    _ status: lk_status, _ result: lk_result, _ terms: _KernelTerms, element: (String, Int) -> Double
  ) {
    let index = Int(result.bad_index)
    switch status {
    case lk_bad_parameter:
      self = terms.invalidParameter(Int(result.bad_parameter))
    case lk_bad_target:
      let expected =
        switch lk_info(terms.term.loss).targets {
        case lk_targets_nonnegative: "a finite number not below 0"
        case lk_targets_unit: "a number from 0 to 1"
        default: "-1 or 1"
        }
      self = .invalidElement(
        argument: "targets", index: index, value: element("targets", index), expected: expected)
    case lk_bad_weight:
      self = .invalidElement(
        argument: "weights", index: index, value: element("weights", index),
        expected: "a finite number not below 0")
    default:
      self = .outOfMemory
    }
  }
}
