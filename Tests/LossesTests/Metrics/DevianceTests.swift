import Losses
import Testing

/// Deviances of single samples.
@Suite struct DevianceTests {
  /// Power, target, prediction and deviance, the latter computed with 60 digits.
  static let exact: [(power: Double, target: Double, mean: Double, deviance: Double)] = [
    (1, 1, 1.0000000001, 1.0000001654140822e-20),
    (1, 100000.0, 100003.0, 8.999820004049903e-05),
    (1, 3, 3.2, 0.012768873174572992),
    (1, 3, 2.5, 0.09392934076372776),
    (1, 2, 40, 64.01707090578404),
    (1, 40, 2, 163.6585818843193),
    (1, 1e-09, 1000000.0, 1999999.999999929),
    (1, 1e+200, 1e-110, 1.4256027576563084e+203),
    (1.0000001, 1, 1.0000000001, 1.0000001654140822e-20),
    (1.0000001, 3, 2.5, 0.09392933157765881),
    (1.0000001, 40, 2, 163.65855100858494),
    (1.0000001, 1e-09, 1000000.0, 1999997.4368994683),
    (1.3, 3, 3.2, 0.009065668199205141),
    (1.3, 3, 2.5, 0.07005171316830898),
    (1.3, 1e+200, 1e-110, 6.66666666666674e+233),
    (1.5, 100000.0, 100003.0, 2.845964515056004e-07),
    (1.5, 2, 40, 15.249423846429625),
    (1.5, 1e-09, 1000000.0, 3999.9997470177914),
    (1.9999999, 3, 2.5, 0.035356889863383284),
    (1.9999999, 2, 40, 4.091465568105342),
    (1.9999999, 1e-09, 1000000.0, 67.07753287596759),
    (2, 1, 1.0000000001, 1.0000001653474155e-20),
    (2, 100000.0, 100003.0, 8.999640012149611e-10),
    (2, 3, 3.2, 0.00407704227514235),
    (2, 40, 2, 32.00853545289202),
    (2, 1e-09, 1000000.0, 67.07755278982137),
    (2, 1e+200, 1e-110, .infinity),
    (3, 3, 3.2, 0.0013020833333333354),
    (3, 2, 40, 0.45125),
    (3, 40, 2, 9.025),
    (3, 1e-09, 1000000.0, 999999999.999998),
    (7.5, 100000.0, 100003.0, 2.8456230274873445e-37),
    (7.5, 3, 2.5, 0.00016915029362263764),
    (7.5, 40, 2, 0.12794676905982214),
    (7.5, 1e-09, 1000000.0, 1.7691063833109808e+48),
  ]

  @Test(arguments: exact.indices)
  func keepsItsRelativeAccuracy(index: Int) {
    let (power, target, mean, expected) = Self.exact[index]
    var families = [Deviance.tweedie(power: power)]
    if power == 1 { families.append(.poisson) }
    if power == 2 { families.append(.gamma) }
    for family in families {
      let found = family.unit(target: target, prediction: mean)
      #expect(found == expected || abs(found - expected) <= 1e-13 * expected, "\(family): \(found), not \(expected)")
    }
  }

  @Test(
    arguments: [
      (0, 1e-20, 2e-20), (1, 1 - 0x1p-53, 0x1p-52), (0.3, 0.3000001, 4.7619041574925064e-14),
      (0.3, 0.9, 2.0651068354765734), (1, 1e-300, 1381.5510557964274), (0.999, 0.0001, 18.38644575299395),
      (0, 1, .infinity), (1, 0, .infinity), (0.5, 0, .infinity), (0.5, 1, .infinity), (0, 0, 0), (1, 1, 0),
      (0.3, 0.3, 0),
    ] as [(Double, Double, Double)])
  func bernoulli(target: Double, probability: Double, expected: Double) {
    let found = Deviance.bernoulli.unit(target: target, prediction: probability)
    #expect(found == expected || abs(found - expected) <= 1e-13 * expected, "\(found), not \(expected)")
  }

  @Test func theBoundariesOfTheDomains() {
    for power in [1, 1.2, 1.5, 1.8] {
      let family = Deviance.tweedie(power: power)
      #expect(family.unit(target: 0, prediction: 0) == 0)
      #expect(family.unit(target: 2, prediction: 0) == .infinity)
      #expect(family.unit(target: 2, prediction: .infinity) == .infinity)
      #expect(family.unit(target: 2, prediction: .nan).isNaN)
      // Next to 0 as at 0.
      let zero = family.unit(target: 0, prediction: 3)
      #expect(abs(zero - 2 * Math.pow(3, 2 - power) / (2 - power)) <= 1e-14 * zero)
      #expect(abs(family.unit(target: 1e-300, prediction: 3) - zero) <= 1e-14 * zero)
    }
    #expect(Deviance.gamma.unit(target: 2, prediction: 0) == .infinity)
    #expect(Deviance.gamma.unit(target: 2, prediction: 2) == 0)
  }

  @Test(arguments: [1.0, 1.3, 1.5, 2, 2.5, 4])
  func theSeriesMeetsTheClosedForm(power: Double) {
    let family = Deviance.tweedie(power: power)
    for sign in [-1.0, 1] {
      let border = 1 + sign * 0.1 / power
      let (inside, outside) = (border - sign * 1e-9, border + sign * 1e-9)
      let difference = family.unit(target: outside, prediction: 1) - family.unit(target: inside, prediction: 1)
      #expect(difference * 1 > 0 && difference < 1e-8)
    }
  }

  /// The deviance is twice the log-likelihood that is lost, times the dispersion.
  @Test(
    arguments: [
      (.gaussian(variance: 2.5), 2.5, .identity), (.laplace(scale: 3), 3, .identity),
      (.asymmetricLaplace(level: 0.2), 1, .identity), (.poisson, 1, .log), (.bernoulli, 1, .logit),
    ] as [(NoiseModel, Double, Link)])
  func isTheDevianceOfTheNoiseModel(model: NoiseModel, dispersion: Double, link: Link) throws {
    let family = try #require(model.deviance)
    for target in [0.1, 0.4, 0.9] {
      for mean in [0.05, 0.4, 0.7] {
        let best = model.logDensity(target: target, prediction: link.prediction(target))
        let lost = best - model.logDensity(target: target, prediction: link.prediction(mean))
        let found = family.unit(target: target, prediction: mean)
        #expect(abs(found - 2 * dispersion * lost) <= 1e-14, "\(model) at \(target), \(mean)")
      }
    }
  }

  @Test func otherNoiseModelsHaveNone() {
    for model in [NoiseModel.hyperbolicSecant, .huber(delta: 1, scale: 1), .epsilonInsensitive(epsilon: 0.1)] {
      #expect(model.deviance == nil)
    }
    for item in LossCatalogue.items {
      if let deviance = item.defaultLoss.noiseModel?.deviance {
        #expect(RegressionMetric.catalogue.contains { $0.name == RegressionMetric.deviance(deviance).name })
      }
    }
  }
}
