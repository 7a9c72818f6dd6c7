package import CLossKernels

/// One call of a penalty: the addresses of its input and output, checked against each other.
///
/// Whoever makes one keeps the spans alive until it is evaluated. What depends on the scalar is inlined into the caller,
/// where its type is known; the rest is compiled once.
@usableFromInline
package struct PenaltyCall {
  let kind: _LossScalarKind
  @usableFromInline let count: Int
  let point: UnsafeRawPointer?
  /// The gradient or the proximal point; may be the point.
  @usableFromInline var output: UnsafeMutableRawPointer?
  @usableFromInline var scale = 1.0
  @usableFromInline var accumulating = false

  /// The instruction set. Results do not depend on it.
  package var instructionSet = lk_isa_best

  @usableFromInline
  init(kind: _LossScalarKind, count: Int, point: UnsafeRawPointer?) {
    self.kind = kind
    self.count = count
    self.point = point
  }

  @inlinable
  package init<S: LossScalar>(_ point: Span<S>) {
    self.init(
      kind: S._kind, count: point.count, point: point.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) })
  }

  /// A call that writes; `argument` names the output in errors.
  @inlinable
  package init<S: LossScalar>(
    _ point: Span<S>, _ argument: StaticString, _ output: inout MutableSpan<S>
  ) throws(LossError) {
    self.init(point)
    if output.count != count { throw PointwiseCall.mismatch(argument, output.count, count) }
    self.output = output.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }

  /// A call that writes where it reads.
  @inlinable
  package init<S: LossScalar>(overwriting point: inout MutableSpan<S>) {
    let address = point.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
    self.init(kind: S._kind, count: point.count, point: UnsafeRawPointer(address))
    output = address
  }

  /// The value; writes the gradient where there is an output.
  @usableFromInline
  package func evaluate(_ penalty: Penalty, _ threads: ThreadLimit) throws(LossError) -> Double {
    guard scale.isFinite else {
      throw .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number")
    }
    try penalty.validate(count: count)
    var call = try kernelCall(threads)
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
    call.gradient = output
    return penalty.isSeparable ? run(&call, penalty) : try evaluateParts(penalty, call)
  }

  /// Writes the proximal point.
  @usableFromInline
  package func writeProximal(_ penalty: Penalty, _ step: Double, _ threads: ThreadLimit) throws(LossError) {
    guard step > 0, step.isFinite else {
      throw .invalidArgument(argument: "step", value: "\(step)", expected: "a finite number greater than 0")
    }
    try penalty.validate(count: count)
    var call = try kernelCall(threads)
    call.step = step
    let plan = try ProximalPlan(penalty, step: step)
    guard plan.coupling != nil else {
      call.proximal = output
      _ = run(&call, penalty)
      return
    }
    guard let output, count > 0 else { return }
    var x = elements()
    try x.withUnsafeMutableBufferPointer { (x) throws(LossError) in
      let target = call
      call.scalar = lk_scalar_double
      call.point = UnsafeRawPointer(x.baseAddress)
      call.proximal = UnsafeMutableRawPointer(x.baseAddress)
      switch plan.coupling {
      case .groupLasso(let strength, let groups)?:
        _ = run(&call, penalty)
        var shrinkage = coupling(call, plan.step * strength, gradient: x.baseAddress)
        shrinkage.point = nil
        try check(lk_group_shrink(&shrinkage, groups))
      case .totalVariation(let strength)?:
        _ = run(&call, penalty) { $0 == lk_role_quadratic }
        try check(lk_denoise(x.baseAddress, Int64(count), plan.step * strength))
        call.step = plan.step
        _ = run(&call, penalty) { $0 != lk_role_quadratic }
      default: break
      }
      write(x.baseAddress, target, to: output)
    }
  }

  private func kernelCall(_ threads: ThreadLimit) throws(LossError) -> lk_penalty_call {
    var call = lk_penalty_call()
    call.scalar = kind.code
    call.count = Int64(count)
    call.point = point
    call.threads = try threads.kernelLimit()
    call.isa = instructionSet
    return call
  }

  /// The sum of the separable parts.
  private func run(
    _ call: inout lk_penalty_call, _ penalty: Penalty, where isIncluded: (lk_penalty_role) -> Bool = { _ in true }
  ) -> Double {
    guard count > 0 else { return 0 }
    return penalty.withKernelTerms(where: isIncluded) { terms in
      var result = lk_result()
      call.terms = terms.baseAddress
      call.term_count = Int64(terms.count)
      lk_penalty_run(&call, &result)
      return result.value
    }
  }

  /// A sum with parts that are not separable: their gradients are the offset of those that are.
  private func evaluateParts(_ penalty: Penalty, _ separable: lk_penalty_call) throws(LossError) -> Double {
    guard count > 0 else { return 0 }
    var slope = [Double](repeating: 0, count: output == nil ? 0 : count)
    return try slope.withUnsafeMutableBufferPointer { (slope) throws(LossError) in
      let slope = slope.isEmpty ? nil : slope.baseAddress
      var value = 0.0
      var hasGroups = false
      try penalty.forEachPart { (coefficient, part) throws(LossError) in
        var result = lk_result()
        switch part {
        case .separable: return
        case .groupLasso(let strength, let groups):
          hasGroups = true
          var call = coupling(separable, coefficient * strength, gradient: slope)
          try check(lk_group_lasso(&call, groups, &result))
        case .totalVariation(let strength):
          var call = coupling(separable, coefficient * strength, gradient: slope)
          try check(lk_variation(&call, &result))
        case .orthogonality(let strength, let columns):
          var call = coupling(separable, coefficient * strength, gradient: slope)
          try check(lk_orthogonality(&call, Int64(columns), &result))
        }
        value += result.value
      }
      var call = separable
      call.offset = UnsafePointer(slope)
      guard hasGroups, let slope, let output else { return value + run(&call, penalty) }
      // A group of zeros has a ball of subgradients, which comes after the intervals of the kinks within it.
      call.gradient = nil
      call.slope = slope
      value += run(&call, penalty)
      try penalty.forEachPart { (coefficient, part) throws(LossError) in
        guard case .groupLasso(let strength, let groups) = part else { return }
        var call = coupling(separable, abs(coefficient) * strength, gradient: slope)
        try check(lk_group_shrink(&call, groups))
      }
      write(slope, separable, to: output)
      return value
    }
  }

  /// A call at the same point, in which `gradient` is what it adds to.
  private func coupling(
    _ call: lk_penalty_call, _ factor: Double, gradient: UnsafeMutablePointer<Double>?
  ) -> lk_coupling_call {
    lk_coupling_call(
      scalar: call.scalar, count: call.count, point: call.point, factor: factor, gradient: gradient,
      threads: call.threads, isa: call.isa)
  }

  private func check(_ status: lk_status) throws(LossError) {
    if status != lk_ok { throw .outOfMemory }
  }

  private func elements() -> [Double] {
    guard let point else { return [] }
    if kind.code == lk_scalar_double {
      return Array(UnsafeBufferPointer(start: point.assumingMemoryBound(to: Double.self), count: count))
    }
    return UnsafeBufferPointer(start: point.assumingMemoryBound(to: Float.self), count: count).map(Double.init)
  }

  /// Writes numbers as the gradient of a sum of no penalties that is offset by them.
  private func write(
    _ numbers: UnsafePointer<Double>?, _ call: lk_penalty_call, to output: UnsafeMutableRawPointer
  ) {
    var call = call
    var result = lk_result()
    call.term_count = 0
    call.offset = numbers
    call.gradient = output
    call.proximal = nil
    call.scale = scale
    call.accumulate = accumulating ? 1 : 0
    lk_penalty_run(&call, &result)
  }
}
