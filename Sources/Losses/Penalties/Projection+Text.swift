extension Projection: Codable, CustomStringConvertible {
  private static let names = ["box", "nonnegative", "simplex", "l1Ball", "l2Ball"]

  /// Reads the text form: `simplex(total: 1)`, `box(lower: 0, upper: [1, 2, inf])`; what is not given has its default.
  /// Throws ``LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that is unknown
  /// or outside its domain.
  public init(_ text: String) throws(LossError) {
    let summand = try LossText(text)
    func read(_ labels: String...) throws(LossError) -> LossText.Reader {
      try LossText.Reader(summand, labels: labels, in: text)
    }
    switch summand.name {
    case "box":
      let reader = try read("lower", "upper")
      self = .box(
        lower: try reader.perCoefficient("lower", default: 0), upper: try reader.perCoefficient("upper", default: 1))
    case "nonnegative":
      _ = try read()
      self = .nonnegative
    case "simplex": self = .simplex(total: try read("total").number("total", default: 1))
    case "l1Ball": self = .l1Ball(radius: try read("radius").number("radius", default: 1))
    case "l2Ball": self = .l2Ball(radius: try read("radius").number("radius", default: 1))
    default:
      let suggestion = nearestName(to: String(summand.name), among: Self.names)
      throw .unknownName(name: String(summand.name), suggestion: suggestion)
    }
    try validate(count: nil)
  }

  /// The text form with every parameter.
  public var description: String {
    switch self {
    case .box(let lower, let upper):
      "box(lower: \(LossText.Argument.perCoefficient(lower)), upper: \(LossText.Argument.perCoefficient(upper)))"
    case .nonnegative: "nonnegative"
    case .simplex(let total): "simplex(total: \(total))"
    case .l1Ball(let radius): "l1Ball(radius: \(radius))"
    case .l2Ball(let radius): "l2Ball(radius: \(radius))"
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

  /// Throws ``LossError`` unless every parameter is in its domain and, where `count` is given, fits a number of
  /// coefficients.
  func validate(count: Int?) throws(LossError) {
    switch self {
    case .box(let lower, let upper): try checkBounds(lower, upper, count)
    case .nonnegative: break
    case .simplex(let total): try LossText.Argument.number(total).validate("total", of: "simplex", .positive)
    case .l1Ball(let radius): try LossText.Argument.number(radius).validate("radius", of: "l1Ball", .nonnegative)
    case .l2Ball(let radius): try LossText.Argument.number(radius).validate("radius", of: "l2Ball", .nonnegative)
    }
  }

  private func checkBounds(
    _ lower: PerCoefficient, _ upper: PerCoefficient, _ count: Int?
  ) throws(LossError) {
    let length = lower.listLength ?? upper.listLength ?? 1
    if let count {
      try lower.checkLength("lower", count)
      try upper.checkLength("upper", count)
    } else {
      try upper.checkLength("upper", length)
    }
    for index in 0..<length {
      let (low, high) = (lower[index], upper[index])
      // Not so either where one is NaN; an infinite bound leaves a number on its other side.
      guard low <= high, low < .infinity, high > -.infinity else {
        throw .invalidElement(
          argument: "upper", index: index, value: high,
          expected: "a bound that leaves numbers above the lower one, \(low)")
      }
    }
  }
}
