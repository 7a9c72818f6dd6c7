package import CLossKernels

/// One call of the pointwise kernels: the addresses of its inputs and outputs, checked against each other.
///
/// Whoever makes one keeps the spans alive until it is evaluated. What depends on the scalar is inlined into the caller,
/// where its type is known; the rest is compiled once.
@usableFromInline
package struct PointwiseCall {
  @usableFromInline let kind: _LossScalarKind
  @usableFromInline let count: Int
  @usableFromInline let predictions: UnsafeRawPointer?
  @usableFromInline let targets: UnsafeRawPointer?
  @usableFromInline let weights: UnsafeRawPointer?
  @usableFromInline var values: UnsafeMutableRawPointer?
  @usableFromInline var gradient: UnsafeMutableRawPointer?
  @usableFromInline var curvature: UnsafeMutableRawPointer?
  /// `LK_TERM_SLOTS` numbers for each term.
  @usableFromInline var slopes: UnsafeMutablePointer<Double>?
  @usableFromInline var scale = 1.0
  @usableFromInline var accumulating = false

  /// Whether the sum of the losses is not needed.
  @usableFromInline package var skipsValue = false

  /// The instruction set. Results do not depend on it.
  package var instructionSet = lk_isa_best

  @usableFromInline
  init(
    kind: _LossScalarKind, count: Int, predictions: UnsafeRawPointer?, targets: UnsafeRawPointer?,
    weights: UnsafeRawPointer?
  ) {
    self.kind = kind
    self.count = count
    self.predictions = predictions
    self.targets = targets
    self.weights = weights
  }

  @inlinable
  package init<S: LossScalar>(predictions: Span<S>, targets: Span<S>, weights: Span<S>?) throws(LossError) {
    let count = predictions.count
    if targets.count != count { throw Self.mismatch("targets", targets.count, count) }
    var weightAddress: UnsafeRawPointer?
    if let weights {
      if weights.count != count { throw Self.mismatch("weights", weights.count, count) }
      // Weights of no samples are still weights.
      weightAddress =
        weights.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
    }
    self.init(
      kind: S._kind, count: count,
      predictions: predictions.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) },
      targets: targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }, weights: weightAddress)
  }

  @inlinable
  package mutating func setValues<S: LossScalar>(_ values: inout MutableSpan<S>) throws(LossError) {
    self.values = try address(of: &values, "values")
  }

  @inlinable
  package mutating func setGradient<S: LossScalar>(
    _ gradient: inout MutableSpan<S>, scale: Double, accumulating: Bool
  ) throws(LossError) {
    self.gradient = try address(of: &gradient, "gradient")
    self.scale = scale
    self.accumulating = accumulating
  }

  @inlinable
  package mutating func setCurvature<S: LossScalar>(_ curvature: inout MutableSpan<S>) throws(LossError) {
    self.curvature = try address(of: &curvature, "curvature")
  }

  @inlinable
  func address<S: LossScalar>(
    of span: inout MutableSpan<S>, _ argument: StaticString
  ) throws(LossError) -> UnsafeMutableRawPointer? {
    if span.count != count { throw Self.mismatch(argument, span.count, count) }
    return span.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }

  @usableFromInline
  static func mismatch(_ argument: StaticString, _ length: Int, _ expected: Int) -> LossError {
    .lengthMismatch(argument: "\(argument)", length: length, expected: expected)
  }

  /// The reduced loss.
  @usableFromInline
  func value(_ terms: _KernelTerms, _ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(terms, reduction: reduction, threads: threads).value
  }

  package func evaluate(
    _ terms: _KernelTerms, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> EvaluationOutcome {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    var call = lk_call()
    call.scalar = kind.code
    call.count = Int64(count)
    call.predictions = predictions
    call.targets = targets
    call.weights = weights
    call.values = values
    call.gradient = gradient
    call.curvature = curvature
    call.slopes = slopes
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
    call.skip_value = skipsValue ? 1 : 0
    call.threads = try threads.kernelLimit()
    call.isa = instructionSet
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
  private static func runRootMean(_ call: inout lk_call, _ terms: _KernelTerms) throws(LossError) -> EvaluationOutcome {
    guard call.curvature == nil else {
      throw .invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a curvature is asked for")
    }
    let gradient = call.gradient
    let slopes = call.slopes
    call.gradient = nil
    call.slopes = nil
    call.mean = 1
    call.skip_value = 0
    var outcome = try run(&call, terms)
    let mean = outcome.weight == 0 ? 0 : outcome.value / outcome.weight
    guard !(mean < 0) else { throw .negativeMean(value: mean) }
    outcome.value = mean.squareRoot()
    if gradient != nil || slopes != nil {
      call.gradient = gradient
      call.slopes = slopes
      call.values = nil
      call.skip_value = 1
      call.scale = outcome.value == 0 ? 0 : call.scale / (2 * outcome.value)
      _ = try run(&call, terms)
    }
    return outcome
  }

  private static func run(_ call: inout lk_call, _ terms: _KernelTerms) throws(LossError) -> EvaluationOutcome {
    try terms.validate()
    var result = lk_result()
    let status = terms.withUnsafeTerms { pointer, count in
      call.terms = pointer
      call.term_count = count
      return lk_pointwise(&call, &result)
    }
    guard status == lk_ok else {
      throw LossError(status, result, terms, scalar: call.scalar, targets: call.targets, weights: call.weights)
    }
    return EvaluationOutcome(result, value: result.value)
  }
}

/// What an evaluation gives besides what it writes.
package struct EvaluationOutcome {
  package var value: Double
  package var weight: Double
  package var threads: Int
  package var instructionSet: lk_isa

  package init(_ result: lk_result, value: Double) {
    self.value = value
    weight = result.weight
    threads = Int(result.threads)
    instructionSet = result.isa
  }
}

extension LossError {
  /// The error of a status of the kernels, given the arrays that they saw.
  package init(
    _ status: lk_status, _ result: lk_result, _ terms: _KernelTerms, scalar: lk_scalar,
    targets: UnsafeRawPointer?, weights: UnsafeRawPointer?
  ) {
    let index = Int(result.bad_index)
    func element(_ array: UnsafeRawPointer?) -> Double {
      guard let array else { return .nan }
      return scalar == lk_scalar_float
        ? Double(array.load(fromByteOffset: 4 * index, as: Float.self))
        : array.load(fromByteOffset: 8 * index, as: Double.self)
    }
    switch status {
    case lk_bad_parameter:
      self = terms.invalidParameter(term: index, parameter: Int(result.bad_parameter))
    case lk_bad_target:
      let target = element(targets)
      self = .invalidElement(
        argument: "targets", index: index, value: target, expected: terms.expectation(violatedBy: target))
    case lk_bad_weight:
      self = .invalidElement(
        argument: "weights", index: index, value: element(weights), expected: "a finite number not below 0")
    default:
      self = .outOfMemory
    }
  }
}

extension _KernelTerms {
  /// What the first term that forbids a target expects.
  func expectation(violatedBy target: Double) -> String {
    for index in 0..<count {
      switch withUnsafePointer(to: self[index], { lk_targets_of($0) }) {
      case lk_targets_nonnegative where !(target >= 0 && target.isFinite): return "a finite number not below 0"
      case lk_targets_positive where !(target > 0 && target.isFinite): return "a finite number greater than 0"
      case lk_targets_above_minus_one where !(target > -1 && target.isFinite): return "a finite number greater than -1"
      case lk_targets_unit where !(target >= 0 && target <= 1): return "a number from 0 to 1"
      case lk_targets_signs where abs(target) != 1: return "-1 or 1"
      default: continue
      }
    }
    return "another number"
  }

  /// The error for a parameter that is outside its domain; parameter −1 is the coefficient.
  func invalidParameter(term: Int, parameter: Int) -> LossError {
    let term = self[term]
    guard let (name, parameters) = LossCatalogue.row(of: term.loss), parameters.indices.contains(parameter) else {
      return .invalidParameter(
        of: LossCatalogue.row(of: term.loss)?.0 ?? "custom loss", parameter: "coefficient", value: term.coefficient,
        expected: term.coefficient.isFinite ? "a finite number, even when rounded to Float" : "a finite number")
    }
    let domain = parameters[parameter].domain
    let value = term.parameterValues[parameter]
    return .invalidParameter(
      of: name, parameter: parameters[parameter].name, value: value,
      expected: domain.contains(value) ? "\(domain), even when rounded to Float" : "\(domain)")
  }
}

extension lk_isa {
  /// The name that `LOSSES_ISA` takes.
  package var name: String {
    switch self {
    case lk_isa_avx512: "avx512"
    case lk_isa_avx2: "avx2"
    default: "baseline"
    }
  }
}
