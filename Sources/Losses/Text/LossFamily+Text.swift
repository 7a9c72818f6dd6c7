extension SumText {
  /// The summand or the combination that the text stands for.
  func value<Value: Combinable>(
    in text: String, _ make: (LossText) throws(LossError) -> Value
  ) throws(LossError) -> Value {
    if let single { return try make(single) }
    var terms: [Combination<Value>.Term] = []
    for (coefficient, summand) in self.terms {
      guard coefficient.isFinite else {
        throw .malformedText(text: text, problem: "the coefficient \(coefficient) is not finite")
      }
      terms.append(Combination<Value>.Term(coefficient: coefficient, summand: try make(summand)))
    }
    return .combination(Combination(terms: terms))
  }
}

extension LossFamily where Self: PointwiseLoss & Combinable {
  /// Reads the text form: `huber(delta: 1.35)`, or a sum such as `0.7 * squaredError + 0.3 * absoluteError`; `huber`
  /// and `huber()` take the defaults.
  ///
  /// Throws ``LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that is
  /// unknown or outside its domain.
  public init(_ text: String) throws(LossError) {
    self = try SumText(text).value(in: text) { (summand) throws(LossError) in try Self.loss(of: summand, in: text) }
  }

  /// The text form with every parameter.
  public var description: String {
    guard let entry else { return SumText.describe(terms) }
    return LossText.describe(entry.name, entry.parameters, _kernelTerms.first.parameterValues)
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    try encodeText(of: self, to: encoder)
  }
}

extension LossFamily {
  /// The loss of a text that is a single one.
  static func loss(of summand: LossText, in text: String) throws(LossError) -> Self {
    let prefix = familyName + "."
    let name = summand.name.hasPrefix(prefix) ? summand.name.dropFirst(prefix.count) : summand.name
    guard let entry = catalogue.first(where: { $0.name == name }) else {
      throw .unknownName(name: String(name), suggestion: nearestName(to: String(name), among: catalogue.map(\.name)))
    }
    return entry.make(try summand.values(for: entry.parameters, of: entry.name, in: text))
  }

  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodingText(decoder) { (text) throws(LossError) in try Self(text) }
  }
}

/// Encodes the text form, unless it is one that could not be read again.
func encodeText<Value: Combinable & CustomStringConvertible>(of value: Value, to encoder: any Encoder) throws {
  for term in value.terms where !term.coefficient.isFinite {
    throw EncodingError.invalidValue(
      value,
      EncodingError.Context(
        codingPath: encoder.codingPath, debugDescription: "the coefficient of \(term.summand) is \(term.coefficient)"))
  }
  var container = encoder.singleValueContainer()
  try container.encode(value.description)
}

/// The value of the text that a decoder has; a text that cannot be read is corrupted data.
package func decodingText<Value>(_ decoder: any Decoder, _ make: (String) throws(LossError) -> Value) throws -> Value {
  let container = try decoder.singleValueContainer()
  let text = try container.decode(String.self)
  do {
    return try make(text)
  } catch {
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
  }
}
