import Losses
import Testing

/// Parameters that are legal but extreme. The kernels of Float round them to Float, where some become 0, 1 or infinite:
/// such a call may be refused, but must not answer with a NaN.
@Suite struct ParameterRangeTests {
  static let extreme: [any TestedLoss] = [
    RegressionLoss.huber(delta: 1e-50), RegressionLoss.huber(delta: 1e50), RegressionLoss.smoothL1(beta: 1e-50),
    RegressionLoss.smoothL1(beta: 1e50), RegressionLoss.pseudoHuber(delta: 1e-50),
    RegressionLoss.pseudoHuber(delta: 1e50),
    RegressionLoss.quantile(level: 1e-50), RegressionLoss.quantile(level: 1 - 1e-12),
    RegressionLoss.expectile(level: 1e-50), RegressionLoss.epsilonInsensitive(epsilon: 1e50),
    MarginLoss.smoothedHinge(gamma: 1e-50), MarginLoss.smoothedHinge(gamma: 1e50),
    RegressionLoss.power(p: 1 + 1e-12), RegressionLoss.power(p: 1e6), RegressionLoss.cauchy(scale: 1e-50),
    RegressionLoss.cauchy(scale: 1e50), RegressionLoss.gemanMcClure(scale: 1e-50),
    RegressionLoss.gemanMcClure(scale: 1e50), RegressionLoss.welsch(scale: 1e-50), RegressionLoss.welsch(scale: 1e50),
    RegressionLoss.tukey(scale: 1e-50), RegressionLoss.tukey(scale: 1e50), RegressionLoss.fair(scale: 1e-50),
    RegressionLoss.fair(scale: 1e50), RegressionLoss.arctan(scale: 1e-50), RegressionLoss.arctan(scale: 1e50),
    RegressionLoss.cauchy(scale: 1e-30), RegressionLoss.cauchy(scale: 1e30), RegressionLoss.tukey(scale: 1e30),
    RegressionLoss.fair(scale: 1e-30), RegressionLoss.fair(scale: 1e30), RegressionLoss.arctan(scale: 1e30),
    RegressionLoss.studentT(degreesOfFreedom: 1e-12, scale: 1),
    RegressionLoss.studentT(degreesOfFreedom: 1e30, scale: 1),
    RegressionLoss.tweedie(power: 1 + 1e-12), RegressionLoss.tweedie(power: -30), RegressionLoss.tweedie(power: 30),
    RegressionLoss.negativeBinomial(dispersion: 1e-30), RegressionLoss.negativeBinomial(dispersion: 1e30),
    RegressionLoss.absolutePercentageError(floor: 1e30), BinaryLoss.poly1(epsilon: 1e30),
    BinaryLoss.asymmetric(gammaPositive: 1e-50, gammaNegative: 1e-50, clip: 1e-50),
    BinaryLoss.asymmetric(gammaPositive: 50, gammaNegative: 50, clip: 1),
    BinaryLoss.generalizedCrossEntropy(q: 1e-50), MarginLoss.distanceWeightedDiscrimination(q: 1e-30),
    MarginLoss.distanceWeightedDiscrimination(q: 1e30),
    BinaryLoss.logistic(positiveWeight: 1e-50), BinaryLoss.focal(alpha: 1e-50, gamma: 1e-50),
  ]

  @Test(arguments: extreme.indices)
  func noNaNComesFromFiniteNumbers(index: Int) throws {
    let loss = Self.extreme[index]
    try check(loss, [Float]())
    try check(loss, [Double]())
  }

  private func check<S: TestScalar>(_ loss: any TestedLoss, _: [S]) throws {
    let samples = Samples<S>.random(loss.comparison, count: 200)
    let result: Evaluation<S>
    do {
      result = try evaluate(loss, samples)
    } catch LossError.invalidParameter {
      return
    }
    for (name, output) in [("values", result.values), ("gradient", result.gradient), ("curvature", result.curvature)] {
      #expect(output.allSatisfy { !$0.isNaN }, "\(name) of \(loss) in \(S.self)")
    }
  }
}
