import Losses
import Optimizers

/// One step of an update rule over one size of parameters, for each number of threads.
struct UpdateBenchmark {
  /// With momentum, and the one that most train with.
  static let rules = [UpdateRule.sgd(momentum: 0.9), .adamW()]

  let sampler: Sampler
  let threads: [ThreadCount]

  /// Checks, then measures; `report` gets each row as soon as it is there.
  func run(_ rule: UpdateRule, count: Int, report: (Measurement) -> Void) throws {
    for threads in threads {
      // The gradient is taken as it is: to look for numbers that are not finite is a pass of its own.
      let data = try UpdateData(rule, count: count, options: UpdateOptions(skipsNonFiniteGradients: false))
      try data.check(threads: threads.limit)
      let loops = RooflineLoop.loops([.update], team: threads.team)
      let times = try sampler.time(
        { calls in try data.step(threads: threads.limit, calls: calls) }, beside: loops,
        running: { loop, calls in data.run(loop, calls: calls) })
      report(
        Measurement(
          benchmark: "update \(rule.name)", scalar: Float.name, size: "\(count)", elements: count,
          bytes: (3 + 2 * data.stateCount) * count * MemoryLayout<Float>.stride, threads: threads.requested,
          call: times.call, loops: times.loops))
    }
  }
}

/// The parameters, their gradient and the optimizer of one measurement; the loops have arrays of their own.
private final class UpdateData {
  let rule: UpdateRule
  let stateCount: Int
  private var optimizer: Optimizer<Float>
  private var parameters: [Float]
  private let gradient: [Float]
  private var first: [UInt32]
  private var second: [UInt32]
  private var words: [UInt32]

  init(_ rule: UpdateRule, count: Int, options: UpdateOptions) throws {
    self.rule = rule
    stateCount = if case .adamW = rule { 2 } else { 1 }
    optimizer = try Optimizer(rule, parameterCount: count, options: options)
    parameters = (0..<count).map { Float($0 % 17 - 8) / 8 }
    gradient = (0..<count).map { Float($0 % 13 - 6) / 64 }
    words = [UInt32](repeating: 1, count: count)
    first = words
    second = stateCount == 2 ? words : []
  }

  func step(threads: ThreadLimit, calls: Int) throws {
    let gradient = gradient
    for _ in 0..<calls { try optimizer.update(&parameters, gradient: gradient, threads: threads) }
  }

  func run(_ loop: RooflineLoop, calls: Int) {
    gradient.withUnsafeBytes { gradient in
      words.withUnsafeMutableBytes { words in
        first.withUnsafeMutableBytes { first in
          second.withUnsafeMutableBytes { second in
            for _ in 0..<calls { loop.update(words, gradient, first, second.isEmpty ? nil : second) }
          }
        }
      }
    }
  }

  /// The first step of the formula: both rules move against the gradient, AdamW by the learning rate.
  func check(threads: ThreadLimit) throws {
    let before = parameters
    try step(threads: threads, calls: 1)
    for i in parameters.indices {
      let (w, g) = (Double(before[i]), Double(gradient[i]))
      let expected =
        stateCount == 2 ? w * (1 - 1e-5) - (g == 0 ? 0 : 1e-3 * g / (abs(g) + 1e-8)) : w - 1e-3 * g
      guard abs(Double(parameters[i]) - expected) <= 1e-6 else {
        throw BenchmarkError.wrongResult(of: "\(rule)", value: Double(parameters[i]), expected: expected)
      }
    }
  }
}
