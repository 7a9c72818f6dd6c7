import ArgumentParser
import DataFiles
import Foundation
import LinearModels
import Losses
import Optimizers

/// `losses fit`.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a linear model with any loss.",
    discussion: """
      Minimises the mean loss of x·w + b, plus a penalty of w where one is given. The data are a CSV file with named \
      columns, of which all but the target and the weights are features, or a matrix of features and a vector of \
      targets as .npy files: float32 features are fitted in float32, all others in float64, and the columns are named \
      x0, x1 and so on.

      With a categorical loss the targets are classes, whole numbers from 0, below 1000 or, if that is more, 10 times the \
      number of rows, and each class has its own coefficients. \
      The model file has them all; so has the report of up to six classes.

      For a margin loss, labels that are all 0 or 1 are read as -1 and +1; for a binary loss, labels that are all -1 \
      or +1 as 0 and 1. The value includes the penalty. A convex loss with kinks has a gap: a bound of how far the \
      value is from the least one. A fit that did not converge prints a warning and exits 0. A file that is written \
      to /dev/stdout takes the place of the report. In JSON, a number that is not finite is null.

      Example: losses fit Examples/Data/engel.csv --target foodexp --loss 'quantile(level: 0.9)' --plot engel.svg
      """)

  @Argument(help: ArgumentHelp("A CSV file with a header.", valueName: "data.csv"))
  var data: String?

  @Option(help: ArgumentHelp("Instead of a CSV file: a two-dimensional array.", valueName: "X.npy"))
  var features: String?

  @Option(
    help: ArgumentHelp(
      "The column of the targets; with --features, a one-dimensional array.", valueName: "column|y.npy"))
  var target: String

  @Option(help: "The loss, such as squaredError or 'huber(delta: 1.35)'; 'losses list' shows all.")
  var loss: String

  @Option(
    help: """
      A differentiable penalty of the coefficients: 'l2(strength: 0.01)', 'gaussianPrior(means: 0, scales: [1, 2])', \
      'smoothedL1(strength: 0.1, delta: 0.01)', or a sum. With kinks in the loss only l2 and priors of mean 0. With \
      --optimizer sgd or nesterov also one with kinks, which makes coefficients 0: 'l1(strength: 0.1)', elasticNet, \
      groupLasso and others.
      """)
  var penalty: String?

  @Flag(help: "Fit without an intercept, which otherwise is part of the model and never penalised.")
  var noIntercept = false

  @Option(
    help: ArgumentHelp(
      "The column of the weights of the rows; with --features, an array. A row of weight 0 counts as deleted.",
      valueName: "column|w.npy"))
  var weights: String?

  @Flag(help: "Let the penalty act on scaled columns. The coefficients always belong to the columns as they are.")
  var standardize = false

  @Option(
    parsing: .unconditional,
    help: """
      How exact the result is, relative to the gradient of the best constant, or the gap relative to the value; not with \
      --optimizer. (default: \(FitOptions().tolerance))
      """)
  var tolerance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The largest number of iterations; not with --optimizer. (default: \(FitOptions().maximumIterations))",
      valueName: "n"))
  var maxIterations: Int?

  @Option(help: ArgumentHelp("Write the model as JSON.", valueName: "out.json"))
  var model: String?

  @Option(help: ArgumentHelp("Draw the fit and its convergence.", valueName: "out.svg"))
  var plot: String?

  @OptionGroup(title: "Training") var training: TrainingOptions

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (data == nil) != (features == nil) else {
      throw ValidationError(
        data == nil ? "Missing the data: give a CSV file or --features" : "Give a CSV file or --features, not both")
    }
    if training.optimizer != nil {
      for (name, isGiven, instead) in [
        ("--tolerance", tolerance != nil, "--patience"), ("--max-iterations", maxIterations != nil, "--epochs"),
      ] where isGiven {
        throw ValidationError("\(name) goes without --optimizer; with it \(instead) says when to stop")
      }
    }
    guard target != weights else { throw ValidationError("--target and --weights are the same; name two columns") }
  }

  func run() throws {
    let loss = try Self.anyLoss(named: loss)
    guard loss is any PointwiseLoss || loss is CategoricalLoss else {
      throw CommandFailure(.usage, "\(loss) has no linear model here; fit a pointwise or a categorical loss")
    }
    if let loss = loss as? CategoricalLoss, loss.input != .logits {
      let input = loss.input == .probabilities ? "probabilities" : "log-probabilities"
      throw CommandFailure(
        .usage,
        "\(loss) expects \(input), and a linear model gives scores; fit crossEntropy, which is the same of scores")
    }
    var options = FitOptions(
      penalty: try penalty.map(Self.penalty(named:)), intercept: !noIntercept, standardize: standardize,
      threads: try shared.threadLimit)
    if let tolerance { options.tolerance = tolerance }
    if let maxIterations { options.maximumIterations = maxIterations }
    try Outputs.check([model, plot, training.trace, training.checkpoint])
    _ = try training.trainer(threads: options.threads)
    if let data {
      return try fit(any: loss, try FitData(table: data, target: target, weights: weights), options)
    }
    let matrix = try NPYArray(contentsOf: features ?? "")
    let targets = try InputArray(contentsOf: target)
    let weights = try weights.map { try InputArray(contentsOf: $0) }
    if matrix.dtype == .float32 {
      try fit(any: loss, try FitData<Float>(features: matrix, target: targets, weights: weights), options)
    } else {
      try fit(any: loss, try FitData<Double>(features: matrix, target: targets, weights: weights), options)
    }
  }

  private func fit<S>(any loss: any Loss, _ data: FitData<S>, _ options: FitOptions) throws {
    try data.check()
    if let loss = loss as? any PointwiseLoss {
      try fit(pointwise: loss, data, options)
    } else if let loss = loss as? CategoricalLoss {
      try fit(CategoricalFit(loss: loss, data: data), options)
    }
  }

  private func fit<L: PointwiseLoss, S>(pointwise loss: L, _ data: FitData<S>, _ options: FitOptions) throws {
    try fit(PointwiseFit(loss: loss, data: data), options)
  }

  private func fit<Problem: FitProblem>(_ problem: Problem, _ options: FitOptions) throws {
    let start = ContinuousClock.now
    var progress = ProgressLine()
    defer { progress.clear() }
    let (fit, summary) = try locatingElements(in: problem.data.places) {
      guard let trainer = try training.trainer(threads: options.threads) else {
        let fit = try problem.fit(options: options) { record in
          progress.update(record)
          return .proceed
        }
        return (fit, TrainingSummary?.none)
      }
      let trained = try problem.train(
        options: options, trainer: trainer, resuming: try training.resumed(), checkpointing: training.saver(),
        progress: { record in progress.update(record, of: trainer) })
      return (try finished(trained), TrainingSummary(trainer, trained.training))
    }
    progress.clear()
    let duration = ContinuousClock.now - start

    let description = try problem.summary(of: fit, training: summary, hasIntercept: options.intercept)
    var outputs = Outputs()
    if let model { try outputs.add(try encoded(fit.model), to: model) }
    if let summary, let trace = training.trace {
      try outputs.add(TrainingOptions.trace(of: summary.history), to: trace)
    }
    if let plot { try outputs.add(try description.figure().svg, to: plot) }
    let report = FitReport(
      fit: fit, model: description, training: summary, rowCount: problem.data.targets.count, penalty: options.penalty,
      duration: duration, paths: outputs.paths)
    try outputs.commit(report: shared.json ? report.json : report.text)
    if summary == nil { warn(unlessConverged: fit) }
  }

  /// The fit of a training, of which the last checkpoint is written. A model without numbers is none.
  private func finished<Model>(_ trained: TrainedModel<Model>) throws -> LinearFit<Model> {
    guard trained.fit.value.isFinite, trained.training.parameters.allSatisfy(\.isFinite) else {
      throw CommandFailure(
        .data, "the training diverged; give the rule a lower learning rate or scale the data\(training.afterDivergence)"
      )
    }
    try training.save(trained.training.checkpoint)
    return trained.fit
  }

  private func warn<Model>(unlessConverged fit: LinearFit<Model>) {
    guard !fit.converged else { return }
    let warning = "losses: warning: the fit did not converge: \(fit.stopReason)"
    FileHandle.standardError.write(Data("\(warning) The coefficients may be far from the best ones.\n".utf8))
  }

  private func encoded(_ model: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(model), as: UTF8.self) + "\n"
  }
}
