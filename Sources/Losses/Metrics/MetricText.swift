extension Metric {
  /// Reads the text form: `pinball(level: 0.9)`; `pinball` and `pinball()` take the defaults.
  ///
  /// Throws ``LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that is
  /// unknown or outside its domain.
  public init(_ text: String) throws(LossError) {
    let parsed = try LossText(text)
    let prefix = Self.familyName + "."
    let name = String(parsed.name.hasPrefix(prefix) ? parsed.name.dropFirst(prefix.count) : parsed.name)
    guard let entry = Self.catalogue.first(where: { $0.name == name }) else {
      let names = Self.catalogue.map(\.name)
      // What stands before a dot is close in meaning, however many letters follow.
      let suggestion = names.first { $0.hasPrefix(name + ".") } ?? nearestName(to: name, among: names)
      throw .unknownName(name: name, suggestion: suggestion)
    }
    self = entry.make(try parsed.values(for: entry.parameters, of: entry.name, in: text))
  }

  /// The text form with every parameter.
  public var description: String {
    let arguments = zip(entry.parameters, parameterValues).map { parameter, value in
      "\(parameter.name): \(parameter.domain == .count ? "\(Int(value))" : "\(value)")"
    }
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
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
}
