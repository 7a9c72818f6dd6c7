import Foundation
import Losses
import Testing

/// Where pointwise losses of other systems overflow, cancel or divide by zero.
@Suite struct PointwiseEdgeTests {
  private func sample<S: TestScalar>(
    _ loss: some TestedLoss, _ prediction: S, _ target: S
  ) throws -> (value: Double, gradient: Double, curvature: Double) {
    let result = try loss.valueGradientAndCurvature(predictions: [prediction], targets: [target], reduction: .sum)
    return (result.value, result.gradient[0]._double, result.curvature[0]._double)
  }

  private func isClose(_ x: Double, _ expected: Double, _ relative: Double) -> Bool {
    x == expected || abs(x - expected) <= relative * abs(expected)
  }

  /// What the losses of the residual are far away, with a scale of 2: value and gradient as a function of r.
  static let far:
    [(loss: RegressionLoss, value: @Sendable (Double) -> Double, gradient: @Sendable (Double) -> Double)] = [
      (.cauchy(scale: 2), { 4 * log($0 / 2) }, { 4 / $0 }),
      (.studentT(degreesOfFreedom: 4, scale: 1), { 5 * log($0 / 2) }, { 5 / $0 }),
      (.gemanMcClure(scale: 2), { _ in 2 }, { 16 / $0 / $0 / $0 }),
      (.welsch(scale: 2), { _ in 2 }, { _ in 0 }),
      (.tukey(scale: 2), { _ in 4.0 / 6 }, { _ in 0 }),
      (.fair(scale: 2), { 2 * $0 }, { _ in 2 }),
      (.arctan(scale: 2), { _ in .pi }, { 16 / $0 / $0 / $0 }),
      (.power(p: 1), { $0 }, { _ in 1 }),
      (.power(p: 1.0625), { pow($0, 1.0625) }, { 1.0625 * pow($0, 0.0625) }),
      (.logisticDistance, { $0 }, { _ in 1 }),
    ]

  @Test(arguments: far.indices) func hugeResiduals(index: Int) throws {
    let (loss, value, gradient) = Self.far[index]
    for sign in [1.0, -1] {
      // 1e300^1.0625 and 1e30 cubed overflow; their results are infinite and 0.
      let double = try sample(loss, sign * 1e280, 0)
      #expect(isClose(double.value, value(1e280), 1e-14) && isClose(double.gradient, sign * gradient(1e280), 1e-14))
      let wide = try sample(loss, sign * 1e300, 0)
      if case .power(1.0625) = loss {
        #expect(wide.value == .infinity && isClose(wide.gradient, sign * gradient(1e300), 1e-14))
      } else {
        #expect(isClose(wide.value, value(1e300), 1e-14) && isClose(wide.gradient, sign * gradient(1e300), 1e-14))
      }
      let float = try sample(loss, Float(sign * 1e30), 0)
      let single = Double(Float(1e30))
      #expect(isClose(float.value, value(single), 2e-6), "\(loss)")
      #expect(abs(float.gradient - sign * gradient(single)) <= 2e-6 * gradient(single) + 1e-44, "\(loss)")
    }
  }

  /// Near 0 the robust losses are ½r², even where r² is all that is left.
  @Test(arguments: [1e-3, 1e-7, 1e-12, 1e-100, 1e-150], [0.25, 1, 1024])
  func smallResiduals(r: Double, scale: Double) throws {
    let losses: [RegressionLoss] = [
      .cauchy(scale: scale), .gemanMcClure(scale: scale), .welsch(scale: scale), .tukey(scale: scale),
      .fair(scale: scale), .arctan(scale: scale), 2 * .logisticDistance,
    ]
    for loss in losses {
      let (value, gradient, curvature) = try sample(loss, r, 0)
      let v = loss.combination == nil ? r / scale : r
      // Of Fair's loss the next term is of the order of v, of the others of v².
      let next: Double = if case .fair = loss { v } else { 3 * v * v }
      #expect(isClose(value, 0.5 * r * r, next + 4e-15), "\(loss)")
      #expect(isClose(gradient, r, 2 * next + 4e-15) && isClose(curvature, 1, 6 * next + 4e-15), "\(loss)")
    }
  }

  @Test(arguments: [1e4, 1e30]) func sureLogits(size: Double) throws {
    let losses: [BinaryLoss] = [.logistic(), .focal(), .poly1(), .asymmetric(), .generalizedCrossEntropy()]
    for loss in losses {
      for (prediction, target) in [(size, 1.0), (-size, 0)] {
        #expect(try sample(loss, prediction, target) == (0, 0, 0), "\(loss)")
        #expect(try sample(loss, Float(prediction), Float(target)) == (0, 0, 0), "\(loss)")
      }
    }
    // And wrong: linear in the logit, or bounded.
    #expect(try sample(BinaryLoss.poly1(epsilon: 0.5), -size, 1).value == size + (size < 1e10 ? 0.5 : 0))
    #expect(try sample(BinaryLoss.poly1(epsilon: 0.5), Float(-size), 1).gradient == -1)
    #expect(isClose(try sample(BinaryLoss.generalizedCrossEntropy(q: 0.5), -size, 1).value, 2, 1e-15))
    #expect(isClose(try sample(BinaryLoss.asymmetric(), size, 0).value, -pow(0.95, 4) * log(0.05), 1e-14))
    let tail = try sample(BinaryLoss.asymmetric(gammaNegative: 1, clip: 0), -200.0, 0)
    #expect(isClose(tail.value, exp(-400), 1e-13) && isClose(tail.gradient, 2 * exp(-400), 1e-13))
    for loss: MarginLoss in [.sigmoid, .savage] {
      #expect(try sample(loss, size, 1) == (0, 0, 0) && (try sample(loss, Float(-size), -1)) == (0, 0, 0))
    }
    #expect(isClose(try sample(MarginLoss.distanceWeightedDiscrimination(), size, 1).value, 0.25 / size, 1e-15))
    #expect(try sample(RegressionLoss.negativeBinomial(dispersion: 0.5), size, 3).gradient == 2)
    #expect(try sample(RegressionLoss.negativeBinomial(dispersion: 0.5), -size, 3) == (3 * size, -3, 0))
    #expect(try sample(RegressionLoss.gamma, size, 3) == (size, 1, 0))
    #expect(try sample(RegressionLoss.tweedie(power: 1.5), -size, 3).value == .infinity)
  }

  @Test func exponentialAtItsLimits() throws {
    #expect(try sample(MarginLoss.exponential, 750.0, 1) == (0, 0, 0))
    #expect(try sample(MarginLoss.exponential, -750.0, 1) == (.infinity, -.infinity, .infinity))
    #expect(try sample(RegressionLoss.gamma, -750.0, 1).value == .infinity)
    // y exp(−ŷ) is finite where exp(−ŷ) is not.
    #expect(isClose(try sample(RegressionLoss.gamma, Float(-95), 1e-10).value, 1e-10 * exp(95), 1e-5))
  }

  @Test func percentageErrorsAtTargetZero() throws {
    #expect(try RegressionLoss.absolutePercentageError().values(predictions: [0.5, 0], targets: [0, 0.0])[1] == 0)
    #expect(isClose(try sample(RegressionLoss.absolutePercentageError(), 0.5, 0).value, 5e6, 1e-15))
    #expect(try sample(RegressionLoss.absolutePercentageError(floor: 0.25), Float(-1), 0) == (4, -4, 0))
    #expect(try sample(RegressionLoss.symmetricAbsolutePercentageError, 0.5, 0) == (2, 0, 0))
    #expect(try sample(RegressionLoss.symmetricAbsolutePercentageError, 0.0, 0) == (0, 0, 0))
    #expect(try sample(RegressionLoss.symmetricAbsolutePercentageError, -1.0, 3) == (2, 0, 0))
    #expect(isClose(try sample(RegressionLoss.symmetricAbsolutePercentageError, 1e308, 1.5e308).value, 0.4, 1e-15))
    // By the weighted median, for targets of different sizes.
    #expect(isClose(try RegressionLoss.absolutePercentageError().baseline(targets: [1.0, 2, 4]), 1, 1e-12))
  }

  @Test func logarithmsOfOnePlus() throws {
    let loss = RegressionLoss.squaredLogError
    #expect(try sample(loss, -1.0, 0) == (.infinity, -.infinity, .infinity))
    #expect(try sample(loss, -1.5, 0).value.isNaN && sample(loss, Float(-1.5), 0).gradient.isNaN)
    #expect(isClose(try sample(loss, 3 + 1e-9, 3).value, pow((3 + 1e-9 - 3) / 4, 2), 1e-8))
    #expect(isClose(try sample(loss, -1 + 0x1p-40, 7).value, pow(log(0x1p43), 2), 1e-15))
    #expect(isClose(try loss.baseline(targets: [0.0, 3]), 1, 1e-14))
  }

  /// At 0 and 1 probabilities have a finite loss and a finite gradient.
  @Test func certainProbabilities() throws {
    let loss = BinaryLoss.crossEntropyOfProbabilities
    let value = 1 + 40 * log(2.0)
    for scalar in [1e-15, 2e-7] {
      let at =
        scalar < 1e-10
        ? [try sample(loss, 0.0, 1), try sample(loss, 1.0, 0)]
        : [try sample(loss, Float(0), 1), try sample(loss, Float(1), 0)]
      #expect(isClose(at[0].value, value, scalar) && at[0].gradient == -0x1p40 && at[0].curvature == 0)
      #expect(isClose(at[1].value, value, scalar) && at[1].gradient == 0x1p40 && at[1].curvature == 0)
    }
    #expect(try sample(loss, 0.0, 0).value == 0 && sample(loss, 1.0, 1).value == 0)
    #expect(isClose(try sample(loss, 1e-10, 1).value, -log(1e-10), 1e-15))
    #expect(try sample(loss, -1e-9, 1).value.isNaN && sample(loss, Float(1.001), 1).value.isNaN)
    #expect(isClose(try loss.baseline(targets: [0.0, 1, 1, 1]), 0.75, 1e-14))
    #expect(try loss.baseline(targets: [1.0, 1]) == 1)
  }

  /// The losses that are limits of each other.
  @Test func membersThatAreTheSame() throws {
    let z = [-3, -0.5, 0, 0.25, 2, 5]
    let counts = [0.0, 1, 2, 3, 4, 5]
    func differences(_ a: RegressionLoss, _ b: RegressionLoss, _ targets: [Double]) throws -> [Double] {
      let left = try a.gradient(predictions: z, targets: targets, reduction: .sum)
      let right = try b.gradient(predictions: z, targets: targets, reduction: .sum)
      return zip(left, right).map { abs($0 - $1) / (1 + abs($1)) }
    }
    #expect(try differences(.tweedie(power: 1), .poisson, counts).allSatisfy { $0 <= 1e-15 })
    #expect(try differences(.tweedie(power: 2), .gamma, counts.map { $0 + 1 }).allSatisfy { $0 <= 1e-15 })
    #expect(try differences(.tweedie(power: 1 + 1e-9), .poisson, counts).allSatisfy { $0 <= 1e-8 })
    #expect(try differences(.negativeBinomial(dispersion: 1e-12), .poisson, counts).allSatisfy { $0 <= 1e-9 })
    // Values, up to the term −y + 1 and the like.
    let near = try RegressionLoss.tweedie(power: 1.999999999).values(predictions: z, targets: counts.map { $0 + 1 })
    let limit = try RegressionLoss.tweedie(power: 2).values(predictions: z, targets: counts.map { $0 + 1 })
    for (a, b) in zip(near, limit) { #expect(abs(a - b) <= 1e-7 * (1 + abs(b))) }
    let labels = [0.0, 1, 0, 1, 1, 0]
    let asymmetric = BinaryLoss.asymmetric(gammaPositive: 2, gammaNegative: 2, clip: 0)
    let twice = try (2 * BinaryLoss.focal(alpha: 0.5, gamma: 2)).gradient(predictions: z, targets: labels)
    for (a, b) in zip(try asymmetric.gradient(predictions: z, targets: labels), twice) {
      #expect(abs(a - b) <= 1e-15 * abs(b))
    }
    let logistic = try BinaryLoss.logistic().values(predictions: z, targets: labels)
    #expect(try BinaryLoss.generalizedCrossEntropy(q: 0).values(predictions: z, targets: labels) == logistic)
    // Of a probability the same as of its logit, as far as the probability goes.
    let p = z.map { 1 / (1 + exp(-$0)) }
    for (a, b) in zip(try BinaryLoss.crossEntropyOfProbabilities.values(predictions: p, targets: labels), logistic) {
      #expect(abs(a - b) <= 1e-13)
    }
    #expect(
      try RegressionLoss.power(p: 2).gradient(predictions: z, targets: counts)
        == RegressionLoss.squaredError.gradient(predictions: z, targets: counts))
    #expect(
      try RegressionLoss.power(p: 1).values(predictions: z, targets: counts)
        == RegressionLoss.absoluteError.values(predictions: z, targets: counts))
  }
}
