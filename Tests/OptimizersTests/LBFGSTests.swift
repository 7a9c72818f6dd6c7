import Foundation
import Optimizers
import Testing

@Suite struct LBFGSTests {
  @Test(arguments: TestProblem.smooth.filter { $0.name != "Powell singular" })
  func findsThePublishedMinimum(_ problem: TestProblem) throws {
    let result = try LBFGS().minimize(problem, from: problem.start)
    #expect(result.stopReason == .gradientTolerance)
    #expect(result.gradientNorm <= 1e-8)
    #expect(maximumDistance(result.parameters, problem.minimizer) <= 1e-8)
    #expect((result.value - problem.minimum).magnitude <= 1e-15)
  }

  /// At a singular Hessian `f ~ d⁴` and `‖g‖ ~ d³` at the distance `d`, so the distance is a root of the tolerance.
  @Test func findsAMinimumWithSingularHessian() throws {
    let problem = TestProblem.powellSingular
    let result = try LBFGS(gradientTolerance: .absolute(1e-10)).minimize(problem, from: problem.start)
    #expect(result.stopReason == .gradientTolerance)
    #expect(result.value <= 1e-13)
    #expect(maximumDistance(result.parameters, problem.minimizer) <= 1e-3)
  }

  /// The counts of SciPy 1's L-BFGS-B with `maxcor=10, gtol=1e-8, ftol=0`, to be met within a quarter.
  @Test(
    arguments: zip(
      [
        TestProblem.quadratic, .extendedRosenbrock(2), .extendedRosenbrock(100), .beale, .powellSingular, .wood,
        .logistic,
      ], [72, 46, 49, 17, 61, 114, 8]))
  func needsAsFewEvaluationsAsOtherImplementations(_ problem: TestProblem, reference: Int) throws {
    let result = try LBFGS().minimize(problem, from: problem.start)
    #expect(result.evaluations <= reference * 5 / 4)
  }

  @Test(arguments: TestProblem.smooth, [1, 3, 10, Int.max])
  func anyMemoryConverges(_ problem: TestProblem, memory: Int) throws {
    // With a memory of 1 the quadratic takes SciPy's L-BFGS-B 2605 iterations.
    let minimizer = LBFGS(memory: memory, gradientTolerance: .absolute(1e-6), maximumIterations: 5000)
    let result = try minimizer.minimize(problem, from: problem.start)
    #expect(result.stopReason == .gradientTolerance)
  }

  @Test(arguments: TestProblem.smooth)
  func acceptedStepsMeetTheStrongWolfeConditions(_ problem: TestProblem) throws {
    let recorder = Recorder(problem)
    let minimizer = LBFGS(gradientTolerance: .absolute(1e-6))
    let result = try minimizer.minimize(recorder, from: problem.start)
    let accepted = result.history.map { recorder.evaluations[$0.evaluations - 1] }
    #expect(accepted.count > 5)
    for (old, new) in zip(accepted, accepted.dropFirst()) {
      let step = zip(new.parameters, old.parameters).map { $0 - $1 }
      let slopes = [old, new].map { zip($0.gradient, step).map { $0 * $1 }.reduce(0, +) }
      // The step is rounded once more here than in the search.
      let slack = 1 + 1e-9
      #expect(new.value - old.value <= minimizer.lineSearch.sufficientDecrease * slopes[0] / slack)
      #expect(slopes[1].magnitude <= minimizer.lineSearch.curvature * slopes[0].magnitude * slack)
    }
  }

  @Test(arguments: TestProblem.smooth)
  func valuesNeverRise(_ problem: TestProblem) throws {
    let result = try LBFGS(gradientTolerance: .absolute(1e-6)).minimize(problem, from: problem.start)
    for (old, new) in zip(result.history, result.history.dropFirst()) { #expect(new.value < old.value) }
  }

  /// `½(x − 1024)²/1024` up to a wall at 100: the quasi-Newton step to 1024 fails, then the steepest descent is taken.
  @Test func failedSearchIsRepeatedAlongTheSteepestDescent() throws {
    let recorder = Recorder(
      FunctionObjective(parameterCount: 1) { x, gradient in
        gradient[0] = (x[0] - 1024) / 1024
        return x[0] < 100 ? 512 * gradient[0] * gradient[0] : .infinity
      })
    let minimizer = LBFGS(maximumIterations: 2, lineSearch: StrongWolfeLineSearch(maximumEvaluations: 1))
    let result = try minimizer.minimize(recorder, from: [0])
    let points: [[Double]] = [[0], [1], [1024], [2 - 1 / 1024.0]]
    #expect(recorder.evaluations.map(\.parameters) == points)
    #expect(result.history.map(\.evaluations) == [1, 2, 4])
    #expect(result.stopReason == .iterationLimit)
  }

  /// On `½(x − 1)²` the steepest descent of length 1 at most.
  @Test(arguments: [0.5, 1, 4])
  func firstStepHasLengthOfAtMostOne(distance: Double) throws {
    let recorder = Recorder(
      FunctionObjective(parameterCount: 1) { x, gradient in
        gradient[0] = x[0] - 1
        return 0.5 * (x[0] - 1) * (x[0] - 1)
      })
    let result = try LBFGS().minimize(recorder, from: [1 + distance])
    #expect(result.parameters == [1])
    #expect(recorder.evaluations[1].parameters == [1 + distance - min(1, distance)])
  }
}
