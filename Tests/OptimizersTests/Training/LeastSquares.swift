import Losses
import Optimizers

/// `(xᵢ·w − yᵢ)²` over samples whose features are the signs of Walsh functions: each is orthogonal to the others over all
/// samples, so that the least-squares solution is `Σ yᵢxᵢ/n`, and the Hessian of the mean twice the identity.
struct LeastSquares<Scalar: LossScalar & BinaryFloatingPoint>: SampleObjective, Sendable {
  let parameterCount: Int
  let sampleCount: Int
  let targets: [Scalar]

  /// `sampleCount` is a power of two above `parameterCount` for the orthogonality to hold.
  init(sampleCount: Int = 64, parameterCount: Int = 4, noise: Double = 0.25) {
    self.parameterCount = parameterCount
    self.sampleCount = sampleCount
    targets = (0..<sampleCount).map { i in
      let line = (0..<parameterCount).reduce(0.0) { $0 + Double($1 + 1) * Self.feature(i, $1) }
      return Scalar(line + noise * Double((i * 37) % 11 - 5))
    }
  }

  private static func feature(_ sample: Int, _ column: Int) -> Double {
    ((sample & column).nonzeroBitCount & 1) == 0 ? 1 : -1
  }

  var start: [Scalar] { [Scalar](repeating: 0, count: parameterCount) }

  /// Where the mean over all samples is least.
  var solution: [Double] {
    (0..<parameterCount).map { column in
      var sum = 0.0
      for i in 0..<sampleCount { sum += Double(targets[i]) * Self.feature(i, column) }
      return sum / Double(sampleCount)
    }
  }

  func valueAndGradient(
    at parameters: Span<Scalar>, samples: Span<Int>, gradient: inout MutableSpan<Scalar>
  ) -> Double {
    for j in gradient.indices { gradient[j] = 0 }
    var value = 0.0
    for k in samples.indices {
      let error = residual(at: parameters, sample: samples[k])
      value += Double(error) * Double(error)
      for j in gradient.indices {
        gradient[j] += 2 * error * Scalar(Self.feature(samples[k], j)) / Scalar(samples.count)
      }
    }
    return value / Double(samples.count)
  }

  func value(at parameters: Span<Scalar>, samples: Span<Int>) -> Double {
    var value = 0.0
    for k in samples.indices {
      let error = Double(residual(at: parameters, sample: samples[k]))
      value += error * error
    }
    return value / Double(samples.count)
  }

  /// The mean over all samples.
  func value(at parameters: [Scalar]) -> Double { value(at: parameters.span, samples: Array(0..<sampleCount).span) }

  private func residual(at parameters: Span<Scalar>, sample: Int) -> Scalar {
    var error = -targets[sample]
    for j in parameters.indices { error += parameters[j] * Scalar(Self.feature(sample, j)) }
    return error
  }
}

/// What a trainer asks an objective for, in order.
final class SampleRecorder<Base: SampleObjective>: SampleObjective {
  let base: Base
  private(set) var batches: [[Int]] = []
  private(set) var values: [Double] = []
  private(set) var validations: [[Int]] = []
  /// Called before each batch with the number of those before it.
  var onBatch: (Int) -> Void = { _ in }

  init(_ base: Base) { self.base = base }

  var parameterCount: Int { base.parameterCount }
  var sampleCount: Int { base.sampleCount }

  func valueAndGradient(
    at parameters: Span<Base.Scalar>, samples: Span<Int>, gradient: inout MutableSpan<Base.Scalar>
  ) throws -> Double {
    onBatch(batches.count)
    batches.append(samples.indices.map { samples[$0] })
    let value = try base.valueAndGradient(at: parameters, samples: samples, gradient: &gradient)
    values.append(value)
    return value
  }

  func value(at parameters: Span<Base.Scalar>, samples: Span<Int>) throws -> Double {
    validations.append(samples.indices.map { samples[$0] })
    return try base.value(at: parameters, samples: samples)
  }
}
