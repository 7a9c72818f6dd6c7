import Foundation
import Testing

import Optimizers

/// The functions of Moré and Thuente (1994), section 5, from their first steps.
@Suite struct StrongWolfeLineSearchTests {
  struct Curve: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var sufficientDecrease: Double
    var curvature: Double
    var value: @Sendable (Double) -> (value: Double, slope: Double)
  }

  /// Equation 5.4 with the parameters `β₁`, `β₂`.
  static func yanai(_ beta1: Double, _ beta2: Double, _ name: String) -> Curve {
    let gamma1 = (1 + beta1 * beta1).squareRoot() - beta1
    let gamma2 = (1 + beta2 * beta2).squareRoot() - beta2
    return Curve(testDescription: name, sufficientDecrease: 1e-3, curvature: 1e-3) { a in
      let left = ((1 - a) * (1 - a) + beta2 * beta2).squareRoot()
      let right = (a * a + beta1 * beta1).squareRoot()
      return (gamma1 * left + gamma2 * right, -gamma1 * (1 - a) / left + gamma2 * a / right)
    }
  }

  static let curves = [
    Curve(testDescription: "5.1", sufficientDecrease: 1e-3, curvature: 0.1) { a in
      let b = 2.0
      return (-a / (a * a + b), (a * a - b) / ((a * a + b) * (a * a + b)))
    },
    Curve(testDescription: "5.2", sufficientDecrease: 0.1, curvature: 0.1 + 1e-9) { a in
      let t = a + 0.004
      return (pow(t, 5) - 2 * pow(t, 4), 5 * pow(t, 4) - 8 * pow(t, 3))
    },
    Curve(testDescription: "5.3", sufficientDecrease: 0.1, curvature: 0.1 + 1e-9) { a in
      let beta = 0.01, l = 39.0
      let wave = 2 * (1 - beta) / (l * .pi)
      let base: (Double, Double) =
        a <= 1 - beta
        ? (1 - a, -1)
        : a >= 1 + beta
          ? (a - 1, 1) : ((a - 1) * (a - 1) / (2 * beta) + beta / 2, (a - 1) / beta)
      return (base.0 + wave * sin(l * .pi / 2 * a), base.1 + wave * l * .pi / 2 * cos(l * .pi / 2 * a))
    },
    yanai(0.001, 0.001, "5.4, 0.001, 0.001"),
    yanai(0.01, 0.001, "5.4, 0.01, 0.001"),
    yanai(0.001, 0.01, "5.4, 0.001, 0.01"),
  ]

  @Test(arguments: curves, [1e-3, 0.1, 10, 1e3])
  func meetsBothConditions(_ curve: Curve, firstStep: Double) throws {
    let search = StrongWolfeLineSearch(
      sufficientDecrease: curve.sufficientDecrease, curvature: curve.curvature * (1 + 1e-6))
    var steps: [Double] = []
    func sample(_ step: Double) -> LineSample {
      steps.append(step)
      let (value, slope) = curve.value(step)
      return LineSample(step: step, value: value, slope: slope)
    }
    let start = sample(0)
    let accepted = try #require(search.search(from: start, firstStep: firstStep, sample))
    #expect(steps[1] == firstStep)
    #expect(accepted.step == steps.last)
    #expect(accepted.value <= start.value + search.sufficientDecrease * accepted.step * start.slope)
    #expect(accepted.slope.magnitude <= search.curvature * start.slope.magnitude)
    #expect(steps.count - 1 <= 17)
  }

  @Test func stopsAtTheLimit() {
    var count = 0
    let search = StrongWolfeLineSearch(maximumEvaluations: 5)
    let start = LineSample(step: 0, value: 0, slope: -1)
    let accepted = search.search(from: start, firstStep: 1) { step in
      count += 1
      return LineSample(step: step, value: step, slope: 1)
    }
    #expect(accepted == nil)
    #expect(count == 5)
  }

  /// Where no step levels out, the longest step tried that lowers the value is accepted.
  @Test(arguments: [1, 2, 7])
  func descentWithoutEndIsAccepted(limit: Int) throws {
    var steps: [Double] = []
    let start = LineSample(step: 0, value: 0, slope: -1)
    let search = StrongWolfeLineSearch(maximumEvaluations: limit)
    let accepted = search.search(from: start, firstStep: 1) { step in
      steps.append(step)
      return LineSample(step: step, value: -step, slope: -1)
    }
    let expected = (1...limit).map { (pow(4, Double($0)) - 1) / 3 }
    #expect(steps == expected)
    #expect(accepted?.step == steps.last)
  }

  /// Values that are 1 but for rounding tell nothing: slopes alone lead to the minimum at 3, on the line through them.
  @Test func slopesDecideWhereValuesAgree() throws {
    let search = StrongWolfeLineSearch(curvature: 1e-3, maximumEvaluations: 3)
    let start = LineSample(step: 0, value: 1, slope: -3e-20)
    var steps: [Double] = []
    let accepted = try #require(
      search.search(from: start, firstStep: 1) { step in
        steps.append(step)
        let noise = step == 1 ? -8 * Double.ulpOfOne : 8 * .ulpOfOne
        return LineSample(step: step, value: 1 + noise, slope: (step - 3) * 1e-20)
      })
    #expect(steps.count == 2)
    #expect((accepted.step - 3).magnitude <= 3e-3)
  }
}
