import Losses

/// Every metric, as tables and as JSON.
enum MetricList {
  /// A table for each kind.
  static var text: String {
    var report = TextReport()
    for family in ["regression", "binary", "categorical"] {
      let members = MetricCatalogue.items.filter { $0.family == family }
      if !report.text.isEmpty { report.addLine() }
      report.addLine("\(family): \(members[0].inputs)")
      report.addLine()
      report.addTable(
        ["metric", "value", "better"],
        rows: members.map { ["\($0.defaultMetric)", $0.formula, $0.greaterIsBetter ? "greater" : "less"] })
    }
    return report.text
  }

  static var json: JSONValue {
    .array(
      MetricCatalogue.items.map { item in
        .object([
          "name": .string(item.name), "family": .string(item.family), "metric": .string("\(item.defaultMetric)"),
          "parameters": .array(
            item.parameters.map { parameter in
              .object([
                "name": .string(parameter.name), "default": .number(parameter.defaultValue),
                "domain": .string(parameter.domain.description),
              ])
            }),
          "greaterIsBetter": .bool(item.greaterIsBetter), "formula": .string(item.formula),
          "inputs": .string(item.inputs),
        ])
      })
  }
}
