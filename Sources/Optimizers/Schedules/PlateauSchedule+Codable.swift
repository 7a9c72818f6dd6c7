internal import Losses

extension PlateauSchedule: Codable {
  private enum Key: String, CodingKey {
    case factor, patience, threshold, thresholdMode, cooldown, minimumFactor, minimizes
    case currentFactor, best, recordsWithoutImprovement, remainingCooldown
  }

  /// Decodes the parameters and the state; those outside their domain are corrupted data.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    do {
      try self.init(
        factor: container.decode(Double.self, forKey: .factor),
        patience: container.decode(Int.self, forKey: .patience),
        threshold: container.decode(Double.self, forKey: .threshold),
        thresholdMode: container.decode(ThresholdMode.self, forKey: .thresholdMode),
        cooldown: container.decode(Int.self, forKey: .cooldown),
        minimumFactor: container.decode(Double.self, forKey: .minimumFactor),
        minimizes: container.decode(Bool.self, forKey: .minimizes))
      currentFactor = try container.decode(Double.self, forKey: .currentFactor)
      best = try container.decodeIfPresent(String.self, forKey: .best).map(Self.best)
      recordsWithoutImprovement = try container.decode(Int.self, forKey: .recordsWithoutImprovement)
      remainingCooldown = try container.decode(Int.self, forKey: .remainingCooldown)
      try Self.require("currentFactor", currentFactor, .closedUnitInterval)
      try Self.require("recordsWithoutImprovement", recordsWithoutImprovement)
      try Self.require("remainingCooldown", remainingCooldown)
    } catch let error as LossError {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(error)"))
    }
  }

  /// Encodes the parameters and the state.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(factor, forKey: .factor)
    try container.encode(patience, forKey: .patience)
    try container.encode(threshold, forKey: .threshold)
    try container.encode(thresholdMode, forKey: .thresholdMode)
    try container.encode(cooldown, forKey: .cooldown)
    try container.encode(minimumFactor, forKey: .minimumFactor)
    try container.encode(minimizes, forKey: .minimizes)
    try container.encode(currentFactor, forKey: .currentFactor)
    // As text, since the best value may be infinite, which JSON does not have.
    try container.encodeIfPresent(best?.description, forKey: .best)
    try container.encode(recordsWithoutImprovement, forKey: .recordsWithoutImprovement)
    try container.encode(remainingCooldown, forKey: .remainingCooldown)
  }

  private static func best(_ text: String) throws(LossError) -> Double {
    guard let value = Double(text), !value.isNaN else {
      throw .invalidArgument(argument: "best", value: "'\(text)'", expected: "a number")
    }
    return value
  }
}
