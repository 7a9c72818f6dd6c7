import Optimizers
import Testing

@Suite struct ConfigurationTests {
  struct Invalid: Sendable, CustomTestStringConvertible {
    var minimizer: any Minimizer
    var argument: String
    var value: String
    var testDescription: String { "\(argument) = \(value)" }
  }

  static var invalid: [Invalid] {
    var all: [Invalid] = []
    func add(_ minimizer: any Minimizer, _ argument: String, _ value: some CustomStringConvertible) {
      all.append(Invalid(minimizer: minimizer, argument: argument, value: value.description))
    }
    for memory in [0, -3] { add(LBFGS(memory: memory), "memory", memory) }
    for tolerance in [-1, -Double.leastNonzeroMagnitude, .nan, .infinity] {
      add(LBFGS(gradientTolerance: .absolute(tolerance)), "gradientTolerance.absolute", tolerance)
      add(GradientDescent(gradientTolerance: .relative(tolerance)), "gradientTolerance.relative", tolerance)
    }
    add(LBFGS(maximumIterations: -1), "maximumIterations", -1)
    add(GradientDescent(maximumIterations: -1), "maximumIterations", -1)
    for length in [0, -0.1, Double.nan, .infinity] {
      add(GradientDescent(stepLength: .fixed(length)), "stepLength", length)
    }
    for c1 in [0, -1, 1, Double.nan] {
      let search = StrongWolfeLineSearch(sufficientDecrease: c1)
      add(LBFGS(lineSearch: search), "lineSearch.sufficientDecrease", c1)
    }
    for c2 in [0, 1e-4, 1, Double.nan] {
      add(LBFGS(lineSearch: StrongWolfeLineSearch(curvature: c2)), "lineSearch.curvature", c2)
    }
    let search = StrongWolfeLineSearch(maximumEvaluations: 0)
    add(LBFGS(lineSearch: search), "lineSearch.maximumEvaluations", 0)
    return all
  }

  @Test(arguments: invalid)
  func invalidSettingIsNamed(_ invalid: Invalid) throws {
    let recorder = Recorder(MinimizerTests.bowl)
    let error = #expect(throws: OptimizerError.self) { try invalid.minimizer.minimize(recorder, from: [5, 5]) }
    guard case .invalidArgument(invalid.argument, invalid.value, let expectation)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description == "\(invalid.argument) is \(invalid.value); it must be \(expectation)")
    #expect(recorder.evaluations.isEmpty)
  }

  @Test(arguments: MinimizerTests.minimizers)
  func startMustFitTheObjective(_ minimizer: any Minimizer) {
    #expect(
      throws: OptimizerError.invalidArgument(
        argument: "start.count", value: "3", expectation: "the objective's parameterCount, 2")
    ) { try minimizer.minimize(MinimizerTests.bowl, from: [1, 2, 3]) }
  }

  @Test(arguments: MinimizerTests.minimizers, [Double.nan, .infinity, -.infinity])
  func startMustBeFinite(_ minimizer: any Minimizer, parameter: Double) {
    #expect(
      throws: OptimizerError.invalidArgument(argument: "start[1]", value: "\(parameter)", expectation: "finite")
    ) { try minimizer.minimize(MinimizerTests.bowl, from: [1, parameter]) }
  }

  @Test(
    arguments: MinimizerTests.minimizers,
    [(.nan, 1), (.infinity, 1), (-.infinity, 1), (1, .nan), (1, .infinity)] as [(Double, Double)])
  func objectiveMustBeFiniteAtTheStart(_ minimizer: any Minimizer, at start: (value: Double, slope: Double)) throws {
    let objective = FunctionObjective(parameterCount: 2) { _, gradient in
      gradient[0] = start.slope
      gradient[1] = 0
      return start.value
    }
    let error = #expect(throws: OptimizerError.self) { try minimizer.minimize(objective, from: [0, 0]) }
    guard case .notFiniteAtStart(let value, let gradientNorm)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(value) \(gradientNorm)" == "\(start.value) \(start.slope)")
  }

  /// An objective that forgets a component would otherwise seem to be flat in it.
  @Test func unassignedGradientIsFound() {
    let forgetful = FunctionObjective(parameterCount: 2) { x, gradient in
      gradient[0] = 2 * x[0]
      return x[0] * x[0] + x[1] * x[1]
    }
    let error = #expect(throws: OptimizerError.self) { try LBFGS().minimize(forgetful, from: [1, 1]) }
    guard case .notFiniteAtStart(2, let gradientNorm)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(gradientNorm.isNaN)
  }
}
