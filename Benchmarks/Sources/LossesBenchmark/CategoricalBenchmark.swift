import Foundation
import Losses

/// Value and gradient of the softmax cross-entropy with class indices against a plain copy of the logits.
struct CategoricalBenchmark {
  /// Rows × classes: few classes, rows that fit in the L1 cache, a vocabulary.
  static let shapes = [(65536, 10), (8192, 1000), (1024, 50257)]

  let sampler: Sampler
  let threads: [ThreadCount]

  /// Checks, then measures; `report` gets each row as soon as it is there.
  func run(rows: Int, classes: Int, report: (Measurement) -> Void) throws {
    let data = CategoricalData(rows: rows, classes: classes)
    for threads in threads {
      try data.checkLibrary(threads: threads.limit)
      let loops = RooflineLoop.loops([.plain, .streaming], team: threads.team)
      let times = try sampler.time(
        { calls in try data.evaluate(threads: threads.limit, calls: calls) }, beside: loops,
        running: { loop, calls in data.run(loop, calls: calls) })
      report(
        Measurement(
          benchmark: "crossEntropy", scalar: "float", size: "\(rows) × \(classes)", elements: rows * classes,
          bytes: 2 * rows * classes * MemoryLayout<Float>.stride, threads: threads.requested, call: times.call,
          loops: times.loops))
    }
  }
}

/// The arrays of one categorical measurement.
final class CategoricalData {
  private let rows: Int
  private let classes: Int
  private let logits: [Float]
  private let labels: [Int32]
  private var gradient: [Float]
  private var value = 0.0

  init(rows: Int, classes: Int) {
    var generator = SplitMix64(seed: 4)
    self.rows = rows
    self.classes = classes
    logits = (0..<rows * classes).map { _ in Float(generator.uniform(from: -4, to: 4)) }
    labels = (0..<rows).map { _ in Int32(generator.next() % UInt64(classes)) }
    gradient = [Float](repeating: 0, count: rows * classes)
  }

  /// The library: value and gradient into memory of the caller.
  func evaluate(threads: ThreadLimit, calls: Int) throws(LossError) {
    // A span needs a local variable to belong to. The gradient is moved there and back, not copied.
    let (logits, labels) = (logits, labels)
    var gradient: [Float] = []
    swap(&gradient, &self.gradient)
    defer { swap(&gradient, &self.gradient) }
    let predictions = try MatrixView(logits.span, rowCount: rows, columnCount: classes)
    var output = try MutableMatrixView(gradient.mutableSpan, rowCount: rows, columnCount: classes)
    for _ in 0..<calls {
      value = try CategoricalLoss.crossEntropy().valueAndGradient(
        predictions: predictions, targets: labels.span, threads: threads, gradient: &output)
    }
  }

  /// The roofline: reads the logits and writes as much. The second operand is the first one, which the cache has.
  func run(_ loop: RooflineLoop, calls: Int) {
    logits.withUnsafeBytes { logits in
      gradient.withUnsafeMutableBytes { gradient in
        for _ in 0..<calls { loop.combine(logits, logits, gradient) }
      }
    }
  }

  /// Throws unless the library gives the value of a plain sum in `Double`, and its gradient, element by element.
  func checkLibrary(threads: ThreadLimit) throws {
    for i in gradient.indices { gradient[i] = .nan }
    try evaluate(threads: threads, calls: 1)
    var sum = 0.0
    for i in 0..<rows {
      let row = logits[i * classes..<(i + 1) * classes].map(Double.init)
      let exponentials = row.map { exp($0) }
      let total = exponentials.reduce(0, +)
      sum += log(total) - row[Int(labels[i])]
      for k in 0..<classes {
        let expected = exponentials[k] / total - (k == Int(labels[i]) ? 1 : 0)
        let slope = Double(gradient[i * classes + k]) * Double(rows)
        guard abs(slope - expected) <= 1e-5 * abs(expected) else {
          throw BenchmarkError.wrongResult(of: "crossEntropy: gradient[\(i), \(k)]", value: slope, expected: expected)
        }
      }
    }
    try requireClose("crossEntropy: value", value, sum / Double(rows), tolerance: 1e-5)
  }
}
