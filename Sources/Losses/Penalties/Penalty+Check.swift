extension Penalty {
  /// Compares the gradient with differences of the value. At a kink every number between the derivatives of the two sides
  /// is right.
  ///
  /// - Parameters:
  ///   - coefficients: The point.
  ///   - tolerance: The largest error that passes, greater than 0 and less than 1; see ``GradientCheck``.
  /// - Throws: ``LossError`` as the verbs do, and where the tolerance is out of range.
  public func checkGradient(
    at coefficients: [Double], tolerance: Double = GradientCheck.defaultTolerance
  ) throws(LossError) -> GradientCheck {
    try GradientCheck.validate(tolerance: tolerance)
    let gradient = try gradient(at: coefficients)
    return try GradientCheck(moving: coefficients, gradient: gradient, tolerance: tolerance) {
      (point) throws(LossError) in try value(at: point)
    }
  }
}
