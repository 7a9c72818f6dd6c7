/// What an epoch of training came to.
///
/// Two records are equal where everything but ``duration`` is the same, bit for bit: those of a run that was interrupted and
/// resumed are equal to those of one that was not.
public struct TrainingRecord: Sendable {
  /// The number of epochs so far, this one included.
  public let epoch: Int

  /// The number of steps so far, skipped ones included.
  public let steps: Int

  /// The mean of the values of the batches of this epoch, each weighted by its length, at the parameters before its step.
  /// Batches whose step was skipped do not count; NaN where all were.
  public let value: Double

  /// The value of the samples that are held back, at the parameters after the epoch; `nil` where there are none.
  public let validationValue: Double?

  /// What the learning rate was multiplied by in the last step of the epoch.
  public let learningRateFactor: Double

  /// How many steps of this epoch were skipped, because their gradient was not finite.
  public let skippedSteps: Int

  /// How long the training had taken when the epoch ended, what came before an interruption included.
  public let duration: Duration

  /// ``validationValue``, or ``value`` where there is none: what a plateau looks at.
  public var watchedValue: Double { validationValue ?? value }
}

extension TrainingRecord: Hashable {
  /// Whether everything but the durations is the same, bit for bit.
  public static func == (lhs: Self, rhs: Self) -> Bool { lhs.identity == rhs.identity }

  /// Hashes everything but the duration.
  public func hash(into hasher: inout Hasher) { hasher.combine(identity) }

  /// Numbers are their bits, so that NaN equals itself.
  private struct Identity: Hashable {
    var counts: [Int]
    var value: UInt64
    var validationValue: UInt64?
    var learningRateFactor: UInt64
  }

  private var identity: Identity {
    Identity(
      counts: [epoch, steps, skippedSteps], value: value.bitPattern, validationValue: validationValue?.bitPattern,
      learningRateFactor: learningRateFactor.bitPattern)
  }
}

extension TrainingRecord: Codable {
  private enum Key: String, CodingKey {
    case epoch, steps, value, validationValue, learningRateFactor, skippedSteps, duration
  }

  /// Decodes a record.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double {
      let text = try container.decode(String.self, forKey: key)
      guard let number = Double(text) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "'\(text)' is not a number")
      }
      return number
    }
    epoch = try container.decode(Int.self, forKey: .epoch)
    steps = try container.decode(Int.self, forKey: .steps)
    value = try number(.value)
    validationValue = container.contains(.validationValue) ? try number(.validationValue) : nil
    learningRateFactor = try number(.learningRateFactor)
    skippedSteps = try container.decode(Int.self, forKey: .skippedSteps)
    duration = try container.decode(Duration.self, forKey: .duration)
  }

  /// Encodes the record. Numbers are text, since they may be infinite or NaN, which JSON does not have.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(steps, forKey: .steps)
    try container.encode(value.description, forKey: .value)
    try container.encodeIfPresent(validationValue?.description, forKey: .validationValue)
    try container.encode(learningRateFactor.description, forKey: .learningRateFactor)
    try container.encode(skippedSteps, forKey: .skippedSteps)
    try container.encode(duration, forKey: .duration)
  }
}
