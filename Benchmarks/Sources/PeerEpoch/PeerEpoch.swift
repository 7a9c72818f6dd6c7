import ArgumentParser
import Foundation
import LinearModels
import Losses
import Optimizers

/// Trains a logistic regression for one epoch whenever a line asks for it: what `Peers/epoch.py` times beside other
/// systems.
///
/// A line on standard input names a way and its learning rate; the answer is a line with the coefficients and the intercept.
@main
struct PeerEpoch: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "peer-epoch")

  /// The ways to train. Both are calls of the public API, on one thread.
  enum Way: String {
    /// The steps alone: `Trainer` over batches of the objective.
    case trainer

    /// The whole of `LinearModel.train`: the scales of the columns, the steps, value and gradient of all rows at the end.
    case model
  }

  @Argument(help: "A file with the features row by row, as 32-bit floating-point numbers and nothing else.")
  var features: String

  @Argument(help: "A file with the targets, likewise.")
  var targets: String

  @Option(help: "How many samples a step looks at.")
  var batch = 64

  func run() throws {
    let (elements, targets) = (try numbers(in: features), try numbers(in: targets))
    let columns = targets.isEmpty ? 0 : elements.count / targets.count
    let features = try FeatureMatrix(elements, rowCount: targets.count, columnCount: columns)
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 2, let way = Way(rawValue: String(words[0])), let rate = Double(words[1]) else {
        throw ValidationError("'\(line)' is not a way to train and a learning rate.")
      }
      let trainer = Trainer(.sgd(learningRate: rate), batchSize: .count(batch), epochs: 1, threads: 1)
      let parameters = try train(way, trainer, features, targets)
      let answer = parameters.map { "\($0)" }.joined(separator: " ")
      FileHandle.standardOutput.write(Data((answer + "\n").utf8))
    }
  }

  private func train(
    _ way: Way, _ trainer: Trainer, _ features: FeatureMatrix<Float>, _ targets: [Float]
  ) throws -> [Double] {
    switch way {
    case .trainer:
      let objective = try LinearObjective(
        loss: BinaryLoss.logistic(), features: features, targets: targets, threads: 1)
      let start = [Double](repeating: 0, count: objective.parameterCount)
      return try trainer.train(BatchObjective(objective), from: start).parameters
    case .model:
      let model = try LinearModel.train(
        loss: BinaryLoss.logistic(), features: features, targets: targets, options: FitOptions(threads: 1),
        trainer: trainer
      ).fit.model
      return model.coefficients + [model.intercept]
    }
  }

  private func numbers(in path: String) throws -> [Float] {
    let bytes = try Data(contentsOf: URL(filePath: path))
    return [Float](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Float>.stride) { buffer, count in
      count = bytes.copyBytes(to: buffer) / MemoryLayout<Float>.stride
    }
  }
}
