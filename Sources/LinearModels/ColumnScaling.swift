import Losses

/// The coordinates in which a fit runs: parameter j belongs to the column `(xⱼ − shiftⱼ)/scaleⱼ`.
///
/// Badly scaled columns stall a solver, so the scales give the second derivatives of the objective, penalty included,
/// the size 1 at the best constant. The coordinates change the path of a solver, not the minimum, and the result is in
/// the original ones.
struct ColumnScaling {
  /// The means of the columns; `nil` where there is no intercept to absorb them.
  let shift: [Double]?

  /// The divisors, all positive.
  private(set) var scale: [Double]

  /// The second derivative of the penalty with respect to each parameter where it is quadratic around 0, as no penalty is.
  private(set) var penaltyCurvatures: [Double]?

  /// What the parameters are times in the argument of the penalty: they become coefficients, of the columns as they are
  /// or of the standardized ones.
  private(set) var penaltyFactors: [Double]

  /// Rows of weight 0 do not count. `curvature` is the mean second derivative of the loss, `typical` that of the penalty
  /// for each column, next to its minimum, where a penalty that is not quadratic will leave most coefficients. Throws for a
  /// feature that is not finite.
  init<S: LossScalar>(
    _ features: FeatureMatrix<S>, weights: [S]?, options: FitOptions, curvature: Double, typical: [Double]
  ) throws(LossError) {
    let centered = options.intercept
    let columns = features.columnCount
    let (mean, square) = try moments(features, weights, centered: centered)
    shift = centered ? mean : nil
    let deviations = zip(mean, square).map { mean, square in
      let deviation = square.squareRoot()
      // What rounding leaves of a constant column is no deviation.
      return deviation > abs(mean) * 1e-14 && deviation.isFinite ? deviation : 0
    }
    // The penalty of a standardized column grows with its variance, as the loss does.
    let strengths = zip(deviations, typical).map { deviation, strength in
      options.standardize && deviation > 0 ? strength * deviation * deviation : strength
    }
    scale = zip(deviations, strengths).map { deviation, strength in
      let size = (curvature * deviation * deviation + strength).squareRoot()
      return size > 0 && size.isFinite ? size : 1
    }
    penaltyFactors = zip(deviations, scale).map { (options.standardize && $0 > 0 ? $0 : 1) / $1 }
    let isQuadratic = options.penalty.map { $0.quadraticCurvatures(count: columns) != nil } ?? true
    penaltyCurvatures = isQuadratic ? zip(strengths, scale).map { $0 / ($1 * $1) } : nil
  }

  /// These coordinates with what a penalty is in them, K rows of coefficients at once. Where a penalty needs it, the factors
  /// become the least of them: then no second derivative is greater than it was.
  func fitting(_ penalty: Penalty?, rowCount: Int = 1) -> (scaling: ColumnScaling, penalty: Penalty?) {
    guard let penalty else { return (self, nil) }
    func composed(_ scaling: ColumnScaling) -> Penalty? {
      penalty.composed(with: (0..<rowCount).flatMap { _ in scaling.penaltyFactors })
    }
    if let own = composed(self) { return (self, own) }
    var alike = self
    let least = penaltyFactors.min() ?? 1
    for column in scale.indices {
      let ratio = penaltyFactors[column] / least
      alike.scale[column] *= ratio
      alike.penaltyCurvatures?[column] /= ratio * ratio
      alike.penaltyFactors[column] = least
    }
    return (alike, composed(alike))
  }

  /// The coefficients of the original columns, and the intercept, for parameters of the scaled ones.
  func unscaled(_ parameters: [Double]) -> (coefficients: [Double], intercept: Double) {
    let coefficients = zip(parameters, scale).map { $0 / $1 }
    guard let shift else { return (coefficients, 0) }
    let moved = zip(coefficients, shift).reduce(0.0) { $0 + $1.0 * $1.1 }
    return (coefficients, parameters[scale.count] - moved)
  }
}

/// The means of the columns, 0 unless they are to be centered, and the mean squares of what is left without them.
@specialized(where S == Float)
@specialized(where S == Double)
private func moments<S: LossScalar>(
  _ features: FeatureMatrix<S>, _ weights: [S]?, centered: Bool
) throws(LossError) -> (mean: [Double], square: [Double]) {
  let columns = features.columnCount
  let total = weights.map { $0.reduce(0.0) { $0 + $1._double } } ?? Double(features.rowCount)
  var mean = [Double](repeating: 0, count: columns)
  var square = mean
  func addRows(_ body: (Int, Double) throws(LossError) -> Void) throws(LossError) {
    for row in 0..<features.rowCount {
      let weight = weights?[row]._double ?? 1
      if weight != 0 { try body(row * columns, weight / total) }
    }
  }
  // Pointers, because to make sure that an array has one owner, for each of its elements, takes longer than all the rest.
  try features.elements.withUnsafeBufferPointer { (elements) throws(LossError) in
    try mean.withUnsafeMutableBufferPointer { (mean) throws(LossError) in
      try addRows { (start, weight) throws(LossError) in
        var isFinite = true
        for j in 0..<columns {
          let x = elements[start + j]._double
          isFinite = isFinite && x.isFinite
          if centered { mean[j] += weight * x }
        }
        if !isFinite { try checkFinite(elements, from: start) }
      }
      try square.withUnsafeMutableBufferPointer { (square) throws(LossError) in
        try addRows { start, weight in
          for j in 0..<columns {
            let x = elements[start + j]._double - mean[j]
            square[j] += weight * x * x
          }
        }
      }
    }
  }
  return (mean, square)
}

private func checkFinite<S: LossScalar>(_ elements: UnsafeBufferPointer<S>, from start: Int) throws(LossError) {
  for index in start..<elements.count where !elements[index]._double.isFinite {
    throw .invalidElement(
      argument: "features", index: index, value: elements[index]._double, expected: "a finite number")
  }
}
