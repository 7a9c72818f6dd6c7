import LinearModels
import Losses
import Optimizers
import TestSupport
import Testing

/// Gradients of linear objectives against differences, among the kinks of their rows.
@Suite struct LinearObjectiveCheckTests {
  /// All but those that have a value on a part of the line only.
  static let losses: [any PointwiseLoss] = LossCatalogue.items.map(\.defaultLoss).filter {
    !["squaredLogError", "crossEntropyOfProbabilities"].contains($0.description)
  }

  @Test(arguments: losses) func gradientsPassTheCheck(_ loss: any PointwiseLoss) throws {
    try check(loss, rows: 500, intercept: true)
    try check(loss, rows: 7, intercept: false)
  }

  private func check<L: PointwiseLoss>(_ loss: L, rows: Int, intercept: Bool) throws {
    var random = SplitMix64(seed: 5)
    let elements = (0..<4 * rows).map { _ in Double.random(in: -1...1, using: &random) }
    let features = try FeatureMatrix(elements, rowCount: rows, columnCount: 4)
    let targets = (0..<rows).map { _ in
      let label: Double = Bool.random(using: &random) ? 1 : 0
      // Rates must be above 0, and at a target of 0 relative errors jump.
      return loss is MarginLoss ? 2 * label - 1 : loss is RegressionLoss ? label + 0.5 : label
    }
    let objective = try LinearObjective(
      loss: loss, features: features, targets: targets, penalty: .l2(strength: 0.1), intercept: intercept)
    for size in [0, 1, 30] {
      let point = (0..<objective.parameterCount).map { _ in Double(size) * Double.random(in: -1...1, using: &random) }
      let check = try objective.checkGradient(at: point)
      #expect(check.passed && check.inconclusive == [], "\(loss) \(rows) \(size): \(check)")
    }
  }
}
