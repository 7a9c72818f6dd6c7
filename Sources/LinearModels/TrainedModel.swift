public import Losses
public import Optimizers

/// A model that was trained with an update rule, and how that went.
public struct TrainedModel<Model: Hashable & Sendable>: Hashable, Sendable {
  /// The model, with value and gradient of all rows at it. An iteration is an epoch; there are no records of them here.
  public let fit: LinearFit<Model>

  /// The records of the epochs and a checkpoint to resume from, in the coordinates of the scaled columns.
  public let training: TrainingResult<Double>
}

extension LinearModel {
  /// Trains a linear model: minimises what ``fit(loss:features:targets:weights:columnNames:options:progress:)`` does, a few
  /// rows at a time, with an update rule, from the best constant and on scaled columns, in whose coordinates the weight decay of
  /// the rule acts, never on the intercept. Rows that are held back have a part in the scales and in the constant. Kinks of the
  /// loss are no obstacle: the gradient there is the midpoint.
  ///
  /// Penalties with kinks are no obstacle either, with the rules `sgd` and `nesterov`; those that are not convex, such as
  /// `mcp`, want `sgd` without momentum. After each step the proximal operator of what is not differentiable in a sum is
  /// applied to the coefficients, so that they can become exactly 0. All values include the penalty. Penalties with kinks
  /// other than `l1`, `elasticNet` and `laplacePrior` have no proximal operator where the scales of the columns differ: these
  /// are then all the same, times the deviations where the options standardize.
  ///
  /// - Parameters:
  ///   - loss: Any pointwise loss.
  ///   - features: `n × p` finite numbers.
  ///   - targets: n finite numbers that the loss allows.
  ///   - weights: n finite numbers, not negative; see ``BatchObjective``.
  ///   - columnNames: p names to keep in the model.
  ///   - options: Penalty (what has kinks in it needs a proximal operator; see ``Losses/Penalty``), intercept, scaling, threads
  ///     of an evaluation; tolerance and limits have no meaning here.
  ///   - trainer: Rule, schedule, batches, epochs; its options have no penalty.
  ///   - checkpoint: Where to go on.
  ///   - checkpointing: Called with checkpoints.
  ///   - progress: Called once per epoch.
  /// - Throws: What ``Optimizers/Trainer`` throws, and ``Losses/LossError`` for data, options or a penalty that are not allowed.
  /// - Complexity: O(n p) per epoch.
  public static func train<L: PointwiseLoss, S: LossScalar>(
    loss: L, features: FeatureMatrix<S>, targets: [S], weights: [S]? = nil, columnNames: [String]? = nil,
    options: FitOptions = FitOptions(), trainer: Trainer, resuming checkpoint: TrainingCheckpoint<Double>? = nil,
    checkpointing: ((TrainingCheckpoint<Double>) throws -> Void)? = nil,
    progress: (TrainingRecord) -> ProgressDecision = { _ in .proceed }
  ) throws -> TrainedModel<LinearModel> {
    let penalty = PenaltyParts(splitting: options.penalty)
    try trainer.check(penalty: penalty.kinked)
    let (fit, training) = try fit(
      loss, features, targets, weights, columnNames, options, penalty,
      usesCurvature: PiecewiseLinearForm(loss) == nil
    ) { objective, baseline, kinked in
      try trainer.minimum(
        of: objective, kinked, named: penalty.kinked, coefficientCount: features.columnCount,
        from: constant(baseline, of: objective), resuming: checkpoint, checkpointing: checkpointing, progress: progress)
    }
    return TrainedModel(fit: fit, training: training)
  }
}

extension CategoricalModel {
  /// Trains a linear model of K classes: minimises what
  /// ``fit(loss:features:targets:classCount:weights:classOptions:columnNames:options:progress:)`` does, a few rows at a time;
  /// see ``LinearModel/train(loss:features:targets:weights:columnNames:options:trainer:resuming:checkpointing:progress:)``.
  public static func train<S: LossScalar, Label: ClassIndex>(
    loss: CategoricalLoss, features: FeatureMatrix<S>, targets: [Label], classCount: Int, weights: [S]? = nil,
    classOptions: ClassOptions = ClassOptions(), columnNames: [String]? = nil, options: FitOptions = FitOptions(),
    trainer: Trainer, resuming checkpoint: TrainingCheckpoint<Double>? = nil,
    checkpointing: ((TrainingCheckpoint<Double>) throws -> Void)? = nil,
    progress: (TrainingRecord) -> ProgressDecision = { _ in .proceed }
  ) throws -> TrainedModel<CategoricalModel> {
    let penalty = PenaltyParts(splitting: options.penalty)
    try trainer.check(penalty: penalty.kinked)
    let (fit, training) = try fit(
      loss, features, targets, classCount, weights, classOptions, columnNames, options, penalty
    ) { objective, kinked in
      try trainer.minimum(
        of: objective, kinked, named: penalty.kinked, coefficientCount: classCount * features.columnCount,
        from: [Double](repeating: 0, count: objective.parameterCount), resuming: checkpoint,
        checkpointing: checkpointing, progress: progress)
    }
    return TrainedModel(fit: fit, training: training)
  }
}

extension Trainer {
  /// Trains the objective of all rows plus a penalty with kinks of the first parameters, the coefficients; the others, the
  /// intercepts, are never held back. The fingerprint has `name`, what the penalty is in the coordinates of the caller.
  fileprivate func minimum(
    of objective: some RowObjective, _ kinked: Penalty?, named name: Penalty?, coefficientCount: Int,
    from start: [Double], resuming checkpoint: TrainingCheckpoint<Double>?,
    checkpointing: ((TrainingCheckpoint<Double>) throws -> Void)?, progress: (TrainingRecord) -> ProgressDecision
  ) throws -> (FitMinimum, TrainingResult<Double>) {
    var trainer = self
    trainer.options.penalty = kinked
    let samples = KinkedSamples(
      smooth: BatchObjective(objective), kinked: kinked, coefficientCount: coefficientCount, name: name?.description)
    let result = try trainer.train(
      samples, from: start,
      layout: ParameterLayout([
        ParameterRange(name: "coefficients", range: 0..<coefficientCount),
        ParameterRange(
          name: "intercepts", range: coefficientCount..<start.count, weightDecayFactor: 0, isPenalized: false),
      ]), resuming: checkpoint, checkpointing: checkpointing, progress: progress)
    return (try FitMinimum(result, objective, kinked, coefficientCount: coefficientCount), result)
  }
}

extension FitMinimum {
  /// Where training ended, with the gradient of all rows there; for coefficients with a penalty that has kinks `w − p`, where
  /// `p` is the proximal point after a step of length 1 against the gradient `g`. Without a penalty that is `g`, too.
  fileprivate init(
    _ result: TrainingResult<Double>, _ objective: some Objective, _ kinked: Penalty?, coefficientCount: Int
  ) throws {
    let parameters = result.parameters
    var gradient = parameters
    var output = gradient.mutableSpan
    _ = try objective.valueAndGradient(at: parameters.span, gradient: &output)
    self.init(
      parameters: parameters, gradientNorm: 0, gap: nil, stopReason: result.stopReason,
      iterations: result.history.count, history: [])
    if let kinked {
      let coefficients = 0..<coefficientCount
      let reached = try kinked.proximal(at: coefficients.map { parameters[$0] - gradient[$0] }, step: 1)
      for index in coefficients { gradient[index] = parameters[index] - reached[index] }
      penalty = try kinked.value(at: Array(parameters[coefficients]))
    }
    gradientNorm = gradient.map(abs).max() ?? 0
  }
}
