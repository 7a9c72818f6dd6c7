import CLossKernels

extension PointwiseLoss {
  /// The reduced loss; writes its derivative with respect to each parameter of the loss into `parameterGradient`, as
  /// many elements as ``parameterNames``.
  ///
  /// Arguments and errors are those of every verb; `scale` multiplies the derivatives. A weight of 0 deletes a sample
  /// here too. One pass, O(n) for each parameter. A combination of more than four terms allocates memory.
  @inlinable
  public func valueAndParameterGradient<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, threads: ThreadLimit = .automatic, parameterGradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
    }
    var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    call.scale = scale
    return try call.valueAndSlopes(_kernelTerms, reduction, threads, &parameterGradient)
  }

  /// The reduced loss; writes its derivative with respect to each prediction into `gradient`, n elements, and with
  /// respect to each parameter of the loss into `parameterGradient`.
  @inlinable
  public func valueAndParameterGradient<S: LossScalar>(
    predictions: Span<S>, targets: Span<S>, weights: Span<S>? = nil, reduction: Reduction = .mean,
    scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>, parameterGradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(gradient)
    }
    var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
    try call.setGradient(&gradient, scale: scale, accumulating: accumulating)
    return try call.valueAndSlopes(_kernelTerms, reduction, threads, &parameterGradient)
  }

  /// The reduced loss, and its derivative with respect to each parameter of the loss, in the order of
  /// ``parameterNames``.
  @inlinable
  public func valueAndParameterGradient<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]? = nil, reduction: Reduction = .mean, scale: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, parameterGradient: [Double]) {
    var parameterGradient = [Double](repeating: 0, count: parameterValues.count)
    let value = try withSpans(predictions, targets, weights) { (predictions, targets, weights) throws(LossError) in
      var output = parameterGradient.mutableSpan
      return try valueAndParameterGradient(
        predictions: predictions, targets: targets, weights: weights, reduction: reduction, scale: scale,
        threads: threads, parameterGradient: &output)
    }
    return (value, parameterGradient)
  }
}

extension PointwiseCall {
  @usableFromInline
  package mutating func valueAndSlopes(
    _ terms: _KernelTerms, _ reduction: Reduction, _ threads: ThreadLimit,
    _ parameterGradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    let layout = SlopeLayout(terms)
    guard parameterGradient.count == layout.count else {
      throw Self.mismatch("parameterGradient", parameterGradient.count, layout.count)
    }
    let outcome: Result<Double, LossError> = withUnsafeTemporaryAllocation(of: Double.self, capacity: layout.capacity) {
      slopes in
      slopes.initialize(repeating: 0)
      self.slopes = slopes.baseAddress
      defer { self.slopes = nil }
      do throws(LossError) {
        let value = try value(terms, reduction, threads)
        layout.copy(slopes, to: &parameterGradient)
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

/// Where the derivatives by the parameters of a loss lie among those that the kernels give.
package struct SlopeLayout {
  private let terms: _KernelTerms

  package init(_ terms: _KernelTerms) { self.terms = terms }

  /// How many numbers the kernels give.
  package var capacity: Int { terms.count * Int(LK_TERM_SLOTS) }

  /// How many parameters there are.
  package var count: Int {
    (0..<terms.count).reduce(0) { $0 + parameters(of: $1).count }
  }

  /// Whether a term's coefficient is a parameter, and how many others it has: a range of its slots.
  private func parameters(of term: Int) -> Range<Int> {
    (terms.isCombination ? 0 : 1)..<(1 + terms.parameterCount(of: term))
  }

  package func copy(_ slopes: UnsafeMutableBufferPointer<Double>, to gradient: inout MutableSpan<Double>) {
    var next = 0
    for term in 0..<terms.count {
      for slot in parameters(of: term) {
        gradient[next] = slopes[term * Int(LK_TERM_SLOTS) + slot]
        next += 1
      }
    }
  }
}

extension PointwiseLoss where Self: LossFamily & Combinable {
  /// The names of the parameters.
  public var parameterNames: [String] {
    if let entry { return entry.parameters.map(\.name) }
    return terms.indices.flatMap { index in
      ["terms[\(index)].coefficient"] + terms[index].summand.parameterNames.map { "terms[\(index)].\($0)" }
    }
  }

  /// The values of the parameters, in the order of their names.
  public var parameterValues: [Double] {
    guard let combination else { return _kernelTerms.first.parameterValues }
    return combination.terms.flatMap { [$0.coefficient] + $0.summand.parameterValues }
  }

  /// The same loss with other parameters.
  public func withParameterValues(_ values: [Double]) throws(LossError) -> Self {
    let names = parameterNames
    guard values.count == names.count else {
      throw .lengthMismatch(argument: "values", length: values.count, expected: names.count)
    }
    if let entry {
      for (parameter, value) in zip(entry.parameters, values) where !parameter.domain.contains(value) {
        throw .invalidParameter(
          of: entry.name, parameter: parameter.name, value: value, expected: parameter.domain.description)
      }
      return entry.make(values)
    }
    var rest = values[...]
    var terms: [Combination<Self>.Term] = []
    for term in self.terms {
      let coefficient = rest.removeFirst()
      guard coefficient.isFinite else {
        throw .invalidParameter(
          of: "\(term.summand)", parameter: "coefficient", value: coefficient, expected: "a finite number")
      }
      let count = term.summand.parameterValues.count
      let summand = try term.summand.withParameterValues(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
      terms.append(Combination<Self>.Term(coefficient: coefficient, summand: summand))
    }
    return .combination(Combination(terms: terms))
  }
}
