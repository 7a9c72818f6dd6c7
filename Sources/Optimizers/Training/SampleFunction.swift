public import Losses

/// The mean over samples that a closure computes.
///
/// ```swift
/// let line = SampleFunction<Double>(parameterCount: 1, sampleCount: x.count) { w, samples, gradient in
///   var value = 0.0
///   gradient[0] = 0
///   for k in samples.indices {
///     let i = samples[k]
///     let error = w[0] * x[i] - y[i]
///     value += error * error / Double(samples.count)
///     gradient[0] += 2 * error * x[i] / Double(samples.count)
///   }
///   return value
/// }
/// let result = try Trainer(.sgd(learningRate: 0.1), batchSize: 32).train(line, from: [0])
/// ```
public struct SampleFunction<Scalar: LossScalar>: SampleObjective {
  /// The number of parameters.
  public let parameterCount: Int

  /// The number of samples.
  public let sampleCount: Int

  private let function: (Span<Scalar>, Span<Int>, inout MutableSpan<Scalar>) throws -> Double

  /// Creates an objective of so many parameters and samples.
  ///
  /// - Parameters:
  ///   - parameterCount: The number of parameters.
  ///   - sampleCount: The number of samples.
  ///   - function: Returns the mean at its first argument over the samples whose numbers its second one has, and assigns
  ///     every element of the gradient, its third.
  public init(
    parameterCount: Int, sampleCount: Int,
    _ function: @escaping (Span<Scalar>, Span<Int>, inout MutableSpan<Scalar>) throws -> Double
  ) {
    self.parameterCount = parameterCount
    self.sampleCount = sampleCount
    self.function = function
  }

  /// Calls the closure.
  public func valueAndGradient(
    at parameters: Span<Scalar>, samples: Span<Int>, gradient: inout MutableSpan<Scalar>
  ) throws -> Double {
    try function(parameters, samples, &gradient)
  }
}
