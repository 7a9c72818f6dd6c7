import Losses

/// One evaluation of a loss with any of its outputs, in one pass (two for the gradient of a root of a mean).
struct Evaluation<S: FileScalar> {
  var predictions: [S]
  var targets: [S]
  var weights: [S]?
  /// Where there are weights of rows or columns; `weights` are then those of the elements.
  var matrix: LabelMatrix<S>?

  func run(
    _ loss: some PointwiseLoss, reduction: Reduction, threads: ThreadLimit, values: Bool, gradient: Bool,
    curvature: Bool
  ) throws -> EvaluationResult<S> {
    let count = predictions.count
    let lengths = EvaluationOutputs<S>.Lengths(
      values: values ? count : nil, gradient: gradient ? count : nil, curvature: curvature ? count : nil)
    return try withExtendedLifetime(self) {
      try EvaluationOutputs<S>.lend(lengths) { outputs in
        if let matrix, let loss = loss as? BinaryLoss {
          let call = try multilabelCall(matrix, outputs)
          return { try call.evaluate(loss, reduction: reduction, threads: threads) }
        }
        let call = try pointwiseCall(outputs)
        return { try call.evaluate(loss._kernelTerms, reduction: reduction, threads: threads) }
      }
    }
  }

  private func pointwiseCall(_ outputs: EvaluationOutputs<S>) throws -> PointwiseCall {
    var call = try PointwiseCall(predictions: predictions.span, targets: targets.span, weights: weights?.span)
    if var span = outputs.values?.mutableSpan { try call.setValues(&span) }
    if var span = outputs.gradient?.mutableSpan { try call.setGradient(&span, scale: 1, accumulating: false) }
    if var span = outputs.curvature?.mutableSpan { try call.setCurvature(&span) }
    return call
  }

  private func multilabelCall(_ matrix: LabelMatrix<S>, _ outputs: EvaluationOutputs<S>) throws -> MultilabelCall {
    let (rows, columns) = (matrix.rowCount, matrix.columnCount)
    var call = try MultilabelCall(
      predictions: MatrixView(predictions.span, rowCount: rows, columnCount: columns),
      targets: MatrixView(targets.span, rowCount: rows, columnCount: columns), weights: matrix.rowWeights?.span,
      classWeights: matrix.classWeights?.span, positiveWeights: matrix.positiveWeights?.span)
    if let output = outputs.values {
      var view = try MutableMatrixView(output.mutableSpan, rowCount: rows, columnCount: columns)
      try call.setValues(&view)
    }
    if let output = outputs.gradient {
      var view = try MutableMatrixView(output.mutableSpan, rowCount: rows, columnCount: columns)
      try call.rows.setGradient(&view, scale: 1, accumulating: false)
    }
    if let output = outputs.curvature {
      var view = try MutableMatrixView(output.mutableSpan, rowCount: rows, columnCount: columns)
      try call.rows.setCurvature(&view)
    }
    return call
  }
}

/// Several labels for each sample, and what belongs to their rows and columns.
struct LabelMatrix<S: FileScalar> {
  var rowCount: Int
  var columnCount: Int
  var rowWeights: [S]?
  var classWeights: [S]?
  var positiveWeights: [S]?

  /// The weight of each element, row by row; `nil` where all are 1.
  var elementWeights: [S]? {
    guard rowWeights != nil || classWeights != nil else { return nil }
    let ofRows = rowWeights ?? [S](repeating: S(1), count: rowCount)
    let ofColumns = classWeights ?? [S](repeating: S(1), count: columnCount)
    return ofRows.flatMap { row in ofColumns.map { S(row._double * $0._double) } }
  }
}
