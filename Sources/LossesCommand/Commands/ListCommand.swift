import ArgumentParser
import Losses

/// `losses list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show every loss with its parameters, properties and formula, or every metric, schedule or update rule.",
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

  @Flag(help: "Show the update rules instead, which 'losses fit --optimizer' takes.")
  var optimizers = false

  @Flag(help: "Print JSON: an array of objects, or one object for one loss.")
  var json = false

  func validate() throws {
    let lists = [
      ("--metrics", "metrics", metrics), ("--schedules", "schedules", schedules),
      ("--optimizers", "update rules", optimizers),
    ].filter(\.2)
    if let (flag, things, _) = lists.first, loss != nil {
      throw ValidationError("\(flag) shows all \(things); leave out the loss")
    }
    if lists.count > 1 {
      throw ValidationError("\(lists[0].0) and \(lists[1].0) are lists of their own; leave out one")
    }
  }

  func run() throws {
    try Outputs.check()
    try Outputs().commit(report: try report())
  }

  private func report() throws -> String {
    if optimizers { return json ? OptimizerList.json.text() + "\n" : OptimizerList.text }
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
