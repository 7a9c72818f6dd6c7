import LinearModels
import Losses
import Optimizers

/// A model of several classes.
struct CategoricalFit<Scalar: FileScalar>: FitProblem {
  let loss: CategoricalLoss
  let data: FitData<Scalar>
  /// The class of each row. What a row of weight 0 holds does not matter.
  private let classes: [Int]

  /// Throws for a target that is no class.
  init(loss: CategoricalLoss, data: FitData<Scalar>) throws {
    self.loss = loss
    self.data = data
    classes = try Self.classes(of: data)
  }

  private var classCount: Int { (classes.max() ?? 0) + 1 }

  func fit(
    options: FitOptions, progress: (FitRecord) -> ProgressDecision
  ) throws -> LinearFit<CategoricalModel> {
    try CategoricalModel.fit(
      loss: loss, features: data.features, targets: classes, classCount: classCount, weights: data.weights,
      columnNames: data.columnNames, options: options, progress: progress)
  }

  func train(
    options: FitOptions, trainer: Trainer, resuming checkpoint: TrainingCheckpoint<Double>?,
    checkpointing: @escaping (TrainingCheckpoint<Double>) throws -> Void,
    progress: (TrainingRecord) -> ProgressDecision
  ) throws -> TrainedModel<CategoricalModel> {
    try CategoricalModel.train(
      loss: loss, features: data.features, targets: classes, classCount: classCount, weights: data.weights,
      columnNames: data.columnNames, options: options, trainer: trainer, resuming: checkpoint,
      checkpointing: checkpointing, progress: progress)
  }

  func summary(
    of fit: LinearFit<CategoricalModel>, training: TrainingSummary?, hasIntercept: Bool
  ) throws -> ModelSummary {
    let model = fit.model
    let names = model.columnNames ?? []
    let scores = try model.scores(for: data.features)
    // The share of the rows that count, by their weights, whose class has the greatest score.
    let accuracy = try CategoricalMetric.accuracy.value(
      predictions: scores, targets: classes, classCount: model.classCount, weights: data.weights?.map(\._double))
    return ModelSummary(
      loss: model.loss, columnCount: model.columnCount, table: table(of: model, hasIntercept: hasIntercept),
      facts: [("classes", "\(model.classCount)"), ("accuracy", NumberText.short(accuracy))],
      members: [
        ("classes", .integer(model.classCount)), ("intercepts", .array(model.intercepts.map(JSONValue.number))),
        (
          "coefficients",
          .array(model.coefficients.map { row in .dictionary(zip(names, row).map { ($0, .number($1)) }) })
        ), ("accuracy", .number(accuracy)),
      ],
      figure: {
        let (rows, width) = (data.activeRows, model.classCount)
        return ClassFitPlot(
          fit: fit, training: training, targetName: data.targetName, targets: rows.map { classes[$0] },
          scores: rows.flatMap { scores[$0 * width..<($0 + 1) * width] }
        ).figure
      })
  }

  /// Without rows where a terminal does not show as many: all are in the model file.
  private func table(of model: CategoricalModel, hasIntercept: Bool) -> (titles: [String], rows: [[String]]) {
    guard model.classCount <= 6, model.columnCount <= 40 else { return ([], []) }
    let columns = (0..<model.classCount).map { c in
      NumberText.column((hasIntercept ? [model.intercepts[c]] : []) + model.coefficients[c])
    }
    let terms = (hasIntercept ? ["(intercept)"] : []) + (model.columnNames ?? []).map(\.onOneLine)
    return (
      ["term"] + columns.indices.map { "class \($0)" },
      terms.indices.map { row in [terms[row]] + columns.map { $0[row] } }
    )
  }

  /// The greatest class says how many there are, so that one number that is no class, such as an identifier, would ask for
  /// more coefficients than there is memory.
  private static func classes(of data: FitData<Scalar>) throws -> [Int] {
    let place = data.places["targets"] ?? "targets"
    let rowCount = data.targets.count
    let limit = max(1000, 10 * rowCount)
    var classes = [Int](repeating: 0, count: rowCount)
    for row in data.activeRows {
      let label = try classIndex(data.targets[row]._double, at: row, in: place)
      guard (0..<limit).contains(label) else {
        throw CommandFailure(
          .data,
          "\(place): element \(row), counted from 0, is \(label); expected a class from 0 to \(limit - 1): number the"
            + " classes without great gaps, below 1000 or, if that is more, 10 times the number of rows")
      }
      classes[row] = label
    }
    return classes
  }
}
