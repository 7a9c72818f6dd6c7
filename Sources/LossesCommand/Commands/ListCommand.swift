import ArgumentParser
import Losses

/// `losses list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show every loss with its parameters, properties and formula, or every metric or schedule.",
    discussion: """
      With a name, that loss in full, with the options that 'losses evaluate' has for it; with parameters, its \
      properties for them. A name that several families share means the first; write binary.focal or \
      categorical.focal. A property that is not claimed is \
      shown as a dash, in JSON as null.

      Example: losses list 'huber(delta: 1.35)'
      """)

  @Argument(help: "A loss, such as huber or 'huber(delta: 1.35)'. Default: all of them.")
  var loss: String?

  @Flag(help: "Show the metrics instead.")
  var metrics = false

  @Flag(help: "Show the schedules of learning rates instead.")
  var schedules = false

  @Flag(help: "Print JSON: an array of objects, or one object for one loss.")
  var json = false

  func validate() throws {
    if metrics, loss != nil { throw ValidationError("--metrics shows all metrics; leave out the loss") }
    if schedules, loss != nil { throw ValidationError("--schedules shows all schedules; leave out the loss") }
    if metrics, schedules { throw ValidationError("--metrics and --schedules are lists of their own; leave out one") }
  }

  func run() throws {
    try Outputs.check()
    try Outputs().commit(report: try report())
  }

  private func report() throws -> String {
    if schedules { return json ? ScheduleList.json.text() + "\n" : ScheduleList.text }
    if metrics { return json ? MetricList.json.text() + "\n" : MetricList.text }
    if let loss {
      let summary = LossSummary(try Self.anyLoss(named: loss))
      return json ? summary.json.text() + "\n" : summary.text
    }
    let summaries =
      LossCatalogue.items.map { LossSummary($0.defaultLoss) }
      + LossCatalogue.rowItems.map { LossSummary($0.defaultLoss) }
    return json ? JSONValue.array(summaries.map(\.json)).text() + "\n" : LossSummary.table(summaries)
  }
}
