import ArgumentParser
import Charts
import Losses
import Optimizers

/// `losses plot`.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the curves of a loss and of its gradient, or a schedule of learning rates, as an SVG file.",
    discussion: """
      A regression loss is drawn over the residual, a binary loss over the logit, for both labels, a margin loss over \
      the margin; losses of rates, such as poisson, over the linear predictor, and relative losses over the prediction, \
      for several targets. The likelihood is normalised where the loss has a noise model; the axis says so. A schedule is \
      drawn over the step, as what it multiplies the learning rate by.

      Example: losses plot 'huber(delta: 1.35)' --range -4...4 --likelihood -o huber.svg
      """)

  @Argument(help: "The loss, such as huber or 'huber(delta: 1.35)'; 'losses list' shows all.")
  var loss: String?

  @Option(
    help: ArgumentHelp(
      "Draw this schedule instead of a loss, such as 'cosine(steps: 1000)'; 'losses list --schedules' shows all.",
      valueName: "schedule"))
  var schedule: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many steps of the schedule to draw. Default: up to where it comes to rest, three rounds of one that repeats, or 1000.",
      valueName: "n"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where to draw: two finite numbers, the lower one first. Default: -3...3, wider where the loss has kinks beyond.",
      valueName: "low...high"),
    transform: CurveRange.init)
  var range: CurveRange?

  @Flag(help: "Draw exp(-loss), too.")
  var likelihood = false

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "out.svg"))
  var output: String

  func validate() throws {
    if schedule == nil {
      guard loss != nil else { throw ValidationError("give a loss, or a schedule with --schedule") }
      guard steps == nil else { throw ValidationError("--steps is for a schedule; a loss has --range") }
      return
    }
    guard loss == nil else { throw ValidationError("--schedule draws a schedule; leave out the loss") }
    guard range == nil else { throw ValidationError("--range is for a loss; a schedule has --steps") }
    guard !likelihood else { throw ValidationError("--likelihood is for a loss; leave it out with --schedule") }
    let longest = LearningRateSchedule.longest
    if let steps, !(1...longest ~= steps) {
      throw ValidationError("--steps is \(steps); expected a whole number from 1 to \(longest)")
    }
  }

  func run() throws {
    let figure = try figureMaker()
    try Outputs.check([output])
    var outputs = Outputs()
    try outputs.add(figure().svg, to: output)
    try outputs.commit(report: "written: \(output.onOneLine)\n")
  }

  /// What draws the loss or the schedule, which is read first.
  private func figureMaker() throws -> () -> Figure {
    if let schedule {
      let curve = ScheduleCurve(try Self.schedule(named: schedule), steps: steps)
      return { curve.figure }
    }
    let curves = LossCurves(try Self.loss(named: loss ?? ""), range: range?.bounds, likelihood: likelihood)
    return { curves.figure }
  }
}
