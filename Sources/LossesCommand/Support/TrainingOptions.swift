import ArgumentParser
import Foundation
import Losses
import Optimizers

/// The options of `losses fit` that train with an update rule instead of looking for the minimum at once.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: """
      Train with an update rule, a few rows at a time: 'adamW(learningRate: 0.01)', 'sgd(learningRate: 0.1, momentum: \
      0.9)'; 'losses list --optimizers' shows all. The options below go with it.
      """)
  var optimizer: String?

  @Option(
    help: """
      What the learning rate is multiplied by, step by step: 'cosine(steps: 1000)'; 'losses list --schedules' shows all.
      """)
  var schedule: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many rows a step looks at; 'all' for batch gradient descent. (default: 32)", valueName: "n|all"))
  var batchSize: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many times all rows are looked at. (default: 100)", valueName: "n")
  )
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What the order of the rows is drawn from. (default: 0)", valueName: "n"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the rows to hold back for validation.", valueName: "fraction"))
  var validation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop after so many epochs without a better validation value, and keep the best model; with --validation.",
      valueName: "n"))
  var patience: Int?

  @Option(help: ArgumentHelp("Write a row for each epoch.", valueName: "out.csv"))
  var trace: String?

  @Option(
    help: ArgumentHelp(
      "Write checkpoints, the last one at the end; where the file exists, training goes on from it.", valueName: "file")
  )
  var checkpoint: String?

  /// The trainer; `nil` where no update rule is asked for.
  func trainer(threads: ThreadLimit) throws -> Trainer? {
    guard let optimizer else {
      let others: [(String, Bool)] = [
        ("--schedule", schedule != nil), ("--batch-size", batchSize != nil), ("--epochs", epochs != nil),
        ("--seed", seed != nil), ("--validation", validation != nil), ("--patience", patience != nil),
        ("--trace", trace != nil), ("--checkpoint", checkpoint != nil),
      ]
      if let (name, _) = others.first(where: \.1) {
        throw CommandFailure(.usage, "\(name) goes with --optimizer")
      }
      return nil
    }
    if patience != nil, validation == nil { throw CommandFailure(.usage, "--patience goes with --validation") }
    return Trainer(
      try FitCommand.optimizer(named: optimizer),
      schedule: try schedule.map { try FitCommand.schedule(named: $0) } ?? .constant(), batchSize: try batch,
      epochs: epochs ?? 100, seed: seed ?? 0, validationFraction: validation ?? 0,
      earlyStopping: patience.map { EarlyStopping(patience: $0) }, threads: threads)
  }

  private var batch: BatchSize {
    get throws {
      guard let batchSize, batchSize != "all" else { return batchSize == nil ? .count(32) : .all }
      guard let count = Int(batchSize), count >= 1 else {
        throw CommandFailure(.usage, "--batch-size is '\(batchSize)'; expected a whole number from 1, or 'all'")
      }
      return .count(count)
    }
  }

  /// The checkpoint to go on from, where its file exists.
  func resumed() throws -> TrainingCheckpoint<Double>? {
    guard let checkpoint, FileManager.default.fileExists(atPath: checkpoint) else { return nil }
    // A pipe has no end to read to.
    let path = URL(fileURLWithPath: checkpoint).resolvingSymlinksInPath().path
    guard (try? FileManager.default.attributesOfItem(atPath: path)[.type]) as? FileAttributeType == .typeRegular else {
      throw CommandFailure(.usage, "--checkpoint is '\(checkpoint)', which is not a file that can be gone on from")
    }
    do {
      return try TrainingCheckpoint(contentsOf: checkpoint)
    } catch let error as CheckpointError {
      throw CommandFailure(.data, "\(error)")
    }
  }

  /// What writes checkpoints: at most one a second, since they have all records so far.
  func saver() -> (TrainingCheckpoint<Double>) throws -> Void {
    var next = ContinuousClock.now
    return { state in
      guard checkpoint != nil, ContinuousClock.now >= next else { return }
      try save(state)
      next = .now + .seconds(1)
    }
  }

  func save(_ state: TrainingCheckpoint<Double>) throws {
    guard let checkpoint else { return }
    do {
      try state.write(to: checkpoint)
    } catch let error as CheckpointError {
      throw CommandFailure(.cannotCreate, "\(error)")
    }
  }

  /// What else to do where training diverged: parameters that were on their way to infinity may have been saved.
  var afterDivergence: String {
    guard let checkpoint, FileManager.default.fileExists(atPath: checkpoint) else { return "" }
    return ", and remove the checkpoint '\(checkpoint)', from which the next training would go on"
  }

  /// A row for each epoch.
  static func trace(of history: [TrainingRecord]) -> String {
    let rows = history.map { record in
      [
        "\(record.epoch)", "\(record.steps)", NumberText.exact(record.value),
        record.validationValue.map(NumberText.exact) ?? "",
        "\(record.learningRateFactor)", "\(record.skippedSteps)", "\(record.duration / .seconds(1))",
      ].joined(separator: ",")
    }
    return (["epoch,steps,value,validation,learningRateFactor,skipped,seconds"] + rows)
      .joined(separator: "\n") + "\n"
  }
}
