import Losses

/// What is known of a loss, as a table row, as text and as JSON.
struct LossSummary {
  private let loss: any Loss
  private let name: String
  private let family: String
  private let inputs: String
  private let formula: String
  private let parameters: [ShownParameter]

  init(_ loss: any Loss) {
    self.loss = loss
    (name, family, inputs, formula, parameters) =
      switch loss {
      case let loss as any PointwiseFamily: Self.facts(of: loss)
      case let loss as any RowLossFamily: Self.facts(of: loss, loss.parameterValues)
      case let loss as any LossFamily & ParameterShowing: Self.facts(of: loss, loss.shownParameters)
      default: (loss.description, "", "", "", [])
      }
  }

  private typealias Facts = (String, String, String, String, [ShownParameter])

  private static func facts<Member: PointwiseFamily>(of loss: Member) -> Facts {
    guard loss.entry == nil else { return facts(of: loss, loss._kernelTerms.first.parameterValues) }
    let formulas = loss.terms.compactMap { term in
      term.summand.entry.map { "\(NumberText.short(term.coefficient)) · (\($0.formula))" }
    }
    return (loss.description, Member.familyName, Member.inputs, formulas.joined(separator: " + "), [])
  }

  private static func facts<Member: LossFamily>(of loss: Member, _ values: [Double]) -> Facts {
    let parameters = zip(loss.entry?.parameters ?? [], values).map { parameter, value in
      ShownParameter(
        name: parameter.name, value: .number(value), defaultValue: .number(parameter.defaultValue),
        domain: parameter.domain.description)
    }
    return facts(of: loss, parameters)
  }

  private static func facts<Member: LossFamily>(of loss: Member, _ parameters: [ShownParameter]) -> Facts {
    (
      loss.entry?.name ?? loss.description, Member.familyName, Member.inputs, loss.entry?.formula ?? "", parameters
    )
  }

  private var pointwise: (any PointwiseLoss)? { loss as? any PointwiseLoss }

  private var noiseModel: String? { pointwise?.noiseModel.map { "\($0)" } }

  /// What `losses evaluate` takes for the loss besides predictions, weights and outputs.
  private var options: [String] { EvaluationOptions(of: loss).names }

  var json: JSONValue {
    .object([
      "name": .string(name), "family": .string(family), "loss": .string(loss.description),
      "parameters": .array(
        parameters.map { parameter in
          .object([
            "name": .string(parameter.name), "value": JSONValue(parameter.value),
            "default": JSONValue(parameter.defaultValue), "domain": .string(parameter.domain),
          ])
        }),
      "convex": .bool(loss.isConvex), "differentiable": .bool(loss.isDifferentiable),
      "lipschitzConstant": JSONValue(loss.lipschitzConstant), "curvatureBound": JSONValue(loss.curvatureBound),
      "link": JSONValue(pointwise?.link.rawValue), "noiseModel": JSONValue(noiseModel), "formula": .string(formula),
      "inputs": .string(inputs), "options": .array(options.map(JSONValue.string)),
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
        ("link", pointwise?.link.rawValue ?? "-"),
        ("noise model", noiseModel ?? "-"),
        ("options", options.isEmpty ? "-" : options.joined(separator: ", ")),
      ]
        + parameters.map { parameter in
          (
            "parameter \(parameter.name)",
            "\(parameter.value); \(parameter.domain), by default \(parameter.defaultValue)"
          )
        })
    return report.text
  }

  /// All of the losses, a table for each family.
  static func table(_ summaries: [LossSummary]) -> String {
    var report = TextReport()
    for family in summaries.map(\.family).reduce(into: [String](), { if $0.last != $1 { $0.append($1) } }) {
      let members = summaries.filter { $0.family == family }
      if !report.text.isEmpty { report.addLine() }
      report.addLine("\(family): \(members[0].inputs)")
      report.addLine()
      // Links and noise models belong to single predictions.
      let isPointwise = members[0].pointwise != nil
      report.addTable(
        ["loss", "formula", "convex", "differentiable", "Lipschitz", "curvature"]
          + (isPointwise ? ["link", "noise model"] : []),
        rightAligned: ["Lipschitz", "curvature"],
        rows: members.map { member in
          let loss = member.loss
          return [
            loss.description, member.formula, member.yesOrNo(loss.isConvex), member.yesOrNo(loss.isDifferentiable),
            member.number(loss.lipschitzConstant), member.number(loss.curvatureBound),
          ] + (member.pointwise.map { [$0.link.rawValue, member.noiseModel ?? "-"] } ?? [])
        })
    }
    return report.text
  }

  private func yesOrNo(_ value: Bool) -> String { value ? "yes" : "no" }

  private func number(_ value: Double?) -> String { value.map(NumberText.short) ?? "-" }
}

extension JSONValue {
  fileprivate init(_ value: ShownParameter.Value) {
    switch value {
    case .number(let number): self = .number(number)
    case .numbers(let numbers): self = .array(numbers.map(JSONValue.number))
    case .word(let word): self = .string(word)
    }
  }
}
