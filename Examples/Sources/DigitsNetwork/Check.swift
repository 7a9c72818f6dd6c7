import Losses

extension DigitNetwork where Scalar == Double {
  /// Compares the derivative of the mean loss of some samples by each parameter with differences of that loss.
  func checkGradient(at parameters: [Double], samples: [Int]) throws -> GradientCheck {
    var gradient = [Double](repeating: .nan, count: parameterCount)
    var output = gradient.mutableSpan
    _ = try valueAndGradient(at: parameters.span, samples: samples.span, gradient: &output)
    return try GradientCheck(at: parameters, gradient: gradient) { moved in
      try value(at: moved.span, samples: samples.span)
    }
  }
}
