/// What is added to the loss of a model to keep its coefficients small.
@nonexhaustive
public enum Penalty: Hashable, Sendable {
  /// `½λ‖w‖²`. `strength` is λ, finite and not negative. Since losses are means, λ does not depend on the number of
  /// rows.
  case l2(strength: Double = 1)

  /// A sum of penalties, each times its coefficient: `0.7 * first + 0.3 * second`.
  case combination(Combination<Penalty>)
}

extension Penalty: Combinable {
  /// The sum that this is; `nil` for a single penalty.
  public var combination: Combination<Self>? {
    if case .combination(let combination) = self { combination } else { nil }
  }
}

extension Penalty: Codable, CustomStringConvertible {
  private static let l2Parameters = [
    LossParameter(name: "strength", defaultValue: 1, domain: .nonnegative)
  ]

  /// Reads the text form, such as `l2(strength: 0.01)`. Throws ``LossError``.
  public init(_ text: String) throws(LossError) {
    self = try SumText(text).value(in: text) { (parsed) throws(LossError) in
      guard parsed.name == "l2" else {
        throw .unknownName(name: String(parsed.name), suggestion: nearestName(to: String(parsed.name), among: ["l2"]))
      }
      return .l2(strength: try parsed.values(for: Self.l2Parameters, of: "l2", in: text)[0])
    }
  }

  /// The text form with every parameter.
  public var description: String {
    switch self {
    case .l2(let strength): LossText.describe("l2", Self.l2Parameters, [strength])
    case .combination(let combination): SumText.describe(combination.terms)
    }
  }

  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodingText(decoder) { (text) throws(LossError) in try Self(text) }
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Throws ``LossError`` unless every parameter is in its domain.
  package func validate() throws(LossError) {
    switch self {
    case .l2(let strength):
      let parameter = Self.l2Parameters[0]
      guard parameter.domain.contains(strength) else {
        throw .invalidParameter(
          of: "l2", parameter: parameter.name, value: strength, expected: parameter.domain.description)
      }
    case .combination(let combination):
      for term in combination.terms {
        guard term.coefficient.isFinite else {
          throw .invalidParameter(
            of: "\(term.summand)", parameter: "coefficient", value: term.coefficient, expected: "a finite number")
        }
        try term.summand.validate()
      }
    }
  }
}
