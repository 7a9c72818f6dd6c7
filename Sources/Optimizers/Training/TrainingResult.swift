public import Losses

/// What training came to.
public struct TrainingResult<Scalar: LossScalar>: Hashable, Codable, Sendable {
  /// Why training ended.
  public let stopReason: StopReason

  /// Where training ended: what to resume from, for more epochs or after an interruption.
  public let checkpoint: TrainingCheckpoint<Scalar>

  /// The parameters: with ``EarlyStopping`` those after the best epoch, if there was one, otherwise the last ones.
  public var parameters: [Scalar] { checkpoint.bestParameters ?? checkpoint.parameters }

  /// The epoch that ``parameters`` are of, counted from 1, where there is ``EarlyStopping`` and an epoch that was an
  /// improvement.
  public var bestEpoch: Int? { checkpoint.bestEpoch }

  /// One record for each epoch.
  public var history: [TrainingRecord] { checkpoint.history }

  /// The number of steps, skipped ones included.
  public var steps: Int { checkpoint.steps }

  /// How long training took, what came before an interruption included.
  public var duration: Duration { checkpoint.duration }
}
