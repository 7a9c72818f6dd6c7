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
    try requireCheckable(parameters, count: parameterCount, tolerance)
    var point = EvaluatedPoint(parameters)
    try point.evaluate(self)
    var scratch = point.gradient
    return try GradientCheck(at: parameters, gradient: point.gradient, tolerance: tolerance) { moved in
      var output = scratch.mutableSpan
      return try valueAndGradient(at: moved.span, gradient: &output)
    }
  }
}

extension SampleObjective<Double> {
  /// Compares the gradient of the mean over some samples at `parameters` with the differences of that mean, as
  /// ``Objective/checkGradient(at:tolerance:)`` does.
  ///
  /// ```swift
  /// let check = try network.checkGradient(at: start, samples: [0, 1, 2])
  /// ```
  ///
  /// - Parameters:
  ///   - parameters: A point of ``parameterCount`` elements where the function is finite.
  ///   - samples: The numbers of the samples, at least one; `nil` for all. Few are enough, and faster.
  ///   - tolerance: The largest error that passes, greater than 0 and less than 1; see ``Losses/GradientCheck``.
  /// - Throws: ``OptimizerError`` where the number of parameters is wrong, a sample or the tolerance out of range; any error
  ///   that the objective throws.
  /// - Complexity: About 20 values for each parameter, and up to 270 for one that is hard to differentiate.
  public func checkGradient(
    at parameters: [Double], samples: [Int]? = nil, tolerance: Double = GradientCheck.defaultTolerance
  ) throws -> GradientCheck {
    try requireCheckable(parameters, count: parameterCount, tolerance)
    let samples = samples ?? Array(0..<max(sampleCount, 0))
    try OptimizerError.require(!samples.isEmpty, "samples.count", samples.count, "≥ 1")
    for (index, sample) in samples.enumerated() {
      try OptimizerError.require(
        0..<sampleCount ~= sample, "samples[\(index)]", sample, "from 0 to \(sampleCount - 1)")
    }
    var gradient = [Double](repeating: .nan, count: parameterCount)
    var output = gradient.mutableSpan
    _ = try valueAndGradient(at: parameters.span, samples: samples.span, gradient: &output)
    return try GradientCheck(at: parameters, gradient: gradient, tolerance: tolerance) { moved in
      try value(at: moved.span, samples: samples.span)
    }
  }
}

private func requireCheckable(_ parameters: [Double], count: Int, _ tolerance: Double) throws(OptimizerError) {
  try OptimizerError.require(
    parameters.count == count, "parameters.count", parameters.count, "the objective's parameterCount, \(count)")
  try OptimizerError.require(tolerance > 0 && tolerance < 1, "tolerance", tolerance, "> 0 and < 1")
}
