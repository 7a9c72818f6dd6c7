extension Penalty: Codable, CustomStringConvertible {
  private static let names = [
    "l1", "l2", "elasticNet", "smoothedL1", "mcp", "scad", "groupLasso", "sparseGroupLasso", "orthogonality",
    "gaussianPrior", "laplacePrior", "totalVariation",
  ]

  /// Reads the text form: `l2(strength: 0.01)`, `gaussianPrior(means: [0, 1], scales: 2)`, or a sum such as
  /// `0.7 * l1 + 0.3 * l2`; what is not given has its default. Throws ``LossError`` for an unknown name (with the
  /// nearest one), a malformed text, and a parameter that is unknown or outside its domain.
  public init(_ text: String) throws(LossError) {
    self = try SumText(text).value(in: text) { (summand) throws(LossError) in
      let penalty = try Self.penalty(of: summand, in: text)
      try penalty.validate()
      return penalty
    }
  }

  private static func penalty(of summand: LossText, in text: String) throws(LossError) -> Self {
    func read(_ labels: String...) throws(LossError) -> LossText.Reader {
      try LossText.Reader(summand, labels: labels, in: text)
    }
    switch summand.name {
    case "l1": return .l1(strength: try read("strength").number("strength", default: 1))
    case "l2": return .l2(strength: try read("strength").number("strength", default: 1))
    case "elasticNet":
      let reader = try read("l1", "l2")
      return .elasticNet(l1: try reader.number("l1", default: 1), l2: try reader.number("l2", default: 1))
    case "smoothedL1":
      let reader = try read("strength", "delta")
      return .smoothedL1(
        strength: try reader.number("strength", default: 1), delta: try reader.number("delta", default: 1))
    case "mcp":
      let reader = try read("strength", "gamma")
      return .mcp(strength: try reader.number("strength", default: 1), gamma: try reader.number("gamma", default: 3))
    case "scad":
      let reader = try read("strength", "a")
      return .scad(strength: try reader.number("strength", default: 1), a: try reader.number("a", default: 3.7))
    case "groupLasso":
      let reader = try read("strength", "groups")
      return .groupLasso(
        strength: try reader.number("strength", default: 1), groups: try reader.wholeNumbers("groups"))
    case "sparseGroupLasso":
      let reader = try read("l1", "group", "groups")
      return .sparseGroupLasso(
        l1: try reader.number("l1", default: 1), group: try reader.number("group", default: 1),
        groups: try reader.wholeNumbers("groups"))
    case "orthogonality":
      let reader = try read("strength", "columns")
      return .orthogonality(
        strength: try reader.number("strength", default: 1), columns: try reader.wholeNumber("columns", default: 1))
    case "gaussianPrior":
      let reader = try read("means", "scales")
      return .gaussianPrior(
        means: try reader.perCoefficient("means", default: 0), scales: try reader.perCoefficient("scales", default: 1))
    case "laplacePrior":
      let reader = try read("means", "scales")
      return .laplacePrior(
        means: try reader.perCoefficient("means", default: 0), scales: try reader.perCoefficient("scales", default: 1))
    case "totalVariation": return .totalVariation(strength: try read("strength").number("strength", default: 1))
    default:
      throw .unknownName(name: String(summand.name), suggestion: nearestName(to: String(summand.name), among: names))
    }
  }

  /// The text form with every parameter.
  public var description: String {
    if let combination { return SumText.describe(combination.terms) }
    var arguments: [String] = []
    forEachArgument { label, argument, _ in arguments.append("\(label): \(argument)") }
    return "\(name)(\(arguments.joined(separator: ", ")))"
  }

  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodingText(decoder) { (text) throws(LossError) in try Self(text) }
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    try encodeText(of: self, to: encoder)
  }
}
