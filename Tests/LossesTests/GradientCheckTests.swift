import Foundation
import Losses
import Testing

/// Right gradients pass, wrong ones fail at the right place, and what cannot be told is said to be so.
@Suite struct GradientCheckTests {
  // MARK: Losses

  @Test(arguments: LossCase.all) func everyLossPassesAtItsOwnSamples(_ tested: LossCase) throws {
    let check = try tested.loss.checkGradient()
    #expect(check.passed, "\(check)")
    #expect(check.predictions.count == check.targets.count && check.gradient.componentCount > 50)
    let saturates = saturates(tested.loss)
    #expect(
      check.gradient.inconclusive.count <= check.gradient.componentCount / (saturates ? 2 : 10), "\(check.gradient)")
    // A curvature that is lost in the rounding of the gradient, in the tails, cannot be checked.
    #expect(
      check.curvature.inconclusive.count <= check.curvature.componentCount / (saturates ? 2 : 4), "\(check.curvature)")
    // The samples include the kinks.
    #expect(check.gradient.kinks.isEmpty == tested.loss.isDifferentiable, "\(check.gradient)")
  }

  /// Whether the loss is constant to rounding in a tail, as Welsch's is 1, or has no value there: no difference sees its
  /// gradient.
  private func saturates(_ loss: any TestedLoss) -> Bool {
    let names = [
      "robust(shape: -inf", "crossEntropyOfProbabilities", "welsch", "tweedie", "asymmetric", "generalized", "sigmoid",
      "savage", "power",
    ]
    return names.contains { loss.description.hasPrefix($0) } || loss.comparison == .aboveMinusOne
  }

  @Test(arguments: LossCase.all) func everyLossPassesAtDifficultSamples(_ tested: LossCase) throws {
    var samples = Samples<Double>.difficult(tested.loss)
    if tested.loss.description.hasPrefix("symmetric") {
      // Of a target of 0 the loss is 2, but 0 at the prediction 0: no derivative is right there.
      let jumps = RangeSet(
        samples.targets.indices.filter { samples.targets[$0] == 0 && samples.predictions[$0] == 0 },
        within: samples.targets)
      samples.predictions.removeSubranges(jumps)
      samples.targets.removeSubranges(jumps)
      samples.weights.removeSubranges(jumps)
    }
    let check = try tested.loss.checkGradient(
      predictions: samples.predictions, targets: samples.targets, weights: samples.weights)
    #expect(check.passed, "\(check)")
    let saturates = saturates(tested.loss)
    #expect(
      check.gradient.inconclusive.count <= check.gradient.componentCount / (saturates ? 2 : 40), "\(check.gradient)")
    #expect(
      check.curvature.inconclusive.count <= check.curvature.componentCount / (saturates ? 2 : 5), "\(check.curvature)")
    for i in samples.predictions.indices where samples.predictions[i].isNaN && samples.weights[i] != 0 {
      #expect(check.gradient.inconclusive.contains(i) && check.curvature.inconclusive.contains(i))
    }
  }

  @Test func aLossThatJumpsFailsThere() throws {
    let check = try RegressionLoss.symmetricAbsolutePercentageError.checkGradient(
      predictions: [0, 1], targets: [0, 0])
    #expect(check.gradient.failures == [0] && check.gradient.worst?.place == .jump)
  }

  @Test(arguments: ParameterGradientTests.learnable) func everyParameterPasses(_ tested: LossCase) throws {
    let loss = tested.loss
    // At shape 2 there is no derivative.
    guard !loss.description.contains("shape: 2.0") else { return }
    let samples = Samples<Double>.random(loss.comparison, count: 50, seed: 31)
    let check = try loss.checkParameterGradient(
      predictions: samples.predictions, targets: samples.targets, weights: samples.weights)
    #expect(check.failures.isEmpty && check.componentCount == loss.parameterNames.count, "\(check)")
  }

  @Test(arguments: [
    Penalty.l1(strength: 2), .l2(strength: 0.5), .elasticNet(l1: 1, l2: 2), .scad(), .mcp(),
    .groupLasso(strength: 1, groups: [0, 0, 1, 1]), .totalVariation(strength: 1),
    .l1(strength: 1) + .gaussianPrior(means: 1, scales: 2),
  ])
  func everyPenaltyPasses(_ penalty: Penalty) throws {
    for point in [[0.5, -2, 0.25, 7], [0, -1, 0.5, 0.5]] {
      let check = try penalty.checkGradient(at: point)
      #expect(check.passed, "\(check)")
    }
  }

  @Test func aLossThatIsNowhereFiniteIsNotSaidToPass() {
    struct Nowhere: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { T.log(-1 - prediction * prediction) }
    }
    #expect(throws: LossError.self) { try CustomLoss(Nowhere()).checkGradient() }
  }

  @Test func kinksOfLossesAreCounted() throws {
    let check = try RegressionLoss.absoluteError.checkGradient(predictions: [1, 3, -2], targets: [1, 1, -2])
    #expect(check.passed && check.gradient.kinks == [0, 2] && check.curvature.kinks == [0, 2])
    #expect(check.gradient.inconclusive == [] && check.curvature.inconclusive == [])
    let huber = try RegressionLoss.huber().checkGradient(predictions: [0.5, 1, 30], targets: [0, 0, 0])
    #expect(huber.passed && huber.gradient.kinks == [] && huber.curvature.kinks == [1])
    #expect(huber.curvature.worst?.place != .jump)
    let hinge = try MarginLoss.hinge.checkGradient(predictions: [1], targets: [1])
    #expect(hinge.gradient.worst?.place == .kink(left: -1, right: 0) && hinge.gradient.worst?.analytic == -0.5)
    #expect(hinge.curvature.worst?.place == .jump && hinge.curvature.worst?.numeric == 0)
  }

  /// From any distance down to rounding a kink is told from the straight pieces beside it.
  @Test(arguments: [1e-1, 1e-3, 1e-6, 1e-9, 1e-12]) func kinkBesideTheSample(distance: Double) throws {
    let check = try RegressionLoss.absoluteError.checkGradient(
      predictions: [distance, -distance, 0.5 + distance], targets: [0, 0, 0.5])
    #expect(check.passed && check.gradient.kinks == [] && check.gradient.inconclusive == [])
    #expect(try #require(check.gradient.worst).step < distance)
  }

  @Test func samplesThatAreNotFiniteAreInconclusive() throws {
    let check = try RegressionLoss.squaredError.checkGradient(
      predictions: [.nan, 1, .infinity, 1e200], targets: [0, 0, 0, 0])
    #expect(check.gradient.inconclusive == [0, 2, 3] && check.passed)
    let none = try RegressionLoss.squaredError.checkGradient(predictions: [.nan], targets: [0])
    #expect(!none.passed && none.gradient.worst == nil)
    #expect(none.gradient.description == "The gradient could not be checked: 0 components compared, 1 inconclusive.")
    let deleted = try RegressionLoss.squaredError.checkGradient(
      predictions: [.nan, 1], targets: [0, 0], weights: [0, 1])
    #expect(deleted.passed)
  }

  // MARK: Functions

  /// `Σ sin xᵢ + x₀x₁` and its gradient, in three components.
  private func value(_ x: [Double]) -> Double { sin(x[0]) + sin(x[1]) + sin(x[2]) + x[0] * x[1] }
  private let point = [0.3, -1.2, 2]
  private var gradient: [Double] { [cos(0.3) - 1.2, cos(-1.2) + 0.3, cos(2.0)] }

  @Test func aRightGradientPasses() throws {
    let check = try GradientCheck(at: point, gradient: gradient, value)
    #expect(check.passed && check.comparedCount == 3 && check.kinks == [] && check.failures == [])
    #expect(try #require(check.worst).error < 1e-8 && check.tolerance == GradientCheck.defaultTolerance)
    #expect(check.description.hasPrefix("The gradient agrees with the differences: 3 components compared. "))
    #expect(try GradientCheck(at: [], gradient: []) { _ in 1 }.passed)
  }

  @Test(arguments: [-1, 0, 2, 1 + 1e-5, 1 - 1e-5, .nan, .infinity, 1e300])
  func aWrongComponentIsFound(factor: Double) throws {
    for i in 0..<3 {
      var wrong = gradient
      wrong[i] *= factor
      let check = try GradientCheck(at: point, gradient: wrong, value)
      #expect(!check.passed && check.failures == [i] && check.worst?.index == i)
      #expect(abs(try #require(check.worst).numeric - gradient[i]) < 1e-8 || factor.isNaN)
      #expect(check.description.hasPrefix("The gradient is wrong in 1 component: 3 components compared. "))
    }
    let check = try GradientCheck(at: point, gradient: gradient.map { $0 * factor }, value)
    #expect(check.failures == [0, 1, 2])
  }

  /// Where a function is nearly flat or stationary a wrong gradient is still wrong.
  @Test(arguments: [1e-3, 1e-9, 1e-12, 1e3, 1e9]) func wrongNextToAMinimum(x: Double) throws {
    #expect(try GradientCheck(at: [x], gradient: [2 * x]) { $0[0] * $0[0] }.passed)
    for wrong in [4 * x, -2 * x, 0, 2 * x * (1 + 1e-5)] {
      #expect(try GradientCheck(at: [x], gradient: [wrong]) { $0[0] * $0[0] }.failures == [0], "\(wrong)")
    }
  }

  @Test(arguments: [-40, -200, -600, 40, 200, 600]) func tails(x: Double) throws {
    #expect(try GradientCheck(at: [x], gradient: [exp(x)]) { exp($0[0]) }.passed)
    for wrong in [exp(x) * 2, -exp(x), 0, exp(x) * (1 + 1e-5)] {
      #expect(try GradientCheck(at: [x], gradient: [wrong]) { exp($0[0]) }.failures == [0], "\(wrong)")
    }
  }

  @Test func aKinkAllowsWhatIsBetweenItsSides() throws {
    for (slope, passes) in [(-1.0, true), (-0.999, true), (0, true), (1, true), (1.00001, false), (-2, false)] {
      for offset in [0.0, 1, -1000] {
        for x in [0, 0.3, 1e6] {
          let check = try GradientCheck(at: [x], gradient: [slope]) { abs($0[0] - x) + offset }
          #expect(check.passed == passes && check.kinks == [0], "\(slope) \(offset) \(x): \(check)")
        }
      }
    }
    // A kink beside a slope a thousand times as large.
    let small = { (x: [Double]) in x[0] + 1e-3 * abs(x[0]) }
    #expect(try GradientCheck(at: [0], gradient: [1.0005], small).kinks == [0])
    #expect(try GradientCheck(at: [0], gradient: [1.0005], small).passed)
    #expect(try !GradientCheck(at: [0], gradient: [1.002], small).passed)
    // Curved sides.
    let curved = { (x: [Double]) in max(exp(x[0]) - 1, sin(3 * x[0])) }
    #expect(try GradientCheck(at: [0], gradient: [2], curved).passed)
    #expect(try !GradientCheck(at: [0], gradient: [0.9], curved).passed)
  }

  @Test func aJumpFails() throws {
    let step = { (x: [Double]) in x[0] < 0.5 ? x[0] : x[0] + 1 }
    for slope in [1.0, 0, 0.5] {
      let check = try GradientCheck(at: [0.5], gradient: [slope], step)
      #expect(!check.passed && check.worst?.place == .jump && check.worst?.error == .infinity)
    }
    for slope in [1e9, -1e9, 1e300, .infinity] {
      #expect(try GradientCheck(at: [0.5], gradient: [slope], step).failures == [0])
    }
    #expect(try GradientCheck(at: [0.5], gradient: [1], step).description.contains("the function jumps"))
    // Far enough beside the jump there is a derivative.
    #expect(try GradientCheck(at: [0.5001], gradient: [1], step).passed)
    // A small jump, and a value that belongs to neither side.
    #expect(try !GradientCheck(at: [0.5], gradient: [1]) { $0[0] < 0.5 ? $0[0] : $0[0] + 1e-6 }.passed)
    #expect(try !GradientCheck(at: [0.5], gradient: [1]) { $0[0] == 0.5 ? 3 : $0[0] }.passed)
    #expect(try !GradientCheck(at: [0], gradient: [0]) { $0[0] == 0 ? 0 : $0[0] < 0 ? -1 : 1 }.passed)
  }

  @Test func breaksOfTheSecondDerivative() throws {
    let function = { (x: [Double]) in x[0] > 1 ? 3 * (x[0] - 1) * (x[0] - 1) + x[0] : x[0] }
    for x in [1, 1 + 1e-9, 1 - 1e-9, 1 + 1e-3] {
      let slope = x > 1 ? 6 * (x - 1) + 1 : 1
      #expect(try GradientCheck(at: [x], gradient: [slope], function).passed)
      #expect(try !GradientCheck(at: [x], gradient: [slope * (1 + 1e-5)], function).passed)
    }
  }

  @Test func edgesOfTheDomain() throws {
    let barrier = { (x: [Double]) in -log(x[0]) }
    for x in [1e-11, 1e-5, 1, 1e5, 1e300] {
      #expect(try GradientCheck(at: [x], gradient: [-1 / x], barrier).passed, "\(x)")
      #expect(try !GradientCheck(at: [x], gradient: [1 / x], barrier).passed, "\(x)")
    }
    let check = try GradientCheck(at: [-1, 0], gradient: [1, 1]) { $0[0] < 0 ? .infinity : $0[0] }
    #expect(!check.passed && check.inconclusive == [0, 1] && check.worst == nil)
    // Defined on one side only.
    #expect(try GradientCheck(at: [0], gradient: [1]) { $0[0] < 0 ? .nan : $0[0] }.inconclusive == [0])
  }

  /// Steps that are whole periods must not be taken for a flat function.
  @Test(arguments: [2, 16, 1000]) func oscillation(frequency: Double) throws {
    let check = try GradientCheck(at: [0], gradient: [frequency * .pi]) { sin(frequency * .pi * $0[0]) }
    #expect(check.passed && check.inconclusive == [])
  }

  @Test func valuesThatHideTheDerivative() throws {
    // 1 + 10⁻¹²x: the first step is too short, a longer one is not.
    #expect(try GradientCheck(at: [0], gradient: [1e-12]) { 1 + 1e-12 * $0[0] }.passed)
    // Constant, and said to be so.
    #expect(try GradientCheck(at: [3], gradient: [0]) { _ in 1e300 }.passed)
    #expect(try GradientCheck(at: [3], gradient: [1]) { _ in 0.5 }.failures == [0])
    #expect(try GradientCheck(at: [3], gradient: [1e-30]) { _ in 0.5 }.inconclusive == [0])
    // What may be left of larger terms.
    #expect(try GradientCheck(at: [3], gradient: [1e-30]) { _ in 0 }.inconclusive == [0])
    for wrong in [1e-12, -1, .infinity] {
      #expect(try GradientCheck(at: [3], gradient: [wrong]) { _ in 0 }.failures == [0], "\(wrong)")
    }
  }

  /// Below a tread of the staircase that rounding makes of a function, and where all that is left of it is 0.
  @Test(arguments: [-24.0, -29.5, -37, -80, -311]) func termsThatCancelHideTheDerivative(x: Double) throws {
    let function = { (x: [Double]) in expm1(2 * x[0]) / 2 - expm1(x[0]) / 2 }
    let slope = exp(2 * x) - exp(x) / 2
    #expect(try GradientCheck(at: [x], gradient: [slope], function).failures == [])
    for wrong in [1, -1e-3, 1e9] {
      #expect(try GradientCheck(at: [x], gradient: [wrong], function).failures == [0], "\(wrong)")
    }
  }

  /// Rounding errors of terms that cancel may be as regular as a derivative: over halved steps one is found here, 0.4 to
  /// 9 units in the last place of the terms away from the true one.
  @Test(arguments: [0.0, 1e-300, -5.299246336170338e-9, -5.527299408010349e-9, 1e-5])
  func cancellationIsNotTakenForADerivative(x: Double) throws {
    for (a, b) in [(-0.5, 0.5), (1.25, 2.25), (-0.875, 0.125)] {
      let function = { (x: [Double]) in expm1(b * x[0]) / b - expm1(a * x[0]) / a }
      let slope = exp(a * x) * expm1((b - a) * x)
      #expect(try GradientCheck(at: [x], gradient: [slope], function).failures == [], "\(a)")
      for wrong in [2 * slope - 1e-9, 1e-9 - slope, 1] {
        #expect(try GradientCheck(at: [x], gradient: [wrong], function).failures == [0], "\(a) \(wrong)")
      }
    }
  }

  /// Next to a pole of the derivative no step is short enough, for a derivative of the right sign.
  @Test func polesOfTheDerivative() throws {
    let root = { (x: [Double]) in x[0].sign == .minus ? -(-x[0]).squareRoot() : x[0].squareRoot() }
    for x in [1e-300, 1e-40, 1e-20, -1e-20] {
      let slope = 0.5 / abs(x).squareRoot()
      #expect(try GradientCheck(at: [x], gradient: [slope], root).inconclusive == [0])
      #expect(try GradientCheck(at: [x], gradient: [-slope], root).failures == [0])
    }
    for x in [1e-6, -1e-3, 1] {
      let slope = 0.5 / abs(x).squareRoot()
      #expect(try GradientCheck(at: [x], gradient: [slope], root).passed)
      for wrong in [-slope, 0, slope * (1 + 1e-5), 1e9] {
        #expect(try GradientCheck(at: [x], gradient: [wrong], root).failures == [0], "\(x) \(wrong)")
      }
    }
  }

  @Test func errors() throws {
    #expect(throws: LossError.lengthMismatch(argument: "gradient", length: 1, expected: 2)) {
      try GradientCheck(at: [1, 2], gradient: [1]) { _ in 0 }
    }
    for tolerance in [0, -1, 1, .nan, .infinity] {
      let expected = LossError.invalidArgument(
        argument: "tolerance", value: "\(tolerance)", expected: "a number greater than 0 and less than 1")
      #expect(throws: expected) { try GradientCheck(at: [1], gradient: [1], tolerance: tolerance) { $0[0] } }
      #expect(throws: expected) { try RegressionLoss.logCosh.checkGradient(tolerance: tolerance) }
    }
    struct Refusal: Error {}
    #expect(throws: Refusal.self) { try GradientCheck(at: [1], gradient: [1]) { _ in throw Refusal() } }
    #expect(throws: LossError.lengthMismatch(argument: "targets", length: 1, expected: 2)) {
      try RegressionLoss.logCosh.checkGradient(predictions: [1, 2], targets: [1])
    }
    #expect(throws: LossError.invalidElement(argument: "targets", index: 0, value: 3, expected: "-1 or 1")) {
      try MarginLoss.hinge.checkGradient(predictions: [1], targets: [3])
    }
    #expect(throws: LossError.self) { try RegressionLoss.huber(delta: -1).checkGradient() }
  }
}
