import Losses
import TestSupport
import Testing

/// Where there is no derivative: the subgradient of least norm.
@Suite struct PenaltyKinkTests {
  static let penalties =
    TestedPenalties.separable + TestedPenalties.separableSums + TestedPenalties.coupled
    + Array(TestedPenalties.coupledSums.prefix(2))

  /// A subgradient g is below every derivative in a direction; it is the least one if the derivative along −g is −‖g‖².
  @Test(arguments: penalties) func subgradientIsTheLeastOne(_ penalty: Penalty) throws {
    var random = SplitMix64(seed: 8)
    for point in TestedPenalties.points() {
      let gradient = try penalty.gradient(at: point)
      func slope(_ direction: [Double]) -> Double {
        let h = 1e-7
        let moved = zip(point, direction).map { $0 + h * $1 }
        return (penalty.textbookValue(at: moved) - penalty.textbookValue(at: point)) / h
      }
      for _ in 0..<50 {
        let keeps = Double.random(in: 0...1, using: &random)
        let direction = point.map { _ in
          Double.random(in: 0...1, using: &random) < keeps ? Double.random(in: -1...1, using: &random) : 0
        }
        let product = zip(gradient, direction).map { $0 * $1 }.reduce(0, +)
        #expect(slope(direction) >= product - 3e-5)
      }
      let square = gradient.map { $0 * $0 }.reduce(0, +)
      #expect(abs(slope(gradient.map { -$0 }) + square) <= 3e-5 * max(1, square))
    }
  }

  /// A total variation in a sum gives its own subgradient: it is one of the sum.
  @Test(arguments: TestedPenalties.coupledSums.dropFirst(2)) func everySumHasASubgradient(_ penalty: Penalty) throws {
    var random = SplitMix64(seed: 9)
    for point in TestedPenalties.points() {
      let (value, gradient) = try penalty.valueAndGradient(at: point)
      for size in [1e-3, 1, 10.0] {
        let move = point.map { _ in Double.random(in: -size...size, using: &random) }
        let product = zip(gradient, move).map { $0 * $1 }.reduce(0, +)
        #expect(penalty.textbookValue(at: zip(point, move).map(+)) >= value + product - 1e-12)
      }
    }
  }

  @Test func atTheKinkItself() throws {
    #expect(try Penalty.l1().gradient(at: [0.0, -0.0, 2]) == [0, 0, 1])
    // The slope of the prior, 2 or 0.25, against the kink of size 1.
    #expect(try (Penalty.l1() + .gaussianPrior(means: [4, 0.5], scales: [1, 1])).gradient(at: [0.0, 0]) == [-3, 0])
    // Opposite kinks at one place cancel.
    #expect(try (Penalty.l1() - 0.75 * .l1() + .gaussianPrior(means: 1)).gradient(at: [0.0]) == [-0.75])
    #expect(try Penalty.laplacePrior(means: [1, 1], scales: 0.5).gradient(at: [1.0, 0]) == [0, -2])
    #expect(try Penalty.mcp().gradient(at: [0.0, 3, 4]) == [0, 0, 0])
    // A run is pulled from both sides: up at its left end, down at its right end.
    #expect(try Penalty.totalVariation().gradient(at: [5.0, 2, 2, 2, 2, 9]) == [1, -0.5, -0.5, -0.5, -0.5, 1])
    #expect(try Penalty.totalVariation().gradient(at: [1.0, 3, 3, 1]) == [-1, 1, 1, -1])
    #expect(try Penalty.totalVariation().gradient(at: [4.0, 4]) == [0, 0])
    // A group of zeros holds against a prior of norm 5 with √2·2 < 5 of it.
    let sum = Penalty.groupLasso(strength: 2, groups: [0, 0]) + .gaussianPrior(means: [3, 4], scales: 1)
    let factor = 1 - 2 * 2.0.squareRoot() / 5
    let gradient = try sum.gradient(at: [0.0, 0])
    #expect(abs(gradient[0] + 3 * factor) < 1e-15 && abs(gradient[1] + 4 * factor) < 1e-15)
  }
}
