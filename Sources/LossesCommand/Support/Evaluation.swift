import Losses

/// One evaluation of a loss with any of its outputs, in one pass (two for the gradient of a root of a mean).
struct Evaluation<S: FileScalar> {
  var predictions: [S]
  var targets: [S]
  var weights: [S]?

  struct Result {
    var outcome: EvaluationOutcome
    /// An output that was not asked for is empty.
    var values: [S]
    var gradient: [S]
    var curvature: [S]
    var duration: Duration
  }

  func run(
    _ loss: some PointwiseLoss, reduction: Reduction, threads: ThreadLimit, values: Bool, gradient: Bool,
    curvature: Bool
  ) throws -> Result {
    var (first, second, third) = (output(values), output(gradient), output(curvature))
    // The call keeps addresses only, so all memory has to outlive it.
    let (outcome, duration) = try withExtendedLifetime(self) {
      try first.withUnsafeMutableBufferPointer { valuesBuffer in
        try second.withUnsafeMutableBufferPointer { gradientBuffer in
          try third.withUnsafeMutableBufferPointer { curvatureBuffer in
            var call = try PointwiseCall(predictions: predictions.span, targets: targets.span, weights: weights?.span)
            var valuesSpan = valuesBuffer.mutableSpan
            var gradientSpan = gradientBuffer.mutableSpan
            var curvatureSpan = curvatureBuffer.mutableSpan
            if values { try call.setValues(&valuesSpan) }
            if gradient { try call.setGradient(&gradientSpan, scale: 1, accumulating: false) }
            if curvature { try call.setCurvature(&curvatureSpan) }
            let start = ContinuousClock.now
            let outcome = try call.evaluate(loss._kernelTerms, reduction: reduction, threads: threads)
            return (outcome, ContinuousClock.now - start)
          }
        }
      }
    }
    return Result(outcome: outcome, values: first, gradient: second, curvature: third, duration: duration)
  }

  private func output(_ isWanted: Bool) -> [S] { [S](repeating: S(0), count: isWanted ? predictions.count : 0) }
}
