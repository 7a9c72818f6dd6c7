/// Where in its course a training is, apart from parameters and the state of the rule.
struct TrainingPosition: Hashable, Codable, Sendable {
  /// The number of epochs that are done.
  var epoch = 0

  /// The number of steps of the epoch that has begun; 0 between epochs.
  var stepOfEpoch = 0

  /// The number of steps in all, skipped ones included.
  var steps = 0

  /// The number of steps of this epoch that were skipped.
  var skippedSteps = 0

  /// `Σ wᵢvᵢ` over the batches of this epoch, with the weight 1 for a batch of full length: the mean of a single one is
  /// its value, bit for bit.
  @ExactBits var weightedValues = 0.0

  /// `Σ wᵢ`.
  @ExactBits var weights = 0.0

  /// The plateau with its state.
  var plateau: PlateauSchedule?

  /// The last epoch that was an improvement, counted from 1, and its value.
  var best: BestEpoch?

  /// How many epochs there were since.
  var epochsWithoutImprovement = 0

  /// One record for each epoch.
  var history: [TrainingRecord] = []

  struct BestEpoch: Hashable, Codable, Sendable {
    var epoch: Int
    @ExactBits var value: Double
  }

  /// The mean of the values of the batches so far.
  var value: Double { weightedValues / weights }

  /// What keeps numbers that were read from being a position.
  var problem: String? {
    let counts = [epoch, stepOfEpoch, steps, skippedSteps, epochsWithoutImprovement]
    // No run gets as far; counting on from there has to stay possible.
    if counts.contains(where: { !(0...LearningRateSchedule.longest ~= $0) }) { return "a count below 0, or too large" }
    if history.count != epoch { return "\(history.count) records of \(epoch) epochs" }
    if let index = history.indices.first(where: { history[$0].epoch != $0 + 1 }) {
      return "a record of epoch \(history[index].epoch) in place of \(index + 1)"
    }
    if let best, !(1...max(epoch, 1) ~= best.epoch) { return "a best epoch \(best.epoch) of \(epoch)" }
    return nil
  }
}

/// A number that is encoded, and compared, as its bits: a text of decimals could not have those that are not finite.
@propertyWrapper
struct ExactBits: Hashable, Codable, Sendable {
  private var bits: UInt64

  var wrappedValue: Double {
    get { Double(bitPattern: bits) }
    set { bits = newValue.bitPattern }
  }

  init(wrappedValue: Double) { bits = wrappedValue.bitPattern }

  init(from decoder: any Decoder) throws { bits = try decoder.singleValueContainer().decode(UInt64.self) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(bits)
  }
}
