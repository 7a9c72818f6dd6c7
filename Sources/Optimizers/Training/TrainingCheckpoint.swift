public import Losses

/// Everything that a training needs to go on, after any step: what is resumed gives the same bits as what was never
/// interrupted, with the same ``Trainer`` and objective.
///
/// It is a value, `Codable`, and has a file form: ``write(to:)`` and ``init(contentsOf:)``. Two checkpoints are equal where
/// everything but ``duration`` is the same. It has up to five numbers for each parameter.
public struct TrainingCheckpoint<Scalar: LossScalar>: Sendable {
  /// What the run was.
  public let setup: TrainingSetup

  /// The parameters.
  public let parameters: [Scalar]

  /// The state of the rule.
  public let optimizerState: OptimizerState<Scalar>

  /// The parameters after the best epoch; `nil` without ``EarlyStopping``, and before the first improvement.
  public let bestParameters: [Scalar]?

  /// How long the training had taken.
  public let duration: Duration

  let position: TrainingPosition

  /// The number of epochs that are done.
  public var epoch: Int { position.epoch }

  /// The number of steps of the epoch that has begun; 0 between epochs.
  public var stepOfEpoch: Int { position.stepOfEpoch }

  /// The number of steps in all, skipped ones included.
  public var steps: Int { position.steps }

  /// The plateau with its state.
  public var plateau: PlateauSchedule? { position.plateau }

  /// The epoch that ``bestParameters`` are of, counted from 1.
  public var bestEpoch: Int? { position.best?.epoch }

  /// One record for each epoch.
  public var history: [TrainingRecord] { position.history }

  /// What keeps parts that were read from being a checkpoint.
  var problem: String? {
    if let problem = position.problem { return problem }
    guard duration >= .zero, duration <= .seconds(LearningRateSchedule.longest) else { return "a duration \(duration)" }
    let count = setup.parameterCount
    for (name, found) in [
      ("parameters", parameters.count), ("parameters of the state", optimizerState.parameterCount),
      ("best parameters", bestParameters?.count ?? count),
    ] where found != count {
      return "\(found) \(name) instead of \(count)"
    }
    if (position.best == nil) != (bestParameters == nil) { return "a best epoch without parameters, or the reverse" }
    return nil
  }
}

extension TrainingCheckpoint: Hashable {
  /// Whether everything but the durations is the same.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.setup == rhs.setup && lhs.position == rhs.position && lhs.optimizerState == rhs.optimizerState
      && lhs.parameters == rhs.parameters && lhs.bestParameters == rhs.bestParameters
  }

  /// Hashes everything but the duration.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(setup)
    hasher.combine(position)
    hasher.combine(optimizerState)
    hasher.combine(parameters)
    hasher.combine(bestParameters)
  }
}

extension TrainingCheckpoint: Codable {
  private enum Key: String, CodingKey {
    case setup, position, duration, optimizerState, parameters, bestParameters
  }

  /// Decodes a checkpoint; one of another scalar, or whose parts do not fit together, is corrupted data.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    setup = try container.decode(TrainingSetup.self, forKey: .setup)
    position = try container.decode(TrainingPosition.self, forKey: .position)
    duration = try container.decode(Duration.self, forKey: .duration)
    // First of the vectors: it knows of which scalar they are.
    optimizerState = try container.decode(OptimizerState<Scalar>.self, forKey: .optimizerState)
    parameters = try container.decodeBits(forKey: .parameters)
    bestParameters =
      container.contains(.bestParameters) ? try container.decodeBits(forKey: .bestParameters) : nil
    if let problem {
      throw DecodingError.dataCorruptedError(forKey: .position, in: container, debugDescription: problem)
    }
  }

  /// Encodes the checkpoint. The numbers are their bits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(setup, forKey: .setup)
    try container.encode(position, forKey: .position)
    try container.encode(duration, forKey: .duration)
    try container.encode(optimizerState, forKey: .optimizerState)
    try container.encode(bitsOf: parameters, forKey: .parameters)
    if let bestParameters { try container.encode(bitsOf: bestParameters, forKey: .bestParameters) }
  }
}
