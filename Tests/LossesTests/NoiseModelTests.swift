import Foundation
import Losses
import Testing

/// A noise model is the loss in other words: its density is `exp(−loss)/Z`.
@Suite struct NoiseModelTests {
  static let modelled = LossCase.singles.filter { $0.loss.noiseModel != nil }

  @Test func theseLossesHaveOne() {
    let names = Set(Self.modelled.map { String("\($0.loss)".prefix { $0 != "(" }) })
    let without = [
      "gemanMcClure", "welsch", "tukey", "arctan", "absolutePercentageError", "symmetricAbsolutePercentageError",
    ]
    #expect(names == Set(RegressionLoss.catalogue.map(\.name)).subtracting(without).union(["logistic"]))
    // Of Cauchy's loss only where its density has a normaliser.
    #expect(RegressionLoss.cauchy(scale: 1).noiseModel == nil)
    #expect(
      RegressionLoss.cauchy(scale: 2.0.squareRoot()).noiseModel.map { "\($0)".hasPrefix("studentT") } == true)
    #expect(RegressionLoss.tweedie(power: 1.5).noiseModel == nil)
    #expect(BinaryLoss.logistic(positiveWeight: 2).noiseModel == nil)
    #expect(BinaryLoss.logistic(labelSmoothing: 0.1).noiseModel == nil)
    #expect(BinaryLoss.focal().noiseModel == nil && MarginLoss.exponential.noiseModel == nil)
  }

  @Test(arguments: modelled)
  func theDensityIsTheLossUpToATermFreeOfThePrediction(_ tested: LossCase) throws {
    let loss = tested.loss
    let model = try #require(loss.noiseModel)
    let targets: [Double] =
      switch loss.comparison {
      case .logit: [0, 1]
      case .logOfRate: [0, 1, 7]
      case .logOfMean: [0.25, 1, 7]
      case .aboveMinusOne: [-0.5, 0, 7]
      default: [-3, 0, 0.7]
      }
    var constants: [Double] = []
    for target in targets {
      let reference = try model.logDensity(target: target, prediction: 0.25) + value(loss, 0.25, target)
      constants.append(reference)
      for prediction in stride(from: -6, through: 6, by: 0.173)
      where loss.comparison != .aboveMinusOne || prediction > -1 {
        let sum = try model.logDensity(target: target, prediction: prediction) + value(loss, prediction, target)
        let size = try abs(value(loss, prediction, target)) + abs(target * prediction) + abs(sum)
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
    switch loss.noiseModel {
    case .robust(let shape, _)?: shape < 1
    case .studentT?: true
    default: false
    }
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
      // Next to 0 the panels are too wide for |x|^1.5.
      let isRough: Bool = if case .generalizedNormal = model { true } else { false }
      #expect(abs(total - 1) <= (isRough ? 1e-8 : 1e-10))
    }
  }

  /// By the Gauss–Legendre rule of five points, on panels that grow with the distance from 0, where the density changes
  /// fastest.
  private func integral(from low: Double, to high: Double, _ f: (Double) -> Double) -> Double {
    let inner: Double = 2 * (10.0 / 7).squareRoot()
    let outer: Double = 13 * (70.0).squareRoot()
    let places: [Double] = [0, (5 - inner).squareRoot() / 3, (5 + inner).squareRoot() / 3]
    let weights: [Double] = [128.0 / 225, (322 + outer) / 900, (322 - outer) / 900]
    var total = 0.0
    var a = low
    while a < high {
      let half = min(high - a, 0.125 * max(0.02, min(abs(a), 4))) / 2
      let middle = a + half
      for (place, weight) in zip(places, weights) {
        let pair = place == 0 ? f(middle) : f(middle - half * place) + f(middle + half * place)
        total += half * weight * pair
      }
      a += 2 * half
    }
    return total
  }

  /// With tails too heavy for Simpson's rule: x = tan θ makes them an integral over a bounded interval.
  @Test(arguments: [(1, 0.5), (2.5, 1), (30, 2)] as [(Double, Double)])
  func studentTIntegratesToOne(degrees: Double, scale: Double) throws {
    let model = NoiseModel.studentT(degreesOfFreedom: degrees, scale: scale)
    let n = 200_000
    let width = Double.pi / Double(n)
    let total = (0..<n).reduce(0.0) { sum, k in
      let x = tan(width * (Double(k) + 0.5) - .pi / 2)
      return sum + width * (1 + x * x) * exp(model.logDensity(target: x, prediction: 0))
    }
    #expect(abs(total - 1) <= 1e-9)
    // Cauchy's loss is the same distribution in other words.
    let cauchy = RegressionLoss.cauchy(scale: 3)
    let same = try #require(cauchy.noiseModel)
    let difference = same.logDensity(target: 7, prediction: 0) - same.logDensity(target: 0, prediction: 0)
    #expect(abs(difference + (try cauchy.value(predictions: [7.0], targets: [0]))) <= 1e-13)
  }

  /// Densities of positive targets, in the variable ln y.
  @Test(arguments: [NoiseModel.gamma(shape: 1), .gamma(shape: 2.5), .inverseGaussian, .logNormal(variance: 0.5)])
  func densitiesOfPositiveTargetsIntegrateToOne(model: NoiseModel) {
    for prediction in [-0.5, 0, 1.25] {
      var (total, mean) = (0.0, 0.0)
      for t in stride(from: -60, through: 12, by: 0x1p-8) {
        let size = exp(t)
        // 1 + y is what is log-normal.
        let shift: Double = if case .logNormal = model { 1 } else { 0 }
        let density = exp(model.logDensity(target: size - shift, prediction: prediction))
        guard density > 0 else { continue }
        total += 0x1p-8 * size * density
        mean += 0x1p-8 * size * density * (size - shift)
      }
      #expect(abs(total - 1) <= 1e-9, "\(model)")
      if case .logNormal = model { continue }
      #expect(abs(mean / exp(prediction) - 1) <= 1e-6, "\(model)")
    }
  }

  @Test(arguments: [0.25, 1, 4]) func negativeBinomialSumsToOne(dispersion: Double) {
    let model = NoiseModel.negativeBinomial(dispersion: dispersion)
    var (total, mean, square) = (0.0, 0.0, 0.0)
    for k in 0..<4000 {
      let probability = exp(model.logDensity(target: Double(k), prediction: 1))
      total += probability
      mean += probability * Double(k)
      square += probability * Double(k) * Double(k)
    }
    #expect(abs(total - 1) <= 1e-10 && abs(mean - M_E) <= 1e-8)
    #expect(abs(square - mean * mean - (M_E + dispersion * M_E * M_E)) <= 1e-6)
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
