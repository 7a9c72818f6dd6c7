import Optimizers
import Testing

@Suite struct GradientDescentTests {
  /// `½(x₁² + 4x₂²)`.
  static let bowl = TestProblem(name: "bowl", start: [64, 1], minimum: 0) { x, gradient in
    gradient[0] = x[0]
    gradient[1] = 4 * x[1]
    return 0.5 * (x[0] * x[0] + 4 * x[1] * x[1])
  }

  /// A fixed step `α` multiplies each component by `1 − αλ`.
  @Test func fixedStepContracts() throws {
    let minimizer = GradientDescent(stepLength: .fixed(0.125), gradientTolerance: .absolute(0), maximumIterations: 3)
    let result = try minimizer.minimize(Self.bowl, from: [512, 8])
    #expect(result.parameters == [343, 1])
    #expect(result.history.map(\.stepLength) == [0, 0.125, 0.125, 0.125])
    #expect(result.evaluations == 4)
  }

  /// The first step has the length 1, the second is tried with the double factor.
  @Test func backtrackingDoublesAfterSuccess() throws {
    let recorder = Recorder(Self.bowl)
    let minimizer = GradientDescent(gradientTolerance: .absolute(0), maximumIterations: 2)
    let result = try minimizer.minimize(recorder, from: [64, 1])
    let start = 1 / (64.0 * 64 + 16).squareRoot()
    #expect(result.history.map(\.stepLength) == [0, start, 2 * start])
    #expect(result.evaluations == 3)
  }

  @Test func stepsOfInsufficientDecreaseAreHalved() throws {
    let minimizer = GradientDescent(maximumIterations: 1)
    // ‖g‖ = ½: the first trial is 1, and 1/4 = 1/L the longest step that the condition passes.
    let result = try minimizer.minimize(Self.bowl, from: [0, 0.125])
    #expect(result.history.map(\.stepLength) == [0, 0.25])
    #expect(result.parameters == [0, 0])
    #expect(result.evaluations == 4)
    #expect(result.converged)
  }

  @Test(arguments: [TestProblem.extendedRosenbrock(2), .beale, .logistic])
  func convergesOnSmoothProblems(_ problem: TestProblem) throws {
    let minimizer = GradientDescent(gradientTolerance: .absolute(1e-5))
    let result = try minimizer.minimize(problem, from: problem.start)
    #expect(result.stopReason == .gradientTolerance)
    #expect(maximumDistance(result.parameters, problem.minimizer) <= 1e-4)
    for (old, new) in zip(result.history, result.history.dropFirst()) { #expect(new.value < old.value) }
  }

  @Test func overlongFixedStepDivergesWithoutATrap() throws {
    let minimizer = GradientDescent(stepLength: .fixed(1))
    let result = try minimizer.minimize(Self.bowl, from: [1, 1])
    #expect(result.stopReason == .lineSearchFailed)
    #expect(result.value.isFinite)
  }
}
