import LinearModels
import Losses

/// What a fit of several classes prints.
struct ClassFitReport {
  var fit: LinearFit<CategoricalModel>
  var training: TrainingSummary?
  var rowCount: Int
  /// The share of the rows that count, by their weights, whose class has the greatest score.
  var accuracy: Double
  var hasIntercept: Bool
  var penalty: Penalty?
  var duration: Duration
  var paths: [String]

  private var classes: Range<Int> { 0..<fit.model.classCount }

  var json: String {
    let names = fit.model.columnNames ?? []
    let object = JSONValue.object([
      "loss": .string(fit.model.loss), "classes": .integer(fit.model.classCount),
      "intercepts": .array(fit.model.intercepts.map(JSONValue.number)),
      "coefficients": .array(
        classes.map { c in .dictionary(zip(names, fit.model.coefficients[c]).map { ($0, .number($1)) }) }),
      "value": .number(fit.value), "accuracy": .number(accuracy), "iterations": .integer(fit.iterations),
      "gradientNorm": .number(fit.gradientNorm), "converged": .bool(fit.converged), "training": training?.json,
      "reason": .string(fit.stopReason.rawValue), "count": .integer(rowCount), "threads": .integer(fit.threads),
      "isa": .string(fit.instructionSet), "seconds": .number(duration / .seconds(1)),
    ])
    return object.text() + "\n"
  }

  var text: String {
    var report = TextReport()
    // More columns than a terminal shows are in the model file.
    if fit.model.classCount <= 6, fit.model.columnCount <= 40 {
      let names = classes.map { "class \($0)" }
      let columns = classes.map { c in
        NumberText.column((hasIntercept ? [fit.model.intercepts[c]] : []) + fit.model.coefficients[c])
      }
      let terms = (hasIntercept ? ["(intercept)"] : []) + (fit.model.columnNames ?? []).map(\.onOneLine)
      report.addTable(
        ["term"] + names, rightAligned: Set(names),
        rows: terms.indices.map { row in [terms[row]] + columns.map { $0[row] } })
      report.addLine()
    }
    let columns = NumberText.counted(fit.model.columnCount, "column")
    report.addFacts(
      [
        ("loss", fit.model.loss),
        ("penalty", penalty?.description),
        ("data", "\(NumberText.counted(rowCount, "row")) × \(columns)"),
        ("classes", "\(fit.model.classCount)"),
        ("value", NumberText.short(fit.value)),
        ("accuracy", NumberText.short(accuracy)),
      ] + (training?.facts ?? fit.facts) + [
        ("time", NumberText.duration(duration)),
        ("threads", "\(fit.threads)"),
        ("instruction set", fit.instructionSet),
        ("written", paths.isEmpty ? nil : paths.joined(separator: ", ").onOneLine),
      ])
    return report.text
  }
}
