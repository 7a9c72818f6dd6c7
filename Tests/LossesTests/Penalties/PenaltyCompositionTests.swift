import Losses
import Testing

/// Penalties in scaled coordinates.
@Suite struct PenaltyCompositionTests {
  private static let different = (0..<TestedPenalties.count).map { 0.25 + 0.5 * Double($0) }

  @Test(
    arguments: TestedPenalties.proximal,
    [different, [Double](repeating: 0.3, count: 12), [Double](repeating: 1, count: 12)])
  func theValueIsThatOfTheScaledPoint(_ penalty: Penalty, _ factors: [Double]) throws {
    guard let composed = penalty.composed(with: factors) else {
      let isKept = penalty.terms.allSatisfy { term in
        switch term.summand {
        case .l1, .l2, .elasticNet, .gaussianPrior, .laplacePrior: true
        default: false
        }
      }
      #expect(factors == Self.different && !isKept)
      return
    }
    for point in TestedPenalties.points() {
      let expected = try penalty.value(at: zip(point, factors).map { $0 * $1 })
      #expect(abs(try composed.value(at: point) - expected) <= 1e-12 * max(1, abs(expected)))
    }
    // It still has a proximal operator.
    _ = try composed.proximal(at: TestedPenalties.points()[0], step: 0.5)
  }

  @Test func whatHasNoFormIsNone() {
    #expect(Penalty.orthogonality(columns: 1).composed(with: [2, 2]) == nil)
    #expect((Penalty.l1() + .orthogonality(columns: 1)).composed(with: [2, 2]) == nil)
    #expect(Penalty.groupLasso(groups: []).composed(with: []) != nil)
  }
}
