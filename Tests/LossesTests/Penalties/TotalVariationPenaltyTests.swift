import Losses
import TestSupport
import Testing

/// The proximal operator of the total variation.
@Suite struct TotalVariationPenaltyTests {
  /// The conditions for a minimum: the sums of what was taken away are within ±λ, at the bound where the result jumps, and
  /// 0 at the end. They are necessary and sufficient.
  private func check(_ x: [Double], _ v: [Double], _ strength: Double) {
    let size = (v.map(abs).max() ?? 0) + 1
    let tolerance = 1e-12 * size * Double(v.count).squareRoot()
    var sum = 0.0
    for i in v.indices {
      sum += v[i] - x[i]
      if i == v.count - 1 {
        #expect(abs(sum) <= tolerance * 10)
      } else if x[i] == x[i + 1] {
        #expect(abs(sum) <= strength + tolerance * 10)
      } else {
        #expect(abs(sum - (x[i] > x[i + 1] ? strength : -strength)) <= tolerance * 10)
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 7, 100, 1001, 50_000]) func conditionsForAMinimum(count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    for strength in [1e-6, 0.1, 1, 5, 100, 1e6] {
      for kind in 0..<4 {
        var level = 0.0
        let v = (0..<count).map { i -> Double in
          level += Double.random(in: -1...1, using: &random)
          switch kind {
          case 0: return Double.random(in: -3...3, using: &random)
          case 1: return level
          case 2: return Double(Int.random(in: -2...2, using: &random)) + 1e3
          default: return Double(i % 10 < 5 ? 1 : -1) * Double(i / 10)
          }
        }
        check(try Penalty.totalVariation(strength: strength).proximal(at: v, step: 1), v, strength)
      }
    }
  }

  /// Another algorithm: projected gradient steps on the dual, min ½‖v − Dᵀu‖² with |u| ≤ λ.
  @Test func agreesWithTheDual() throws {
    var random = SplitMix64(seed: 3)
    for count in 2..<15 {
      let v = (0..<count).map { _ in Double.random(in: -2...2, using: &random) }
      for strength in [0.1, 0.5, 2] {
        func primal(_ u: [Double]) -> [Double] {
          v.indices.map { v[$0] - ($0 > 0 ? u[$0 - 1] : 0) + ($0 < count - 1 ? u[$0] : 0) }
        }
        var u = [Double](repeating: 0, count: count - 1)
        for _ in 0..<20_000 {
          let x = primal(u)
          for k in u.indices { u[k] = min(max(u[k] + 0.25 * (x[k + 1] - x[k]), -strength), strength) }
        }
        let found = try Penalty.totalVariation(strength: strength).proximal(at: v, step: 1)
        for (a, b) in zip(found, primal(u)) { #expect(abs(a - b) < 1e-9) }
      }
    }
  }

  @Test func smallCases() throws {
    let penalty = Penalty.totalVariation(strength: 1)
    #expect(try penalty.proximal(at: [0.0, 0, 10, 10], step: 1) == [0.5, 0.5, 9.5, 9.5])
    #expect(try penalty.proximal(at: [0.0, 10, 0], step: 1) == [1, 8, 1])
    #expect(try penalty.proximal(at: [1.0, 2, 3], step: 100) == [2, 2, 2])
    #expect(try penalty.proximal(at: [7.0], step: 1) == [7])
    #expect(try penalty.proximal(at: [Double](), step: 1) == [])
    #expect(try Penalty.totalVariation(strength: 1e300).proximal(at: [1.0, 3], step: 1e300) == [2, 2])
    // A NaN, or an infinite number, ties all others to it.
    #expect(try penalty.proximal(at: [1, .nan, 3], step: 1).allSatisfy(\.isNaN))
    #expect(try penalty.proximal(at: [1, .infinity, 3], step: 1).allSatisfy(\.isNaN))
  }
}
