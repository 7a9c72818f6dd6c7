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
    return penalty.isSeparable ? run(&call, penalty) : evaluateParts(penalty, call)
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
    guard let output else { return }
    var x = elements()
    call.scalar = lk_scalar_double
    x.withUnsafeMutableBufferPointer { x in
      call.point = UnsafeRawPointer(x.baseAddress)
      call.proximal = UnsafeMutableRawPointer(x.baseAddress)
      switch plan.coupling {
      case .groupLasso(let strength, let groups)?:
        _ = run(&call, penalty)
        GroupLasso(groups: groups).shrink(x, by: plan.step * strength)
      case .totalVariation(let strength)?:
        _ = run(&call, penalty) { $0 == lk_role_quadratic }
        TotalVariation.denoise(x, by: plan.step * strength)
        call.step = plan.step
        _ = run(&call, penalty) { $0 != lk_role_quadratic }
      default: break
      }
    }
    write(x, to: output)
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
  private func evaluateParts(_ penalty: Penalty, _ separable: lk_penalty_call) -> Double {
    guard count > 0 else { return 0 }
    let x = elements()
    var value = 0.0
    var offset = [Double](repeating: 0, count: output == nil ? 0 : count)
    penalty.forEachPart { coefficient, part in
      switch part {
      case .separable: break
      case .groupLasso(let strength, let groups):
        value += GroupLasso(groups: groups).add(coefficient * strength, at: x, gradient: &offset)
      case .totalVariation(let strength):
        value += TotalVariation.add(coefficient * strength, at: x, gradient: &offset)
      case .orthogonality(let strength, let columns):
        value += Orthogonality.add(coefficient * strength, at: x, columns: columns, gradient: &offset)
      }
    }
    var call = separable
    var gradient = offset
    value += x.withUnsafeBufferPointer { x in
      offset.withUnsafeBufferPointer { offset in
        gradient.withUnsafeMutableBufferPointer { gradient in
          call.scalar = lk_scalar_double
          call.point = UnsafeRawPointer(x.baseAddress)
          call.offset = gradient.isEmpty ? nil : offset.baseAddress
          call.gradient = gradient.isEmpty ? nil : UnsafeMutableRawPointer(gradient.baseAddress)
          call.scale = 1
          call.accumulate = 0
          return run(&call, penalty)
        }
      }
    }
    guard let output else { return value }
    // A group of zeros has a ball of subgradients, which comes after the intervals of the kinks within it.
    penalty.forEachPart { coefficient, part in
      guard case .groupLasso(let strength, let groups) = part else { return }
      GroupLasso(groups: groups).shrinkZeros(of: x, &gradient, by: abs(coefficient) * strength)
    }
    write(gradient, to: output)
    return value
  }

  private func elements() -> [Double] {
    guard let point else { return [] }
    if kind.code == lk_scalar_double {
      return Array(UnsafeBufferPointer(start: point.assumingMemoryBound(to: Double.self), count: count))
    }
    return UnsafeBufferPointer(start: point.assumingMemoryBound(to: Float.self), count: count).map(Double.init)
  }

  private func write(_ x: [Double], to output: UnsafeMutableRawPointer) {
    func write<S: BinaryFloatingPoint & LossScalar>(_: S.Type) {
      let output = output.assumingMemoryBound(to: S.self)
      for i in 0..<count {
        output[i] = S((accumulating ? output[i]._double : 0) + scale * x[i])
      }
    }
    if kind.code == lk_scalar_double { write(Double.self) } else { write(Float.self) }
  }
}
