public import Losses

extension Objective {
  /// Compares the gradient at `parameters` with the differences of the value.
  ///
  /// A component that ``valueAndGradient(at:gradient:)`` leaves unassigned counts as wrong.
  ///
  /// ```swift
  /// let check = try objective.checkGradient(at: [0.5, -1])
  /// print(check)
  /// ```
  ///
  /// - Parameters:
  ///   - parameters: A point of ``parameterCount`` elements where the function is finite.
  ///   - tolerance: The largest error that passes, greater than 0 and less than 1; see ``Losses/GradientCheck``.
  /// - Throws: ``OptimizerError`` where the number of parameters is wrong or the tolerance out of range; any error that
  ///   the objective throws.
  /// - Complexity: About 20 evaluations for each parameter, and up to 270 for one that is hard to differentiate.
  public func checkGradient(
    at parameters: [Double], tolerance: Double = GradientCheck.defaultTolerance
  ) throws -> GradientCheck {
    try OptimizerError.require(
      parameters.count == parameterCount, "parameters.count", parameters.count,
      "the objective's parameterCount, \(parameterCount)")
    try OptimizerError.require(tolerance > 0 && tolerance < 1, "tolerance", tolerance, "> 0 and < 1")
    var point = EvaluatedPoint(parameters)
    try point.evaluate(self)
    var scratch = point.gradient
    return try GradientCheck(at: parameters, gradient: point.gradient, tolerance: tolerance) { moved in
      var output = scratch.mutableSpan
      return try valueAndGradient(at: moved.span, gradient: &output)
    }
  }
}
