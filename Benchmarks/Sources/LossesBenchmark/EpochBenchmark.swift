import LinearModels
import Losses
import Optimizers

/// An epoch of mini-batch descent on a logistic regression against a plain read of its features.
struct EpochBenchmark {
  private static let batch = 64

  let sampler: Sampler
  let threads: [ThreadCount]

  /// Checks, then measures; `report` gets each row as soon as it is there.
  func run(rows: Int, columns: Int, report: (Measurement) -> Void) throws {
    let data = try LinearData<Float>(rows: rows, columns: columns)
    for threads in threads {
      let trainer = Trainer(
        .sgd(learningRate: 0.05), batchSize: .count(Self.batch), epochs: 1, threads: threads.limit)
      let objective = BatchObjective(try data.objective(threads: threads.limit))
      try check(trainer, objective, data)
      let loops = RooflineLoop.loops([.read], team: threads.team)
      let times = try sampler.time(
        { calls in for _ in 0..<calls { _ = try trainer.train(objective, from: data.parameters) } }, beside: loops,
        running: { loop, calls in data.read(loop, calls: calls) })
      report(
        Measurement(
          benchmark: "epoch logistic", scalar: Float.name, size: "\(rows) × \(columns)", elements: rows * columns,
          bytes: data.bytes, threads: threads.requested, call: times.call, loops: times.loops))
    }
  }

  /// Throws unless the epoch ends where the same one ends with sums in plain Swift.
  private func check(
    _ trainer: Trainer, _ objective: BatchObjective<LinearObjective<BinaryLoss, Float>>, _ data: LinearData<Float>
  ) throws {
    let reference = SampleFunction<Double>(
      parameterCount: objective.parameterCount, sampleCount: objective.sampleCount
    ) { parameters, samples, gradient in
      data.expectedValueAndGradient(of: samples, at: parameters, gradient: &gradient)
    }
    let result = try trainer.train(objective, from: data.parameters).parameters
    let expected = try trainer.train(reference, from: data.parameters).parameters
    for j in result.indices {
      try requireClose("epoch logistic: parameter \(j)", result[j], expected[j], tolerance: Float.tolerance)
    }
  }
}
