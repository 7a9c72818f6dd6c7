import Foundation
import Losses
import TestSupport
import Testing

/// Barron's general robust loss and its likelihood.
@Suite struct RobustTests {
  /// The losses that Barron (2019) names as members of the family, written out.
  @Test(arguments: [0.25, 1, 3])
  func membersOfTheFamily(scale c: Double) throws {
    let members: [(shape: Double, formula: (Double) -> Double)] = [
      (2, { 0.5 * $0 * $0 }),
      (1, { ($0 * $0 + 1).squareRoot() - 1 }),
      (0, { log(0.5 * $0 * $0 + 1) }),
      (-2, { 2 * $0 * $0 / ($0 * $0 + 4) }),
      (-.infinity, { 1 - exp(-0.5 * $0 * $0) }),
    ]
    for (shape, formula) in members {
      for r in stride(from: -9.9, through: 10, by: 0.7) {
        let value = try RegressionLoss.robust(shape: shape, scale: c).value(predictions: [r + 2], targets: [2.0])
        #expect(abs(value - formula(r / c)) <= 1e-14 * max(1, value), "shape \(shape) at \(r)")
      }
    }
    // The last two in the library's own normalisation.
    let r = [0.3, -2, 5]
    let zero = [0.0, 0, 0]
    let robust = try RegressionLoss.robust(shape: 1, scale: c).values(predictions: r, targets: zero)
    let pseudoHuber = try (1 / (c * c) * RegressionLoss.pseudoHuber(delta: c)).values(predictions: r, targets: zero)
    for (a, b) in zip(robust, pseudoHuber) { #expect(abs(a - b) <= 1e-14 * b) }
  }

  /// The members with an enum case of their own, in the library's normalisation.
  @Test(arguments: [0.25, 1, 3])
  func membersWithACaseOfTheirOwn(scale c: Double) throws {
    let r = stride(from: -9.9, through: 10, by: 0.7) + [1e-9, 1e5]
    let zero = [Double](repeating: 0, count: r.count)
    let root = 2.0.squareRoot() * c
    let members: [(shape: Double, loss: RegressionLoss)] = [
      (0, .cauchy(scale: root)), (-2, .gemanMcClure(scale: 2 * c)), (-.infinity, .welsch(scale: root)),
    ]
    for (shape, loss) in members {
      let general = try RegressionLoss.robust(shape: shape, scale: c).valueGradientAndCurvature(
        predictions: r, targets: zero, reduction: .sum)
      let own = try (1 / (c * c) * loss).valueGradientAndCurvature(predictions: r, targets: zero, reduction: .sum)
      #expect(abs(general.value - own.value) <= 1e-13 * own.value, "\(loss)")
      for i in r.indices {
        #expect(
          abs(general.gradient[i] - own.gradient[i]) <= 1e-14 * abs(own.gradient[i]) * (1 + r[i] * r[i] / (c * c))
            + 1e-300, "\(loss) at \(r[i])")
        #expect(abs(general.curvature[i] - own.curvature[i]) <= 1e-13 / (c * c), "\(loss) at \(r[i])")
      }
    }
    // Student's t is Cauchy's loss, weighted.
    let t = try RegressionLoss.studentT(degreesOfFreedom: 5, scale: c).values(predictions: r, targets: zero)
    let cauchy = try RegressionLoss.cauchy(scale: 5.0.squareRoot() * c).values(predictions: r, targets: zero)
    for (a, b) in zip(t, cauchy) { #expect(abs(a - 6 / (5 * c * c) * b) <= 1e-13 * a) }
  }

  /// The special shapes are limits, not islands.
  @Test(arguments: [(0, 1e-7), (2, 1e-7), (1, 1e-7), (-1e9, 1e2), (0, 1e-13)] as [(Double, Double)])
  func theFamilyIsContinuousInItsShape(shape: Double, step: Double) throws {
    for r in [0.0, 1e-9, 0.1, 1, 7, 1e3] {
      let at = try RegressionLoss.robust(shape: shape).value(predictions: [r], targets: [0])
      for neighbour in [shape - step, shape + step] {
        let value = try RegressionLoss.robust(shape: neighbour).value(predictions: [r], targets: [0])
        #expect(abs(value - at) <= 20 * step * max(1, r * r) / max(1, abs(shape)) + 1e-14 * at, "r \(r)")
      }
    }
    let limit = try RegressionLoss.robust(shape: -.infinity).value(predictions: [1.5], targets: [0])
    let far = try RegressionLoss.robust(shape: -1e12).value(predictions: [1.5], targets: [0])
    #expect(abs(limit - far) <= 1e-11)
  }

  /// Z(0) = π√2 (Cauchy), Z(1) = 2e K₁(1) (K₁(1) from Abramowitz and Stegun, table 9.8), Z(2) = √(2π).
  @Test(
    arguments: [
      (0, 2.0.squareRoot() * .pi), (1, 2 * exp(1) * 0.601907230197234574737540001535617),
      (2, (2 * Double.pi).squareRoot()),
    ] as [(Double, Double)])
  func thePartitionFunctionMeetsItsClosedForms(shape: Double, partition: Double) throws {
    let offset = try RegressionLoss.robustLikelihood(shape: shape).value(predictions: [0], targets: [0])
    #expect(abs(offset - log(partition)) <= 1e-12)
    #expect(
      abs(NoiseModel.robust(shape: shape, scale: 3).logDensity(target: 0, prediction: 0) + offset + log(3)) <= 1e-14)
  }

  /// Against the trapezoidal rule in another variable, x = tan θ, whose integrand is smooth and periodic enough.
  @Test(arguments: [0.2, 0.7, 1.3, 1.99, 2.5, 6])
  func thePartitionFunctionIsTheIntegral(shape: Double) throws {
    let n = 400_000
    let width = Double.pi / Double(n)
    let angles = (0..<n).map { (k: Int) -> Double in width * (Double(k) + 0.5) - Double.pi / 2 }
    let points = angles.map { tan($0) }
    let loss = RegressionLoss.robust(shape: shape)
    let exponents = try loss.values(predictions: points, targets: [Double](repeating: 0, count: n))
    var integral = 0.0
    for (angle, exponent) in zip(angles, exponents) { integral += width * exp(-exponent) / pow(cos(angle), 2) }
    let offset = try RegressionLoss.robustLikelihood(shape: shape).value(predictions: [0], targets: [0])
    #expect(abs(offset - log(integral)) <= 1e-8)
  }

  @Test func belowShapeZeroThereIsNoDensity() {
    #expect(RegressionLoss.robust(shape: -0.5).noiseModel == nil)
    #expect(throws: LossError.self) {
      try RegressionLoss.robustLikelihood(shape: -0.5).value(predictions: [1.0], targets: [0])
    }
    #expect(NoiseModel.robust(shape: -0.5, scale: 1).logDensity(target: 0, prediction: 0).isNaN)
    for shape in [Double.nan, .infinity] {
      #expect(throws: LossError.self) {
        try RegressionLoss.robust(shape: shape).value(predictions: [1.0], targets: [0])
      }
    }
    #expect(throws: Never.self) { try RegressionLoss("robust(shape: -inf)") }
  }
}
