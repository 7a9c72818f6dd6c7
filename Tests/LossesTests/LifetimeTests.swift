import Losses
import Testing

/// Arrays that nothing but the call refers to live until it has read them. The optimizer may end the life of an array
/// after the last use that it can see; an address in a structure of the kernels is none.
@Suite struct LifetimeTests {
  @inline(__always)
  private func gradient<S: TestScalar>(_ loss: some TestedLoss, _ prediction: S, _ target: S) throws -> S {
    try loss.gradient(predictions: [prediction], targets: [target])[0]
  }

  @Test func arraysOfOneElement() throws {
    for z: Float in [40, -40] {
      let y: Float = z > 0 ? 1 : 0
      #expect(try abs(gradient(MarginLoss.hinge, z, 2 * y - 1)) == 0)
      #expect(try abs(gradient(BinaryLoss.logistic(), z, y)) < 1e-17)
      #expect(try abs(gradient(BinaryLoss.focal(alpha: 0.25, gamma: 0.5), z, y)) < 1e-17)
    }
  }

  @Test func literals() throws {
    #expect(try RegressionLoss.squaredError.value(predictions: [3.0], targets: [1.0]) == 4)
    #expect(try RegressionLoss.squaredError.value(predictions: [3.0], targets: [1], weights: [2]) == 4)
    #expect(try RegressionLoss.squaredError.values(predictions: [Float(3)], targets: [1], weights: [2]) == [8])
    #expect(try RegressionLoss.squaredError.gradient(predictions: [3.0], targets: [1]) == [4])
    #expect(try RegressionLoss.squaredError.valueAndGradient(predictions: [3.0], targets: [1]).gradient == [4])
    let all = try RegressionLoss.squaredError.valueGradientAndCurvature(predictions: [3.0], targets: [1])
    #expect(all.value == 4 && all.gradient == [4] && all.curvature == [2])
  }

  @Test func computedArrays() throws {
    for n in [1, 2, 5, 40] {
      let x = (1...n).map(Double.init)
      #expect(
        try RegressionLoss.absoluteError.values(predictions: x.map { 2 * $0 }, targets: x.map { $0 + 0 }) == x)
      #expect(try BinaryLoss.logistic().gradient(predictions: x.map { $0 * 100 }, targets: x.map { _ in 1 })[0] < 0)
    }
  }
}
