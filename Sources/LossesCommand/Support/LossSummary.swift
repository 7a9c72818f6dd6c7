import Losses

/// What is known of a loss, as a table row, as text and as JSON.
struct LossSummary {
  private let loss: any PointwiseLoss
  private let name: String
  private let family: String
  private let inputs: String
  private let formula: String
  private let parameters: [(parameter: LossParameter, value: Double)]

  init(_ loss: any PointwiseLoss) {
    self.loss = loss
    (name, family, inputs, formula, parameters) =
      (loss as? any PointwiseFamily).map { Self.facts(of: $0) } ?? (loss.description, "", "", "", [])
  }

  private static func facts<Member: PointwiseFamily>(
    of loss: Member
  ) -> (String, String, String, String, [(parameter: LossParameter, value: Double)]) {
    guard let entry = loss.entry else {
      let formulas = loss.terms.compactMap { term in
        term.summand.entry.map { "\(NumberText.short(term.coefficient)) · (\($0.formula))" }
      }
      return (loss.description, Member.familyName, Member.inputs, formulas.joined(separator: " + "), [])
    }
    let parameters = zip(entry.parameters, loss._kernelTerms.first.parameterValues).map { (parameter: $0, value: $1) }
    return (entry.name, Member.familyName, Member.inputs, entry.formula, parameters)
  }

  private var noiseModel: String? { loss.noiseModel.map { "\($0)" } }

  var json: JSONValue {
    .object([
      "name": .string(name), "family": .string(family), "loss": .string(loss.description),
      "parameters": .array(
        parameters.map { parameter, value in
          .object([
            "name": .string(parameter.name), "value": .number(value), "default": .number(parameter.defaultValue),
            "domain": .string(parameter.domain.description),
          ])
        }),
      "convex": .bool(loss.isConvex), "differentiable": .bool(loss.isDifferentiable),
      "lipschitzConstant": JSONValue(loss.lipschitzConstant), "curvatureBound": JSONValue(loss.curvatureBound),
      "link": .string(loss.link.rawValue), "noiseModel": JSONValue(noiseModel), "formula": .string(formula),
      "inputs": .string(inputs),
    ])
  }

  /// The loss in full.
  var text: String {
    var report = TextReport()
    report.addFacts(
      [
        ("loss", loss.description),
        ("family", family),
        ("formula", formula),
        ("inputs", inputs),
        ("convex", yesOrNo(loss.isConvex)),
        ("differentiable", yesOrNo(loss.isDifferentiable)),
        ("Lipschitz constant", number(loss.lipschitzConstant)),
        ("curvature bound", number(loss.curvatureBound)),
        ("link", loss.link.rawValue),
        ("noise model", noiseModel ?? "-"),
      ]
        + parameters.map { parameter, value in
          ("parameter \(parameter.name)", "\(value); \(parameter.domain), by default \(parameter.defaultValue)")
        })
    return report.text
  }

  /// All of the losses, a table for each family.
  static func table(_ summaries: [LossSummary]) -> String {
    var report = TextReport()
    for family in LossCatalogue.items.map(\.family).reduce(into: [String](), { if $0.last != $1 { $0.append($1) } }) {
      let members = summaries.filter { $0.family == family }
      if !report.text.isEmpty { report.addLine() }
      report.addLine("\(family): \(members[0].inputs)")
      report.addLine()
      report.addTable(
        ["loss", "formula", "convex", "differentiable", "Lipschitz", "curvature", "link", "noise model"],
        rightAligned: ["Lipschitz", "curvature"],
        rows: members.map { member in
          let loss = member.loss
          return [
            loss.description, member.formula, member.yesOrNo(loss.isConvex), member.yesOrNo(loss.isDifferentiable),
            member.number(loss.lipschitzConstant), member.number(loss.curvatureBound), loss.link.rawValue,
            member.noiseModel ?? "-",
          ]
        })
    }
    return report.text
  }

  private func yesOrNo(_ value: Bool) -> String { value ? "yes" : "no" }

  private func number(_ value: Double?) -> String { value.map(NumberText.short) ?? "-" }
}
