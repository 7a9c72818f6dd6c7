import CLossKernels
public import Losses

/// Sharpness-aware minimization (Foret et al. 2021): the gradient of a step is that at the worst point within a radius,
/// `w + ρ g/‖g‖₂`, so that the run ends where the loss stays low around.
///
/// As Optax's `contrib.sam` with a normalised step uphill of length ρ, but for a gradient of 0, from which that makes NaN.
/// A step takes two gradients:
///
/// ```swift
/// var awareness = try SharpnessAwareness<Float>(radius: 0.05)
/// try awareness.climb(&weights, gradient: gradient)      // weights are those of the worst point
/// gradient = …                                           // at that point
/// try awareness.descend(&weights)                        // weights are what they were
/// try optimizer.update(&weights, gradient: gradient)
/// ```
public struct SharpnessAwareness<Scalar: LossScalar>: Hashable, Sendable {
  /// The radius ρ.
  public let radius: Double

  private var origin: [Scalar] = []

  /// Throws ``Losses/LossError`` for a radius that is not finite and above 0. The paper has 0.05.
  public init(radius: Double = 0.05) throws(LossError) {
    guard radius > 0, radius.isFinite else {
      throw .invalidArgument(
        argument: "radius", value: "\(radius)", expected: "a finite number greater than 0")
    }
    self.radius = radius
  }

  /// Moves the parameters to the worst point, as far as the gradient knows it. Where the gradient is 0, or so small that
  /// the radius cannot be divided by its norm, or not finite, they stay where they are.
  ///
  /// Returns the Euclidean norm of the gradient. Throws ``Losses/LossError`` for a gradient of another length, and where the
  /// parameters are at a worst point already. Takes O(n); after the first time it allocates nothing.
  @discardableResult
  public mutating func climb(
    _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    guard gradient.count == parameters.count else {
      throw .lengthMismatch(argument: "gradient", length: gradient.count, expected: parameters.count)
    }
    guard origin.isEmpty else {
      throw .invalidArgument(argument: "climb", value: "called twice", expected: "a call of descend between two")
    }
    let limit = try threads.kernelLimit()
    defer {
      extendLifetime(parameters)
      extendLifetime(gradient)
    }
    origin.reserveCapacity(parameters.count)
    for index in parameters.indices { origin.append(parameters[index]) }
    return parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in
        let buffers = UpdateBuffers(parameters, gradient, threads: limit)
        let norm = buffers.norm(0..<parameters.count)
        guard norm > 0, norm.isFinite, Scalar(radius / norm)._double.isFinite else { return norm }
        var call = buffers.call(lk_update_descent, 0..<parameters.count)
        call.factors.0 = -radius / norm
        buffers.run(&call, nil, from: 0)
        return norm
      }
    }
  }

  /// Puts the parameters back. Throws ``Losses/LossError`` where ``climb(_:gradient:threads:)`` was not called for as many.
  public mutating func descend(_ parameters: inout MutableSpan<Scalar>) throws(LossError) {
    guard origin.count == parameters.count else {
      throw .lengthMismatch(argument: "parameters", length: parameters.count, expected: origin.count)
    }
    for index in origin.indices { parameters[index] = origin[index] }
    origin.removeAll(keepingCapacity: true)
  }

  /// Moves the parameters to the worst point; see ``climb(_:gradient:threads:)``.
  @discardableResult
  public mutating func climb(
    _ parameters: inout [Scalar], gradient: [Scalar], threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withSpans(&parameters, gradient) { (parameters, gradient) throws(LossError) in
      try climb(&parameters, gradient: gradient, threads: threads)
    }
  }

  /// Puts the parameters back; see ``descend(_:)``.
  public mutating func descend(_ parameters: inout [Scalar]) throws(LossError) {
    try withSpan(&parameters) { (parameters) throws(LossError) in try descend(&parameters) }
  }
}
