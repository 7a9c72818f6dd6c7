import Losses

/// One call of ``Trainer/train(_:from:layout:resuming:checkpointing:progress:)``.
struct TrainingRun<Function: SampleObjective> {
  typealias Scalar = Function.Scalar

  private let trainer: Trainer
  private let objective: Function
  private let setup: TrainingSetup
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// How long the training had taken before.
  private let durationBefore: Duration

  /// In ascending order.
  private let training: [Int]
  private let validation: [Int]
  /// The order of the samples in this epoch.
  private var order: [Int]

  private var optimizer: Optimizer<Scalar>
  private var parameters: [Scalar]
  /// NaN before the first evaluation, so that a component which the objective forgets to assign is found at the start.
  private var gradient: [Scalar]
  /// Those of the best epoch, where `position` has one.
  private var best: [Scalar]
  private var position: TrainingPosition

  init(
    _ trainer: Trainer, _ objective: Function, from start: [Scalar], layout: ParameterLayout?,
    resuming checkpoint: TrainingCheckpoint<Scalar>?
  ) throws {
    self.start = clock.now
    try trainer.validate()
    let count = objective.parameterCount
    try OptimizerError.require(
      start.count == count, "start.count", start.count, "the objective's parameterCount, \(count)")
    let layout = try layout ?? ParameterLayout(count: count)
    guard layout.count == count else {
      throw LossError.lengthMismatch(argument: "layout", length: layout.count, expected: count)
    }
    (training, validation) = try trainer.split(sampleCount: objective.sampleCount)
    setup = TrainingSetup(
      rule: trainer.rule.description, maximizes: trainer.options.maximizes, seed: trainer.seed,
      batchSize: trainer.batchSize.length(of: training.count), validationFraction: trainer.validationFraction,
      sampleCount: objective.sampleCount, parameterCount: count, objective: objective.fingerprint)
    if let checkpoint {
      try setup.check(resuming: checkpoint.setup)
    } else {
      for (index, parameter) in start.enumerated() {
        try OptimizerError.require(parameter._double.isFinite, "start[\(index)]", parameter._double, "finite")
      }
    }
    optimizer = try Optimizer(
      trainer.rule, layout: layout, options: trainer.options, state: checkpoint?.optimizerState)
    self.trainer = trainer
    self.objective = objective
    durationBefore = checkpoint?.duration ?? .zero
    parameters = checkpoint?.parameters ?? start
    gradient = [Scalar](repeating: Scalar(.nan), count: count)
    position = checkpoint?.position ?? TrainingPosition()
    position.plateau = trainer.plateau.map { $0.resuming(checkpoint?.plateau) }
    best = []
    if trainer.earlyStopping == nil {
      position.best = nil
      position.epochsWithoutImprovement = 0
    } else {
      best = checkpoint?.bestParameters ?? parameters
    }
    // Made here so that no epoch has to; a number of epochs that is a mistake must not take all memory.
    position.history.reserveCapacity(min(trainer.epochs, 1 << 12))
    order = training
    try OptimizerError.require(
      position.stepOfEpoch < stepsOfEpoch, "the checkpoint's stepOfEpoch", position.stepOfEpoch,
      "less than the \(stepsOfEpoch) steps of an epoch")
    makeOrder()
  }

  /// Goes on until there is a reason to stop.
  mutating func finish(
    checkpointing: ((TrainingCheckpoint<Scalar>) throws -> Void)?, progress: (TrainingRecord) -> ProgressDecision
  ) throws -> TrainingResult<Scalar> {
    if let reason = earlyStop ?? epochLimit { return TrainingResult(stopReason: reason, checkpoint: checkpoint) }
    while true {
      let factor = try step()
      var decision = ProgressDecision.proceed
      let isEndOfEpoch = position.stepOfEpoch == stepsOfEpoch
      if isEndOfEpoch { decision = progress(try endEpoch(factor)) }
      if let checkpointing {
        let isDue = trainer.checkpointInterval.map { position.steps % $0 == 0 } ?? isEndOfEpoch
        if isDue { try checkpointing(checkpoint) }
      }
      if let reason = stopReason(decision) { return TrainingResult(stopReason: reason, checkpoint: checkpoint) }
    }
  }

  /// One step, which returns what the learning rate was multiplied by.
  private mutating func step() throws -> Double {
    let start = position.stepOfEpoch * setup.batchSize
    let batch = start..<min(start + setup.batchSize, training.count)
    let value = try evaluate(batch)
    if position.steps == 0 { try requireFinite(value) }
    let factor = trainer.schedule.factor(at: position.steps) * (position.plateau?.currentFactor ?? 1)
    let outcome = try optimizer.update(
      &parameters, gradient: gradient, learningRateFactor: factor, threads: trainer.threads)
    position.steps += 1
    position.stepOfEpoch += 1
    if outcome.isSkipped {
      position.skippedSteps += 1
    } else {
      let weight = Double(batch.count) / Double(setup.batchSize)
      position.weightedValues += weight * value
      position.weights += weight
    }
    return factor
  }

  /// The value of a batch, after which `gradient` has its gradient.
  private mutating func evaluate(_ batch: Range<Int>) throws -> Double {
    // Second names that end with this call: the step that follows finds one name for each array, and copies none.
    let (objective, parameters, order) = (objective, parameters, order)
    var span = gradient.mutableSpan
    return try objective.valueAndGradient(
      at: parameters.span, samples: order.span.extracting(batch), gradient: &span)
  }

  private mutating func endEpoch(_ factor: Double) throws -> TrainingRecord {
    let validationValue =
      validation.isEmpty ? nil : try objective.value(at: parameters.span, samples: validation.span)
    let record = TrainingRecord(
      epoch: position.epoch + 1, steps: position.steps, value: position.value, validationValue: validationValue,
      learningRateFactor: factor, skippedSteps: position.skippedSteps, duration: duration)
    position.history.append(record)
    position.epoch += 1
    position.stepOfEpoch = 0
    position.skippedSteps = 0
    position.weightedValues = 0
    position.weights = 0
    position.plateau?.record(record.watchedValue)
    try watch(record)
    makeOrder()
    return record
  }

  /// Keeps the parameters if the epoch is the best one so far.
  ///
  /// The values of the batches are of the parameters before each step, and say nothing of where the last one led to.
  private mutating func watch(_ record: TrainingRecord) throws {
    guard let earlyStopping = trainer.earlyStopping else { return }
    let value = try record.validationValue ?? objective.value(at: parameters.span, samples: training.span)
    let isImprovement = earlyStopping.isImprovement(value, over: position.best?.value, maximizes: setup.maximizes)
    guard isImprovement else {
      position.epochsWithoutImprovement += 1
      return
    }
    position.best = TrainingPosition.BestEpoch(epoch: record.epoch, value: value)
    position.epochsWithoutImprovement = 0
    // Element by element: two names of one array would make the next step copy it.
    for index in parameters.indices { best[index] = parameters[index] }
  }

  /// The order of the samples in the epoch that follows, or has begun.
  private mutating func makeOrder() {
    guard setup.batchSize < training.count else { return }
    SampleOrder.write(training, ofEpoch: position.epoch, seed: setup.seed, to: &order)
  }

  private func requireFinite(_ value: Double) throws(OptimizerError) {
    var norm = 0.0
    for range in optimizer.layout.ranges where !range.isFrozen {
      for index in range.range where !(gradient[index]._double.magnitude <= norm) && !norm.isNaN {
        norm = gradient[index]._double.magnitude
      }
    }
    guard value.isFinite, norm.isFinite else {
      throw .notFiniteAtStart(value: value, gradientNorm: norm)
    }
  }

  private func stopReason(_ decision: ProgressDecision) -> StopReason? {
    if let earlyStop { return earlyStop }
    if decision == .stop { return .stoppedByProgress }
    if Task.isCancelled { return .taskCancelled }
    if let deadline = trainer.deadline, clock.now - start >= deadline { return .deadlineReached }
    return epochLimit
  }

  private var earlyStop: StopReason? {
    guard let earlyStopping = trainer.earlyStopping, position.stepOfEpoch == 0 else { return nil }
    return position.epochsWithoutImprovement >= earlyStopping.patience ? .earlyStopping : nil
  }

  private var epochLimit: StopReason? { position.epoch >= trainer.epochs ? .epochLimit : nil }

  private var stepsOfEpoch: Int { (training.count - 1) / setup.batchSize + 1 }

  private var duration: Duration { durationBefore + (clock.now - start) }

  private var checkpoint: TrainingCheckpoint<Scalar> {
    TrainingCheckpoint(
      setup: setup, parameters: parameters, optimizerState: optimizer.state,
      bestParameters: position.best == nil ? nil : best, duration: duration, position: position)
  }
}
