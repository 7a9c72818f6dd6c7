import LinearModels
import Losses

/// What a fit prints.
struct FitReport<Model: Hashable & Sendable> {
  var fit: LinearFit<Model>
  var model: ModelSummary
  var training: TrainingSummary?
  var rowCount: Int
  var penalty: Penalty?
  var duration: Duration
  var paths: [String]

  var json: String {
    let members: [(key: String, value: JSONValue?)] =
      [("loss", .string(model.loss))] + model.members.map { ($0.key, $0.value) } + [
        ("value", .number(fit.value)), ("iterations", .integer(fit.iterations)),
        ("gradientNorm", .number(fit.gradientNorm)), ("gap", fit.gap.map(JSONValue.number)),
        ("converged", .bool(fit.converged)), ("training", training?.json), ("reason", .string(fit.stopReason.rawValue)),
        ("count", .integer(rowCount)), ("threads", .integer(fit.threads)), ("isa", .string(fit.instructionSet)),
        ("seconds", .number(duration / .seconds(1))),
      ]
    return JSONValue.dictionary(members.compactMap { key, value in value.map { (key, $0) } }).text() + "\n"
  }

  var text: String {
    var report = TextReport()
    if !model.table.rows.isEmpty {
      report.addTable(
        model.table.titles, rightAligned: Set(model.table.titles.dropFirst()), rows: model.table.rows)
      report.addLine()
    }
    let columns = NumberText.counted(model.columnCount, "column")
    report.addFacts(
      [
        ("loss", model.loss),
        ("penalty", penalty?.description),
        ("data", "\(NumberText.counted(rowCount, "row")) × \(columns)"),
      ] + model.facts + [
        ("value", NumberText.short(fit.value)),
        ("gap", fit.gap.map(NumberText.short)),
      ] + (training?.facts ?? fit.facts) + [
        ("time", NumberText.duration(duration)),
        ("threads", "\(fit.threads)"),
        ("instruction set", fit.instructionSet),
        ("written", paths.isEmpty ? nil : paths.joined(separator: ", ").onOneLine),
      ])
    return report.text
  }
}

extension LinearFit {
  /// The lines of a report about the convergence.
  var facts: [(String, String?)] {
    [
      ("iterations", "\(iterations)"),
      ("gradient norm", NumberText.short(gradientNorm)),
      ("converged", converged ? "yes" : "no"),
      ("reason", stopReason.description),
    ]
  }
}
