import Charts
import LinearModels
import Optimizers

/// A loss with the data of a fit: what `losses fit` fits or trains, and then describes.
protocol FitProblem {
  associatedtype Scalar: FileScalar
  associatedtype Model: Encodable & Hashable & Sendable

  var data: FitData<Scalar> { get }

  /// The model with the least value.
  func fit(
    options: FitOptions, progress: (FitRecord) -> ProgressDecision
  ) throws -> LinearFit<Model>

  /// A model that an update rule has trained.
  func train(
    options: FitOptions, trainer: Trainer, resuming checkpoint: TrainingCheckpoint<Double>?,
    checkpointing: @escaping (TrainingCheckpoint<Double>) throws -> Void,
    progress: (TrainingRecord) -> ProgressDecision
  ) throws -> TrainedModel<Model>

  /// What a report says and a picture shows of a model.
  func summary(
    of fit: LinearFit<Model>, training: TrainingSummary?, hasIntercept: Bool
  ) throws -> ModelSummary
}

/// What a report says and a picture shows of a model.
struct ModelSummary {
  var loss: String
  var columnCount: Int
  /// The coefficients, all columns but the first of numbers; without rows where there are none, or more than a terminal shows.
  var table: (titles: [String], rows: [[String]])
  /// What there is to say beside the value.
  var facts: [(String, String?)]
  /// The coefficients and what else there is to say, for a program.
  var members: [(key: String, value: JSONValue)]
  var figure: () throws -> Figure
}
