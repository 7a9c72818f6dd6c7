import ArgumentParser
import DataFiles
import LinearModels
import Losses

/// `losses evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate a loss, its gradient and its curvature on files of predictions and targets.",
    discussion: """
      Inputs are .npy files, or CSV files of one column, with or without a header; the extension decides, or else the \
      first bytes, and a pipe counts as CSV. They have one shape, and so do the outputs, .npy files in the type of the \
      predictions: float32 predictions are evaluated in float32, with the other inputs rounded to it, all others in \
      float64.

      A loss of rows (categorical, distribution, divergence) takes predictions of two dimensions, one row for each \
      sample; its targets are classes, whole numbers from 0, or rows of the same shape, or one number for each row, and \
      weights and values are one number for each row. 'losses list LOSS' names its further options.

      A binary loss takes several labels for each sample, too: predictions and targets are two-dimensional, weights have \
      their shape or are one number for each row, class weights and positive weights are one number for each column.

      For a margin loss, labels that are all 0 or 1 are read as -1 and +1; for a binary loss, labels that are all -1 \
      or +1 as 0 and 1. Metrics compare the response of the loss (exp of a logarithm, the probability of a logit) with \
      the target; for a margin loss they compare the score, whose sign is the class. The time is that of the evaluation, without files. A file that is written to /dev/stdout takes \
      the place of the report. In JSON, a value that is not finite is null.

      Example: losses evaluate 'huber(delta: 1.35)' --predictions p.npy --targets t.npy --gradient g.npy
      """)

  @Argument(help: "The loss, such as huber or 'huber(delta: 1.35)'; 'losses list' shows all.")
  var loss: String

  @Option(help: ArgumentHelp("The predictions, .npy or .csv.", valueName: "file"))
  var predictions: String

  @Option(help: ArgumentHelp("The targets, .npy or .csv; only the entropy has none.", valueName: "file"))
  var targets: String?

  @Option(
    help: ArgumentHelp("Weights, finite and not negative. A sample of weight 0 counts as deleted.", valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Of a categorical or a binary loss: a weight for each class, finite and not negative.", valueName: "file"))
  var classWeights: String?

  @Option(
    help: ArgumentHelp(
      "Of the logistic loss: what the weight of the positive class is multiplied by for each class.",
      valueName: "file"))
  var positiveWeights: String?

  @Option(
    help: """
      What class weights multiply: samples, whose weight enters the denominator of a mean; targets after smoothing, \
      as in PyTorch; or losses, which enter no denominator.
      """)
  var classWeighting: ClassWeighting?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The class that stands for a deleted sample.", valueName: "class"))
  var ignoreIndex: Int?

  @Option(help: ArgumentHelp("Of an ordinal loss: its increasing thresholds.", valueName: "file"))
  var thresholds: String?

  @Option(help: "How the losses become one value; rootMean is the square root of the mean.")
  var reduction = Reduction.mean

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp(
      "A metric to show besides, such as rSquared or rocAUC; can be repeated. 'losses list --metrics' shows all.",
      valueName: "metric"))
  var metrics: [String] = []

  @Option(help: ArgumentHelp("Write the derivative of the value by each prediction.", valueName: "g.npy"))
  var gradient: String?

  @Option(
    help: ArgumentHelp("Of an ordinal loss: write the derivative by each threshold.", valueName: "t.npy"))
  var thresholdGradient: String?

  @Option(help: ArgumentHelp("Write the second derivative; not for rootMean.", valueName: "h.npy"))
  var curvature: String?

  @Option(help: ArgumentHelp("Write weight times loss of each sample.", valueName: "v.npy"))
  var values: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if curvature != nil, reduction == .rootMean {
      throw ValidationError("--curvature needs --reduction sum or mean")
    }
    if classWeighting != nil, classWeights == nil {
      throw ValidationError("--class-weighting says what --class-weights multiply; give both")
    }
  }

  func run() throws {
    let loss = try Self.anyLoss(named: loss)
    _ = try shared.threadLimit
    try Outputs.check([values, gradient, curvature, thresholdGradient])
    try EvaluationOptions(of: loss).require(givenOptions, for: loss)
    guard let loss = loss as? any PointwiseLoss else { return try evaluateRows(loss) }
    let metrics = try MetricScores(named: metrics, for: loss)
    guard let targetPath = targets else {
      throw CommandFailure(.usage, "Missing --targets: \(loss) compares with targets")
    }
    let predictions = try InputArray(contentsOf: predictions)
    let targets = try InputArray(contentsOf: targetPath)
    let weights = try weights.map { try InputArray(contentsOf: $0) }
    try targets.requireShape(of: predictions)
    if predictions.isFloat {
      try evaluate(loss, metrics, predictions, targets, weights, as: Float.self)
    } else {
      try evaluate(loss, metrics, predictions, targets, weights, as: Double.self)
    }
  }

  /// What belongs to the rows and the columns of several labels for each sample; `nil` where every label is a sample.
  private func labelMatrix<S: FileScalar>(
    _ loss: some PointwiseLoss, _ predictions: InputArray, _ weights: InputArray?, as type: S.Type
  ) throws -> LabelMatrix<S>? {
    let shape = predictions.shape
    let hasRowWeights = loss is BinaryLoss && shape.count == 2 && weights?.shape.count == 1
    guard hasRowWeights || classWeights != nil || positiveWeights != nil else { return nil }
    guard shape.count == 2 else {
      throw CommandFailure(
        .data,
        "'\(predictions.path)' has shape \(InputArray.text(shape)); weights of classes need two dimensions, one row for each"
          + " sample")
    }
    func columnWeights(_ path: String?) throws -> [S]? {
      try path.map { try InputArray(contentsOf: $0).vector(of: shape[1], "one number for each class", as: S.self) }
    }
    return LabelMatrix(
      rowCount: shape[0], columnCount: shape[1],
      rowWeights: try hasRowWeights ? weights?.vector(of: shape[0], "one number for each row", as: S.self) : nil,
      classWeights: try columnWeights(classWeights), positiveWeights: try columnWeights(positiveWeights))
  }

  private func evaluate<L: PointwiseLoss, S: FileScalar>(
    _ loss: L, _ metrics: MetricScores, _ predictions: InputArray, _ targets: InputArray, _ weights: InputArray?,
    as type: S.Type
  ) throws {
    let matrix = try labelMatrix(loss, predictions, weights, as: type)
    let isByElement = matrix?.rowWeights == nil
    if isByElement { try weights?.requireShape(of: predictions) }
    if isByElement, let weights, matrix != nil {
      throw CommandFailure(
        .data,
        "'\(weights.path)' has shape \(InputArray.text(weights.shape)); beside weights of classes expected one number for"
          + " each row")
    }
    let weightNumbers = try matrix.map(\.elementWeights) ?? weights?.elements(as: S.self)
    let evaluation = Evaluation(
      predictions: try predictions.elements(as: S.self),
      targets: labels(try targets.elements(as: S.self), weights: weightNumbers, for: loss), weights: weightNumbers,
      matrix: matrix)
    let places = [
      "predictions": predictions.path, "targets": targets.path, "weights": weights?.path ?? "",
      "classWeights": classWeights ?? "", "positiveWeights": positiveWeights ?? "",
    ].mapValues { "'\($0)'" }
    let (result, scores) = try locatingElements(in: places) {
      let result = try evaluation.run(
        loss, reduction: reduction, threads: try shared.threadLimit, values: values != nil,
        gradient: gradient != nil, curvature: curvature != nil)
      let scores = try metrics.values(
        predictions: evaluation.predictions, targets: evaluation.targets, weights: evaluation.weights, for: loss)
      return (result, scores)
    }

    var outputs = Outputs()
    for (elements, path) in [(result.values, values), (result.gradient, gradient), (result.curvature, curvature)] {
      if let path { try outputs.addNPY(elements, shape: predictions.shape, to: path) }
    }
    let count = evaluation.predictions.count
    let report = shared.json ? json(loss, result, count, scores) : text(loss, result, count, scores, outputs.paths)
    try outputs.commit(report: report)
  }

  /// The options that were given and that only some losses take.
  private var givenOptions: [String] {
    let given: [(String, Bool)] = [
      ("--targets", targets != nil), ("--class-weights", classWeights != nil),
      ("--class-weighting", classWeighting != nil),
      ("--positive-weights", positiveWeights != nil), ("--ignore-index", ignoreIndex != nil),
      ("--thresholds", thresholds != nil), ("--threshold-gradient", thresholdGradient != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  private func evaluateRows(_ loss: any Loss) throws {
    guard metrics.isEmpty else {
      throw CommandFailure(.usage, "--metric goes with losses of one prediction for each sample, not with \(loss)")
    }
    func array(_ path: String?) throws -> InputArray? { try path.map { try InputArray(contentsOf: $0) } }
    let files = RowFiles(
      predictions: try InputArray(contentsOf: predictions), targets: try array(targets), weights: try array(weights),
      classWeights: try array(classWeights), thresholds: try array(thresholds),
      classWeighting: classWeighting ?? .samples, ignoredIndex: ignoreIndex)
    if files.predictions.isFloat {
      try evaluateRows(loss, files, as: Float.self)
    } else {
      try evaluateRows(loss, files, as: Double.self)
    }
  }

  private func evaluateRows<S: FileScalar>(_ loss: any Loss, _ files: RowFiles, as type: S.Type) throws {
    let inputs = try RowInputs(files, as: type)
    let limit = try shared.threadLimit
    let result = try locatingElements(in: inputs.places) {
      try RowEvaluation(loss, inputs).run(
        reduction: reduction, threads: limit, values: values != nil, gradient: gradient != nil,
        curvature: curvature != nil, thresholdGradient: thresholdGradient != nil)
    }
    var outputs = Outputs()
    let shape = files.predictions.shape
    for (elements, path, shape) in [
      (result.values, values, [inputs.rowCount]), (result.gradient, gradient, shape),
      (result.curvature, curvature, shape),
      (result.thresholdGradient, thresholdGradient, [result.thresholdGradient.count]),
    ] {
      if let path { try outputs.addNPY(elements, shape: shape, to: path) }
    }
    let outcome = result.outcome
    if shared.json {
      let object = JSONValue.object([
        "loss": .string(loss.description), "value": .number(outcome.value), "count": .integer(inputs.rowCount),
        "columns": .integer(inputs.columnCount), "weight": .number(outcome.weight),
        "threads": .integer(outcome.threads), "isa": .string(outcome.instructionSet.name),
        "seconds": .number(result.duration / .seconds(1)),
      ])
      return try outputs.commit(report: object.text() + "\n")
    }
    var report = TextReport()
    report.addFacts([
      ("loss", loss.description),
      ("reduction", reduction.rawValue),
      ("value", NumberText.exact(outcome.value)),
      ("count", "\(inputs.rowCount)"),
      ("columns", "\(inputs.columnCount)"),
      ("weight", NumberText.short(outcome.weight)),
      ("time", NumberText.duration(result.duration)),
      ("threads", "\(outcome.threads)"),
      ("instruction set", outcome.instructionSet.name),
      ("written", outputs.paths.isEmpty ? nil : outputs.paths.joined(separator: ", ").onOneLine),
    ])
    try outputs.commit(report: report.text)
  }

  private func json<S>(
    _ loss: some PointwiseLoss, _ result: EvaluationResult<S>, _ count: Int, _ scores: [(name: String, value: Double)]
  ) -> String {
    let object = JSONValue.object([
      "loss": .string(loss.description), "value": .number(result.outcome.value), "count": .integer(count),
      "weight": .number(result.outcome.weight), "threads": .integer(result.outcome.threads),
      "isa": .string(result.outcome.instructionSet.name), "seconds": .number(result.duration / .seconds(1)),
      "metrics": scores.isEmpty ? nil : .dictionary(scores.map { ($0.name, .number($0.value)) }),
    ])
    return object.text() + "\n"
  }

  private func text<S>(
    _ loss: some PointwiseLoss, _ result: EvaluationResult<S>, _ count: Int, _ scores: [(name: String, value: Double)],
    _ paths: [String]
  ) -> String {
    var report = TextReport()
    report.addFacts(
      [
        ("loss", loss.description),
        ("reduction", reduction.rawValue),
        ("value", NumberText.exact(result.outcome.value)),
      ] + scores.map { ($0.name, NumberText.exact($0.value)) } + [
        ("count", "\(count)"),
        ("weight", NumberText.short(result.outcome.weight)),
        ("time", NumberText.duration(result.duration)),
        ("threads", "\(result.outcome.threads)"),
        ("instruction set", result.outcome.instructionSet.name),
        ("written", paths.isEmpty ? nil : paths.joined(separator: ", ").onOneLine),
      ])
    return report.text
  }
}
