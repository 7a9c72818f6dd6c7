import Losses

/// The arrays of one pointwise measurement; kernel and roofline work on the same ones.
final class PointwiseData<L: BenchmarkLoss, S: BenchmarkScalar> {
  /// The data repeats itself from here on: far too late for any processor to notice, early enough to check every
  /// result of the largest size against the reference.
  static var period: Int { 1 << 20 }

  let loss: L
  let predictions: [S]
  let targets: [S]
  var gradient: [S]
  private(set) var value = 0.0

  var count: Int { predictions.count }

  init(_ loss: L, count: Int) {
    var generator = SplitMix64(seed: 1)
    let samples = (0..<min(count, Self.period)).map { _ in loss.sampleKind.sample(using: &generator) }
    func repeated(_ period: [S]) -> [S] {
      [S](unsafeUninitializedCapacity: count) { buffer, initialized in
        for start in stride(from: 0, to: count, by: period.count) {
          let part = buffer[start..<min(start + period.count, count)]
          _ = UnsafeMutableBufferPointer(rebasing: part).update(fromContentsOf: period.prefix(part.count))
        }
        initialized = count
      }
    }
    self.loss = loss
    predictions = repeated(samples.map { S.rounding($0.prediction) })
    targets = repeated(samples.map { S.rounding($0.target) })
    gradient = [S](repeating: 0, count: count)
  }

  /// The library: value and gradient into memory of the caller.
  func evaluate(threads: ThreadLimit, calls: Int) throws(LossError) {
    // A span needs a local variable to belong to. The gradient is moved there and back, not copied.
    let (predictions, targets) = (predictions, targets)
    var gradient: [S] = []
    swap(&gradient, &self.gradient)
    defer { swap(&gradient, &self.gradient) }
    var output = gradient.mutableSpan
    for _ in 0..<calls {
      value = try loss.valueAndGradient(
        predictions: predictions.span, targets: targets.span, threads: threads, gradient: &output)
    }
  }

  /// The roofline: the same reads and writes without the work.
  func run(_ loop: RooflineLoop, calls: Int) {
    predictions.withUnsafeBytes { predictions in
      targets.withUnsafeBytes { targets in
        gradient.withUnsafeMutableBytes { gradient in
          for _ in 0..<calls { loop.combine(predictions, targets, gradient) }
        }
      }
    }
  }

  /// Forgets earlier results, so that none of them can pass for a later one.
  func clear() {
    value = .nan
    for i in gradient.indices { gradient[i] = .nan }
  }
}
