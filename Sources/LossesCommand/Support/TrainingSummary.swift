import Charts
import LinearModels
import Losses
import Optimizers

/// What a report and a picture say about a training.
struct TrainingSummary {
  var trainer: Trainer
  var steps: Int
  var stopReason: StopReason
  var bestEpoch: Int?
  var history: [TrainingRecord]

  init(_ trainer: Trainer, _ result: TrainingResult<Double>) {
    self.trainer = trainer
    steps = result.steps
    stopReason = result.stopReason
    bestEpoch = result.bestEpoch
    history = result.history
  }

  private var batchSize: String {
    switch trainer.batchSize {
    case .all: "all"
    case .count(let count): "\(count)"
    }
  }

  /// The epoch of the model.
  private var own: TrainingRecord? { bestEpoch.map { history[$0 - 1] } ?? history.last }

  /// The lines of a report, in place of those about the convergence.
  var facts: [(String, String?)] {
    [
      ("optimizer", trainer.rule.description),
      ("schedule", trainer.schedule.description),
      ("batch size", batchSize),
      ("epochs", "\(history.count)"),
      ("steps", "\(steps)"),
      (
        "skipped steps",
        history.contains { $0.skippedSteps > 0 } ? "\(history.reduce(0) { $0 + $1.skippedSteps })" : nil
      ),
      ("training value", own.map { NumberText.short($0.value) }),
      ("validation value", own?.validationValue.map(NumberText.short)),
      ("best epoch", bestEpoch.map { "\($0)" }),
      ("reason", stopReason.description),
    ]
  }

  var json: JSONValue {
    .object([
      "optimizer": .string(trainer.rule.description), "schedule": .string(trainer.schedule.description),
      "batchSize": .string(batchSize), "epochs": .integer(history.count), "steps": .integer(steps),
      "value": (own?.value).map(JSONValue.number),
      "validationValue": (own?.validationValue).map(JSONValue.number),
      "bestEpoch": bestEpoch.map(JSONValue.integer),
    ])
  }

  /// How a title says that it ended.
  var end: String { "after " + NumberText.counted(history.count, "epoch") }

  /// The values against the epoch.
  var panel: Panel {
    var series = [
      Series("training", history.map { Series.Point(Double($0.epoch), $0.value) }, style: .markedLine)
    ]
    let validation = history.compactMap { record in
      record.validationValue.map { Series.Point(Double(record.epoch), $0) }
    }
    if !validation.isEmpty { series.append(Series("validation", validation, style: .markedLine)) }
    return Panel(
      title: "Training", x: Axis("epoch", scale: .integer), y: Axis("value"), series: series,
      references: bestEpoch.map { [.vertical(Double($0), "best epoch")] } ?? [])
  }
}
