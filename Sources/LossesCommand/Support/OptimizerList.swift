import Optimizers

/// Every update rule, as a table and as JSON.
enum OptimizerList {
  static var text: String {
    var report = TextReport()
    report.addLine(
      "update rules: what a step does to parameters w with the gradient g, with the defaults of all parameters")
    report.addLine()
    report.addTable(
      ["update rule", "step"], rows: UpdateRule.catalogue.map { ["\($0.defaultRule)", $0.formula] })
    return report.text
  }

  static var json: JSONValue {
    .array(
      UpdateRule.catalogue.map { entry in
        .object([
          "name": .string(entry.name), "optimizer": .string(entry.defaultRule.description),
          "parameters": .array(
            entry.parameters.map { parameter in
              .object([
                "name": .string(parameter.name), "default": .number(parameter.defaultValue),
                "domain": .string(parameter.domain.description),
              ])
            }),
          "formula": .string(entry.formula),
        ])
      })
  }
}
