import Losses

/// The verbs of a loss of rows over the inputs of a command. What a loss does not have is `nil`.
struct RowEvaluation<S: FileScalar> {
  /// The reduced loss.
  var value: (Reduction, ThreadLimit) throws -> Double
  /// Weight × loss of each row.
  var values: (ThreadLimit) throws -> [S]
  /// The reduced loss and its gradient, of the shape of the predictions.
  var gradient: (Reduction, ThreadLimit) throws -> (value: Double, gradient: [S])
  /// The reduced loss, its gradient and its curvature.
  var curvature: ((Reduction, ThreadLimit) throws -> (value: Double, gradient: [S], curvature: [S]))?
  /// The gradient by the thresholds.
  var thresholdGradient: ((Reduction, ThreadLimit) throws -> [S])?

  struct Result {
    var value: Double
    /// An output that was not asked for is empty.
    var values: [S] = []
    var gradient: [S] = []
    var curvature: [S] = []
    var thresholdGradient: [S] = []
    /// Of the value with gradient and curvature, as far as they are asked for.
    var duration: Duration
  }

  func run(
    reduction: Reduction, threads: ThreadLimit, values: Bool, gradient: Bool, curvature: Bool, thresholdGradient: Bool
  ) throws -> Result {
    let start = ContinuousClock.now
    var result = Result(value: 0, duration: .zero)
    if curvature, let verb = self.curvature {
      (result.value, result.gradient, result.curvature) = try verb(reduction, threads)
    } else if gradient {
      (result.value, result.gradient) = try self.gradient(reduction, threads)
    } else {
      result.value = try value(reduction, threads)
    }
    result.duration = ContinuousClock.now - start
    if values { result.values = try self.values(threads) }
    if thresholdGradient, let verb = self.thresholdGradient { result.thresholdGradient = try verb(reduction, threads) }
    return result
  }

  init(_ loss: any Loss, _ inputs: RowInputs<S>) throws {
    switch loss {
    case let loss as CategoricalLoss where try inputs.targetsAreRows(loss): try self.init(distributions: loss, inputs)
    case let loss as CategoricalLoss: try self.init(classes: loss, inputs)
    case let loss as OrdinalLoss: try self.init(ordinal: loss, inputs)
    case let loss as DivergenceLoss: try self.init(divergence: loss, inputs)
    case let loss as DistributionLoss: try self.init(distribution: loss, inputs)
    default: throw CommandFailure(.usage, "\(loss) cannot be evaluated from files")
    }
  }

  private init(classes loss: CategoricalLoss, _ inputs: RowInputs<S>) throws {
    try inputs.requireRows()
    let (z, k, weights) = (inputs.numbers, inputs.columnCount, inputs.weights)
    let targets = try inputs.targetClasses(loss)
    let (classWeights, weighting, ignored) = (inputs.classWeights, inputs.classWeighting, inputs.ignoredIndex)
    value = { reduction, threads in
      try loss.value(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignored, reduction: reduction, threads: threads)
    }
    values = { threads in
      try loss.values(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignored, threads: threads)
    }
    gradient = { reduction, threads in
      try loss.valueAndGradient(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignored, reduction: reduction, threads: threads)
    }
    curvature = { reduction, threads in
      try loss.valueGradientAndCurvature(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignored, reduction: reduction, threads: threads)
    }
  }

  private init(distributions loss: CategoricalLoss, _ inputs: RowInputs<S>) throws {
    try inputs.requireRows()
    let (z, k, weights) = (inputs.numbers, inputs.columnCount, inputs.weights)
    let targets = try inputs.targetRows(loss)
    let (classWeights, weighting) = (inputs.classWeights, inputs.classWeighting)
    guard inputs.ignoredIndex == nil else {
      throw CommandFailure(.usage, "--ignore-index is for targets that are classes, not distributions")
    }
    value = { reduction, threads in
      try loss.value(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, reduction: reduction, threads: threads)
    }
    values = { threads in
      try loss.values(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, threads: threads)
    }
    gradient = { reduction, threads in
      try loss.valueAndGradient(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, reduction: reduction, threads: threads)
    }
    curvature = { reduction, threads in
      try loss.valueGradientAndCurvature(
        predictions: z, targets: targets, classCount: k, weights: weights, classWeights: classWeights,
        classWeighting: weighting, reduction: reduction, threads: threads)
    }
  }

  private init(ordinal loss: OrdinalLoss, _ inputs: RowInputs<S>) throws {
    guard inputs.predictions.shape.count == 1 else {
      throw CommandFailure(
        .data,
        "'\(inputs.predictions.path)' has shape \(InputArray.text(inputs.predictions.shape)); expected one dimension,"
          + " a score for each sample")
    }
    guard let thresholds = inputs.thresholds else {
      throw CommandFailure(.usage, "Missing --thresholds: \(loss) needs one threshold less than there are classes")
    }
    let (z, weights, ignored) = (inputs.numbers, inputs.weights, inputs.ignoredIndex)
    let targets = try inputs.targetClasses(loss)
    value = { reduction, threads in
      try loss.value(
        predictions: z, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignored,
        reduction: reduction, threads: threads)
    }
    values = { threads in
      try loss.values(
        predictions: z, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignored,
        threads: threads)
    }
    gradient = { reduction, threads in
      let result = try loss.valueAndGradient(
        predictions: z, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignored,
        reduction: reduction, threads: threads)
      return (result.value, result.gradient)
    }
    thresholdGradient = { reduction, threads in
      try loss.valueAndGradient(
        predictions: z, targets: targets, thresholds: thresholds, weights: weights, ignoredIndex: ignored,
        reduction: reduction, threads: threads
      ).thresholdGradient
    }
  }

  private init(divergence loss: DivergenceLoss, _ inputs: RowInputs<S>) throws {
    try inputs.requireRows()
    let (z, k, weights) = (inputs.numbers, inputs.columnCount, inputs.weights)
    let targets = loss.hasTargets ? try inputs.targetRows(loss) : nil
    value = { reduction, threads in
      try loss.value(
        predictions: z, targets: targets, classCount: k, weights: weights, reduction: reduction, threads: threads)
    }
    values = { threads in
      try loss.values(predictions: z, targets: targets, classCount: k, weights: weights, threads: threads)
    }
    gradient = { reduction, threads in
      try loss.valueAndGradient(
        predictions: z, targets: targets, classCount: k, weights: weights, reduction: reduction, threads: threads)
    }
  }

  private init(distribution loss: DistributionLoss, _ inputs: RowInputs<S>) throws {
    try inputs.requireRows()
    guard inputs.columnCount == loss.columnCount else {
      throw CommandFailure(
        .data,
        "'\(inputs.predictions.path)' has \(inputs.columnCount) columns; expected \(loss.columnCount):"
          + " \(loss.columnNames.joined(separator: ", "))")
    }
    let (z, weights) = (inputs.numbers, inputs.weights)
    let targets = try inputs.targetNumbers(loss)
    value = { reduction, threads in
      try loss.value(predictions: z, targets: targets, weights: weights, reduction: reduction, threads: threads)
    }
    values = { threads in
      try loss.values(predictions: z, targets: targets, weights: weights, threads: threads)
    }
    gradient = { reduction, threads in
      try loss.valueAndGradient(
        predictions: z, targets: targets, weights: weights, reduction: reduction, threads: threads)
    }
  }
}
