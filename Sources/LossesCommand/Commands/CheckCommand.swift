import ArgumentParser
import DataFiles
import Losses

/// `losses check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare the gradient and the curvature of a pointwise loss with differences of its values.",
    discussion: """
      The differences are extrapolated to the step 0, and come with an estimate of their own error. At a kink the \
      derivative has to be between those of the two sides. A sample of which the differences tell nothing, because its \
      loss is not finite or rounding hides the derivative, is counted as inconclusive.

      Without files the samples are a grid, the tails, and the kinks near the target. Files are read as 'losses \
      evaluate' reads them, and evaluated in float64. The exit code is 0 if the check passed, 70 if a derivative is \
      wrong, and 65 if no gradient of the samples could be compared; the report is printed in each case. In JSON, a \
      number that is not finite is null.

      Example: losses check 'huber(delta: 1.35)'
      """)

  @Argument(help: "The loss, such as huber or 'huber(delta: 1.35)'; 'losses list' shows all.")
  var loss: String

  @Option(help: ArgumentHelp("The predictions to check at, .npy or .csv; with --targets.", valueName: "file"))
  var predictions: String?

  @Option(help: ArgumentHelp("The targets, .npy or .csv.", valueName: "file"))
  var targets: String?

  @Option(
    parsing: .unconditional,
    help: "The largest relative error of a derivative that passes, greater than 0 and less than 1.")
  var tolerance = GradientCheck.defaultTolerance

  @Flag(help: "Print one JSON object and nothing else.")
  var json = false

  func validate() throws {
    if (predictions == nil) != (targets == nil) {
      throw ValidationError("--predictions and --targets go together; give both or neither")
    }
  }

  func run() throws {
    let loss = try Self.loss(named: loss)
    try Outputs.check()
    let check = try check(loss)
    let report = CheckReport(loss: loss, check: check, isBuiltIn: predictions == nil)
    try Outputs().commit(report: json ? report.json : report.text)
    if let failure = report.failure { throw failure }
  }

  private func check<L: PointwiseLoss>(_ loss: L) throws -> LossCheck {
    guard let predictions, let targets else { return try loss.checkGradient(tolerance: tolerance) }
    let points = try InputArray(contentsOf: predictions)
    let goals = try InputArray(contentsOf: targets)
    try goals.requireShape(of: points)
    let numbers = labels(try goals.elements(as: Double.self), weights: nil, for: loss)
    return try locatingElements(in: ["targets": "'\(goals.path)'"]) {
      try loss.checkGradient(
        predictions: try points.elements(as: Double.self), targets: numbers, tolerance: tolerance)
    }
  }
}
