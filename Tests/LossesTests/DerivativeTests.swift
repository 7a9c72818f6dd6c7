import Foundation
import Losses
import Testing

/// Gradient and curvature are the derivatives of the value, and the midpoint where there is none.
@Suite struct DerivativeTests {
  @Test(arguments: LossCase.all)
  func derivativesAgreeWithFiniteDifferences(_ tested: LossCase) throws {
    let loss = tested.loss
    for target in loss.comparison.targets where target <= 10 {
      for z in stride(from: -5.03, through: 5, by: 0.17) where isDifferentiable(loss, at: z, target) {
        // Beside a kink the higher derivatives, which the differences leave out, may have no bound; the logarithm of a
        // probability bends more.
        let distance = breaks(of: loss, target).map { abs($0 - z) }.min() ?? .infinity
        guard distance > 1e-9 else { continue }
        let h = min(loss.comparison == .probability ? 0x1p-11 : 0x1p-8, distance / 512)
        let points = [z - 2 * h, z - h, z, z + h, z + 2 * h]
        let targets = [Double](repeating: target, count: 5)
        let values = try loss.values(predictions: points, targets: targets)
        let result = try loss.valueGradientAndCurvature(predictions: points, targets: targets, reduction: .sum)
        // Richardson: the error is of order h⁴.
        let slope = (8 * (values[3] - values[1]) - (values[4] - values[0])) / (12 * h)
        let bend =
          (8 * (result.gradient[3] - result.gradient[1]) - (result.gradient[4] - result.gradient[0])) / (12 * h)
        let size = values.reduce(1) { max($0, abs($1)) }
        let slopeSize = result.gradient.reduce(1) { max($0, abs($1)) }
        #expect(abs(result.gradient[2] - slope) <= 2e-8 * size, "gradient at \(z), target \(target)")
        #expect(abs(result.curvature[2] - bend) <= 2e-8 * 8 * slopeSize, "curvature at \(z), target \(target)")
      }
    }
  }

  /// Whether the differences around a prediction stay in the domain of the loss, and away from its end.
  private func isDifferentiable(_ loss: any TestedLoss, at z: Double, _ target: Double) -> Bool {
    switch loss.comparison {
    case .probability: z >= 0.2 && z <= 0.8
    case .aboveMinusOne: z >= 0
    default: true
    }
  }

  /// Where a derivative of the loss may jump.
  private func breaks(of loss: any TestedLoss, _ target: Double) -> [Double] {
    let parameters = loss.parameterValues
    switch loss.comparison {
    case .residual:
      let residuals: [Double] = [0] + parameters + parameters.map { -$0 }
      return residuals.map { $0 + target }
    case .margin:
      let margins: [Double] = [1, 0, -1] + parameters.map { 1 - $0 } + parameters.map { $0 / ($0 + 1) }
      return margins.map { $0 * target }
    case .level: return [0, target]
    case .logit: return parameters.filter { $0 > 0 && $0 < 1 }.map { log($0 / (1 - $0)) }
    case .probability, .aboveMinusOne, .logOfRate, .logOfMean: return []
    }
  }

  struct Kink: Sendable {
    var loss: any TestedLoss
    var prediction: Double
    var target: Double
    var gradient: Double
    var curvature: Double

    init(_ loss: any TestedLoss, _ prediction: Double, _ target: Double, _ gradient: Double, _ curvature: Double) {
      (self.loss, self.prediction, self.target) = (loss, prediction, target)
      (self.gradient, self.curvature) = (gradient, curvature)
    }
  }

  static let kinks: [Kink] = [
    Kink(RegressionLoss.absoluteError, 3, 3, 0, 0),
    Kink(RegressionLoss.huber(delta: 0.5), 1.5, 1, 0.5, 0.5), Kink(RegressionLoss.huber(delta: 0.5), 0.5, 1, -0.5, 0.5),
    Kink(RegressionLoss.smoothL1(beta: 2), 3, 1, 1, 0.25), Kink(RegressionLoss.smoothL1(beta: 2), -1, 1, -1, 0.25),
    Kink(RegressionLoss.quantile(level: 0.25), 2, 2, 0.25, 0),
    Kink(RegressionLoss.quantile(level: 0.75), 2, 2, -0.25, 0),
    Kink(RegressionLoss.expectile(level: 0.25), 2, 2, 0, 1), Kink(RegressionLoss.expectile(level: 0.875), 2, 2, 0, 1),
    Kink(RegressionLoss.epsilonInsensitive(epsilon: 0.5), 1.5, 1, 0.5, 0),
    Kink(RegressionLoss.epsilonInsensitive(epsilon: 0.5), 0.5, 1, -0.5, 0),
    Kink(RegressionLoss.epsilonInsensitive(epsilon: 0.5), 1, 1, 0, 0),
    Kink(RegressionLoss.epsilonInsensitive(epsilon: 0), 1, 1, 0, 0),
    Kink(MarginLoss.hinge, 1, 1, -0.5, 0), Kink(MarginLoss.hinge, -1, -1, 0.5, 0),
    Kink(MarginLoss.squaredHinge, 1, 1, 0, 1), Kink(MarginLoss.squaredHinge, -1, -1, 0, 1),
    Kink(MarginLoss.smoothedHinge(gamma: 0.25), 1, 1, 0, 2),
    Kink(MarginLoss.smoothedHinge(gamma: 0.25), 0.75, 1, -1, 2),
    Kink(MarginLoss.smoothedHinge(gamma: 0.25), -0.75, -1, 1, 2),
    Kink(MarginLoss.modifiedHuber, 1, 1, 0, 1), Kink(MarginLoss.modifiedHuber, -1, 1, -4, 1),
    Kink(MarginLoss.modifiedHuber, 1, -1, 4, 1),
    Kink(MarginLoss.perceptron, 0, 1, -0.5, 0), Kink(MarginLoss.perceptron, 0, -1, 0.5, 0),
    Kink(RegressionLoss.power(p: 1), 3, 3, 0, 0), Kink(RegressionLoss.power(p: 1.5), 3, 3, 0, .infinity),
    Kink(RegressionLoss.power(p: 2), 3, 3, 0, 2), Kink(RegressionLoss.power(p: 3), 3, 3, 0, 0),
    Kink(RegressionLoss.squaredEpsilonInsensitive(epsilon: 0.5), 1.5, 1, 0, 1),
    Kink(RegressionLoss.squaredEpsilonInsensitive(epsilon: 0.5), 0.5, 1, 0, 1),
    Kink(RegressionLoss.squaredEpsilonInsensitive(epsilon: 0), 1, 1, 0, 2),
    Kink(RegressionLoss.tukey(scale: 2), 3, 1, 0, 0), Kink(RegressionLoss.tukey(scale: 2), -1, 1, 0, 0),
    Kink(RegressionLoss.absolutePercentageError(floor: 0.5), 2, 2, 0, 0),
    Kink(RegressionLoss.symmetricAbsolutePercentageError, 2, 2, 0, 0),
    Kink(RegressionLoss.symmetricAbsolutePercentageError, 0, 2, -1, 1),
    Kink(RegressionLoss.symmetricAbsolutePercentageError, 0, -2, 1, 1),
    Kink(RegressionLoss.symmetricAbsolutePercentageError, 0, 0, 0, 0),
    Kink(BinaryLoss.asymmetric(gammaPositive: 0, gammaNegative: 0, clip: 0.5), 0, 0, 0.125, 0.03125),
    Kink(BinaryLoss.asymmetric(gammaPositive: 0, gammaNegative: 1, clip: 0.5), 0, 0, 0, 0.0625),
    Kink(BinaryLoss.asymmetric(gammaPositive: 0, gammaNegative: 2, clip: 0.5), 0, 0, 0, 0),
    Kink(MarginLoss.distanceWeightedDiscrimination(q: 1), 0.5, 1, -1, 2),
    Kink(MarginLoss.distanceWeightedDiscrimination(q: 1), -0.5, -1, 1, 2),
    Kink(BinaryLoss.logistic(), 0, 1, -0.5, 0.25), Kink(BinaryLoss.logistic(), 0, 0, 0.5, 0.25),
  ]

  /// Worked out by hand: midpoints, exactly.
  @Test(arguments: kinks, ScalarKind.allCases)
  func atAKinkTheMidpointIsGiven(_ kink: Kink, _ scalar: ScalarKind) throws {
    try check(kink, scalar.type)
  }

  private func check<S: TestScalar>(_ kink: Kink, _: S.Type) throws {
    // Both inside a whole vector and in the rest.
    let n = 35
    let result = try kink.loss.valueGradientAndCurvature(
      predictions: [S](repeating: S.make(kink.prediction), count: n),
      targets: [S](repeating: S.make(kink.target), count: n), reduction: .sum)
    #expect(result.gradient == [S](repeating: S.make(kink.gradient), count: n))
    #expect(result.curvature == [S](repeating: S.make(kink.curvature), count: n))
  }
}
