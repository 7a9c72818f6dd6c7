/// The text form that losses and penalties share: a name, then labelled numbers in parentheses.
struct LossText {
  var name: Substring
  var arguments: [(label: Substring, value: Double)]

  init(_ text: String) throws(LossError) {
    func fail(_ problem: String) -> LossError { .malformedText(text: text, problem: problem) }
    let trimmed = text.trimmed
    guard let open = trimmed.firstIndex(of: "(") else {
      name = trimmed
      arguments = []
      guard Self.isName(name) else { throw fail("expected a name, such as huber or 'huber(delta: 1.35)'") }
      return
    }
    name = trimmed[..<open].trimmed
    guard Self.isName(name) else { throw fail("expected a name before '('") }
    guard trimmed.last == ")" else { throw fail("expected ')' at the end") }
    arguments = []
    let inside = trimmed[trimmed.index(after: open)...].dropLast().trimmed
    guard !inside.isEmpty else { return }
    for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
      guard pieces.count == 2 else { throw fail("expected 'label: number' instead of '\(part.trimmed)'") }
      let label = pieces[0].trimmed
      let number = pieces[1].trimmed
      guard let value = Double(number) else { throw fail("'\(number)' is not a number") }
      guard !arguments.contains(where: { $0.label == label }) else { throw fail("\(label) is given twice") }
      arguments.append((label, value))
    }
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }
  }

  /// The values of the parameters in their order: what the text gives, the default elsewhere.
  func values(for parameters: [LossParameter], of owner: String, in text: String) throws(LossError) -> [Double] {
    var values = parameters.map(\.defaultValue)
    for (label, value) in arguments {
      guard let index = parameters.firstIndex(where: { $0.name == label }) else {
        let labels = parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", ")
        throw .malformedText(text: text, problem: "\(owner) has no parameter \(label); its parameters: \(labels)")
      }
      guard parameters[index].domain.contains(value) else {
        throw .invalidParameter(
          of: owner, parameter: parameters[index].name, value: value, expected: parameters[index].domain.description)
      }
      values[index] = value
    }
    return values
  }

  /// `name(label: value, …)`, or the name alone where there is no parameter.
  static func describe(_ name: String, _ parameters: [LossParameter], _ values: [Double]) -> String {
    guard !parameters.isEmpty else { return name }
    let list = zip(parameters, values).map { "\($0.name): \($1)" }
    return "\(name)(\(list.joined(separator: ", ")))"
  }
}

extension StringProtocol {
  var trimmed: Substring {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

extension LossFamily {
  /// Reads the text form: `huber(delta: 1.35)`; `huber` and `huber()` take the defaults.
  ///
  /// Throws ``LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that is
  /// unknown or outside its domain.
  public init(_ text: String) throws(LossError) {
    let parsed = try LossText(text)
    let prefix = Self.familyName + "."
    let name = parsed.name.hasPrefix(prefix) ? parsed.name.dropFirst(prefix.count) : parsed.name
    guard let entry = Self.catalogue.first(where: { $0.name == name }) else {
      throw .unknownName(
        name: String(name), suggestion: nearestName(to: String(name), among: Self.catalogue.map(\.name)))
    }
    self = entry.make(try parsed.values(for: entry.parameters, of: entry.name, in: text))
  }

  /// The text form with every parameter.
  public var description: String {
    let entry = entry
    return LossText.describe(entry.name, entry.parameters, parameterValues)
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

/// The value of the text that a decoder has; a text that cannot be read is corrupted data.
func decodingText<Value>(_ decoder: any Decoder, _ make: (String) throws(LossError) -> Value) throws -> Value {
  let container = try decoder.singleValueContainer()
  let text = try container.decode(String.self)
  do {
    return try make(text)
  } catch {
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
  }
}

extension _KernelTerms {
  /// The error for a parameter that is outside its domain.
  func invalidParameter(_ index: Int) -> LossError {
    let values = withUnsafeBytes(of: term.parameters) { Array($0.bindMemory(to: Double.self)) }
    guard let (name, parameters) = LossCatalogue.row(of: self), parameters.indices.contains(index) else {
      return .invalidArgument(argument: "loss", value: "unknown", expected: "a loss of the catalogue")
    }
    let domain = parameters[index].domain
    return .invalidParameter(
      of: name, parameter: parameters[index].name, value: values[index],
      expected: domain.contains(values[index]) ? "\(domain), even when rounded to Float" : "\(domain)")
  }
}
