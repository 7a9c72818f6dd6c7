import LinearModels
import Losses
import Testing

/// Fits of sums of losses with kinks and smooth ones, against minima computed independently.
@Suite struct MixedFitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var data: String
    var target: String
    var loss: RegressionLoss
    var strength = 0.0
    var intercept = true
    var isWeighted = false
    var value: Double
    /// The intercept, then the coefficients.
    var parameters: [Double]

    var testDescription: String { "\(data) \(loss)" }
  }

  /// Every fifth row counts as deleted.
  private static func weights(_ count: Int) -> [Double] { (0..<count).map { [0, 1, 2, 0.5, 1.5][$0 % 5] } }

  // NumPy 2 in extended precision: Newton's method on smoothed kinks, then on the conditions for a minimum with the kinks
  // that are met as equations, until these hold to 1e-17 with all multipliers inside their bounds.
  static let cases = [
    Case(
      data: "stackloss.csv", target: "stackloss", loss: 0.7 * .squaredError + 0.3 * .absoluteError,
      value: 6.667638434614893,
      parameters: [-40.01863713543365, 0.7241959679575183, 1.2638107410261799, -0.14962710756701925]),
    Case(
      data: "stackloss.csv", target: "stackloss", loss: 0.7 * .squaredError + 0.3 * .absoluteError, strength: 0.5,
      isWeighted: true, value: 4.090239244339627,
      parameters: [-45.14706708624377, 0.8872860248133553, 0.7501880229248922, -0.07382590334524801]),
    Case(
      data: "stackloss.csv", target: "stackloss", loss: .huber(delta: 1) + 0.5 * .quantile(level: 0.9),
      value: 2.157263637067568,
      parameters: [-39.87398008775012, 0.8418285098945447, 0.6389881750613525, -0.07825902228725495]),
    Case(
      data: "engel.csv", target: "foodexp", loss: .huber(delta: 1) + 0.5 * .quantile(level: 0.9), isWeighted: true,
      value: 97.834652261293, parameters: [99.16446625063668, 0.5592382552339782]),
    Case(
      data: "diabetes.csv", target: "progression", loss: .huber(delta: 1) + 0.5 * .quantile(level: 0.9),
      strength: 0.01, intercept: false, isWeighted: true, value: 58.61964474186516,
      parameters: [
        0, -0.2911792443425799, -8.847822295541986, 4.939365280690918, 1.0920669611834668, 1.8395892971784715,
        -2.0568478946731834, -3.367874611737885, -3.6501474833633547, 0.8576415348385351, 0.2516219723960145,
      ]),
    Case(
      data: "engel.csv", target: "foodexp", loss: .logCosh + .absoluteError, value: 148.7608563400073,
      parameters: [81.93143141302576, 0.5596783665629932]),
    Case(
      data: "diabetes.csv", target: "progression", loss: .logCosh + .absoluteError, strength: 0.02, isWeighted: true,
      value: 93.21743960504614,
      parameters: [
        -161.81084202604632, -0.20783186517705515, -5.561637416044835, 5.457013508472174, 1.1802142205368715,
        1.4093955601153663, -1.509204422343602, -2.2043370054046836, -0.5604773777876647, 2.8766539139593874,
        0.8576716242988415,
      ]),
    Case(
      data: "doctor_visits.csv", target: "mdvis", loss: .poisson + 0.5 * .absoluteError, value: 0.8699200430065025,
      parameters: [
        0.7240954109919184, -0.054619032087306306, -0.25489441370995664, 0.038655804749214755, -0.03418038610382127,
        0.2623830053598482, 0.03455295558279731, -0.01951406787698638, 0.03463435596721692, 0.18941604266435677,
      ]),
  ]

  @Test(arguments: cases) func minimaOfRealData(_ example: Case) throws {
    let data = try ExampleData(example.data, target: example.target)
    func fit(_ tolerance: Double) throws -> LinearFit<LinearModel> {
      try LinearModel.fit(
        loss: example.loss, features: data.features, targets: data.targets,
        weights: example.isWeighted ? Self.weights(data.targets.count) : nil,
        options: FitOptions(
          penalty: .l2(strength: example.strength), intercept: example.intercept, tolerance: tolerance))
    }
    for tolerance in [1e-3, 1e-8, 1e-12] {
      let fit = try fit(tolerance)
      #expect(fit.stopReason == .dualityGapTolerance)
      let gap = try #require(fit.gap)
      #expect(gap >= 0 && gap <= tolerance * fit.value)
      #expect(fit.value - example.value <= gap + 1e-13 * example.value)
      #expect(fit.value >= example.value * (1 - 1e-13))
    }
    let model = try fit(1e-12).model
    for (found, expected) in zip([model.intercept] + model.coefficients, example.parameters) {
      #expect(abs(found - expected) <= 1e-7 * max(1, abs(expected)), "\(found) for \(expected)")
    }
  }

  /// The same reference, for margins of either sign.
  @Test func hingesOfBreastCancer() throws {
    let data = try ExampleData("breast_cancer.csv", target: "benign")
    let fit = try LinearModel.fit(
      loss: 0.5 * MarginLoss.hinge + 0.5 * .squaredHinge, features: data.features,
      targets: data.targets.map { 2 * $0 - 1 }, weights: Self.weights(data.targets.count),
      options: FitOptions(penalty: .l2(strength: 0.01), tolerance: 1e-12))
    #expect(fit.converged)
    #expect(agree(fit.value, 0.09348790577425245, 1e-11))
    let expected = [6.793423166645852, 0.5831219185129531, 0.06447905394883266, -0.040480755784790934]
    for (found, expected) in zip([fit.model.intercept] + fit.model.coefficients, expected) {
      #expect(agree(found, expected, 1e-5), "\(found) for \(expected)")
    }
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let data = try ExampleData("doctor_visits.csv", target: "mdvis")
    let fits = try [1, 2, 3].map { (threads: Int) in
      try LinearModel.fit(
        loss: RegressionLoss.poisson + .absoluteError, features: data.features, targets: data.targets,
        options: FitOptions(threads: ThreadLimit(integerLiteral: threads)))
    }
    for fit in fits { #expect(fit.model == fits[0].model && fit.history == fits[0].history) }
  }
}
