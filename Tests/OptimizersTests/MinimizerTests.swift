import Foundation
import Optimizers
import Testing

/// What all minimisers have in common.
@Suite struct MinimizerTests {
  static let minimizers: [any Minimizer] = [
    LBFGS(), GradientDescent(), GradientDescent(stepLength: .fixed(0.1)),
  ]

  /// `(x₁ − 1)² + (x₂ + 2)²`.
  static let bowl = TestProblem(name: "bowl", start: [5, 5], minimum: 0, minimizer: [1, -2]) { x, gradient in
    gradient[0] = 2 * (x[0] - 1)
    gradient[1] = 2 * (x[1] + 2)
    return (x[0] - 1) * (x[0] - 1) + (x[1] + 2) * (x[1] + 2)
  }

  @Test(arguments: minimizers)
  func minimizesABowl(_ minimizer: any Minimizer) throws {
    let result = try minimizer.minimize(Self.bowl, from: [5, 5])
    #expect(result.stopReason == .gradientTolerance)
    #expect(result.converged)
    #expect(maximumDistance(result.parameters, [1, -2]) <= 0.5e-8)
  }

  @Test(arguments: minimizers)
  func relativeToleranceScalesWithTheStart(_ minimizer: any Minimizer) throws {
    var minimizer = minimizer
    minimizer.gradientTolerance = .relative(0.25)
    let result = try minimizer.minimize(Self.bowl, from: [1001, -2])
    #expect(result.stopReason == .gradientTolerance)
    #expect(result.gradientNorm <= 0.25 * 2000)
    for record in result.history.dropLast() { #expect(record.gradientNorm > 0.25 * 2000) }
    // A tolerance of either part is enough.
    minimizer.gradientTolerance = GradientTolerance(absolute: 2000, relative: 0.25)
    #expect(try minimizer.minimize(Self.bowl, from: [1001, -2]).iterations == 0)
  }

  @Test(arguments: minimizers)
  func historyTellsTheWholeRun(_ minimizer: any Minimizer) throws {
    let recorder = Recorder(Self.bowl)
    var shown: [IterationRecord] = []
    let result = try minimizer.minimize(recorder, from: [5, 5]) {
      shown.append($0)
      return .proceed
    }
    #expect(shown == result.history)
    #expect(result.history.map(\.iteration) == Array(0...result.iterations))
    #expect(result.history[0].stepLength == 0)
    #expect(result.history[0].evaluations == 1)
    for record in result.history {
      let evaluation = recorder.evaluations[record.evaluations - 1]
      #expect(record.value == evaluation.value)
      #expect(record.gradientNorm == evaluation.gradient.map(\.magnitude).max())
    }
    for record in result.history.dropFirst() { #expect(record.stepLength > 0) }
    #expect(result.history.last?.value == result.value)
    #expect(result.history.last?.gradientNorm == result.gradientNorm)
    #expect(result.evaluations == recorder.evaluations.count)
    #expect(result.history.last.map { recorder.evaluations[$0.evaluations - 1].parameters } == result.parameters)
  }

  @Test(arguments: minimizers, TestProblem.smooth)
  func sameBitsOnEveryRun(_ minimizer: any Minimizer, _ problem: TestProblem) throws {
    var minimizer = minimizer
    minimizer.maximumIterations = 50
    let first = try minimizer.minimize(problem, from: problem.start)
    let second = try minimizer.minimize(problem, from: problem.start)
    #expect(first == second)
    #expect(first.parameters.map(\.bitPattern) == second.parameters.map(\.bitPattern))
  }

  @Test(arguments: minimizers)
  func noParametersAreConverged(_ minimizer: any Minimizer) throws {
    let constant = FunctionObjective(parameterCount: 0) { _, _ in 7 }
    let result = try minimizer.minimize(constant, from: [])
    #expect(result.stopReason == .gradientTolerance)
    #expect(result.value == 7)
    #expect(result.gradientNorm == 0)
    #expect(result.evaluations == 1)
  }

  @Test(arguments: minimizers)
  func startAtTheMinimumIsConverged(_ minimizer: any Minimizer) throws {
    var minimizer = minimizer
    minimizer.gradientTolerance = .absolute(0)
    let result = try minimizer.minimize(Self.bowl, from: [1, -2])
    #expect(result.stopReason == .gradientTolerance)
    #expect(result.iterations == 0)
    #expect(result.parameters == [1, -2])
  }

  @Test(arguments: minimizers)
  func iterationLimitHolds(_ minimizer: any Minimizer) throws {
    var minimizer = minimizer
    minimizer.gradientTolerance = .absolute(0)
    for limit in 0...1 {
      minimizer.maximumIterations = limit
      let result = try minimizer.minimize(Self.bowl, from: [5, 6])
      #expect(result.stopReason == .iterationLimit)
      #expect(!result.converged)
      #expect(result.iterations == limit)
      #expect((result.parameters == [5, 6]) == (limit == 0))
    }
  }

  @Test(arguments: minimizers)
  func progressStops(_ minimizer: any Minimizer) throws {
    let problem = TestProblem.quadratic
    let minimizer: any Minimizer =
      minimizer is LBFGS ? minimizer : GradientDescent(stepLength: .fixed(1e-6))
    let result = try minimizer.minimize(problem, from: problem.start) { $0.iteration == 3 ? .stop : .proceed }
    #expect(result.stopReason == .stoppedByProgress)
    #expect(!result.converged)
    #expect(result.iterations == 3)
  }

  @Test(arguments: minimizers)
  func cancellationStops(_ minimizer: any Minimizer) async throws {
    let task = Task {
      try minimizer.minimize(TestProblem.quadratic, from: TestProblem.quadratic.start) { record in
        if record.iteration == 2 { withUnsafeCurrentTask { $0?.cancel() } }
        return .proceed
      }
    }
    let result = try await task.value
    #expect(result.stopReason == .taskCancelled)
    #expect(!result.converged)
    #expect(result.iterations == 2)
  }

  struct Unavailable: Error, Equatable {}

  @Test(arguments: minimizers, [1, 3])
  func objectiveErrorsReachTheCaller(_ minimizer: any Minimizer, failing: Int) {
    var calls = 0
    let objective = FunctionObjective(parameterCount: 2) { x, gradient in
      calls += 1
      guard calls < failing else { throw Unavailable() }
      return MinimizerTests.bowl.valueAndGradient(at: x, gradient: &gradient)
    }
    #expect(throws: Unavailable()) { try minimizer.minimize(objective, from: [5, 5]) }
    #expect(calls == failing)
  }

  @Test func resultSurvivesCoding() throws {
    let result = try LBFGS().minimize(Self.bowl, from: [5, 5])
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(MinimizationResult.self, from: data) == result)
  }

  @Test func everyStopReasonHasItsOwnSentence() {
    let sentences = StopReason.allCases.map(\.description)
    #expect(Set(sentences).count == sentences.count)
    #expect(sentences.allSatisfy { $0.hasSuffix(".") && !$0.contains("\n") })
  }
}
