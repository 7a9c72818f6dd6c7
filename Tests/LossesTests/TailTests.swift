import Foundation
import Losses
import Testing

/// Where naive formulas lose everything.
@Suite struct TailTests {
  private func gradient<S: TestScalar>(_ loss: some TestedLoss, _ prediction: S, _ target: S) throws -> S {
    try loss.gradient(predictions: [prediction], targets: [target])[0]
  }

  private func isClose<S: TestScalar>(_ x: S, _ expected: Double, _ relative: Double) -> Bool {
    abs(x._double / expected - 1) <= relative
  }

  @Test func theGradientOfASureLogitIsItsProbability() throws {
    #expect(isClose(try gradient(BinaryLoss.logistic(), -200.0, 0), exp(-200), 1e-15))
    #expect(isClose(try gradient(BinaryLoss.logistic(), 200.0, 1), -exp(-200), 1e-15))
    #expect(isClose(try gradient(BinaryLoss.logistic(), Float(-80), 0), exp(-80), 2e-7))
    #expect(isClose(try gradient(BinaryLoss.logistic(), Float(40), 1), -exp(-40), 1e-7))
    #expect(isClose(try gradient(BinaryLoss.logistic(), -700.0, 0), exp(-700), 1e-15))
  }

  @Test func theValueOfASureLogitIsItsProbability() throws {
    #expect(isClose(try BinaryLoss.logistic().values(predictions: [-200.0], targets: [0])[0], exp(-200), 1e-15))
    #expect(isClose(try BinaryLoss.logistic().values(predictions: [Float(40)], targets: [1])[0], exp(-40), 2e-7))
    #expect(try BinaryLoss.logistic().values(predictions: [Float(-1e30)], targets: [1]) == [1e30])
    #expect(try BinaryLoss.logistic().values(predictions: [1e300], targets: [0]) == [1e300])
  }

  /// `P′(40) = −q^½ (½ p ln(1/p) + q)` with q = e^−40, where ln(1/p) is q to its last digit.
  @Test func focalKeepsItsTails() throws {
    for z: Float in [40, -40] {
      let y: Float = z > 0 ? 1 : 0
      let expected = -0.25 * 1.5 * exp(-60) * (z > 0 ? 1 : -3)
      #expect(isClose(try gradient(BinaryLoss.focal(alpha: 0.25, gamma: 0.5), z, y), expected, 4e-6))
    }
  }

  @Test func exponentialsOverflowAndVanish() throws {
    let loss = MarginLoss.exponential
    #expect(try loss.values(predictions: [-750.0, 750, -709, -745], targets: [1, 1, 1, -1])[0] == .infinity)
    #expect(try loss.values(predictions: [750.0], targets: [1])[0] == 0)
    #expect(isClose(try loss.values(predictions: [-709.0], targets: [1])[0], exp(709), 1e-15))
    #expect(try loss.values(predictions: [-744.0], targets: [-1])[0] == exp(-744))
    #expect(try RegressionLoss.poisson.values(predictions: [750.0, -750], targets: [0, 1]) == [.infinity, 750])
  }

  @Test(arguments: [1e-12, 1e-9, 1e-5, 1e-3])
  func logCoshDoesNotCancel(r: Double) throws {
    let expected = r * r / 2 - r * r * r * r / 12
    #expect(isClose(try RegressionLoss.logCosh.values(predictions: [r], targets: [0])[0], expected, 1e-12))
    let single = Double(Float(r))
    let values = try RegressionLoss.logCosh.values(predictions: [Float(r)], targets: [0])
    #expect(isClose(values[0], single * single / 2, 1e-6))
    #expect(isClose(try gradient(RegressionLoss.logCosh, r, 0), r - r * r * r / 3 + 2 * r * r * r * r * r / 15, 4e-16))
  }

  @Test func pseudoHuberIsAParabolaAndALine() throws {
    let loss = RegressionLoss.pseudoHuber(delta: 2)
    #expect(isClose(try loss.values(predictions: [1e-12], targets: [0])[0], 0.5e-24, 1e-15))
    #expect(isClose(try loss.values(predictions: [1e30], targets: [0])[0], 2e30, 1e-15))
    #expect(isClose(try loss.values(predictions: [Float(1e30)], targets: [0])[0], 2e30, 1e-6))
    #expect(isClose(try loss.values(predictions: [1e300], targets: [0])[0], 2e300, 1e-15))
    #expect(try gradient(loss, 1e300, 0) == 2)
    #expect(try gradient(loss, Float(-1e38), 0) == -2)
  }

  static let certain: [LossCase] = [
    LossCase(BinaryLoss.logistic()), LossCase(BinaryLoss.logistic(positiveWeight: 3)), LossCase(BinaryLoss.focal()),
    LossCase(BinaryLoss.focal(gamma: 0.5)), LossCase(MarginLoss.hinge), LossCase(MarginLoss.squaredHinge),
    LossCase(MarginLoss.smoothedHinge()), LossCase(MarginLoss.modifiedHuber), LossCase(MarginLoss.perceptron),
    LossCase(MarginLoss.exponential),
  ]

  /// Infinitely sure, and right.
  @Test(arguments: certain, ScalarKind.allCases)
  func anInfinitePredictionThatIsRightCostsNothing(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let negative: S = loss.comparison == .logit ? 0 : -1
    let result = try loss.valueGradientAndCurvature(predictions: [S.infinity, -.infinity], targets: [1, negative])
    #expect(result.value == 0 && result.gradient == [0, 0] && result.curvature == [0, 0])
    // And wrong.
    let wrong = try loss.value(predictions: [S.infinity, -.infinity], targets: [negative, 1])
    #expect(wrong == .infinity)
  }

  /// Where |r|/δ overflows the loss is still δ(|r| − δ).
  @Test func pseudoHuberOfTinyDelta() throws {
    let double = try RegressionLoss.pseudoHuber(delta: 1e-10).valueGradientAndCurvature(
      predictions: [1e300, -1e300, .infinity], targets: [0, 0, 0], weights: [1, 1, 0], reduction: .sum)
    #expect(abs(double.value - 2e290) <= 1e-15 * 2e290)
    #expect(double.gradient == [1e-10, -1e-10, 0])
    let float = try RegressionLoss.pseudoHuber(delta: 1e-9).valueAndGradient(
      predictions: [Float(1e30)], targets: [0])
    #expect(abs(float.value - 1e21) <= 1e-6 * 1e21 && float.gradient == [1e-9])
    #expect(try RegressionLoss.pseudoHuber(delta: 2).gradient(predictions: [-.infinity], targets: [0.0]) == [-2])
  }

  /// Weights of any size: their product with the factor of a mean is formed in Double.
  @Test(arguments: [Float(1e-42), 1e-30, 1, 1e35]) func meanOfTinyAndHugeWeights(weight: Float) throws {
    let result = try RegressionLoss.squaredError.valueAndGradient(
      predictions: [Float(1000), 2000], targets: [0, 0], weights: [weight, weight])
    #expect(abs(result.value - 2.5e6) <= 1e-6 * 2.5e6)
    #expect(abs(result.gradient[0] - 1000) <= 1e-3 && abs(result.gradient[1] - 2000) <= 2e-3)
  }

  /// On the wrong side of infinity the gradients have their limits.
  @Test func focalAtInfinity() throws {
    let loss = BinaryLoss.focal(alpha: 0.25, gamma: 2)
    #expect(try loss.gradient(predictions: [-Double.infinity], targets: [1])[0] == -0.25)
    #expect(try loss.gradient(predictions: [Double.infinity], targets: [0])[0] == 0.75)
  }
}
