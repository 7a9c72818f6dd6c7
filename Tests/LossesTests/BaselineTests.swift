import Foundation
import Losses
import Testing

/// The best constant prediction.
@Suite struct BaselineTests {
  @Test(arguments: LossCase.all)
  func noConstantNearbyIsBetter(_ tested: LossCase) throws {
    let loss = tested.loss
    let samples = Samples<Double>.random(loss.comparison, count: 301, seed: 12)
    for weights in [nil, samples.weights] {
      let best = try loss.baseline(targets: samples.targets, weights: weights)
      let total = { (constant: Double) in
        try loss.value(
          predictions: [Double](repeating: constant, count: 301), targets: samples.targets, weights: weights,
          reduction: .sum)
      }
      guard best.isFinite else {
        // Only where every step towards infinity helps.
        #expect(try total(best < 0 ? -40 : 40) <= total(best < 0 ? -20 : 20))
        continue
      }
      let least = try total(best)
      for step in [1e-6, 1e-3, 0.1, 1, 5] {
        // Outside its domain a loss is NaN.
        #expect(!(try total(best + step) < least - 1e-12 * abs(least)))
        #expect(!(try total(best - step) < least - 1e-12 * abs(least)))
      }
    }
  }

  @Test func closedForms() throws {
    let y: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
    #expect(abs(try RegressionLoss.squaredError.baseline(targets: y) - 31 / 8) <= 1e-14)
    #expect((3...4).contains(try RegressionLoss.absoluteError.baseline(targets: y)))
    #expect((1...1.0000000001).contains(try RegressionLoss.quantile(level: 0.2).baseline(targets: y)))
    #expect((6...9).contains(try RegressionLoss.quantile(level: 0.875).baseline(targets: y)))
    #expect(abs(try RegressionLoss.poisson.baseline(targets: y) - log(31.0 / 8)) <= 1e-14)
    let labels: [Double] = [0, 1, 1, 0, 1, 1]
    #expect(abs(try BinaryLoss.logistic().baseline(targets: labels) - log(2)) <= 1e-14)
    #expect(abs(try BinaryLoss.logistic(positiveWeight: 3).baseline(targets: labels) - log(6)) <= 1e-14)
    #expect(abs(try BinaryLoss.logistic().baseline(targets: labels.map(Float.init)) - log(2)) <= 1e-14)
    // Of the exponential loss, half the logit.
    #expect(abs(try MarginLoss.exponential.baseline(targets: [1.0, -1, 1, 1]) - log(3) / 2) <= 1e-14)
  }

  @Test func weightsCount() throws {
    let y: [Double] = [1, 2, 10]
    #expect(abs(try RegressionLoss.squaredError.baseline(targets: y, weights: [2, 1, 1]) - 3.5) <= 1e-14)
    #expect(abs(try RegressionLoss.absoluteError.baseline(targets: y, weights: [1, 1, 5]) - 10) <= 1e-12)
    #expect(abs(try RegressionLoss.squaredError.baseline(targets: [5, .nan], weights: [3, 0]) - 5) <= 1e-14)
  }

  @Test(arguments: [1e-3, 1, 1e6, 1e12, 1e100])
  func largeAndSmallTargets(size: Double) throws {
    for loss in [RegressionLoss.squaredError, .absoluteError, .huber(delta: size), .logCosh, .quantile()] {
      #expect(abs(try loss.baseline(targets: [size, size, size]) / size - 1) <= 1e-13, "\(loss)")
      #expect(abs(try loss.baseline(targets: [-size, -size, -size]) / -size - 1) <= 1e-13, "\(loss)")
    }
  }

  @Test func oneClassHasNoBestLogit() throws {
    #expect(try BinaryLoss.logistic().baseline(targets: [1.0, 1]) == .infinity)
    #expect(try BinaryLoss.logistic().baseline(targets: [0.0, 0]) == -.infinity)
    #expect(try BinaryLoss.focal().baseline(targets: [Float(1), 1, 1]) == .infinity)
    #expect(try MarginLoss.exponential.baseline(targets: [-1.0, -1]) == -.infinity)
    #expect(try RegressionLoss.poisson.baseline(targets: [0.0, 0]) == -.infinity)
    // With smoothing there is one: (1 − s/2) : s/2.
    let smoothed = try BinaryLoss.logistic(labelSmoothing: 0.2).baseline(targets: [1.0, 1])
    #expect(abs(smoothed - log(9)) <= 1e-13)
  }

  @Test(arguments: LossCase.kernels)
  func withoutSamplesItIsZero(_ tested: LossCase) throws {
    #expect(try tested.loss.baseline(targets: [Double]()) == 0)
    #expect(try tested.loss.baseline(targets: [Float](), weights: []) == 0)
    #expect(try tested.loss.baseline(targets: [1.0, .nan, 1], weights: [0, 0, 0]) == 0)
  }

  @Test func illegalTargetsAreNamed() {
    #expect(throws: LossError.self) { try BinaryLoss.logistic().baseline(targets: [0.5, 2.0]) }
    #expect(throws: LossError.self) { try RegressionLoss.huber().baseline(targets: [0.5], weights: [1, 2]) }
  }
}
