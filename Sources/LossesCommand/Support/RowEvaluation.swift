import Losses

/// One evaluation of a loss of rows with any of its outputs, in one pass (two for the gradient of a root of a mean).
struct RowEvaluation<S: FileScalar> {
  private enum Samples {
    case classes(CategoricalLoss, [Int])
    case distributions(CategoricalLoss, [S])
    case scores(OrdinalLoss, [Int], thresholds: [S])
    case divergence(DivergenceLoss, [S]?)
    case distribution(DistributionLoss, [S])
  }

  private let inputs: RowInputs<S>
  private let samples: Samples

  /// Throws where the files do not have the shapes that the loss needs.
  init(_ loss: any Loss, _ inputs: RowInputs<S>) throws {
    self.inputs = inputs
    switch loss {
    case let loss as CategoricalLoss:
      try inputs.requireRows()
      samples =
        try inputs.targetsAreRows(loss)
        ? .distributions(loss, try inputs.targetDistributions(loss)) : .classes(loss, try inputs.targetClasses(loss))
    case let loss as OrdinalLoss:
      let thresholds = try inputs.requiredThresholds(loss)
      samples = .scores(loss, try inputs.targetClasses(loss), thresholds: thresholds)
    case let loss as DivergenceLoss:
      try inputs.requireRows()
      samples = .divergence(loss, loss.hasTargets ? try inputs.targetRows(loss) : nil)
    case let loss as DistributionLoss:
      try inputs.requireColumns(of: loss)
      samples = .distribution(loss, try inputs.targetNumbers(loss))
    default: throw CommandFailure(.usage, "\(loss) cannot be evaluated from files")
    }
  }

  func run(
    reduction: Reduction, threads: ThreadLimit, values: Bool, gradient: Bool, curvature: Bool, thresholdGradient: Bool
  ) throws -> EvaluationResult<S> {
    let count = inputs.numbers.count
    let lengths = EvaluationOutputs<S>.Lengths(
      values: values ? inputs.rowCount : nil, gradient: gradient ? count : nil, curvature: curvature ? count : nil,
      thresholdGradient: thresholdGradient ? inputs.thresholds?.count ?? 0 : nil)
    return try withExtendedLifetime(self) {
      try EvaluationOutputs<S>.lend(lengths) { outputs in try evaluation(outputs, reduction, threads) }
    }
  }

  /// How to evaluate, with everything checked that can be.
  private func evaluation(
    _ outputs: EvaluationOutputs<S>, _ reduction: Reduction, _ threads: ThreadLimit
  ) throws -> () throws -> EvaluationOutcome {
    let (rows, columns) = (inputs.rowCount, inputs.columnCount)
    switch samples {
    case .classes(let loss, let targets):
      var call = try CategoricalCall(
        MatrixView(inputs.numbers.span, rowCount: rows, columnCount: columns), targets: targets.span,
        weights: inputs.weights?.span, classWeights: inputs.classWeights?.span,
        classWeighting: inputs.classWeighting, ignoredIndex: inputs.ignoredIndex)
      try set(outputs, of: &call)
      return { [call] in try call.evaluate(loss, reduction: reduction, threads: threads) }
    case .distributions(let loss, let targets):
      var call = try CategoricalCall(
        MatrixView(inputs.numbers.span, rowCount: rows, columnCount: columns),
        targets: MatrixView(targets.span, rowCount: rows, columnCount: columns), weights: inputs.weights?.span,
        classWeights: inputs.classWeights?.span, classWeighting: inputs.classWeighting)
      try set(outputs, of: &call)
      return { [call] in try call.evaluate(loss, reduction: reduction, threads: threads) }
    case .scores(_, let targets, let thresholds):
      var call = try OrdinalCall(
        inputs.numbers.span, targets: targets.span, thresholds: thresholds.span, weights: inputs.weights?.span,
        ignoredIndex: inputs.ignoredIndex)
      if var span = outputs.values?.mutableSpan { try call.setValues(&span) }
      if var span = outputs.gradient?.mutableSpan { try call.setGradient(&span, scale: 1, accumulating: false) }
      if var span = outputs.curvature?.mutableSpan { try call.setCurvature(&span) }
      if var span = outputs.thresholdGradient?.mutableSpan { try call.setThresholdGradient(&span) }
      return { [call] in try call.evaluate(reduction: reduction, threads: threads) }
    case .divergence(let loss, let targets?):
      var call = try RowCall(
        predictions: MatrixView(inputs.numbers.span, rowCount: rows, columnCount: columns),
        targets: MatrixView(targets.span, rowCount: rows, columnCount: columns), weights: inputs.weights?.span)
      try set(outputs, of: &call)
      return { [call] in try call.evaluate(loss, reduction: reduction, threads: threads) }
    case .divergence(let loss, nil):
      var call = try RowCall(
        predictions: MatrixView(inputs.numbers.span, rowCount: rows, columnCount: columns),
        targets: MatrixView<S>?.none, weights: inputs.weights?.span)
      try set(outputs, of: &call)
      return { [call] in try call.evaluate(loss, reduction: reduction, threads: threads) }
    case .distribution(let loss, let targets):
      var call = try RowCall(
        predictions: MatrixView(inputs.numbers.span, rowCount: rows, columnCount: columns), targets: targets.span,
        weights: inputs.weights?.span)
      try set(outputs, of: &call)
      return { [call] in try call.evaluate(loss, reduction: reduction, threads: threads) }
    }
  }

  private func set(_ outputs: EvaluationOutputs<S>, of call: inout CategoricalCall) throws {
    let (rows, columns) = (inputs.rowCount, inputs.columnCount)
    if var span = outputs.values?.mutableSpan { try call.setValues(&span) }
    if let output = outputs.gradient {
      var view = try MutableMatrixView(output.mutableSpan, rowCount: rows, columnCount: columns)
      try call.setGradient(&view, scale: 1, accumulating: false)
    }
    if let output = outputs.curvature {
      var view = try MutableMatrixView(output.mutableSpan, rowCount: rows, columnCount: columns)
      try call.setCurvature(&view)
    }
  }

  private func set(_ outputs: EvaluationOutputs<S>, of call: inout RowCall) throws {
    if var span = outputs.values?.mutableSpan { try call.setValues(&span) }
    if let output = outputs.gradient {
      var view = try MutableMatrixView(
        output.mutableSpan, rowCount: inputs.rowCount, columnCount: inputs.columnCount)
      try call.setGradient(&view, scale: 1, accumulating: false)
    }
    if let output = outputs.curvature {
      var view = try MutableMatrixView(
        output.mutableSpan, rowCount: inputs.rowCount, columnCount: inputs.columnCount)
      try call.setCurvature(&view)
    }
  }
}
