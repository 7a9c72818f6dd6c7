/// A differentiable function `f: ℝⁿ → ℝ` to minimise over a flat vector of parameters.
///
/// A ``Minimizer`` calls ``valueAndGradient(at:gradient:)`` from one thread, at points of its own choice.
/// It expects a pure function: the same parameters give the same bits, whatever was evaluated before.
public protocol Objective {
  /// The number `n` of parameters.
  var parameterCount: Int { get }

  /// Returns `f(x)` and writes `∇f(x)`.
  ///
  /// Outside its domain the function returns `+∞` or NaN: a line search then backs away. Such a value is no error.
  ///
  /// - Parameters:
  ///   - parameters: The point `x`, of ``parameterCount`` elements.
  ///   - gradient: Receives `∂f/∂xᵢ` in element `i`. Every one of the ``parameterCount`` elements must be assigned: what
  ///     they hold on entry is unspecified.
  /// - Throws: Whatever keeps the function from being evaluated. The error ends the minimisation and reaches its caller.
  func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) throws -> Double
}
