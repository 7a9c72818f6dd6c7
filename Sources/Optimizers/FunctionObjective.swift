/// The objective that a closure computes.
///
/// ```swift
/// let parabola = FunctionObjective(parameterCount: 1) { x, gradient in
///   gradient[0] = 2 * (x[0] - 3)
///   return (x[0] - 3) * (x[0] - 3)
/// }
/// let result = try LBFGS().minimize(parabola, from: [0])  // result.parameters is [3]
/// ```
public struct FunctionObjective: Objective {
  /// The number `n` of parameters.
  public let parameterCount: Int

  private let function: (Span<Double>, inout MutableSpan<Double>) throws -> Double

  /// Creates an objective of `parameterCount` parameters.
  ///
  /// - Parameter function: Returns the value at its first argument and assigns every element of the gradient, its second.
  public init(
    parameterCount: Int, _ function: @escaping (Span<Double>, inout MutableSpan<Double>) throws -> Double
  ) {
    self.parameterCount = parameterCount
    self.function = function
  }

  /// Calls the closure.
  public func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) throws -> Double {
    try function(parameters, &gradient)
  }
}
