import Testing

import Optimizers

@Suite struct CurvaturePairsTests {
  /// Takes up the pairs of a quadratic with the Hessian `diag(1, 4, 9)` and steps `sₖ`.
  static func pairs(capacity: Int, steps: [[Double]]) -> CurvaturePairs {
    var pairs = CurvaturePairs(capacity: capacity)
    let zero = [0.0, 0, 0]
    for s in steps {
      let y = [s[0], 4 * s[1], 9 * s[2]]
      pairs.append(parametersFrom: zero.span, to: s.span, gradientFrom: zero.span, to: y.span)
    }
    return pairs
  }

  static func product(_ pairs: CurvaturePairs, _ vector: [Double]) -> [Double] {
    var pairs = pairs
    var product = vector
    var span = product.mutableSpan
    pairs.multiplyByInverseHessian(&span)
    return product
  }

  static let steps: [[Double]] = [[1, 2, 3], [-1, 0.5, 2], [0.25, 1, -1], [3, -1, 0.5], [2, 2, 1]]

  /// The secant equation `Hy = s` of the newest pair, whichever slot the ring has put it in.
  @Test(arguments: 1...5, 1...5)
  func newestPairIsReproduced(capacity: Int, count: Int) {
    let pairs = Self.pairs(capacity: capacity, steps: Array(Self.steps.prefix(count)))
    let s = Self.steps[count - 1]
    #expect(maximumDistance(Self.product(pairs, [s[0], 4 * s[1], 9 * s[2]]), s) <= 1e-14)
  }

  /// Pairs that fell out of the ring leave no trace.
  @Test(arguments: 1...4)
  func oldestPairsAreForgotten(capacity: Int) {
    let vector = [1.0, -2, 0.5]
    let all = Self.pairs(capacity: capacity, steps: Self.steps)
    let last = Self.pairs(capacity: capacity, steps: Self.steps.suffix(capacity))
    #expect(Self.product(all, vector) == Self.product(last, vector))
    let longer = Self.pairs(capacity: capacity + 1, steps: Self.steps.suffix(capacity + 1))
    #expect(Self.product(all, vector) != Self.product(longer, vector))
  }

  /// Steps that are conjugate with respect to the Hessian make `H` its inverse.
  @Test func conjugateStepsGiveTheInverse() {
    let pairs = Self.pairs(capacity: 3, steps: [[1, 0, 0], [0, 2, 0], [0, 0, -1]])
    #expect(maximumDistance(Self.product(pairs, [1, 1, 1]), [1, 0.25, 1 / 9.0]) <= .ulpOfOne)
  }

  @Test(arguments: [[0, 0], [-1, 0], [0, 1], [1e-17, 1], [.nan, 0], [.infinity, 0], [1e200, 0]])
  func unsafeCurvatureIsLeftOut(change: [Double]) {
    let zero = [0.0, 0]
    let step = [1.0, 0]
    var pairs = CurvaturePairs(capacity: 2)
    pairs.append(parametersFrom: zero.span, to: step.span, gradientFrom: zero.span, to: change.span)
    #expect(pairs.isEmpty)
  }
}
