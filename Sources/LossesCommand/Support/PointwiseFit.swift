import LinearModels
import Losses
import Optimizers

/// A model of one number for each row.
struct PointwiseFit<L: PointwiseLoss, Scalar: FileScalar>: FitProblem {
  let loss: L
  let data: FitData<Scalar>

  init(loss: L, data: FitData<Scalar>) {
    self.loss = loss
    var data = data
    data.targets = labels(data.targets, weights: data.weights, for: loss)
    self.data = data
  }

  func fit(
    options: FitOptions, progress: (FitRecord) -> ProgressDecision
  ) throws -> LinearFit<LinearModel> {
    try LinearModel.fit(
      loss: loss, features: data.features, targets: data.targets, weights: data.weights,
      columnNames: data.columnNames, options: options, progress: progress)
  }

  func train(
    options: FitOptions, trainer: Trainer, resuming checkpoint: TrainingCheckpoint<Double>?,
    checkpointing: @escaping (TrainingCheckpoint<Double>) throws -> Void,
    progress: (TrainingRecord) -> ProgressDecision
  ) throws -> TrainedModel<LinearModel> {
    try LinearModel.train(
      loss: loss, features: data.features, targets: data.targets, weights: data.weights,
      columnNames: data.columnNames, options: options, trainer: trainer, resuming: checkpoint,
      checkpointing: checkpointing, progress: progress)
  }

  func summary(
    of fit: LinearFit<LinearModel>, training: TrainingSummary?, hasIntercept: Bool
  ) throws -> ModelSummary {
    let model = fit.model
    let names = (model.columnNames ?? []).map(\.onOneLine)
    let terms = (hasIntercept ? ["(intercept)"] : []) + names
    let numbers = NumberText.column((hasIntercept ? [model.intercept] : []) + model.coefficients)
    let coefficients = zip(model.columnNames ?? [], model.coefficients).map { ($0, JSONValue.number($1)) }
    return ModelSummary(
      loss: model.loss, columnCount: model.coefficients.count,
      table: (["term", "coefficient"], zip(terms, numbers).map { [$0, $1] }), facts: [],
      members: [("intercept", .number(model.intercept)), ("coefficients", .dictionary(coefficients))],
      figure: { try FitPlot(loss: loss, fit: fit, training: training, data: data).figure })
  }
}
