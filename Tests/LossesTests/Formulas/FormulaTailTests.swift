import Foundation
import Losses
import Testing

/// The derivatives of formulas written without a thought of overflow.
@Suite struct FormulaTailTests {
  struct Cauchy: LossFormula {
    var scale = 1.0
    static var parameters: [FormulaParameter<Self>] { [FormulaParameter("scale", \.scale)] }
    func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
      let r = (prediction - target) / T.parameter(0, scale)
      return T.log1p(r * r)
    }
  }

  /// The check looks at predictions up to 1e150, whose squares are still finite.
  @Test(arguments: [CustomLoss(Cauchy()), CustomLoss(Cauchy(scale: 2))])
  func aLogarithmOfASquarePassesTheCheck(_ loss: CustomLoss<Cauchy>) throws {
    let check = try loss.checkGradient()
    #expect(check.passed, "\(check)")
  }

  /// `−2(x² − 1)/(x² + 1)²`, whose denominator is beyond every number.
  @Test func theCurvatureFarAway() throws {
    let (_, _, curvature) = try CustomLoss(Cauchy()).valueGradientAndCurvature(
      predictions: [1e100, -1e150], targets: [0, 0], reduction: .sum)
    #expect(abs(curvature[0] / -2e-200 - 1) < 1e-14 && abs(curvature[1] / -2e-300 - 1) < 1e-14)
  }

  /// The factor of a square may be doubled only where that is a number of the scalar.
  @Test func aLargeFactorOfASquare() throws {
    struct Steep: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
        let r = prediction - target
        return T(2e38) * r * r
      }
    }
    let gradient = try CustomLoss(Steep()).gradient(
      predictions: [0, 1e-30] as [Float], targets: [0, 0], reduction: .sum)
    #expect(gradient[0] == 0 && abs(gradient[1] / 4e8 - 1) < 1e-6)
  }

  /// A logarithm and a quotient of constants, and of parameters alone.
  @Test func constantsAndParameters() throws {
    struct Scaled: LossFormula {
      var scale = 2.0
      static var parameters: [FormulaParameter<Self>] { [FormulaParameter("scale", \.scale)] }
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
        let c = T.parameter(0, scale)
        return T.log(c) + T.log1p(c) / c + (prediction - target) / c + T.log(T(3))
      }
    }
    let loss = CustomLoss(Scaled())
    let (value, slopes) = try loss.valueAndParameterGradient(predictions: [5.0], targets: [1])
    let (ln2, ln3): (Double, Double) = (log(2), log(3))
    #expect(abs(value - (ln2 + 1.5 * ln3 + 2)) < 1e-14)
    // 1/c + (1/(1 + c) − ln(1 + c)/c)/c − r/c²
    #expect(abs(slopes[0] - (1.0 / 6 - ln3 / 4 - 0.5)) < 1e-14)
    let (_, gradient, curvature) = try loss.valueGradientAndCurvature(predictions: [5.0], targets: [1])
    #expect(gradient == [0.5] && curvature == [0])
  }
}
