import Losses
import Testing

/// `√mean`: the chain rule, and what becomes of it where the root has no derivative.
@Suite struct RootMeanTests {
  @Test func rootMeanSquaredErrorByHand() throws {
    let result = try RegressionLoss.squaredError.valueAndGradient(
      predictions: [3.0, 0, 0, 4], targets: [0, 0, 0, 0], reduction: .rootMean)
    #expect(result.value == 2.5)
    // (2r/n) / (2 · value).
    #expect(zip(result.gradient, [0.3, 0, 0, 0.4]).allSatisfy { abs($0 - $1) <= 2 * $1.ulp })
  }

  @Test func weightedByHand() throws {
    let result = try RegressionLoss.squaredError.valueAndGradient(
      predictions: [3.0, 4, .nan], targets: [0, 0, 0], weights: [1, 3, 0], reduction: .rootMean, scale: 2)
    #expect(result.value == (57.0 / 4).squareRoot())
    let factor = 2 / (result.value * 4)
    #expect(zip(result.gradient, [3 * factor, 12 * factor, 0]).allSatisfy { abs($0 - $1) <= 4 * $1.ulp })
  }

  @Test func whereTheValueIsZeroTheGradientIsZero() throws {
    let result = try RegressionLoss.squaredError.valueAndGradient(
      predictions: [1.0, -2], targets: [1, -2], reduction: .rootMean)
    #expect(result.value == 0 && result.gradient == [0, 0])
    let inside = try RegressionLoss.epsilonInsensitive(epsilon: 1).valueAndGradient(
      predictions: [Float(1.5), -2], targets: [1, -2], reduction: .rootMean)
    #expect(inside.value == 0 && inside.gradient == [0, 0])
  }

  @Test func aNegativeMeanIsAnError() throws {
    let (predictions, targets) = ([2.0], [100.0])
    #expect(throws: LossError.self) {
      try RegressionLoss.poisson.value(predictions: predictions, targets: targets, reduction: .rootMean)
    }
    do {
      _ = try RegressionLoss.poisson.gradient(predictions: predictions, targets: targets, reduction: .rootMean)
      Issue.record("no error")
    } catch {
      guard case .negativeMean(let value) = error else { throw error }
      #expect(abs(value - (7.38905609893065 - 200)) < 1e-12)
    }
  }

  @Test func theRootOfNaNIsNaN() throws {
    let result = try RegressionLoss.squaredError.valueAndGradient(
      predictions: [Double.nan, 1], targets: [0, 0], reduction: .rootMean)
    #expect(result.value.isNaN && result.gradient[0].isNaN && result.gradient[1].isNaN)
  }

  @Test func thereIsNoCurvatureOfARootMean() {
    #expect(
      throws: LossError.invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a curvature is asked for")
    ) {
      try RegressionLoss.squaredError.valueGradientAndCurvature(
        predictions: [1.0], targets: [0], reduction: .rootMean)
    }
  }

  @Test func accumulatingAddsTheRootsGradient() throws {
    var gradient: [Double] = [1, 1, 1, 1]
    var span = gradient.mutableSpan
    let (predictions, targets): ([Double], [Double]) = ([3, 0, 0, 4], [0, 0, 0, 0])
    let value = try RegressionLoss.squaredError.valueAndGradient(
      predictions: predictions.span, targets: targets.span, reduction: .rootMean, accumulating: true, gradient: &span)
    #expect(value == 2.5 && zip(gradient, [1.3, 1, 1, 1.4]).allSatisfy { abs($0 - $1) <= 2 * $1.ulp })
  }
}
