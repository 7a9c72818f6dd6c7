import CLossKernels
import Foundation
import Losses
import TestSupport
import Testing

/// Losses of formulas.
@Suite struct CustomLossTests {
  /// A built-in loss, the same as a formula, and how many units in the last place of the larger results they may differ.
  struct Pair: Sendable, CustomTestStringConvertible {
    let builtIn: any TestedLoss
    let formula: any PointwiseLoss
    let tolerance: Double
    var testDescription: String { builtIn.description }
  }

  static let pairs = [
    Pair(builtIn: RegressionLoss.squaredError, formula: CustomLoss(SquaredErrorFormula()), tolerance: 0),
    Pair(builtIn: RegressionLoss.huber(delta: 0.7), formula: CustomLoss(HuberFormula(delta: 0.7)), tolerance: 4),
    Pair(
      builtIn: RegressionLoss.pseudoHuber(delta: 2), formula: CustomLoss(PseudoHuberFormula(delta: 2)), tolerance: 32),
    Pair(builtIn: RegressionLoss.quantile(level: 0.3), formula: CustomLoss(QuantileFormula(level: 0.3)), tolerance: 2),
    Pair(builtIn: RegressionLoss.logCosh, formula: CustomLoss(LogCoshFormula()), tolerance: 64),
    Pair(
      builtIn: BinaryLoss.logistic(positiveWeight: 3, labelSmoothing: 0.125),
      formula: CustomLoss(LogisticFormula(positiveWeight: 3, labelSmoothing: 0.125)), tolerance: 16),
    Pair(builtIn: BinaryLoss.focal(), formula: CustomLoss(FocalFormula()), tolerance: 96),
    Pair(builtIn: MarginLoss.hinge, formula: CustomLoss(HingeFormula()), tolerance: 2),
  ]

  @Test(arguments: pairs, ScalarKind.allCases)
  func aFormulaAgreesWithTheKernel(_ pair: Pair, _ scalar: ScalarKind) throws {
    try check(pair.builtIn, pair.formula, pair.tolerance, scalar.type)
  }

  private func check<Loss: TestedLoss, Custom: PointwiseLoss, S: TestScalar>(
    _ builtIn: Loss, _ formula: Custom, _ tolerance: Double, _: S.Type
  ) throws {
    let samples = Samples<S>.random(builtIn.comparison, count: 3001, seed: 3)
    let (z, y, w) = (samples.predictions, samples.targets, samples.weights)
    for weights in [nil, w] {
      let a = try builtIn.valueGradientAndCurvature(predictions: z, targets: y, weights: weights, reduction: .sum)
      let b = try formula.valueGradientAndCurvature(predictions: z, targets: y, weights: weights, reduction: .sum)
      // Around a kink the two may lie on different sides of it: r is rounded in one of them only.
      expectClose(b.gradient, a.gradient, tolerance)
      expectClose(b.curvature, a.curvature, tolerance)
      expectClose(
        try formula.values(predictions: z, targets: y, weights: weights),
        try builtIn.values(predictions: z, targets: y, weights: weights), tolerance)
      #expect(abs(a.value - b.value) <= Double(S.ulpOfOne) * (tolerance + 1) * abs(a.value))
    }
    guard !formula.parameterNames.isEmpty else { return }
    #expect(formula.parameterNames == builtIn.parameterNames && formula.parameterValues == builtIn.parameterValues)
    let a = try builtIn.valueAndParameterGradient(predictions: z, targets: y, weights: w)
    let b = try formula.valueAndParameterGradient(predictions: z, targets: y, weights: w)
    for (x, y) in zip(a.parameterGradient, b.parameterGradient) {
      #expect(abs(x - y) <= 8 * Double(S.ulpOfOne) * (tolerance + 1) * max(abs(x), 0.1))
    }
  }

  private func expectClose<S: TestScalar>(_ a: [S], _ b: [S], _ tolerance: Double) {
    let size = b.reduce(S(0)) { max($0, $1.magnitude) }
    let worst = zip(a, b).map { ulpError($0, exact: $1.wide, scale: max($1.wide.magnitude, size.wide / 64)) }.max() ?? 0
    #expect(worst <= tolerance)
    #expect(a.count == b.count)
  }

  @Test(arguments: pairs, ScalarKind.allCases)
  func bitsDoNotDependOnThreadsOrInstructionSets(_ pair: Pair, _ scalar: ScalarKind) throws {
    try checkBits(pair.formula, pair.builtIn.comparison, scalar.type)
  }

  private func checkBits<Custom: PointwiseLoss, S: TestScalar>(
    _ loss: Custom, _ comparison: Comparison, _: S.Type
  ) throws {
    let samples = Samples<S>.random(comparison, count: 20_011, seed: 4)
    func evaluate(_ threads: Int, _ isa: lk_isa) throws -> (Double, [S], [S]) {
      var gradient = samples.predictions
      var curvature = samples.predictions
      var first = gradient.mutableSpan
      var second = curvature.mutableSpan
      var call = try PointwiseCall(
        predictions: samples.predictions.span, targets: samples.targets.span, weights: samples.weights.span)
      try call.setGradient(&first, scale: 2, accumulating: true)
      try call.setCurvature(&second)
      call.instructionSet = isa
      let value = try call.evaluate(loss._kernelTerms, reduction: .mean, threads: .atMost(threads)).value
      return (value, gradient, curvature)
    }
    let reference = try evaluate(1, lk_isa_baseline)
    for isa in lk_isa.ofThisMachine {
      for threads in [1, 2, 3, 7] {
        let other = try evaluate(threads, isa)
        #expect(other.0.bitPattern == reference.0.bitPattern)
        #expect(bits(other.1) == bits(reference.1) && bits(other.2) == bits(reference.2), "\(threads), \(isa)")
      }
    }
  }

  @Test(arguments: pairs) func gradientsPassTheCheck(_ pair: Pair) throws {
    let samples = Samples<Double>.random(pair.builtIn.comparison, count: 200, seed: 9)
    let check = try pair.formula.checkGradient(predictions: samples.predictions, targets: samples.targets)
    #expect(check.passed, "\(check)")
  }

  @Test func derivativesByHandAreUsed() throws {
    let (z, y) = ([0.5, -2, 9], [0.0, 0, 1])
    let byHand = try CustomLoss(CauchyFormula(scale: 2)).valueGradientAndCurvature(predictions: z, targets: y)
    for i in z.indices {
      let u = (z[i] - y[i]) / 2
      #expect(abs(byHand.gradient[i] - 2 * u / (1 + u * u) / 2 / 3) <= 1e-16)
      #expect(abs(byHand.curvature[i] - 2 * (1 - u * u) / ((1 + u * u) * (1 + u * u)) / 4 / 3) <= 1e-16)
    }
    #expect(try CustomLoss(CauchyFormula()).checkGradient().passed)
    // Whether it is these that are used, and not the formula's own, a wrong one tells.
    struct Wrong: DifferentiatedFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { prediction * prediction }
      func valueGradientAndCurvature<T: LossNumber>(
        prediction: T, target: T
      ) -> (value: T, gradient: T, curvature: T) { (prediction * prediction, 3 * prediction, 2) }
    }
    #expect(try CustomLoss(Wrong()).gradient(predictions: [2.0], targets: [0]) == [6])
    #expect(try !CustomLoss(Wrong()).checkGradient().passed)
  }

  @Test func functionsAndTheirDerivatives() throws {
    struct Everything: LossFormula {
      var which: Int
      func callAsFunction<T: LossNumber>(prediction x: T, target: T) -> T {
        switch which {
        case 0: T.exp(x / 4)
        case 1: T.expm1(x / 4)
        case 2: T.log(2 + x * x)
        case 3: T.log1p(x * x)
        case 4: T.sqrt(1 + x * x)
        case 5: T.tanh(x)
        case 6: T.sigmoid(x)
        case 7: T.softplus(x)
        case 8: T.abs(x - 0.5)
        case 9: T.min(x, 0.5 * x + 0.1)
        case 10: T.max(x, 0.5 * x + 0.1) - x / 3
        case 11: T.pow(1 + x * x, 0.75)
        case 12: T.pow(x, 3) / 10
        case 13: T.pow(3 + x, -2)
        case 14: T.select(x < 0, x * x, -x) - T.select(x >= 1, x, 1)
        case 15: 1 / (2 + x * x) - target * -x
        case 16: (x - target) / (1 + T.exp(-x)) / (3 + T.sqrt(1 + x * x))
        case 17: T.erf(x / 2)
        default: T(7)
        }
      }
      func exact(_ x: Double, _ target: Double) -> Double {
        switch which {
        case 0: Foundation.exp(x / 4)
        case 1: Foundation.expm1(x / 4)
        case 2: Foundation.log(2 + x * x)
        case 3: Foundation.log1p(x * x)
        case 4: (1 + x * x).squareRoot()
        case 5: Foundation.tanh(x)
        case 6: 1 / (1 + Foundation.exp(-x))
        case 7: Foundation.log(1 + Foundation.exp(x))
        case 8: Swift.abs(x - 0.5)
        case 9: Swift.min(x, 0.5 * x + 0.1)
        case 10: Swift.max(x, 0.5 * x + 0.1) - x / 3
        case 11: Foundation.pow(1 + x * x, 0.75)
        case 12: x * x * x / 10
        case 13: 1 / ((3 + x) * (3 + x))
        case 14: (x < 0 ? x * x : -x) - (x >= 1 ? x : 1)
        case 15: 1 / (2 + x * x) + target * x
        case 16: (x - target) / (1 + Foundation.exp(-x)) / (3 + (1 + x * x).squareRoot())
        case 17: Foundation.erf(x / 2)
        default: 7
        }
      }
    }
    let z = stride(from: -2.51, through: 2.5, by: 0.1).map { $0 }
    let y = z.map { 0.3 * $0 + 1 }
    for which in 0...18 {
      let formula = Everything(which: which)
      let values = try CustomLoss(formula).values(predictions: z, targets: y)
      for i in z.indices {
        #expect(abs(values[i] - formula.exact(z[i], y[i])) <= 2e-15 * max(1, abs(values[i])), "function \(which)")
      }
      let check = try CustomLoss(formula).checkGradient(predictions: z, targets: y)
      #expect(check.gradient.passed && check.gradient.inconclusive.isEmpty, "function \(which): \(check)")
      #expect(check.curvature.failures.isEmpty, "function \(which): \(check)")
    }
  }

  @Test func atAKinkTheDerivativeIsTheMidpoint() throws {
    let hinge = try CustomLoss(HingeFormula()).gradient(predictions: [1.0, -1], targets: [1, -1], reduction: .sum)
    #expect(hinge == [-0.5, 0.5])
    let quantile = try CustomLoss(QuantileFormula(level: 0.25)).gradient(predictions: [2.0], targets: [2])
    #expect(quantile == [0.25])
    let softplus = try CustomLoss(LogisticFormula()).valueGradientAndCurvature(predictions: [0.0], targets: [1])
    #expect(softplus.gradient == [-0.5] && softplus.curvature == [0.25])
  }

  @Test func notANumberDisturbsNobody() throws {
    struct Picky: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { T.log(prediction) * T.sqrt(target) }
    }
    let loss = CustomLoss(Picky())
    var z = (0..<700).map { Double($0 + 1) }
    let y = z
    let clean = try loss.valueGradientAndCurvature(predictions: z, targets: y, reduction: .sum)
    for bad in [3, 511, 512, 699] { z[bad] = -1 }
    let values = try loss.values(predictions: z, targets: y)
    let result = try loss.valueGradientAndCurvature(predictions: z, targets: y, reduction: .sum)
    #expect(result.value.isNaN)
    for i in z.indices {
      #expect(values[i].isNaN == (z[i] < 0))
      if z[i] > 0 { #expect(result.gradient[i] == clean.gradient[i] && result.curvature[i] == clean.curvature[i]) }
    }
    let weights = z.map { $0 < 0 ? 0.0 : 1 }
    #expect(try loss.value(predictions: z, targets: y, weights: weights).isFinite)
  }

  @Test func itIsALossLikeAnyOther() throws {
    let loss = CustomLoss(HuberFormula(delta: 2))
    #expect(loss == CustomLoss(HuberFormula(delta: 2)) && loss != CustomLoss(HuberFormula(delta: 1)))
    #expect(Set([loss, CustomLoss(HuberFormula(delta: 2))]).count == 1)
    #expect(loss.description == "HuberFormula(delta: 2.0)")
    let data = try JSONEncoder().encode(loss)
    #expect(try JSONDecoder().decode(CustomLoss<HuberFormula>.self, from: data) == loss)
    #expect(try loss.withParameterValues([3]) == CustomLoss(HuberFormula(delta: 3)))
    #expect(throws: LossError.self) { try loss.withParameterValues([]) }
    #expect(!loss.isConvex && loss.lipschitzConstant == nil && loss.link == .identity && loss.noiseModel == nil)
    #expect(abs(try loss.baseline(targets: [1.0, 2, 6]) - 2.5) <= 1e-9)
    let any: any PointwiseLoss = loss
    #expect(try any.value(predictions: [5.0], targets: [0]) == 8)
    #expect(throws: LossError.self) { try loss.value(predictions: [1.0], targets: [0, 0]) }
    #expect(throws: LossError.self) { try loss.value(predictions: [1.0], targets: [0], weights: [-1]) }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    struct Wide: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
        // All of them are needed at the end.
        let parts = (1...400).map { T.exp(prediction / T(Double($0))) }
        return parts.reversed().reduce(parts.reduce(0) { $0 * target + $1 }) { $0 * prediction + $1 }
      }
    }
    struct Many: LossFormula {
      var (a, b, c, d, e) = (1.0, 2.0, 3.0, 4.0, 5.0)
      static var parameters: [FormulaParameter<Self>] {
        [
          FormulaParameter("a", \.a), FormulaParameter("b", \.b), FormulaParameter("c", \.c),
          FormulaParameter("d", \.d), FormulaParameter("e", \.e),
        ]
      }
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { prediction * T.parameter(4, e) }
    }
    struct Stray: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { prediction * T.parameter(0, 1) }
    }
    struct Deep: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
        (0..<5000).reduce(prediction) { x, _ in T.tanh(x) }
      }
    }
    func argument(_ loss: some PointwiseLoss) -> String? {
      do {
        _ = try loss.value(predictions: [1.0], targets: [0])
        return nil
      } catch {
        if case .invalidArgument(let argument, _, _) = error { return argument }
        return "another error"
      }
    }
    #expect(argument(CustomLoss(Wide())) == "formula")
    #expect(argument(CustomLoss(Many())) == "parameters")
    #expect(argument(CustomLoss(Stray())) == "T.parameter(0, …)")
    #expect(argument(CustomLoss(Deep())) == "formula")
  }

  /// Every size up to the limit is right, and the first one beyond is refused.
  @Test(arguments: ScalarKind.allCases) func largeFormulasRunUpToTheLimit(_ scalar: ScalarKind) throws {
    try checkLimit(scalar.type)
  }

  private func checkLimit<S: TestScalar>(_: S.Type) throws {
    var refused = 0
    for count in stride(from: 1, through: 130, by: 3) {
      let loss = CustomLoss(SumFormula(count: count))
      do {
        let (value, gradient, curvature) = try loss.valueGradientAndCurvature(
          predictions: [S](repeating: -1, count: 600), targets: [S](repeating: 2, count: 600))
        #expect(value == Double(2 + count * (count + 1) / 2))
        #expect(gradient.allSatisfy { abs($0._double * 600 + Double(count)) <= 1e-3 })
        #expect(curvature.allSatisfy { $0 == 0 })
        #expect(refused == 0)
      } catch { refused += 1 }
    }
    #expect(refused > 0 && refused < 30)
  }

  @Test func powersOfZero() throws {
    struct Power: LossFormula {
      var exponent: Double
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
        T.pow(T.abs(prediction - target), T(exponent))
      }
    }
    let result = try CustomLoss(Power(exponent: 1.5)).valueAndGradient(
      predictions: [2.0, 6], targets: [2, 2], reduction: .sum)
    #expect(abs(result.value - 8) <= 1e-14 && abs(result.gradient[1] - 3) <= 1e-14 && result.gradient[0] == 0)
    struct Largest: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { T.max(prediction, target) }
    }
    #expect(try CustomLoss(Largest()).value(predictions: [1.7e308], targets: [1.7e308]) == 1.7e308)
  }

  /// The constant prediction of a formula that has no sample in it.
  @Test func aFormulaMayBeConstantOrReturnItsInput() throws {
    struct Target: LossFormula {
      func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { target }
    }
    let result = try CustomLoss(Target()).valueGradientAndCurvature(predictions: [1.0, 2], targets: [5, 7])
    #expect(result.value == 6 && result.gradient == [0, 0] && result.curvature == [0, 0])
  }

  @Test(.enabled(if: countsAllocations, "allocations are counted with glibc only"))
  func spansAllocateNothing() throws {
    let loss = CustomLoss(HuberFormula())
    let samples = Samples<Float>.random(.residual, count: 5000, seed: 1)
    var gradient = samples.predictions
    // The first call makes Swift's metadata: the second one counts.
    for round in 1...2 {
      let count = try allocations {
        var output = gradient.mutableSpan
        _ = try loss.valueAndGradient(
          predictions: samples.predictions.span, targets: samples.targets.span, threads: 1, gradient: &output)
      }
      #expect(round == 1 || count == 0)
    }
  }
}
