import CLossKernels
import LinearModels
import Losses
import Optimizers
import TestSupport
import Testing

/// The derivatives of a linear objective by the parameters of its loss.
@Suite struct LossParameterTests {
  /// A loss of the test's own, with a parameter.
  struct Cauchy: LossFormula {
    var scale = 1.0
    static var parameters: [FormulaParameter<Self>] { [FormulaParameter("scale", \.scale)] }
    func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
      let r = (prediction - target) / T.parameter(0, scale)
      return T.log1p(r * r)
    }
  }

  static let losses: [any PointwiseLoss] = [
    RegressionLoss.huber(delta: 0.5), RegressionLoss.robust(shape: 0.5, scale: 0.7),
    RegressionLoss.robustLikelihood(shape: 1.5, scale: 0.3), RegressionLoss.quantile(level: 0.3),
    0.7 * RegressionLoss.squaredError + 0.3 * .huber(delta: 0.4), BinaryLoss.focal(alpha: 0.4, gamma: 1.5),
    BinaryLoss.logistic(positiveWeight: 2, labelSmoothing: 0.5), MarginLoss.smoothedHinge(gamma: 0.5),
    CustomLoss(Cauchy(scale: 0.8)),
  ]

  private func objective<L: PointwiseLoss, S: LossScalar>(
    _ loss: L, _: S.Type, rows: Int = 300, weighted: Bool = true, penalty: Penalty? = nil,
    threads: ThreadLimit = .automatic
  ) throws -> (objective: LinearObjective<L, S>, parameters: [Double]) {
    let data = try LinearObjectiveTests.Data<S>(rows: rows, columns: 5, loss: loss, seed: 8)
    let objective = try LinearObjective(
      loss: loss, features: data.features, targets: data.targets, weights: weighted ? data.weights : nil,
      penalty: penalty, threads: threads)
    return (objective, data.parameters)
  }

  /// The parameters of the model, then those of the loss.
  struct Joint<L: PointwiseLoss>: Objective {
    let linear: LinearObjective<L, Double>
    var parameterCount: Int { linear.parameterCount + linear.loss.parameterNames.count }

    func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) throws -> Double {
      let all = parameters.indices.map { parameters[$0] }
      let loss = try linear.loss.withParameterValues(Array(all[linear.parameterCount...]))
      let (value, first, second) = try linear.replacingLoss(with: loss).valueAndParameterGradient(
        at: Array(all[..<linear.parameterCount]))
      for (i, derivative) in (first + second).enumerated() { gradient[i] = derivative }
      return value
    }
  }

  @Test(arguments: losses) func theyAgreeWithDifferences(_ loss: any PointwiseLoss) throws {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      for weighted in [false, true] {
        let (linear, parameters) = try objective(
          loss, Double.self, weighted: weighted, penalty: .l2(strength: 0.1))
        let check = try Joint(linear: linear).checkGradient(at: parameters + loss.parameterValues)
        #expect(check.passed && check.inconclusive == [], "\(loss): \(check)")
      }
    }
    try check(loss)
  }

  /// Neither the penalty nor the pass over rows changes what the loss itself gives.
  @Test(arguments: losses) func theyAreThoseOfTheLoss(_ loss: any PointwiseLoss) throws {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      let (linear, parameters) = try objective(loss, Double.self, rows: 2000, penalty: .l2(strength: 3))
      let model = try LinearModel(loss: loss, intercept: parameters[5], coefficients: Array(parameters[..<5]))
      let (_, expected) = try loss.valueAndParameterGradient(
        predictions: try model.linearPredictor(for: linear.features), targets: linear.targets, weights: linear.weights)
      let found = try linear.valueAndParameterGradient(at: parameters)
      #expect(found.parameterGradient.count == loss.parameterNames.count)
      for (a, b) in zip(found.parameterGradient, expected) { #expect(abs(a - b) <= 1e-12 * max(1, abs(b))) }
    }
    try check(loss)
  }

  @Test(arguments: losses) func sameBitsForAnyThreadsAndInstructionSet(_ loss: any PointwiseLoss) throws {
    func check<L: PointwiseLoss, S: LossScalar>(_ loss: L, _ type: S.Type) throws {
      func bits(_ threads: ThreadLimit, _ isa: lk_isa) throws -> [UInt64] {
        let (linear, parameters) = try objective(loss, S.self, rows: 20_011, threads: threads)
        var gradient = parameters
        var parameterGradient = loss.parameterValues
        var output = gradient.mutableSpan
        var parameterOutput = parameterGradient.mutableSpan
        let value = try linear.evaluate(
          at: parameters.span, gradient: &output, parameterGradient: &parameterOutput, instructionSet: isa
        ).value
        return ([value] + gradient + parameterGradient).map(\.bitPattern)
      }
      let expected = try bits(1, lk_isa_best)
      for threads in [2, 3, 4, 7] { #expect(try bits(.atMost(threads), lk_isa_best) == expected) }
      for isa in [lk_isa_baseline, lk_isa_avx2, lk_isa_avx512] { #expect(try bits(1, isa) == expected) }
      // The other verb has the same value and gradient.
      let (linear, parameters) = try objective(loss, S.self, rows: 20_011)
      var gradient = parameters
      var output = gradient.mutableSpan
      let value = try linear.valueAndGradient(at: parameters.span, gradient: &output)
      #expect(([value] + gradient).map(\.bitPattern) == Array(expected.prefix(1 + gradient.count)))
    }
    try check(loss, Double.self)
    try check(loss, Float.self)
  }

  @Test func rowsOfWeightZeroAreDeletedAndAWeightCountsRows() throws {
    let loss = RegressionLoss.robustLikelihood(shape: 1, scale: 0.5)
    func gradient(_ rows: [Double], _ targets: [Double], _ weights: [Double]?) throws -> [Double] {
      let features = try FeatureMatrix(rows, rowCount: targets.count, columnCount: 1)
      let linear = try LinearObjective(loss: loss, features: features, targets: targets, weights: weights)
      return try linear.valueAndParameterGradient(at: [2, 0.5]).parameterGradient
    }
    let expected = try gradient([1, 2, 2, 4], [1, 7, 7, 3], nil)
    let weighted = try gradient([1, 2, .nan, 4], [1, 7, .infinity, 3], [1, 2, 0, 1])
    for (a, b) in zip(weighted, expected) { #expect(agree(a, b, 1e-14)) }
    #expect(try gradient([.nan], [1], [0]) == [0, 0])
    #expect(try gradient([], [], nil) == [0, 0])
  }

  @Test func aLossWithoutParametersAndWrongLengths() throws {
    let features = try FeatureMatrix([1.0, 2], rowCount: 2, columnCount: 1)
    let squared = try LinearObjective(loss: RegressionLoss.squaredError, features: features, targets: [1, 1])
    let result = try squared.valueAndParameterGradient(at: [1, 0])
    #expect(result.value == 0.5 && result.gradient == [2, 1] && result.parameterGradient == [])
    #expect(try squared.replacingLoss(with: .absoluteError).valueAndParameterGradient(at: [1, 0]).value == 0.5)
    let huber = squared.replacingLoss(with: .huber(delta: 0.5))
    #expect(huber.loss == .huber(delta: 0.5) && huber.features == squared.features)
    var (gradient, tooLong) = ([0.0, 0], [0.0, 0])
    #expect(throws: LossError.lengthMismatch(argument: "parameterGradient", length: 2, expected: 1)) {
      var output = gradient.mutableSpan
      var longOutput = tooLong.mutableSpan
      let point = [1.0, 0]
      _ = try huber.valueAndParameterGradient(at: point.span, gradient: &output, parameterGradient: &longOutput)
    }
    #expect(throws: LossError.lengthMismatch(argument: "parameters", length: 1, expected: 2)) {
      try huber.valueAndParameterGradient(at: [1])
    }
    #expect(throws: LossError.self) {
      try squared.replacingLoss(with: .huber(delta: 0)).valueAndParameterGradient(at: [1, 0])
    }
  }
}
