extension DivergenceLoss: CustomStringConvertible, Codable {
  /// The name of the case.
  public var name: String {
    switch self {
    case .kullbackLeibler: "kullbackLeibler"
    case .reverseKullbackLeibler: "reverseKullbackLeibler"
    case .jensenShannon: "jensenShannon"
    case .totalVariation: "totalVariation"
    case .hellinger: "hellinger"
    case .jeffreys: "jeffreys"
    case .distillation: "distillation"
    case .entropy: "entropy"
    }
  }

  /// Reads the text form: `kullbackLeibler(input: logits, target: probabilities)`; `kullbackLeibler` and
  /// `kullbackLeibler()` take the defaults. `divergence.` may stand in front.
  ///
  /// Throws ``LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that is unknown
  /// or outside its domain.
  public init(_ text: String) throws(LossError) {
    let summand = try LossText(text)
    let prefix = Self.familyName + "."
    let name = summand.name.hasPrefix(prefix) ? summand.name.dropFirst(prefix.count) : summand.name
    guard let entry = Self.catalogue.first(where: { $0.name == name }) else {
      throw .unknownName(
        name: String(name), suggestion: nearestName(to: String(name), among: Self.catalogue.map(\.name)))
    }
    let loss = entry.defaultLoss
    let labels =
      switch loss {
      case .distillation: ["temperature"]
      case .entropy: [String]()
      default: ["input", "target"]
      }
    let reader = try LossText.Reader(summand, labels: labels, in: text)
    let input = try reader.word("input", default: loss.input)
    let target = try reader.word("target", default: loss.target)
    self =
      switch loss {
      case .kullbackLeibler: .kullbackLeibler(input: input, target: target)
      case .reverseKullbackLeibler: .reverseKullbackLeibler(input: input, target: target)
      case .jensenShannon: .jensenShannon(input: input, target: target)
      case .totalVariation: .totalVariation(input: input, target: target)
      case .hellinger: .hellinger(input: input, target: target)
      case .jeffreys: .jeffreys(input: input, target: target)
      case .distillation(let temperature):
        .distillation(temperature: try reader.number("temperature", default: temperature))
      case .entropy: .entropy
      }
    try validate()
  }

  /// The text form with every parameter.
  public var description: String {
    switch self {
    case .distillation(let temperature): "\(name)(temperature: \(temperature))"
    case .entropy: name
    default: "\(name)(input: \(input.rawValue), target: \(target.rawValue))"
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

  /// Throws ``LossError`` for a parameter outside its domain.
  func validate() throws(LossError) {
    guard case .distillation(let temperature) = self else { return }
    try LossText.Argument.number(temperature).validate("temperature", of: name, .positive)
  }
}

extension DivergenceLoss: ParameterShowing {
  package var shownParameters: [ShownParameter] {
    let standard = entry?.defaultLoss ?? self
    switch (self, standard) {
    case (.entropy, _):
      return []
    case (.distillation(let temperature), .distillation(let defaultTemperature)):
      return [
        ShownParameter(
          name: "temperature", value: .number(temperature), defaultValue: .number(defaultTemperature),
          domain: ParameterDomain.positive.description)
      ]
    default:
      let forms = DistributionForm.allCases.map(\.rawValue).joined(separator: ", ")
      return [("input", input, standard.input), ("target", target, standard.target)].map { name, form, defaultForm in
        ShownParameter(
          name: name, value: .word(form.rawValue), defaultValue: .word(defaultForm.rawValue),
          domain: "one of \(forms)")
      }
    }
  }
}
