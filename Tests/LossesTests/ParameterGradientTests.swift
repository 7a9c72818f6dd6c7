import CLossKernels
import Losses
import TestSupport
import Testing

/// The derivatives of a loss by its own parameters.
@Suite struct ParameterGradientTests {
  /// Losses with parameters, and combinations, whose coefficients are parameters.
  static let learnable = LossCase.all.filter { !$0.loss.parameterNames.isEmpty }

  @Test(arguments: learnable)
  func theyAgreeWithFiniteDifferences(_ tested: LossCase) throws { try check(tested.loss) }

  private func check<Loss: TestedLoss>(_ loss: Loss) throws {
    let samples = Samples<Double>.random(loss.comparison, count: 700, seed: 21)
    for weights in [nil, samples.weights] {
      let (value, gradient) = try loss.valueAndParameterGradient(
        predictions: samples.predictions, targets: samples.targets, weights: weights)
      let plain = try loss.value(predictions: samples.predictions, targets: samples.targets, weights: weights)
      #expect(abs(value - plain) <= 1e-13 * max(1, abs(plain)))
      #expect(gradient.count == loss.parameterNames.count)
      for (index, parameter) in loss.parameterValues.enumerated() {
        // At shapes 2 and −∞ there is no derivative.
        guard let (numeric, error) = try difference(loss, index, samples, weights) else { continue }
        #expect(
          abs(gradient[index] - numeric) <= 1e-7 * max(1, abs(numeric)) + error,
          "\(loss.parameterNames[index]) = \(parameter): \(gradient[index]), differences give \(numeric)")
      }
    }
  }

  /// A difference with Richardson's correction, central, or to one side at an edge of the domain, and what its last two
  /// orders differ by; `nil` where there is no derivative.
  private func difference<Loss: TestedLoss>(
    _ loss: Loss, _ index: Int, _ samples: Samples<Double>, _ weights: [Double]?
  ) throws -> (Double, Double)? {
    let parameters = loss.parameterValues
    guard parameters[index].isFinite else { return nil }
    let h = 1e-4 * max(0.1, abs(parameters[index]))
    func value(_ offset: Double) throws -> Double? {
      var changed = parameters
      changed[index] += offset
      guard let loss = try? loss.withParameterValues(changed) else { return nil }
      return try loss.value(predictions: samples.predictions, targets: samples.targets, weights: weights)
    }
    let isShape = loss.parameterNames[index].hasSuffix("shape")
    if isShape, abs(parameters[index] - 2) < 0.05 { return nil }
    // Kinks that move with the parameter past samples leave an error of the order of the step.
    func outcome(_ best: Double, _ other: Double) -> (Double, Double) {
      (best, loss.isDifferentiable ? 0 : 20 * abs(best - other) + 2e-3)
    }
    if let a = try value(-2 * h), let b = try value(-h), let c = try value(h), let d = try value(2 * h) {
      let (near, far) = ((c - b) / (2 * h), (d - a) / (4 * h))
      return outcome((4 * near - far) / 3, near)
    }
    let here = try #require(try value(0))
    for side in [8 * h, -8 * h] {
      guard let near = try value(side), let far = try value(2 * side), let farthest = try value(4 * side) else {
        continue
      }
      let slopes = [(near - here) / side, (far - here) / (2 * side), (farthest - here) / (4 * side)]
      let (first, second) = (2 * slopes[0] - slopes[1], 2 * slopes[1] - slopes[2])
      let best = (4 * first - second) / 3
      let (slope, error) = outcome(best, first)
      return (slope, error + abs(best - first))
    }
    Issue.record("\(loss.parameterNames[index]) cannot be moved to either side")
    return nil
  }

  @Test(arguments: learnable, ScalarKind.allCases)
  func bitsDoNotDependOnThreadsOrInstructionSets(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkBits(tested.loss, scalar.type)
  }

  private func checkBits<Loss: TestedLoss, S: TestScalar>(_ loss: Loss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: 30_011, seed: 5)
    func evaluate(_ threads: ThreadLimit, _ isa: lk_isa) throws -> ([Double], [S]) {
      var parameterGradient = [Double](repeating: .nan, count: loss.parameterNames.count)
      var gradient = [S](repeating: S.make(.nan), count: samples.targets.count)
      var output = parameterGradient.mutableSpan
      var call = try PointwiseCall(
        predictions: samples.predictions.span, targets: samples.targets.span, weights: samples.weights.span)
      var gradientOutput = gradient.mutableSpan
      try call.setGradient(&gradientOutput, scale: 0.5, accumulating: false)
      call.instructionSet = isa
      _ = try call.valueAndSlopes(loss._kernelTerms, .mean, threads, &output)
      return (parameterGradient, gradient)
    }
    let first = try evaluate(1, lk_isa_baseline)
    let gradient = try loss.gradient(
      predictions: samples.predictions, targets: samples.targets, weights: samples.weights, scale: 0.5)
    #expect(bits(first.1) == bits(gradient))
    for isa in lk_isa.ofThisMachine {
      for threads in [1, 2, 3, 7] {
        let other = try evaluate(.atMost(threads), isa)
        #expect(bits(other.0) == bits(first.0) && bits(other.1) == bits(first.1), "\(threads) threads, \(isa)")
      }
    }
  }

  @Test(arguments: learnable)
  func aSampleOfWeightZeroIsDeleted(_ tested: LossCase) throws {
    let samples = Samples<Double>.random(tested.loss.comparison, count: 40, seed: 6)
    var (predictions, targets) = (samples.predictions, samples.targets)
    let (value, gradient) = try tested.loss.valueAndParameterGradient(predictions: predictions, targets: targets)
    predictions.insert(.nan, at: 17)
    targets.insert(-12345, at: 17)
    var weights = [Double](repeating: 1, count: 41)
    weights[17] = 0
    let (same, sameGradient) = try tested.loss.valueAndParameterGradient(
      predictions: predictions, targets: targets, weights: weights)
    #expect(abs(same - value) <= 1e-13 * max(1, abs(value)))
    for (a, b) in zip(gradient, sameGradient) { #expect(abs(a - b) <= 1e-13 * max(1, abs(a))) }
  }

  @Test func valuesByHand() throws {
    let huber = try RegressionLoss.huber(delta: 1).valueAndParameterGradient(
      predictions: [0.5, 3, -4], targets: [0.0, 0, 0], reduction: .sum)
    #expect(huber.parameterGradient == [5])  // (3 − 1) + (4 − 1)
    let quantile = try RegressionLoss.quantile(level: 0.3).valueAndParameterGradient(
      predictions: [2, 0], targets: [1.0, 5], reduction: .mean)
    #expect(quantile.parameterGradient == [2])  // mean of −1 and 5
    let sum = try (2 * RegressionLoss.squaredError - 3 * .huber(delta: 1)).valueAndParameterGradient(
      predictions: [3.0], targets: [0.0], scale: 10)
    #expect(sum.value == 2 * 9 - 3 * 2.5 && sum.parameterGradient == [90, 25, -60])
    let off = try (0 * RegressionLoss.huber(delta: 1) + .squaredError).valueAndParameterGradient(
      predictions: [3.0], targets: [0.0])
    #expect(off.parameterGradient == [2.5, 0, 9])
    let alpha = try BinaryLoss.focal(alpha: 0.25, gamma: 0).valueAndParameterGradient(
      predictions: [0.0, 0], targets: [1.0, 0], reduction: .sum)
    #expect(alpha.parameterGradient[0] == 0)
    let root = try RegressionLoss.huber(delta: 1).valueAndParameterGradient(
      predictions: [5.0], targets: [0.0], reduction: .rootMean)
    #expect(abs(root.parameterGradient[0] - 4 / (2 * 4.5.squareRoot())) <= 1e-15)
  }

  @Test func nothingIsThereWithoutParameters() throws {
    let result = try RegressionLoss.squaredError.valueAndParameterGradient(predictions: [1.0], targets: [0.0])
    #expect(result.value == 1 && result.parameterGradient.isEmpty)
    let empty = try RegressionLoss.huber().valueAndParameterGradient(predictions: [Double](), targets: [])
    #expect(empty.value == 0 && empty.parameterGradient == [0])
    let weightless = try RegressionLoss.huber().valueAndParameterGradient(
      predictions: [Double.nan], targets: [0], weights: [0])
    #expect(weightless.value == 0 && weightless.parameterGradient == [0])
  }

  @Test func theOutputMustHaveThePlaces() {
    var tooLong = [0.0, 0]
    #expect(throws: LossError.lengthMismatch(argument: "parameterGradient", length: 2, expected: 1)) {
      var output = tooLong.mutableSpan
      let (predictions, targets) = ([1.0], [0.0])
      _ = try RegressionLoss.huber().valueAndParameterGradient(
        predictions: predictions.span, targets: targets.span, parameterGradient: &output)
    }
    #expect(tooLong == [0, 0])
    #expect(throws: LossError.lengthMismatch(argument: "values", length: 0, expected: 1)) {
      try RegressionLoss.huber().withParameterValues([])
    }
    #expect(throws: LossError.self) { try RegressionLoss.huber().withParameterValues([0]) }
    #expect(throws: LossError.self) { try (2 * RegressionLoss.huber()).withParameterValues([.nan, 1]) }
  }

  @Test(arguments: learnable)
  func parametersCanBeReplacedByThemselves(_ tested: LossCase) throws { try checkReplacement(tested.loss) }

  private func checkReplacement<Loss: TestedLoss>(_ loss: Loss) throws {
    #expect(try loss.withParameterValues(loss.parameterValues) == loss)
    // A coefficient that becomes 1 stays a parameter.
    if loss.combination != nil {
      let ones = try loss.withParameterValues(loss.parameterValues.map { _ in 0.5 })
      #expect(ones.parameterNames == loss.parameterNames)
    }
  }

  @Test func manyTermsUseMemoryOfTheirOwn() throws {
    let parts = (1...9).map { RegressionLoss.huber(delta: Double($0) / 4) }
    let sum = parts.dropFirst().reduce(parts[0]) { $0 + 0.5 * $1 }
    let samples = Samples<Float>.random(.residual, count: 9000, seed: 8)
    let gradient = try sum.valueAndParameterGradient(
      predictions: samples.predictions, targets: samples.targets
    ).parameterGradient
    for (index, part) in parts.enumerated() {
      let own = try part.valueAndParameterGradient(predictions: samples.predictions, targets: samples.targets)
      #expect(abs(gradient[2 * index] - own.value) <= 1e-14 * own.value)
      #expect(gradient[2 * index + 1] == (index == 0 ? 1 : 0.5) * own.parameterGradient[0])
    }
  }
}
