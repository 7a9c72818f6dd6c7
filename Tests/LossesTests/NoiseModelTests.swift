import Foundation
import Losses
import Testing

/// A noise model is the loss in other words: its density is `exp(−loss)/Z`.
@Suite struct NoiseModelTests {
  static let modelled = LossCase.singles.filter { $0.loss.noiseModel != nil }

  @Test func theseLossesHaveOne() {
    let names = Set(Self.modelled.map { String("\($0.loss)".prefix { $0 != "(" }) })
    #expect(names == Set(RegressionLoss.catalogue.map(\.name)).union(["logistic"]))
    #expect(BinaryLoss.logistic(positiveWeight: 2).noiseModel == nil)
    #expect(BinaryLoss.logistic(labelSmoothing: 0.1).noiseModel == nil)
    #expect(BinaryLoss.focal().noiseModel == nil && MarginLoss.exponential.noiseModel == nil)
  }

  @Test(arguments: modelled)
  func theDensityIsTheLossUpToATermFreeOfThePrediction(_ tested: LossCase) throws {
    let loss = tested.loss
    let model = try #require(loss.noiseModel)
    let targets: [Double] =
      loss.comparison == .logit ? [0, 1] : loss.comparison == .logOfRate ? [0, 1, 7] : [-3, 0, 0.7]
    var constants: [Double] = []
    for target in targets {
      let reference = try model.logDensity(target: target, prediction: 0.25) + value(loss, 0.25, target)
      constants.append(reference)
      for prediction in stride(from: -6, through: 6, by: 0.173) {
        let sum = try model.logDensity(target: target, prediction: prediction) + value(loss, prediction, target)
        let size = try abs(value(loss, prediction, target)) + abs(target * prediction)
        // The first failure says enough.
        try #require(abs(sum - reference) <= 4e-15 * (10 + size), "prediction \(prediction), target \(target)")
      }
    }
    // Of residuals, it is −ln Z whatever the target.
    if loss.comparison == .residual { #expect(constants.allSatisfy { abs($0 - constants[0]) <= 1e-13 }) }
  }

  private func value(_ loss: any TestedLoss, _ prediction: Double, _ target: Double) throws -> Double {
    let (predictions, targets) = ([prediction], [target])
    return try loss.value(predictions: predictions, targets: targets, reduction: .sum)
  }

  private static func hasHeavyTails(_ loss: any TestedLoss) -> Bool {
    if case .robust(let shape, _)? = loss.noiseModel { shape < 1 } else { false }
  }

  /// By Simpson's rule on each side of the kinks, where the integrand is smooth.
  /// A robust density of a shape below 1 has tails too heavy for that: see RobustTests.
  @Test(arguments: modelled.filter { $0.loss.comparison == .residual && !hasHeavyTails($0.loss) })
  func theDensityIntegratesToOne(_ tested: LossCase) throws {
    let model = try #require(tested.loss.noiseModel)
    for prediction in [0, -1.5] {
      let density = { (x: Double) in exp(model.logDensity(target: prediction + x, prediction: prediction)) }
      let kinks = ([0] + tested.loss.parameterValues.flatMap { [$0, -$0] }).sorted()
      // The flattest tail falls as exp(−0.1 x).
      let ends = [-500] + kinks.filter { abs($0) < 400 } + [500]
      var total = 0.0
      for (low, high) in zip(ends, ends.dropFirst()) where low < high {
        total += integral(from: low, to: high, density)
      }
      #expect(abs(total - 1) <= 1e-10)
    }
  }

  /// Panels grow with the distance from 0, where the density changes fastest.
  private func integral(from low: Double, to high: Double, _ f: (Double) -> Double) -> Double {
    var total = 0.0
    var a = low
    while a < high {
      let width = 0.004 * max(1, min(abs(a), 40) / 4)
      let b = min(high, a + width)
      total += (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))
      a = b
    }
    return total
  }

  @Test func countsAndLabelsSumToOne() {
    for prediction in [-5, -0.3, 0, 2, 4.5] {
      let counts = (0..<1000).reduce(0.0) { sum, k in
        sum + exp(NoiseModel.poisson.logDensity(target: Double(k), prediction: prediction))
      }
      #expect(abs(counts - 1) <= 1e-12)
      let labels = [0.0, 1].map { exp(NoiseModel.bernoulli.logDensity(target: $0, prediction: prediction)) }
      #expect(abs(labels[0] + labels[1] - 1) <= 1e-15)
      #expect(abs(labels[1] - Link.logit.response(prediction)) <= 1e-15)
    }
  }

  /// For large δ the hyperbolic distribution is nearly normal: K₁(x) eˣ = √(π/2x) (1 + 3/(8x) − …).
  @Test(arguments: [1e3, 1e4, 1e6, 1e8])
  func hyperbolicOfLargeDelta(delta: Double) {
    let density = NoiseModel.hyperbolic(delta: delta).logDensity(target: 0, prediction: 0)
    #expect(abs(density + 0.5 * log(2 * .pi) + 3 / (8 * delta * delta)) <= 1e-11)
  }

  /// Parameters far from 1 meet the numerical integral of the hyperbolic distribution where it is hardest.
  @Test(arguments: [0.01, 0.1, 1, 7, 30])
  func hyperbolicNormalization(delta: Double) {
    let model = NoiseModel.hyperbolic(delta: delta)
    // x = δ sinh t makes the integrand smooth and its tails short.
    let h = 0x1p-9
    let sum = stride(from: -30, through: 30, by: h).reduce(0.0) { sum, t in
      let density = exp(model.logDensity(target: delta * sinh(t), prediction: 0))
      return density == 0 ? sum : sum + density * delta * cosh(t)
    }
    #expect(abs(sum * h - 1) <= 1e-11)
  }
}
