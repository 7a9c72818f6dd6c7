import Foundation
import Optimizers
import Testing

/// `checkGradient` of objectives.
@Suite struct ObjectiveCheckTests {
  @Test(arguments: TestProblem.smooth) func gradientsOfTheTestProblems(_ problem: TestProblem) throws {
    var points = [problem.start, problem.start.map { 0.7 * $0 + 0.1 }]
    if !problem.minimizer.isEmpty { points.append(problem.minimizer) }
    for point in points {
      let check = try problem.checkGradient(at: point)
      #expect(check.passed && check.inconclusive == [] && check.kinks == [], "\(check)")
    }
  }

  @Test func wrongGradientsAreFound() throws {
    for (wrong, factor) in [(0, -1.0), (1, 2), (2, 1 + 1e-5), (3, .nan)] {
      let objective = FunctionObjective(parameterCount: 4) { x, gradient in
        var value = 0.0
        for i in x.indices {
          value += exp(x[i]) + x[i] * x[0]
          gradient[i] = exp(x[i]) + (i == 0 ? x[0] : 0) + (i == 0 ? x[0] + x[1] + x[2] + x[3] : x[0])
        }
        // An element that is not assigned holds NaN.
        gradient[wrong] *= factor
        return value
      }
      let check = try objective.checkGradient(at: [0.5, -1, 2, 0.25])
      #expect(!check.passed && check.failures == [wrong] && check.worst?.index == wrong, "\(check)")
    }
  }

  @Test func unassignedComponent() throws {
    let objective = FunctionObjective(parameterCount: 2) { x, gradient in
      gradient[0] = 1
      return x[0]
    }
    #expect(try objective.checkGradient(at: [1, 2]).failures == [1])
  }

  @Test func errors() throws {
    let objective = FunctionObjective(parameterCount: 2) { _, _ in 0 }
    #expect(throws: OptimizerError.self) { try objective.checkGradient(at: [1]) }
    #expect(throws: OptimizerError.self) { try objective.checkGradient(at: [1, 2], tolerance: 0) }
    #expect(throws: OptimizerError.self) { try objective.checkGradient(at: [1, 2], tolerance: .nan) }
    struct Refusal: Error {}
    let refusing = FunctionObjective(parameterCount: 1) { _, _ in throw Refusal() }
    #expect(throws: Refusal.self) { try refusing.checkGradient(at: [1]) }
  }
}
