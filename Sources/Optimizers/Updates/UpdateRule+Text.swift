public import Losses

extension UpdateRule: CustomStringConvertible, Codable {
  /// Reads the text form: `adamW(learningRate: 0.001, weightDecay: 0.01)`; `adamW` and `adamW()` take the defaults.
  ///
  /// Throws ``Losses/LossError`` for an unknown name (with the nearest one), a malformed text, and a hyperparameter that is
  /// unknown or outside its domain.
  public init(_ text: String) throws(LossError) {
    let form = try LossText(text)
    guard let entry = Self.catalogue.first(where: { $0.name == form.name }) else {
      throw .unknownName(
        name: String(form.name), suggestion: nearestName(to: String(form.name), among: Self.catalogue.map(\.name)))
    }
    self = entry.make(try form.values(for: entry.parameters, of: entry.name, in: text))
    try validate()
  }

  /// The text form with every hyperparameter.
  public var description: String { LossText.describe(name, entry.parameters, parameterValues) }

  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodingText(decoder) { (text) throws(LossError) in try Self(text) }
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Throws ``Losses/LossError`` for a hyperparameter outside its domain.
  func validate() throws(LossError) {
    for (parameter, value) in zip(entry.parameters, parameterValues) where !parameter.domain.contains(value) {
      throw .invalidParameter(of: name, parameter: parameter.name, value: value, expected: parameter.domain.description)
    }
    if case .rprop(_, _, _, let minimum, let maximum) = self, minimum > maximum {
      throw .invalidParameter(
        of: name, parameter: "maximumStep", value: maximum, expected: "a number not below minimumStep, \(minimum)")
    }
  }
}
