import Losses
import TestSupport
import Testing

/// Proximal operators against their definition.
@Suite struct PenaltyProximalTests {
  static let steps = [1e-3, 0.2, 1, 1.7, 2.4, 2.8, 5, 1000]

  /// Coordinate by coordinate nothing on a dense grid is better.
  @Test(arguments: TestedPenalties.separable + TestedPenalties.separableSums)
  func nothingOnAGridIsBetter(_ penalty: Penalty) throws {
    for point in TestedPenalties.points(seed: 5) {
      for step in Self.steps {
        let found = try penalty.proximal(at: point, step: step)
        let best = penalty.proximalObjective(found, point, step)
        for j in point.indices {
          var other = found
          for k in -150...150 {
            other[j] = point[j] * 0.5 + Double(k) * 0.03
            #expect(penalty.proximalObjective(other, point, step) >= best - 1e-12 * max(1, best))
          }
          for shift in [-1e-3, -1e-5, 1e-5, 1e-3] {
            other[j] = found[j] + shift
            #expect(penalty.proximalObjective(other, point, step) >= best - 1e-12 * max(1, best))
          }
        }
      }
    }
  }

  /// A convex penalty: (v − x)/step is a subgradient at x, in all directions and distances that are tried.
  @Test(arguments: TestedPenalties.coupled + TestedPenalties.coupledSums)
  func theRestIsASubgradient(_ penalty: Penalty) throws {
    var random = SplitMix64(seed: 6)
    for point in TestedPenalties.points(seed: 7) {
      for step in Self.steps {
        let x = try penalty.proximal(at: point, step: step)
        let slopes = zip(point, x).map { ($0 - $1) / step }
        let value = penalty.textbookValue(at: x)
        for trial in 0..<300 {
          let size = [1e-4, 1e-2, 1, 30][trial % 4]
          let keeps = Double.random(in: 0...1, using: &random)
          let common = Double.random(in: -size...size, using: &random)
          let begin = Int.random(in: 0..<x.count, using: &random)
          let end = Int.random(in: begin..<x.count, using: &random)
          let other = x.indices.map { j in
            switch trial % 3 {
            case 0: x[j] + (Double.random(in: 0...1, using: &random) < keeps ? common : 0)
            case 1: x[j] + (begin...end ~= j ? common : 0)
            default: x[j] + Double.random(in: -size...size, using: &random)
            }
          }
          let product = zip(slopes, zip(other, x)).map { $0 * ($1.0 - $1.1) }.reduce(0, +)
          #expect(penalty.textbookValue(at: other) >= value + product - 1e-11 * max(1, value + abs(product)))
        }
      }
    }
  }

  @Test(arguments: TestedPenalties.proximal) func formsAgree(_ penalty: Penalty) throws {
    for point in TestedPenalties.points(seed: 9) {
      let expected = try penalty.proximal(at: point, step: 0.75)
      var place = point
      var span = place.mutableSpan
      try penalty.proximal(overwriting: &span, step: 0.75)
      #expect(place == expected)
      // A coefficient is a factor of the step.
      let scaled = try (0.5 * penalty).proximal(at: point, step: 1.5)
      #expect(zip(scaled, expected).allSatisfy { abs($0 - $1) <= 1e-14 * max(1, abs($1)) })
      let single = try penalty.proximal(at: point.map(Float.init), step: 0.75)
      let reference = try penalty.proximal(at: point.map { Double(Float($0)) }, step: 0.75)
      #expect(single == reference.map(Float.init))
    }
  }

  @Test func publishedNumbers() throws {
    #expect(try Penalty.l1(strength: 2).proximal(at: [3.0, -0.5, -5], step: 0.5) == [2, 0, -4])
    #expect(try Penalty.l2(strength: 2).proximal(at: [3.0], step: 0.5) == [1.5])
    // Zhang (2010) and Breheny and Huang (2011): firm thresholding, S(v, λ)/(1 − 1/γ).
    #expect(try Penalty.mcp(strength: 1, gamma: 2).proximal(at: [0.5, 1.5, 2, 2.5], step: 1) == [0, 1, 2, 2.5])
    // Fan and Li (2001), equation (2.8), with a = 3: ((a − 1)v − aλ)/(a − 2) between 2λ and aλ.
    #expect(try Penalty.scad(strength: 1, a: 3).proximal(at: [0.5, 1.5, 2.5, 3.5], step: 1) == [0, 0.5, 2, 3.5])
    // Yuan and Lin (2006): (1 − λ√2/‖w‖)w.
    let group = try Penalty.groupLasso(strength: 1, groups: [0, 0]).proximal(at: [3.0, -4], step: 2.0.squareRoot())
    #expect(abs(group[0] - 3 * 0.6) < 1e-15 && abs(group[1] + 4 * 0.6) < 1e-15)
    #expect(try Penalty.gaussianPrior(means: 2, scales: 1).proximal(at: [4.0], step: 1) == [3])
    #expect(try Penalty.laplacePrior(means: 2, scales: 2).proximal(at: [4.0, 2.25], step: 1) == [3.5, 2])
    #expect(try Penalty.smoothedL1(strength: 1, delta: 1).proximal(at: [1.0, 4], step: 1) == [0.5, 3])
    // Two kinks of size 1: between them they cancel.
    let kinks = Penalty.l1() + .laplacePrior(means: 10)
    #expect(try kinks.proximal(at: [-3.0, 1, 5, 11, 14], step: 1) == [-1, 1, 5, 10, 12])
  }

  /// With a step of γ, or a − 1, and more there are two minima; 0, or the smaller one, wins where they are equal.
  @Test func longStepsThreshold() throws {
    #expect(
      try Penalty.mcp(strength: 1, gamma: 2).proximal(at: [2.0, 2.0.nextUp, -5], step: 2) == [0, 2.0.nextUp, -5])
    #expect(try Penalty.mcp(strength: 1, gamma: 2).proximal(at: [4.0, 4.0.nextUp, -4], step: 8) == [0, 4.0.nextUp, 0])
    #expect(try Penalty.scad(strength: 1, a: 3).proximal(at: [3.0, 3.0.nextUp, 2.5], step: 2) == [1, 3.0.nextUp, 0.5])
    #expect(try Penalty.scad(strength: 1, a: 3).proximal(at: [6.0, 6.0.nextUp], step: 9) == [0, 6.0.nextUp])
  }

  /// Parameters at the edges of their domains: no 0/0, and nothing is lost by rounding to Float.
  @Test func parametersAtTheEdge() throws {
    func check<S: TestScalar & BinaryFloatingPoint>(_: S.Type) throws {
      let point: [S] = [0.5, 1, -2, 5]
      for scale in [Double.leastNonzeroMagnitude, 1e-200, 1e200, .greatestFiniteMagnitude] {
        let nearest: [S] = scale < 1 ? [1, 1, 1, 1] : point
        for prior in [
          Penalty.gaussianPrior(means: 1, scales: .same(scale)), .laplacePrior(means: 1, scales: .same(scale)),
        ] {
          #expect(try prior.proximal(at: point, step: 1) == nearest)
          #expect(try (prior + prior).proximal(at: point, step: 1) == nearest)
          let (value, gradient) = try prior.valueAndGradient(at: [1, 1] as [S])
          #expect(value == 0 && gradient == [0, 0])
        }
      }
      #expect(try Penalty.l1(strength: 1e300).proximal(at: point, step: 1e300) == [0, 0, 0, 0])
      #expect(try Penalty.l2(strength: 1e300).proximal(at: point, step: 1e300).allSatisfy { $0 == 0 })
      #expect(try Penalty.smoothedL1(strength: 1, delta: 1e-300).proximal(at: point, step: 1)[3] == 4)
      #expect(try Penalty.smoothedL1(strength: 1, delta: 1e-300).gradient(at: [0, 1, -2] as [S]) == [0, 1, -1])
      #expect(try Penalty.smoothedL1(strength: 1e300, delta: 1e300).proximal(at: point, step: 1)[3] == 2.5)
      #expect(try Penalty.mcp(strength: 1, gamma: 1.0.nextUp).proximal(at: point, step: 1)[3] == 5)
      #expect(try Penalty.mcp(strength: 1, gamma: 1.0.nextUp).gradient(at: [0, 2] as [S]) == [0, 0])
      #expect(try Penalty.mcp(strength: 1, gamma: 1e308).proximal(at: point, step: 1) == [0, 0, -1, 4])
      #expect(try Penalty.scad(strength: 1, a: 2.0.nextUp).proximal(at: point, step: 1) == [0, 0, -1, 5])
      #expect(try Penalty.scad(strength: 1, a: 1e308).proximal(at: point, step: 1) == [0, 0, -1, 4])
      #expect(try Penalty.scad(strength: 1, a: 2.0.nextUp).gradient(at: [1, 3] as [S]) == [1, 0])
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func withoutAClosedForm() throws {
    let groups = [0, 0, 1]
    let sums: [(Penalty, String)] = [
      (.orthogonality(columns: 3), "no orthogonality"), (.orthogonality(columns: 3) + .l1(), "no orthogonality"),
      (.l2() - .l1(), "coefficients are not negative"), (.mcp() + .l1(), "at most one of smoothedL1, mcp and scad"),
      (.mcp() + .scad(), "at most one of smoothedL1, mcp and scad"),
      (.groupLasso(groups: groups) + .groupLasso(groups: [0, 1, 2]), "one grouping"),
      (.groupLasso(groups: groups) + .totalVariation(), "one grouping"),
      (.totalVariation() + .groupLasso(groups: groups), "one grouping"),
      (.groupLasso(groups: groups) + .gaussianPrior(scales: [1, 2, 3]), "one scale"),
      (.totalVariation() + .gaussianPrior(scales: [1, 2, 3]), "one scale"),
      (.groupLasso(groups: groups) + .mcp(), "beside the groups"),
      (.groupLasso(groups: groups) + .laplacePrior(means: 1), "beside the groups"),
      (.totalVariation() + .scad(), "the same for all"),
      (.totalVariation() + .laplacePrior(means: [1, 2, 3]), "the same for all"),
    ]
    for (penalty, expected) in sums {
      do {
        _ = try penalty.proximal(at: [1.0, 2, 3], step: 1)
        Issue.record("\(penalty)")
      } catch {
        guard case .invalidArgument("penalty", penalty.description, let text) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(text.hasPrefix("one whose proximal operator has a closed form: ") && text.contains(expected))
      }
    }
    for step in [0, -1, .nan, .infinity] {
      #expect(throws: LossError.self) { try Penalty.l1().proximal(at: [1.0], step: step) }
    }
  }
}
