import LinearModels
import Losses
import TestSupport
import Testing

/// Fits of losses that are not differentiable.
@Suite struct CertifiedFitTests {
  static let losses: [any PointwiseLoss] = [
    RegressionLoss.absoluteError, RegressionLoss.quantile(level: 0.1), RegressionLoss.quantile(level: 0.9),
    RegressionLoss.epsilonInsensitive(epsilon: 0.3), MarginLoss.hinge, MarginLoss.perceptron,
  ]

  static let penalties: [Penalty?] = [nil, .l2(strength: 0.1), .l2(strength: 10)]

  private func data(rows: Int, signs: Bool, seed: UInt64) throws -> (FeatureMatrix<Double>, [Double], [Double]) {
    var random = SplitMix64(seed: seed)
    let x = (0..<rows * 3).map { _ in Double.random(in: -2...2, using: &random) }
    let y = (0..<rows).map { i in
      let z = x[3 * i] - 0.5 * x[3 * i + 1] + Double.random(in: -2...2, using: &random)
      return signs ? (z > 0 ? 1.0 : -1.0) : z
    }
    let weights = (0..<rows).map { $0 % 5 == 0 ? 0 : Double.random(in: 0.5...2, using: &random) }
    return (try FeatureMatrix(x, rowCount: rows, columnCount: 3), y, weights)
  }

  /// No point near the result is better, and the gap bounds how much better any point is.
  @Test(arguments: losses, penalties) func isMinimum(_ loss: any PointwiseLoss, _ penalty: Penalty?) throws {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      let (features, targets, weights) = try data(rows: 60, signs: loss is MarginLoss, seed: 7)
      let fit = try LinearModel.fit(
        loss: loss, features: features, targets: targets, weights: weights, options: FitOptions(penalty: penalty))
      #expect(fit.converged)
      let gap = try #require(fit.gap)
      let objective = try LinearObjective(
        loss: loss, features: features, targets: targets, weights: weights, penalty: penalty)
      let best = fit.model.coefficients + [fit.model.intercept]
      func value(_ parameters: [Double]) throws -> Double {
        var gradient = parameters
        var output = gradient.mutableSpan
        return try objective.valueAndGradient(at: parameters.span, gradient: &output)
      }
      #expect(abs(try value(best) - fit.value) <= 1e-12 * max(fit.value, 1e-2))
      #expect(gap <= max(1e-8 * fit.value, 2e-14))
      var random = SplitMix64(seed: 3)
      for size in [1e-6, 1e-3, 1e-1, 3] {
        for _ in 0..<50 {
          let other = best.map { $0 + Double.random(in: -size...size, using: &random) }
          #expect(try value(other) >= fit.value - gap - 1e-15)
        }
      }
    }
    try check(loss)
  }

  /// The share of the data below a quantile fit is the level, up to the points on the fit.
  @Test(arguments: [0.05, 0.25, 0.5, 0.9]) func quantileSplitsTheData(level: Double) throws {
    let (features, targets, _) = try data(rows: 500, signs: false, seed: 11)
    let fit = try LinearModel.fit(
      loss: RegressionLoss.quantile(level: level), features: features, targets: targets)
    let residuals = zip(targets, try fit.model.predict(features)).map { $0 - $1 }
    let below = residuals.count { $0 < -1e-6 }
    let on = residuals.count { abs($0) <= 1e-6 }
    #expect(on >= 4, "a vertex solution passes through as many points as there are parameters")
    #expect(Double(below) <= level * 500 && level * 500 <= Double(below + on))
  }

  @Test func dataOnALineIsFittedExactly() throws {
    let features = try FeatureMatrix([1.0, 2, 3, 4, 5, 6], rowCount: 6, columnCount: 1)
    let fit = try LinearModel.fit(
      loss: RegressionLoss.absoluteError, features: features, targets: [3, 5, 7, 9, 11, 13])
    #expect(abs(fit.model.intercept - 1) < 1e-9 && abs(fit.model.coefficients[0] - 2) < 1e-9)
    #expect(fit.converged && fit.value < 1e-9)
  }

  @Test func collinearAndConstantColumnsAreNoObstacle() throws {
    let rows = 40
    var random = SplitMix64(seed: 5)
    var x: [Double] = []
    var y: [Double] = []
    for _ in 0..<rows {
      let a = Double.random(in: -1...1, using: &random)
      x += [a, 2 * a, 7, a * 1e6]
      y.append(3 * a + Double.random(in: -0.1...0.1, using: &random))
    }
    let features = try FeatureMatrix(x, rowCount: rows, columnCount: 4)
    let single = try FeatureMatrix((0..<rows).map { x[4 * $0] }, rowCount: rows, columnCount: 1)
    for loss in [RegressionLoss.absoluteError, .huber(delta: 0.05), .squaredError] {
      let fit = try LinearModel.fit(loss: loss, features: features, targets: y)
      let reference = try LinearModel.fit(loss: loss, features: single, targets: y)
      #expect(fit.converged)
      #expect(agree(fit.value, reference.value, 1e-7))
    }
  }
}
