public import Losses

/// A mean `f(w) = (1/n) Σ fᵢ(w)` over samples `i = 0, …, n − 1`, as a function of a flat vector of parameters `w`: what a
/// ``Trainer`` minimises, a few samples at a time.
///
/// A trainer calls it from one thread. It expects a pure function: the same parameters and samples give the same bits,
/// whatever was evaluated before; otherwise a run that is resumed is not what it would have been.
///
/// A trainer is compiled apart from what conforms, and calls a generic type by code that is not made for its arguments. What
/// computes in Swift should conform with a type that is not generic: it can be a hundred times faster.
public protocol SampleObjective<Scalar> {
  /// The type of the parameters.
  associatedtype Scalar: LossScalar

  /// The number of parameters.
  var parameterCount: Int { get }

  /// The number `n` of samples.
  var sampleCount: Int { get }

  /// What tells this objective from others, such as its loss and a sum over its data: a run is resumed only where it is the
  /// same. Empty, if nothing is said.
  var fingerprint: String { get }

  /// Returns the mean of `fᵢ(w)` over these samples and writes its gradient.
  ///
  /// - Parameters:
  ///   - parameters: The point `w`, of ``parameterCount`` elements.
  ///   - samples: The numbers `i` of the samples, at least one, each at most once, from 0 to `sampleCount − 1`.
  ///   - gradient: Receives the derivative by parameter `j` in element `j`. Every one of the ``parameterCount`` elements must
  ///     be assigned: what they hold on entry is unspecified.
  /// - Throws: Whatever keeps the function from being evaluated. The error ends the training and reaches its caller.
  func valueAndGradient(
    at parameters: Span<Scalar>, samples: Span<Int>, gradient: inout MutableSpan<Scalar>
  ) throws -> Double

  /// Returns the mean of `fᵢ(w)` over these samples.
  ///
  /// A trainer calls it once per epoch, with all samples that are held back for validation. Where it is not implemented,
  /// the gradient is computed, too, and thrown away.
  ///
  /// - Parameters:
  ///   - parameters: The point `w`, of ``parameterCount`` elements.
  ///   - samples: The numbers `i` of the samples, at least one, each at most once, from 0 to `sampleCount − 1`.
  /// - Throws: Whatever keeps the function from being evaluated.
  func value(at parameters: Span<Scalar>, samples: Span<Int>) throws -> Double
}

extension SampleObjective {
  /// Nothing.
  public var fingerprint: String { "" }

  /// Returns what ``valueAndGradient(at:samples:gradient:)`` does, without the gradient.
  public func value(at parameters: Span<Scalar>, samples: Span<Int>) throws -> Double {
    var gradient = [Scalar](repeating: Scalar(0), count: parameters.count)
    var span = gradient.mutableSpan
    return try valueAndGradient(at: parameters, samples: samples, gradient: &span)
  }
}
