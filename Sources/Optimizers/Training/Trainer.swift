public import Losses

/// Trains parameters with an ``UpdateRule``, a few samples at a time: the configuration, as a value.
///
/// ```swift
/// let trainer = Trainer(
///   .adamW(learningRate: 0.01), schedule: .cosine(steps: 5000), batchSize: 64, epochs: 100, seed: 7,
///   validationFraction: 0.2, earlyStopping: EarlyStopping(patience: 5))
/// let result = try trainer.train(objective, from: start, progress: { record in
///   print(record.epoch, record.value)
///   return .proceed
/// })
/// ```
///
/// An epoch is one pass over the samples, in batches. Results are the same, bit for bit, for any number of threads, if those
/// of the objective are; and what is resumed from a ``TrainingCheckpoint`` ends as if it had never been interrupted. For
/// `m` batches an epoch takes the time of `m` evaluations of the objective and of `m` steps of the rule. After the first step
/// the trainer itself allocates nothing, but for records and checkpoints.
public struct Trainer: Hashable, Sendable {
  /// What a step does to the parameters.
  public var rule: UpdateRule

  /// What the learning rate is multiplied by at each step, counted from 0 over all epochs. A skipped step counts.
  public var schedule: LearningRateSchedule

  /// What the learning rate is multiplied by beside the schedule: the watched value of each epoch is recorded in it, which is
  /// the one of the samples that are held back, or the training value where there are none. `nil` for nothing.
  public var plateau: PlateauSchedule?

  /// What a step does beside the rule.
  public var options: UpdateOptions

  /// How many samples a step looks at.
  ///
  /// The order of the samples is drawn anew for each epoch, from the seed and the number of the epoch. A batch of all samples
  /// keeps their order.
  public var batchSize: BatchSize

  /// How many epochs there are, those before an interruption included; at least 0.
  public var epochs: Int

  /// What the order of the samples, and the samples that are held back, are drawn from.
  public var seed: UInt64

  /// The share of the samples that is held back from training for validation, from 0, for none, to less than 1.
  ///
  /// The number of samples is rounded; unless the share is 0 there has to be one on each side. Which ones are drawn depends
  /// on the seed, the share and the number of samples alone.
  public var validationFraction: Double

  /// When training ends before the last epoch; `nil` for never.
  public var earlyStopping: EarlyStopping?

  /// How long a call of ``train(_:from:layout:resuming:checkpointing:progress:)`` may take; `nil` for as long as it needs. It is
  /// looked at after every step, so that there is at least one; not below 0.
  public var deadline: Duration?

  /// After how many steps, counted over all epochs, there is a checkpoint; `nil` for after each epoch.
  public var checkpointInterval: Int?

  /// How many threads a step of the rule may use. The objective has its own.
  public var threads: ThreadLimit

  /// Creates a configuration; an invalid one is reported by
  /// ``train(_:from:layout:resuming:checkpointing:progress:)``.
  public init(
    _ rule: UpdateRule, schedule: LearningRateSchedule = .constant(), plateau: PlateauSchedule? = nil,
    options: UpdateOptions = UpdateOptions(), batchSize: BatchSize = .all, epochs: Int = 100, seed: UInt64 = 0,
    validationFraction: Double = 0, earlyStopping: EarlyStopping? = nil, deadline: Duration? = nil,
    checkpointInterval: Int? = nil, threads: ThreadLimit = .automatic
  ) {
    self.rule = rule
    self.schedule = schedule
    self.plateau = plateau
    self.options = options
    self.batchSize = batchSize
    self.epochs = epochs
    self.seed = seed
    self.validationFraction = validationFraction
    self.earlyStopping = earlyStopping
    self.deadline = deadline
    self.checkpointInterval = checkpointInterval
    self.threads = threads
  }

  /// Trains from `start`, or from a checkpoint.
  ///
  /// After every step, and after the record of the epoch where it was the last one, the reasons to stop are tested in this
  /// order: ``StopReason/earlyStopping``, ``StopReason/stoppedByProgress``, ``StopReason/taskCancelled``,
  /// ``StopReason/deadlineReached``, ``StopReason/epochLimit``. Whatever the reason, the result has what was reached, and a
  /// checkpoint to resume from.
  ///
  /// A step whose gradient is not finite is skipped, unless ``UpdateOptions/skipsNonFiniteGradients`` says otherwise.
  ///
  /// - Parameters:
  ///   - objective: The mean over samples to minimise, or to maximise where ``UpdateOptions/maximizes`` says so.
  ///   - start: The parameters before the first step, all finite; where a checkpoint is resumed only their number matters.
  ///   - layout: The ranges of the parameters; without it they are all alike.
  ///   - checkpoint: Where to go on. What decides the past, its ``TrainingCheckpoint/setup``, has to be that of this trainer
  ///     and objective. Hyperparameters, schedule, options and the number of epochs may be others.
  ///   - checkpointing: Called with a checkpoint, parameters included, after every ``checkpointInterval`` steps. An error that
  ///     it throws ends the training and reaches the caller.
  ///   - progress: Called after each epoch, in order, before the checkpoint.
  /// - Throws: ``OptimizerError`` if the configuration, the start or the checkpoint is invalid, and where the value or a
  ///   component of the gradient, frozen ranges apart, is not finite at the very first step; ``Losses/LossError`` for a rule,
  ///   a schedule, an option, a layout or a state of the rule that is invalid; any error that `objective` or `checkpointing`
  ///   throws.
  public func train<Scalar: LossScalar>(
    _ objective: some SampleObjective<Scalar>, from start: [Scalar], layout: ParameterLayout? = nil,
    resuming checkpoint: TrainingCheckpoint<Scalar>? = nil,
    checkpointing: ((TrainingCheckpoint<Scalar>) throws -> Void)? = nil,
    progress: (TrainingRecord) -> ProgressDecision = { _ in .proceed }
  ) throws -> TrainingResult<Scalar> {
    var run = try TrainingRun(self, objective, from: start, layout: layout, resuming: checkpoint)
    return try run.finish(checkpointing: checkpointing, progress: progress)
  }

  /// Throws ``OptimizerError`` or ``Losses/LossError`` for a setting outside its domain that neither the optimizer nor the
  /// number of samples is needed to see.
  func validate() throws {
    try schedule.validate()
    if let plateau {
      try OptimizerError.require(
        plateau.minimizes != options.maximizes, "plateau.minimizes", plateau.minimizes,
        "the reverse of options.maximizes")
    }
    try batchSize.validate()
    try OptimizerError.require(epochs >= 0, "epochs", epochs, "≥ 0")
    try earlyStopping?.validate()
    if let deadline { try OptimizerError.require(deadline >= .zero, "deadline", deadline, "≥ 0") }
    if let checkpointInterval {
      try OptimizerError.require(checkpointInterval >= 1, "checkpointInterval", checkpointInterval, "≥ 1")
    }
    _ = try threads.kernelLimit()
  }

  /// The samples that are trained with, and those that are held back, both in ascending order: what to judge parameters by
  /// in other terms than the value, such as an accuracy, and how many steps an epoch has.
  ///
  /// Throws ``OptimizerError`` for a number of samples below 1, and for a ``validationFraction`` that is out of range or
  /// leaves no sample on one side.
  public func split(sampleCount: Int) throws(OptimizerError) -> (training: [Int], validation: [Int]) {
    try OptimizerError.require(sampleCount >= 1, "sampleCount", sampleCount, "≥ 1")
    try OptimizerError.require(
      validationFraction >= 0 && validationFraction < 1, "validationFraction", validationFraction, "≥ 0 and < 1")
    let validationCount = Int((validationFraction * Double(sampleCount)).rounded())
    if validationFraction > 0 {
      try OptimizerError.require(
        validationCount >= 1 && validationCount < sampleCount, "validationFraction", validationFraction,
        "such that of \(sampleCount) samples one is held back and one is not")
    }
    return SampleOrder.split(sampleCount, validationCount: validationCount, seed: seed)
  }
}
