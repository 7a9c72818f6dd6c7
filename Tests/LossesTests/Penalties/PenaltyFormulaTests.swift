import Foundation
import Losses
import TestSupport
import Testing

/// Values and gradients against textbook formulas.
@Suite struct PenaltyFormulaTests {
  @Test(arguments: TestedPenalties.all) func valueIsThatOfTheTextbook(_ penalty: Penalty) throws {
    for point in TestedPenalties.points() {
      let expected = penalty.textbookValue(at: point)
      #expect(abs(try penalty.value(at: point) - expected) <= 1e-13 * max(1, abs(expected)))
      let single = point.map(Float.init)
      let exact = penalty.textbookValue(at: single.map(Double.init))
      #expect(abs(try penalty.value(at: single) - exact) <= 1e-13 * max(1, abs(exact)))
    }
  }

  @Test(arguments: TestedPenalties.all) func gradientIsThatOfDifferences(_ penalty: Penalty) throws {
    for point in TestedPenalties.points(seed: 2).prefix(6) {
      let (value, gradient) = try penalty.valueAndGradient(at: point)
      #expect(try value == penalty.value(at: point))
      for j in point.indices {
        let h = 1e-6
        var (right, left) = (point, point)
        right[j] += h
        left[j] -= h
        let slope = (penalty.textbookValue(at: right) - penalty.textbookValue(at: left)) / (2 * h)
        #expect(abs(gradient[j] - slope) <= 2e-7 * max(1, abs(slope)), "\(point[j])")
      }
      let single = try penalty.gradient(at: point.map(Float.init))
      let reference = try penalty.gradient(at: point.map { Double(Float($0)) })
      #expect(single == reference.map(Float.init))
    }
  }

  /// Numbers worked out by hand from the papers, or with another program.
  @Test func publishedNumbers() throws {
    // scikit-learn's elastic net with alpha 0.5 and l1_ratio 0.4: αρ = 0.2, α(1 − ρ) = 0.3.
    #expect(try Penalty.elasticNet(l1: 0.2, l2: 0.3).value(at: [1.0, -2]) == 0.2 * 3 + 0.15 * 5)
    // Zhang (2010): λx − x²/(2γ), and ½γλ² beyond γλ = 3.
    #expect(try Penalty.mcp(strength: 1, gamma: 3).value(at: [1.0]) == 1 - 1.0 / 6)
    #expect(try Penalty.mcp(strength: 1, gamma: 3).value(at: [30.0]) == 1.5)
    #expect(try Penalty.mcp(strength: 1, gamma: 3).gradient(at: [1.5]) == [0.5])
    // Fan and Li (2001) with a = 3.7: p′ = λ up to λ, (aλ − x)/(a − 1) up to aλ; the end is λ²(a + 1)/2.
    #expect(try Penalty.scad().value(at: [100.0]) == 2.35)
    #expect(try Penalty.scad().gradient(at: [0.5, 1.0]) == [1, 1])
    #expect(abs(try Penalty.scad().gradient(at: [2.0])[0] - 1.7 / 2.7) < 1e-15)
    // Yuan and Lin (2006): √3·‖(2, 3, 6)‖ + √1·|−4|.
    let group = Penalty.groupLasso(strength: 2, groups: [0, 0, 1, 0])
    #expect(abs(try group.value(at: [2.0, 3, -4, 6]) - 2 * (3.0.squareRoot() * 7 + 4)) < 1e-13)
    // The prior of a normal distribution of mean 1 and standard deviation 2: ½(1/4 + 4).
    #expect(try Penalty.gaussianPrior(means: [1, -1], scales: 2).value(at: [2.0, 3]) == 0.5 * (0.25 + 4))
    #expect(try Penalty.laplacePrior(means: 1, scales: [2, 4]).value(at: [2.0, -3]) == 1.5)
    #expect(try Penalty.totalVariation(strength: 3).value(at: [1.0, 4, 2]) == 15)
    // An orthonormal matrix costs nothing; twice the identity of two columns ½(3² + 3²).
    #expect(try Penalty.orthogonality(strength: 1, columns: 2).value(at: [0.6, 0.8, -0.8, 0.6, 0, 0]) < 1e-31)
    #expect(try Penalty.orthogonality(strength: 1, columns: 2).value(at: [2.0, 0, 0, 2]) == 9)
    #expect(try Penalty.smoothedL1(strength: 2, delta: 0.5).value(at: [0.25, 2]) == 2 * (0.0625 + 1.75))
  }

  @Test(arguments: TestedPenalties.all) func formsAgree(_ penalty: Penalty) throws {
    for point in TestedPenalties.points(seed: 3) {
      let gradient = try penalty.gradient(at: point, scale: -2)
      #expect(try gradient == penalty.gradient(at: point).map { -2 * $0 })
      var sums = point.map { $0 + 1 }
      var output = sums.mutableSpan
      try penalty.gradient(at: point.span, scale: -2, accumulating: true, gradient: &output)
      #expect(sums == zip(point, gradient).map { $0 + 1 + $1 })
      var place = point
      var span = place.mutableSpan
      let value = try penalty.valueAndGradient(overwriting: &span, scale: -2)
      #expect(place == gradient)
      #expect(try value == penalty.value(at: point))
      var other = point
      var otherSpan = other.mutableSpan
      try penalty.gradient(overwriting: &otherSpan, scale: -2)
      #expect(other == gradient)
    }
  }

  @Test(arguments: TestedPenalties.all) func claimsHold(_ penalty: Penalty) throws {
    let points = TestedPenalties.points(seed: 4)
    for (a, b) in zip(points, points.dropFirst()) {
      let middle = zip(a, b).map { 0.5 * ($0 + $1) }
      if penalty.isConvex {
        let mean = 0.5 * (try penalty.value(at: a) + penalty.value(at: b))
        #expect(try penalty.value(at: middle) <= mean + 1e-12 * max(1, mean))
      }
      if let bound = penalty.curvatureBound {
        func norm(_ x: [Double], _ y: [Double]) -> Double {
          zip(x, y).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        }
        #expect(penalty.isDifferentiable)
        #expect(norm(try penalty.gradient(at: a), try penalty.gradient(at: b)) <= bound * norm(a, b) * (1 + 1e-12))
      }
    }
  }

  @Test func properties() {
    let smooth: [Penalty] = [
      .l2(), .gaussianPrior(means: [1], scales: 0.5), .smoothedL1(strength: 3, delta: 0.5), .elasticNet(l1: 0, l2: 1.5),
      .l2() + 0 * .l1(), .l1(strength: 0), 2 * .l2(strength: 3) - .smoothedL1(),
    ]
    #expect(smooth.map(\.isDifferentiable) == [true, true, true, true, true, true, true])
    #expect(smooth.map(\.curvatureBound) == [1, 4, 6, 1.5, 1, 0, 7])
    #expect(smooth.map(\.isConvex) == [true, true, true, true, true, true, false])
    #expect(Penalty.gaussianPrior(means: 0, scales: [1, 0.25]).curvatureBound == 16)
    let kinked: [Penalty] = [
      .l1(), .elasticNet(), .mcp(), .scad(), .groupLasso(groups: [0]), .sparseGroupLasso(groups: [0]), .laplacePrior(),
      .totalVariation(), .l2() + .l1(),
    ]
    #expect(kinked.allSatisfy { !$0.isDifferentiable && $0.curvatureBound == nil })
    #expect(kinked.map(\.isConvex) == [true, true, false, false, true, true, true, true, true])
    #expect(kinked.map(\.isSeparable) == [true, true, true, true, false, false, true, false, true])
    let orthogonality = Penalty.orthogonality(strength: 1, columns: 2)
    #expect(orthogonality.isDifferentiable && !orthogonality.isConvex && !orthogonality.isSeparable)
    #expect(orthogonality.curvatureBound == nil)
  }
}
