package import Losses

/// The outcome of a check of a loss, as text, as JSON and as an exit code.
package struct CheckReport {
  private let loss: any PointwiseLoss
  private let check: LossCheck
  private let isBuiltIn: Bool

  /// A report; `isBuiltIn` says that the samples are not the user's.
  package init(loss: any PointwiseLoss, check: LossCheck, isBuiltIn: Bool) {
    (self.loss, self.check, self.isBuiltIn) = (loss, check, isBuiltIn)
  }

  private var parts: [(name: String, check: GradientCheck)] {
    [("gradient", check.gradient), ("curvature", check.curvature)]
  }

  /// Why the command does not end with success.
  var failure: CommandFailure? {
    if let (name, wrong) = parts.first(where: { !$0.check.failures.isEmpty }) {
      let samples = NumberText.counted(wrong.failures.count, "sample")
      return CommandFailure(.software, "the \(name) of \(loss) is wrong at \(samples)")
    }
    return check.passed ? nil : CommandFailure(.data, "no gradient of the samples could be compared with differences")
  }

  /// The exit code of the command.
  package var exitCode: Int32 { failure?.status.rawValue ?? 0 }

  /// The report for a person.
  package var text: String {
    var report = TextReport()
    report.addFacts([
      ("loss", loss.description),
      ("samples", "\(check.predictions.count)\(isBuiltIn ? ", built in" : "")"),
      ("tolerance", NumberText.short(check.gradient.tolerance)),
      ("passed", check.passed ? "yes" : "no"),
    ])
    for (name, part) in parts {
      report.addLine()
      let worst = part.worst
      report.addFacts([
        (
          name,
          part.failures.isEmpty
            ? part.comparedCount == 0 ? "not compared" : "agrees with the differences"
            : "wrong at \(NumberText.counted(part.failures.count, "sample"))"
        ),
        ("compared", "\(part.comparedCount)"),
        ("kinks", "\(part.kinks.count)"),
        ("inconclusive", "\(part.inconclusive.count)"),
        ("worst error", worst.map { NumberText.short($0.error) }),
        ("at sample", worst.map { "\($0.index), counted from 0: \(sample($0.index))" }),
        ("analytic", worst.map { NumberText.exact($0.analytic) }),
        ("numeric", worst?.numericText),
        ("step", worst.map { NumberText.short($0.step) }),
      ])
    }
    return report.text
  }

  private func sample(_ index: Int) -> String {
    "prediction \(check.predictions[index]), target \(check.targets[index])"
  }

  /// The report for a program.
  package var json: String {
    let object = JSONValue.object([
      "loss": .string(loss.description), "samples": .integer(check.predictions.count),
      "tolerance": .number(check.gradient.tolerance), "passed": .bool(check.passed),
      "gradient": json(of: check.gradient), "curvature": json(of: check.curvature),
    ])
    return object.text() + "\n"
  }

  private func json(of part: GradientCheck) -> JSONValue {
    .object([
      "compared": .integer(part.comparedCount), "kinks": .integer(part.kinks.count),
      "inconclusive": .integer(part.inconclusive.count), "failures": .integer(part.failures.count),
      "worst": part.worst.map(json(of:)) ?? .null,
    ])
  }

  private func json(of worst: GradientCheck.Component) -> JSONValue {
    let sides: [JSONValue]? =
      if case .kink(let left, let right) = worst.place { [.number(left), .number(right)] } else { nil }
    return .object([
      "index": .integer(worst.index), "prediction": .number(check.predictions[worst.index]),
      "target": .number(check.targets[worst.index]), "analytic": .number(worst.analytic),
      "numeric": .number(worst.numeric), "numericError": .number(worst.numericError), "error": .number(worst.error),
      "step": .number(worst.step), "sides": sides.map(JSONValue.array),
    ])
  }
}
