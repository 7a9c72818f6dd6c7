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
  /// the rule acts, never on the intercept. Rows that are held back have a part in the scales and in the constant. Kinks of the loss are no obstacle: the
  /// gradient there is the midpoint.
  ///
  /// - Parameters:
  ///   - loss: Any pointwise loss.
  ///   - features: `n × p` finite numbers.
  ///   - targets: n finite numbers that the loss allows.
  ///   - weights: n finite numbers, not negative; see ``BatchObjective``.
  ///   - columnNames: p names to keep in the model.
  ///   - options: Penalty (differentiable), intercept, scaling, threads of an evaluation; tolerance and limits have no
  ///     meaning here.
  ///   - trainer: Rule, schedule, batches, epochs.
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
    let (fit, training) = try fit(
      loss, features, targets, weights, columnNames, options, usesCurvature: PiecewiseLinearForm(loss) == nil
    ) { objective, baseline in
      let result = try trainer.train(
        BatchObjective(objective), from: constant(baseline, of: objective),
        layout: layout(coefficients: features.columnCount, intercepts: options.intercept ? 1 : 0), resuming: checkpoint,
        checkpointing: checkpointing, progress: progress)
      return (try FitMinimum(result, objective), result)
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
    let (fit, training) = try fit(loss, features, targets, classCount, weights, classOptions, columnNames, options) {
      objective in
      let result = try trainer.train(
        BatchObjective(objective), from: [Double](repeating: 0, count: objective.parameterCount),
        layout: layout(
          coefficients: classCount * features.columnCount, intercepts: options.intercept ? classCount : 0),
        resuming: checkpoint, checkpointing: checkpointing, progress: progress)
      return (try FitMinimum(result, objective), result)
    }
    return TrainedModel(fit: fit, training: training)
  }
}

extension FitMinimum {
  /// Where training ended, with the gradient of all rows there.
  fileprivate init(_ result: TrainingResult<Double>, _ objective: some Objective) throws {
    var gradient = result.parameters
    var output = gradient.mutableSpan
    _ = try objective.valueAndGradient(at: result.parameters.span, gradient: &output)
    self.init(
      parameters: result.parameters, gradientNorm: gradient.map(abs).max() ?? 0, gap: nil,
      stopReason: result.stopReason, iterations: result.history.count, history: [])
  }
}

/// The intercepts are never held back.
private func layout(coefficients: Int, intercepts: Int) throws(LossError) -> ParameterLayout {
  try ParameterLayout([
    ParameterRange(name: "coefficients", range: 0..<coefficients),
    ParameterRange(
      name: "intercepts", range: coefficients..<coefficients + intercepts, weightDecayFactor: 0, isPenalized: false),
  ])
}
