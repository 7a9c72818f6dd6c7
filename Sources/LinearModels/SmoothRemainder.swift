import Losses

/// The smooth part of a loss with kinks, for all rows: `Σᵢ ωᵢ φ(zᵢ)` as a function of the margins, with φ convex.
struct SmoothRemainder {
  /// φ as the kernels know it.
  let terms: _KernelTerms

  /// The targets of the rows.
  let targets: [Double]

  /// ω. Rows of weight 0 count as deleted.
  let weights: [Double]

  /// How many threads an evaluation may use.
  let threads: ThreadLimit

  /// The value at some margins, and its first two derivatives with respect to each.
  struct Expansion {
    var value: Double
    var slopes: [Double]
    var curvatures: [Double]
  }

  /// The sum at these margins.
  func value(at margins: [Double]) throws(LossError) -> Double {
    let call = try PointwiseCall(predictions: margins.span, targets: targets.span, weights: weights.span)
    defer { extendLifetime((margins, targets, weights)) }
    return try call.evaluate(terms, reduction: .sum, threads: threads).value
  }

  /// The sum and its derivatives at these margins.
  func expansion(at margins: [Double]) throws(LossError) -> Expansion {
    var slopes = [Double](repeating: 0, count: margins.count)
    var curvatures = slopes
    var value = 0.0
    do {
      var slopeOutput = slopes.mutableSpan
      var curvatureOutput = curvatures.mutableSpan
      var call = try PointwiseCall(predictions: margins.span, targets: targets.span, weights: weights.span)
      try call.setGradient(&slopeOutput, scale: 1, accumulating: false)
      try call.setCurvature(&curvatureOutput)
      value = try call.evaluate(terms, reduction: .sum, threads: threads).value
      extendLifetime((margins, targets, weights))
      extendLifetime(slopeOutput)
      extendLifetime(curvatureOutput)
    }
    // A convex function has no negative curvature but by rounding, and Newton's matrix must stay definite.
    return Expansion(value: value, slopes: slopes, curvatures: curvatures.map { max(0, $0) })
  }
}
