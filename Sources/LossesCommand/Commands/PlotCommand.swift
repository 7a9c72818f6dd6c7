import ArgumentParser
import Losses

/// `losses plot`.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the curves of a loss and of its gradient as an SVG file.",
    discussion: """
      A regression loss is drawn over the residual, a binary loss over the logit, for both labels, a margin loss over \
      the margin; losses of rates, such as poisson, over the linear predictor, and relative losses over the prediction, \
      for several targets. The likelihood is normalised where the loss has a noise model; the axis says so.

      Example: losses plot 'huber(delta: 1.35)' --range -4...4 --likelihood -o huber.svg
      """)

  @Argument(help: "The loss, such as huber or 'huber(delta: 1.35)'; 'losses list' shows all.")
  var loss: String

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

  func run() throws {
    let loss = try Self.loss(named: loss)
    try Outputs.check([output])
    let curves = LossCurves(loss, range: range?.bounds, likelihood: likelihood)
    var outputs = Outputs()
    try outputs.add(curves.figure.svg, to: output)
    try outputs.commit(report: "written: \(output.onOneLine)\n")
  }
}
