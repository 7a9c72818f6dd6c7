import LinearModels
import Losses
import TestSupport
import Testing

/// What the fit of a sum with kinks claims about itself.
@Suite struct MixedCertificateTests {
  static let losses: [any PointwiseLoss] = [
    0.7 * RegressionLoss.squaredError + 0.3 * .absoluteError, RegressionLoss.logCosh + .absoluteError,
    RegressionLoss.huber(delta: 1) + 0.5 * .quantile(level: 0.9),
    RegressionLoss.smoothL1(beta: 0.01) + 0.01 * .absoluteError,
    RegressionLoss.pseudoHuber(delta: 0.01) + 0.01 * .epsilonInsensitive(epsilon: 0.2),
    RegressionLoss.expectile(level: 0.8) + .huber(delta: 0.1) + 3 * .quantile(level: 0.3),
    RegressionLoss.robust(shape: 1.5, scale: 0.3) + 0.2 * .absoluteError + 0 * .robust(shape: -2, scale: 1),
    RegressionLoss.robust(shape: 4, scale: 1) + .absoluteError,
    RegressionLoss.robustLikelihood(shape: 1, scale: 0.5) + .absoluteError,
    0.5 * MarginLoss.hinge + 0.5 * .squaredHinge, MarginLoss.hinge + .exponential,
    0.2 * MarginLoss.perceptron + .smoothedHinge(gamma: 0.5), MarginLoss.hinge + 0.5 * .modifiedHuber,
  ]

  private func data(
    rows: Int, columns: Int, signs: Bool, seed: UInt64
  ) throws -> (FeatureMatrix<Double>, [Double], [Double]) {
    var random = SplitMix64(seed: seed)
    let x = (0..<rows * columns).map { _ in Double.random(in: -2...2, using: &random) }
    let y = (0..<rows).map { i in
      let z = 2 * x[columns * i] + Double.random(in: -2...2, using: &random)
      return signs ? (z > 0 ? 1.0 : -1.0) : z
    }
    let weights = (0..<rows).map { $0 % 5 == 0 ? 0 : Double.random(in: 0.5...2, using: &random) }
    return (try FeatureMatrix(x, rowCount: rows, columnCount: columns), y, weights)
  }

  /// With a penalty of every coefficient, the bound rests on no assumption: it holds in every iteration.
  @Test(arguments: losses, [0.01, 1]) func gapIsABoundFromTheStart(_ loss: any PointwiseLoss, _ strength: Double) throws
  {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      let (features, targets, weights) = try data(rows: 80, columns: 3, signs: loss is MarginLoss, seed: 21)
      func fit(_ tolerance: Double) throws -> LinearFit<LinearModel> {
        try LinearModel.fit(
          loss: loss, features: features, targets: targets, weights: weights,
          options: FitOptions(penalty: .l2(strength: strength), intercept: false, tolerance: tolerance))
      }
      let best = try fit(1e-13).value
      let found = try fit(1e-8)
      #expect(found.converged)
      #expect(found.history.count <= 60)
      for record in found.history {
        let gap = try #require(record.gap)
        #expect(record.value - best <= gap + 1e-13 * abs(best), "iteration \(record.iteration)")
        #expect(record.value >= best - 1e-12 * abs(best))
      }
    }
    try check(loss)
  }

  /// With one parameter a bisection on the slope finds the minimum to the last digits.
  @Test(arguments: losses, [UInt64(1), 2, 3]) func agreesWithABisection(_ loss: any PointwiseLoss, _ seed: UInt64)
    throws
  {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      let (features, targets, weights) = try data(rows: 41, columns: 1, signs: loss is MarginLoss, seed: seed)
      let penalty = seed == 2 ? nil : Penalty.l2(strength: 0.1)
      let fit = try LinearModel.fit(
        loss: loss, features: features, targets: targets, weights: weights,
        options: FitOptions(penalty: penalty, intercept: false, tolerance: 1e-13))
      let objective = try LinearObjective(
        loss: loss, features: features, targets: targets, weights: weights, penalty: penalty, intercept: false)
      func evaluate(_ w: Double) throws -> (value: Double, slope: Double) {
        var gradient = [0.0]
        var output = gradient.mutableSpan
        return (try objective.valueAndGradient(at: [w].span, gradient: &output), gradient[0])
      }
      var (low, high) = (-100.0, 100.0)
      for _ in 0..<120 {
        let middle = (low + high) / 2
        if try evaluate(middle).slope < 0 { low = middle } else { high = middle }
      }
      let gap = try #require(fit.gap)
      let least = min(try evaluate(low).value, try evaluate(high).value)
      #expect(fit.converged)
      #expect(abs(fit.value - least) <= gap + 1e-14 * max(1, abs(least)))
      #expect(abs(fit.model.coefficients[0] - low) <= 1e-6 * max(1, abs(low)))
    }
    try check(loss)
  }

  @Test func floatFeaturesGiveTheSameMinimum() throws {
    let (features, targets, weights) = try data(rows: 60, columns: 2, signs: false, seed: 4)
    let narrow = try FeatureMatrix(features.elements.map(Float.init), rowCount: 60, columnCount: 2)
    let loss = RegressionLoss.logCosh + .absoluteError
    let fit = try LinearModel.fit(loss: loss, features: features, targets: targets, weights: weights)
    let rounded = try LinearModel.fit(
      loss: loss, features: narrow, targets: targets.map(Float.init), weights: weights.map(Float.init))
    #expect(rounded.converged && agree(rounded.value, fit.value, 1e-6))
  }

  /// A loss that is not convex has no certificate: the descent method stops at a kink and says so.
  @Test(
    arguments: [
      .robust(shape: -2, scale: 1) + 0.5 * .absoluteError, .absoluteError + .robust(shape: 0, scale: 0.1),
      .squaredError - 0.5 * .absoluteError,
    ] as [RegressionLoss])
  func aLossThatIsNotConvexIsNotCertified(_ loss: RegressionLoss) throws {
    let (features, targets, weights) = try data(rows: 60, columns: 2, signs: false, seed: 9)
    let fit = try LinearModel.fit(loss: loss, features: features, targets: targets, weights: weights)
    #expect(fit.gap == nil)
    #expect(fit.value < fit.history[0].value)
    #expect([.gradientTolerance, .lineSearchFailed].contains(fit.stopReason))
  }

  @Test(arguments: [.smoothedL1(), .gaussianPrior(means: 1), .l2() + .smoothedL1()] as [Penalty])
  func aSumWithKinksWantsAQuadraticPenalty(_ penalty: Penalty) throws {
    let (features, targets, _) = try data(rows: 10, columns: 2, signs: false, seed: 1)
    #expect(
      throws: LossError.invalidArgument(
        argument: "penalty", value: penalty.description,
        expected: "a quadratic one around 0 (l2, gaussianPrior with means 0, or a sum of them) with the loss"
          + " logCosh + absoluteError: the solver for losses of straight pieces handles no other yet")
    ) {
      try LinearModel.fit(
        loss: RegressionLoss.logCosh + .absoluteError, features: features, targets: targets,
        options: FitOptions(penalty: penalty))
    }
  }
}
