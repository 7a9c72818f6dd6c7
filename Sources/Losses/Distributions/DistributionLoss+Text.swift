import CLossKernels

extension DistributionLoss: CustomStringConvertible, Codable {
  /// The name of the case.
  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .gaussianLogVariance: "gaussianLogVariance"
    case .laplace: "laplace"
    case .continuousRankedProbability: "continuousRankedProbability"
    case .intervalScore: "intervalScore"
    case .quantiles: "quantiles"
    }
  }

  /// The parameters with their labels and domains.
  private func forEachArgument<Failure: Error>(
    _ body: (String, LossText.Argument, ParameterDomain) throws(Failure) -> Void
  ) throws(Failure) {
    switch self {
    case .gaussian(let varianceFloor): try body("varianceFloor", .number(varianceFloor), .positive)
    case .gaussianLogVariance, .laplace, .continuousRankedProbability: break
    case .intervalScore(let level): try body("level", .number(level), .openUnitInterval)
    case .quantiles(let levels, let crossingPenalty):
      try body("levels", .numbers(levels), .openUnitInterval)
      try body("crossingPenalty", .number(crossingPenalty), .nonnegative)
    }
  }

  /// Reads the text form: `quantiles(levels: [0.1, 0.9], crossingPenalty: 1)`; `quantiles` and `quantiles()` take the
  /// defaults. `distribution.` may stand in front.
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
    var labels: [String] = []
    entry.defaultLoss.forEachArgument { label, _, _ in labels.append(label) }
    let reader = try LossText.Reader(summand, labels: labels, in: text)
    switch entry.defaultLoss {
    case .gaussian(let varianceFloor):
      self = .gaussian(varianceFloor: try reader.number("varianceFloor", default: varianceFloor))
    case .intervalScore(let level):
      self = .intervalScore(level: try reader.number("level", default: level))
    case .quantiles(let levels, let crossingPenalty):
      self = .quantiles(
        levels: try reader.numbers("levels", default: levels),
        crossingPenalty: try reader.number("crossingPenalty", default: crossingPenalty))
    case .gaussianLogVariance, .laplace, .continuousRankedProbability:
      self = entry.defaultLoss
    }
    try validate()
  }

  /// The text form with every parameter.
  public var description: String {
    var arguments: [String] = []
    forEachArgument { label, argument, _ in arguments.append("\(label): \(argument)") }
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

  /// Throws ``LossError`` for a parameter outside its domain, before or after it is rounded to the scalar.
  func validate(_ kind: _LossScalarKind = Double._kind) throws(LossError) {
    if case .quantiles(let levels, _) = self {
      guard 1...Int(LK_MAX_COLUMNS) ~= levels.count else {
        throw .invalidArgument(
          argument: "levels", value: "\(levels.count) numbers", expected: "1 to \(LK_MAX_COLUMNS) numbers")
      }
    }
    try forEachArgument { (label, argument, domain) throws(LossError) in
      try argument.validate(label, of: name, domain, kind)
    }
    if case .quantiles(let levels, _) = self {
      for i in levels.indices.dropFirst() where !(levels[i] > levels[i - 1]) {
        throw .invalidElement(
          argument: "levels", index: i, value: levels[i], expected: "a number greater than the one before it")
      }
    }
  }
}

extension DistributionLoss: ParameterShowing {
  package var shownParameters: [ShownParameter] {
    var parameters: [(name: String, value: LossText.Argument, domain: ParameterDomain)] = []
    forEachArgument { parameters.append(($0, $1, $2)) }
    var defaults: [LossText.Argument] = []
    entry?.defaultLoss.forEachArgument { _, argument, _ in defaults.append(argument) }
    return zip(parameters, defaults).map { parameter, defaultValue in
      let domain =
        parameter.name == "levels"
        ? "1 to \(LK_MAX_COLUMNS) numbers, each strictly between 0 and 1 and greater than the one before it"
        : parameter.domain.description
      return ShownParameter(
        name: parameter.name, value: parameter.value.shown, defaultValue: defaultValue.shown, domain: domain)
    }
  }
}
