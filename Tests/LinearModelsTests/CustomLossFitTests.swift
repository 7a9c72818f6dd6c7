import LinearModels
import Losses
import Testing

private struct Square: LossFormula {
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = prediction - target
    return r * r
  }
}

private struct Huber: LossFormula {
  var delta: Double
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = T.abs(prediction - target)
    return T.select(r <= T(delta), 0.5 * r * r, T(delta) * (r - T(0.5 * delta)))
  }
}

/// The error relative to the size of the target.
private struct RelativeSquare: LossFormula {
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = (prediction - target) / (1 + T.abs(target))
    return r * r
  }
}

/// Squares for targets below a threshold, Huber's function, of a width that the target gives, above it.
private struct Adaptive: LossFormula {
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = T.abs(prediction - target)
    let delta = 0.02 * target
    return T.select(target < 100, 0.5 * r * r, T.select(r <= delta, 0.5 * r * r, delta * (r - 0.5 * delta)))
  }
}

private struct Counts: LossFormula {
  var link: Link { .log }
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { T.exp(prediction) - target * prediction }
}

/// Linear models of losses of the caller's own.
@Suite struct CustomLossFitTests {
  private static let tables = [
    ("stackloss.csv", "stackloss"), ("engel.csv", "foodexp"), ("diabetes.csv", "progression"),
  ]

  private func parameters(
    _ loss: some PointwiseLoss, _ data: ExampleData, weights: [Double]? = nil, penalty: Penalty? = nil
  ) throws -> [Double] {
    let fit = try LinearModel.fit(
      loss: loss, features: data.features, targets: data.targets, weights: weights,
      options: FitOptions(penalty: penalty, tolerance: 1e-12))
    #expect(fit.converged)
    #expect(fit.gap == nil)
    return [fit.model.intercept] + fit.model.coefficients
  }

  private func expectEqual(_ found: [Double], _ expected: [Double], _ relative: Double = 1e-8) {
    for (found, expected) in zip(found, expected) {
      #expect(agree(found, expected, relative), "\(found) for \(expected)")
    }
  }

  @Test(arguments: tables) func formulasFitLikeTheBuiltInLosses(_ file: String, _ target: String) throws {
    let data = try ExampleData(file, target: target)
    let weights = data.targets.indices.map { [0, 1, 2, 0.5, 1.5][$0 % 5] }
    for penalty in [nil, Penalty.l2(strength: 0.1)] {
      expectEqual(
        try parameters(CustomLoss(Square()), data, weights: weights, penalty: penalty),
        try parameters(RegressionLoss.squaredError, data, weights: weights, penalty: penalty))
      expectEqual(
        try parameters(CustomLoss(Huber(delta: 40)), data, penalty: penalty),
        try parameters(RegressionLoss.huber(delta: 40), data, penalty: penalty))
    }
  }

  @Test func countsOfDoctorVisits() throws {
    let data = try ExampleData("doctor_visits.csv", target: "mdvis")
    expectEqual(try parameters(CustomLoss(Counts()), data), try parameters(RegressionLoss.poisson, data))
  }

  /// Where the target only scales the loss, it is a weight.
  @Test(arguments: tables) func theTargetMayScaleTheLoss(_ file: String, _ target: String) throws {
    let data = try ExampleData(file, target: target)
    let weights = data.targets.map { 1 / ((1 + $0) * (1 + $0)) }
    expectEqual(
      try parameters(CustomLoss(RelativeSquare()), data),
      try parameters(RegressionLoss.squaredError, data, weights: weights))
  }

  /// The derivative of each row by hand, summed over the rows, vanishes at the fit.
  @Test func theTargetMayShapeTheLoss() throws {
    let data = try ExampleData("diabetes.csv", target: "progression")
    let found = try parameters(CustomLoss(Adaptive()), data)
    let columns = data.features.columnCount
    var gradient = [Double](repeating: 0, count: columns + 1)
    var size = gradient
    for (row, y) in data.targets.enumerated() {
      let x = [1] + data.features.elements[row * columns..<(row + 1) * columns]
      let r = zip(x, found).reduce(0) { $0 + $1.0 * $1.1 } - y
      let slope = y < 100 ? r : min(max(r, -0.02 * y), 0.02 * y)
      for j in gradient.indices {
        gradient[j] += slope * x[j]
        size[j] += abs(slope * x[j])
      }
    }
    for j in gradient.indices { #expect(abs(gradient[j]) <= 1e-9 * size[j]) }
  }
}
