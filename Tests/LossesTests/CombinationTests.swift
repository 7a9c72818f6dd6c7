import Losses
import TestSupport
import Testing

/// Sums of losses: how they are written, what they claim, and that they are the sums of their parts.
@Suite struct CombinationTests {
  @Test func operatorsFlatten() throws {
    let sum = 0.7 * RegressionLoss.squaredError + 0.3 * .absoluteError
    #expect(sum.terms.map(\.coefficient) == [0.7, 0.3])
    #expect(sum.terms.map(\.summand) == [.squaredError, .absoluteError])
    #expect(sum.description == "0.7 * squaredError + 0.3 * absoluteError")
    #expect(try RegressionLoss("0.7 * squaredError + 0.3 * absoluteError") == sum)
    #expect(try RegressionLoss("0.7*squaredError+0.3*absoluteError") == sum)
    #expect(try RegressionLoss("0.1 * (7 * squaredError + 3 * absoluteError)").terms.count == 2)
    let nested = 2 * (sum - .logCosh) + sum
    #expect(nested.terms.map(\.coefficient) == [1.4, 0.6, -2, 0.7, 0.3])
    #expect(nested.terms.allSatisfy { $0.summand.combination == nil })
    #expect((-RegressionLoss.logCosh).description == "-logCosh")
    #expect((RegressionLoss.logCosh - .squaredError).description == "logCosh - squaredError")
    #expect((1 * RegressionLoss.logCosh).description == "1.0 * logCosh")
    #expect(1 * RegressionLoss.logCosh != .logCosh && RegressionLoss.logCosh.terms[0].coefficient == 1)
    let same: RegressionLoss = 0.7 * .squaredError + 0.3 * .absoluteError
    #expect(Set([sum, same]).count == 1)
  }

  @Test(arguments: [
    "2 squaredError", "2 * 3 * squaredError", "squaredError +", "+ squaredError", "squaredError absoluteError", "2 *",
    "(squaredError", "squaredError)", "1e999 * squaredError", "nan * squaredError", "squaredError * 2",
    "squaredError + hinge", "0.5 * squaredError + 0.5 * logistic",
  ])
  func whatIsNoSumIsRefused(text: String) {
    #expect(throws: LossError.self) { try LossCatalogue.pointwiseLoss(text) }
  }

  @Test func nestingDoesNotExhaustTheStack() {
    let text = String(repeating: "(", count: 100_000) + "squaredError" + String(repeating: ")", count: 100_000)
    #expect(throws: LossError.self) { try RegressionLoss(text) }
  }

  @Test func whatTheClaimsOfASumAre() {
    let convex = 2 * RegressionLoss.huber(delta: 3) + 0.5 * .logCosh
    #expect(convex.isConvex && convex.isDifferentiable)
    #expect(convex.lipschitzConstant == 2 * 3 + 0.5 && convex.curvatureBound == 2 + 0.5)
    let difference = RegressionLoss.huber(delta: 3) - 0.5 * .logCosh
    #expect(!difference.isConvex && difference.lipschitzConstant == 3.5 && difference.curvatureBound == 1.5)
    let kinked = RegressionLoss.squaredError + .absoluteError
    #expect(kinked.isConvex && !kinked.isDifferentiable)
    #expect(kinked.lipschitzConstant == nil && kinked.curvatureBound == nil)
    // A term of coefficient 0 is not part of the sum.
    let off = 0 * RegressionLoss.robust(shape: -2) + 0 * .absoluteError + .logCosh
    #expect(off.isConvex && off.isDifferentiable && off.lipschitzConstant == 1)
    #expect((0.5 * RegressionLoss.squaredError).noiseModel == .gaussian(variance: 1))
    #expect((2 * RegressionLoss.absoluteError).noiseModel == .laplace(scale: 0.5))
    #expect(convex.noiseModel == nil && (-1 * RegressionLoss.squaredError).noiseModel == nil)
    #expect((0.5 * BinaryLoss.logistic() + .focal()).link == .logit)
    #expect((RegressionLoss.poisson + .squaredError).link == .identity)
  }

  @Test(arguments: LossCase.combinations, ScalarKind.allCases)
  func aSumIsTheSumOfItsPartsInEveryMode(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<Loss: TestedLoss, S: TestScalar>(_ loss: Loss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: 1003, seed: 41)
    for mode in Mode.allCases {
      for weighted in [false, true] {
        let whole = try evaluate(loss, samples, weighted: weighted, Options(mode: mode))
        let parts = try loss.terms.map { term in
          (
            Double(S.make(term.coefficient)._double),
            try evaluate(term.summand, samples, weighted: weighted, Options(mode: mode))
          )
        }
        let unit = Double(S.ulpOfOne) * Double(parts.count + 2)
        func expectSum(_ part: (Evaluation<S>) -> [S]) {
          for i in part(whole).indices {
            let exact = parts.reduce(0.0) { $0 + $1.0 * part($1.1)[i]._double }
            let size = parts.reduce(0.0) { $0 + abs($1.0 * part($1.1)[i]._double) }
            #expect(abs(part(whole)[i]._double - exact) <= unit * size)
          }
        }
        expectSum(\.values)
        expectSum(\.gradient)
        expectSum(\.curvature)
        if mode.givesValue {
          let exact = parts.reduce(0.0) { $0 + $1.0 * $1.1.value }
          let size = parts.reduce(0.0) { $0 + abs($1.0 * $1.1.value) }
          #expect(abs(whole.value - exact) <= unit * size)
        }
      }
    }
  }

  /// Poisson overflows at 1000, where a term of coefficient 0 must not show.
  @Test func aTermOfCoefficientZeroIsNothing() throws {
    let loss = 0 * RegressionLoss.poisson + 2 * .absoluteError
    let result = try loss.valueGradientAndCurvature(
      predictions: [1000.0, .infinity], targets: [0, 0], reduction: .sum)
    #expect(result.value == .infinity && result.gradient == [2, 2] && result.curvature == [0, 0])
    #expect(try loss.value(predictions: [1000.0], targets: [0]) == 2000)
    let nothing = try (0 * RegressionLoss.poisson).valueAndGradient(predictions: [1000.0], targets: [0])
    #expect(nothing.value == 0 && nothing.gradient == [0])
    // Its targets are still looked at.
    #expect(throws: LossError.self) { try loss.value(predictions: [1.0], targets: [-1]) }
  }

  @Test func errorsNameTheTerm() {
    func message(_ loss: RegressionLoss) -> String? {
      do {
        _ = try loss.value(predictions: [Float(1)], targets: [0])
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      message(.squaredError + 2 * .huber(delta: -1))
        == "huber has delta -1.0; expected a finite number greater than 0")
    #expect(
      message(.squaredError + .nan * .logCosh) == "logCosh has coefficient nan; expected a finite number")
    #expect(
      message(1e300 * .logCosh)
        == "logCosh has coefficient 1e+300; expected a finite number, even when rounded to Float")
  }
}
