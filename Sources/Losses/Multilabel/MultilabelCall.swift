import CLossKernels

/// One call of the kernel for several labels per row; see ``RowCall``.
@usableFromInline
package struct MultilabelCall {
  @usableFromInline package var rows: RowCall
  @usableFromInline var classWeights: UnsafeRawPointer?
  @usableFromInline var positiveWeights: UnsafeRawPointer?
  @usableFromInline var valueStride = 0

  @inlinable
  package init<S: LossScalar>(
    predictions: MatrixView<S>, targets: MatrixView<S>, weights: Span<S>?, classWeights: Span<S>?,
    positiveWeights: Span<S>?
  ) throws(LossError) {
    rows = try RowCall(predictions: predictions, targets: targets, weights: weights)
    try setColumnWeights(classWeights, positiveWeights)
  }

  /// A call whose gradient replaces the predictions.
  @inlinable
  package init<S: LossScalar>(
    overwriting predictions: inout MutableMatrixView<S>, targets: MatrixView<S>, weights: Span<S>?,
    classWeights: Span<S>?, positiveWeights: Span<S>?, scale: Double
  ) throws(LossError) {
    rows = try RowCall(overwriting: &predictions, targets: targets, weights: weights, scale: scale)
    try setColumnWeights(classWeights, positiveWeights)
  }

  @inlinable
  mutating func setColumnWeights<S: LossScalar>(
    _ classWeights: Span<S>?, _ positiveWeights: Span<S>?
  ) throws(LossError) {
    self.classWeights = try address(of: classWeights, "classWeights", zeroIsAllowed: true)
    self.positiveWeights = try address(of: positiveWeights, "positiveWeights", zeroIsAllowed: false)
  }

  /// The address of weights of the columns, which are finite and not below 0, or above it.
  @inlinable
  func address<S: LossScalar>(
    of weights: Span<S>?, _ argument: StaticString, zeroIsAllowed: Bool
  ) throws(LossError) -> UnsafeRawPointer? {
    guard let weights else { return nil }
    if weights.count != rows.columnCount { throw PointwiseCall.mismatch(argument, weights.count, rows.columnCount) }
    for index in weights.indices {
      let weight = weights[index]._double
      guard weight.isFinite, weight > 0 || zeroIsAllowed && weight == 0 else {
        throw Self.badWeight(argument, index, weight, zeroIsAllowed)
      }
    }
    return weights.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
  }

  @usableFromInline
  static func badWeight(_ argument: StaticString, _ index: Int, _ value: Double, _ zeroIsAllowed: Bool) -> LossError {
    .invalidElement(
      argument: "\(argument)", index: index, value: value,
      expected: zeroIsAllowed ? "a finite number not below 0" : "a finite number greater than 0")
  }

  @inlinable
  package mutating func setValues<S: LossScalar>(_ values: inout MutableMatrixView<S>) throws(LossError) {
    rows.values = try rows.address(of: &values, "values")
    valueStride = values.rowStride
  }

  /// The reduced loss.
  @usableFromInline
  func value(_ loss: BinaryLoss, _ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(loss, reduction: reduction, threads: threads).value
  }

  package func evaluate(
    _ loss: BinaryLoss, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> EvaluationOutcome {
    try checkPositiveWeights(loss)
    let terms = loss._kernelTerms
    var kernel = lk_multilabel_call()
    kernel.class_weights = classWeights
    kernel.positive_weights = positiveWeights
    kernel.value_stride = Int64(valueStride)
    return try rows.evaluate(
      reduction: reduction, threads: threads, expectedTargets: { terms.expectation(violatedBy: $0) },
      parameterError: { terms.invalidParameter(term: Int($0.bad_index), parameter: Int($0.bad_parameter)) }
    ) { rows, result in
      terms.withUnsafeTerms { pointer, count in
        kernel.rows = rows
        kernel.terms = pointer
        kernel.term_count = count
        return lk_multilabel(&kernel, &result)
      }
    }
  }

  /// Positive weights are for the logistic loss, and their products with its own are weights as well.
  private func checkPositiveWeights(_ loss: BinaryLoss) throws(LossError) {
    guard let positiveWeights else { return }
    guard case .logistic(let own, _) = loss else {
      throw .invalidArgument(
        argument: "positiveWeights", value: "a weight for each class", expected: "nil for a loss other than logistic")
    }
    for index in 0..<rows.columnCount {
      let weight = rows.kind.code.element(positiveWeights, at: index)
      let product = rows.kind.code == lk_scalar_float ? Double(Float(own) * Float(weight)) : own * weight
      guard !(own > 0) || product > 0 && product.isFinite else {
        throw .invalidElement(
          argument: "positiveWeights", index: index, value: weight,
          expected: "a number whose product with positiveWeight, \(own), is finite and greater than 0")
      }
    }
  }
}
