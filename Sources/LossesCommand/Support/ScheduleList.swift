import Optimizers

/// Every schedule, as a table and as JSON.
enum ScheduleList {
  static var text: String {
    var report = TextReport()
    report.addLine("schedules: what the learning rate is multiplied by at the step k = 0, 1, 2, …")
    report.addLine()
    report.addTable(
      ["schedule", "factor"], rows: LearningRateSchedule.catalogue.map { [$0.form, $0.formula] })
    report.addLine()
    report.addLine("One after the other: linear(from: 0, steps: 100) for 100 then cosine(steps: 900)")
    return report.text
  }

  static var json: JSONValue {
    .array(
      LearningRateSchedule.catalogue.map { entry in
        .object([
          "name": .string(entry.name), "schedule": .string(entry.form),
          "parameters": .array(
            entry.parameters.map { parameter in
              .object([
                "name": .string(parameter.name), "default": json(of: parameter.defaultValue),
                "domain": .string(parameter.domain),
              ])
            }),
          "formula": .string(entry.formula),
        ])
      })
  }

  /// A number where the text is one.
  private static func json(of text: String?) -> JSONValue {
    guard let text else { return .null }
    return Int(text).map(JSONValue.integer) ?? Double(text).map(JSONValue.number) ?? .string(text)
  }
}
