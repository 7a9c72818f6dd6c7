import LinearModels
import Losses

/// The objective of a logistic regression against a plain read of its features.
struct LinearBenchmark<S: BenchmarkScalar> {
  let sampler: Sampler
  let threads: [ThreadCount]

  /// Checks, then measures; `report` gets each row as soon as it is there.
  func run(rows: Int, columns: Int, report: (Measurement) -> Void) throws {
    let data = try LinearData<S>(rows: rows, columns: columns)
    for threads in threads {
      let objective = try data.objective(threads: threads.limit)
      try data.check(objective)
      let loops = RooflineLoop.loops([.read], team: threads.team)
      for loop in loops { try data.check(loop) }
      let times = try sampler.time(
        { calls in try evaluate(objective, at: data.parameters, calls: calls) }, beside: loops,
        running: { loop, calls in data.read(loop, calls: calls) })
      report(
        Measurement(
          benchmark: "linear logistic", scalar: S.name, size: "\(rows) × \(columns)", elements: rows * columns,
          bytes: data.bytes, threads: threads.requested, call: times.call, loops: times.loops))
    }
  }

  private func evaluate(
    _ objective: LinearObjective<BinaryLoss, S>, at parameters: [Double], calls: Int
  ) throws(LossError) {
    var gradient = [Double](repeating: 0, count: parameters.count)
    var output = gradient.mutableSpan
    for _ in 0..<calls { _ = try objective.valueAndGradient(at: parameters.span, gradient: &output) }
  }
}
