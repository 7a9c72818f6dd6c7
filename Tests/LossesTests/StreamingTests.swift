import CLossKernels
import Losses
import TestSupport
import Testing

/// Outputs larger than the last-level cache are written past it.
@Suite struct StreamingTests {
  /// More elements than the cache holds, if the cache is small enough to try.
  private static let count: Int? = {
    let cache = Int(lk_last_level_cache())
    guard cache <= 128 << 20 else { return nil }
    return cache / MemoryLayout<Float>.stride + 5000
  }()

  /// Every element is the one that a short call gives, wherever the output begins, and nothing beside it is touched.
  @Test(.enabled(if: count != nil), arguments: [0, 1, 5, 16], [RegressionLoss.huber(), .logCosh])
  func longOutputsAreThoseOfShortCalls(offset: Int, loss: RegressionLoss) throws {
    let n = try #require(Self.count)
    var random = SplitMix64(seed: 1)
    let pattern = (0..<8192).map { _ in Float.random(in: -3...3, using: &random) }
    let predictions = (0..<n).map { pattern[$0 & 8191] }
    let targets = [Float](repeating: 0.25, count: n)
    let short = try loss.gradient(
      predictions: pattern, targets: [Float](repeating: 0.25, count: 8192), reduction: .sum)
    var buffer = [Float](repeating: .infinity, count: n + 2 * offset + 1)
    try buffer.withUnsafeMutableBufferPointer { buffer in
      let part = UnsafeMutableBufferPointer(rebasing: buffer[offset..<offset + n])
      for threads: ThreadLimit in [1, 2] {
        var output = MutableSpan(_unsafeElements: part)
        let value = try loss.valueAndGradient(
          predictions: predictions.span, targets: targets.span, reduction: .sum, threads: threads,
          gradient: &output)
        #expect(try value == loss.value(predictions: predictions, targets: targets, reduction: .sum))
        var wrong = 0
        for i in 0..<n where part[i] != short[i & 8191] { wrong += 1 }
        #expect(wrong == 0)
      }
    }
    #expect(buffer.prefix(offset).allSatisfy { $0 == .infinity })
    #expect(buffer.suffix(offset + 1).allSatisfy { $0 == .infinity })
  }
}
