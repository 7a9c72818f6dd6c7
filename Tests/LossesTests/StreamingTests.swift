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

/// The kernels take a sum of losses.
@Suite struct TermTests {
  @Test(arguments: [lk_isa_baseline, lk_isa_best]) func sumOfTermsIsTheSumOfItsParts(isa: lk_isa) {
    let n = 1000
    var random = SplitMix64(seed: 2)
    let predictions = (0..<n).map { _ in Double.random(in: -3...3, using: &random) }
    let targets = (0..<n).map { _ in Double.random(in: -3...3, using: &random) }
    func evaluate(_ terms: [lk_term]) -> (value: Double, gradient: [Double], curvature: [Double]) {
      var gradient = [Double](repeating: .nan, count: n)
      var curvature = gradient
      var result = lk_result()
      let status = terms.withUnsafeBufferPointer { terms in
        predictions.withUnsafeBufferPointer { predictions in
          targets.withUnsafeBufferPointer { targets in
            gradient.withUnsafeMutableBufferPointer { gradient in
              curvature.withUnsafeMutableBufferPointer { curvature in
                var call = lk_call()
                call.terms = terms.baseAddress
                call.term_count = Int64(terms.count)
                call.scalar = lk_scalar_double
                call.count = Int64(n)
                call.predictions = UnsafeRawPointer(predictions.baseAddress)
                call.targets = UnsafeRawPointer(targets.baseAddress)
                call.gradient = UnsafeMutableRawPointer(gradient.baseAddress)
                call.curvature = UnsafeMutableRawPointer(curvature.baseAddress)
                call.scale = 1
                call.isa = isa
                return lk_pointwise(&call, &result)
              }
            }
          }
        }
      }
      #expect(status == lk_ok)
      return (result.value, gradient, curvature)
    }
    let first = lk_term(loss: lk_loss_squared_error, coefficient: 0.75, parameters: (0, 0, 0, 0))
    let second = lk_term(loss: lk_loss_huber, coefficient: -2, parameters: (0.5, 0, 0, 0))
    let sum = evaluate([first, second])
    let (a, b) = (evaluate([first]), evaluate([second]))
    #expect(abs(sum.value - (a.value + b.value)) <= 1e-12 * (abs(a.value) + abs(b.value)))
    for i in 0..<n {
      #expect(sum.gradient[i] == a.gradient[i] + b.gradient[i])
      #expect(sum.curvature[i] == a.curvature[i] + b.curvature[i])
    }
  }
}
