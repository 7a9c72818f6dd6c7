import LinearModels
import Losses

/// What a fit prints.
struct FitReport {
  var fit: LinearFit<LinearModel>
  var training: TrainingSummary?
  var rowCount: Int
  var hasIntercept: Bool
  var penalty: Penalty?
  var duration: Duration
  var paths: [String]

  private var terms: [(name: String, coefficient: Double)] {
    zip(fit.model.columnNames ?? [], fit.model.coefficients).map { (name: $0, coefficient: $1) }
  }

  var json: String {
    let object = JSONValue.object([
      "loss": .string(fit.model.loss), "intercept": .number(fit.model.intercept),
      "coefficients": .dictionary(terms.map { ($0.name, .number($0.coefficient)) }), "value": .number(fit.value),
      "iterations": .integer(fit.iterations), "gradientNorm": .number(fit.gradientNorm),
      "gap": fit.gap.map(JSONValue.number), "converged": .bool(fit.converged), "training": training?.json,
      "reason": .string(fit.stopReason.rawValue), "count": .integer(rowCount), "threads": .integer(fit.threads),
      "isa": .string(fit.instructionSet), "seconds": .number(duration / .seconds(1)),
    ])
    return object.text() + "\n"
  }

  var text: String {
    var report = TextReport()
    let terms = (hasIntercept ? [(name: "(intercept)", coefficient: fit.model.intercept)] : []) + self.terms
    if !terms.isEmpty {
      let numbers = NumberText.column(terms.map(\.coefficient))
      report.addTable(
        ["term", "coefficient"], rightAligned: ["coefficient"],
        rows: zip(terms, numbers).map { [$0.name.onOneLine, $1] })
      report.addLine()
    }
    let columns = NumberText.counted(fit.model.coefficients.count, "column")
    report.addFacts(
      [
        ("loss", fit.model.loss),
        ("penalty", penalty?.description),
        ("data", "\(NumberText.counted(rowCount, "row")) × \(columns)"),
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
