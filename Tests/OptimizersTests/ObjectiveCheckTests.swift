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

  // MARK: Means over samples

  @Test(arguments: [nil, [0], [63, 5, 17]]) func aMeanOverSamples(_ samples: [Int]?) throws {
    let problem = LeastSquares<Double>()
    let check = try problem.checkGradient(at: [0.5, -1, 2, 0.25], samples: samples)
    #expect(check.passed && check.comparedCount == 4, "\(check)")
    let wrong = SampleFunction<Double>(parameterCount: 4, sampleCount: 64) { w, samples, gradient in
      let value = problem.valueAndGradient(at: w, samples: samples, gradient: &gradient)
      gradient[2] *= 1 + 1e-5
      return value
    }
    #expect(try wrong.checkGradient(at: [0.5, -1, 2, 0.25], samples: samples).failures == [2])
    let forgetful = SampleFunction<Double>(parameterCount: 2, sampleCount: 64) { w, _, gradient in
      gradient[0] = 1
      return w[0]
    }
    #expect(try forgetful.checkGradient(at: [1, 2], samples: samples).failures == [1])
  }

  @Test func errorsOfAMeanOverSamples() throws {
    let problem = LeastSquares<Double>()
    func message(_ parameters: [Double], _ samples: [Int]?, _ tolerance: Double = 1e-6) -> String? {
      do {
        _ = try problem.checkGradient(at: parameters, samples: samples, tolerance: tolerance)
        return nil
      } catch { return "\(error)" }
    }
    #expect(message([1], nil) == "parameters.count is 1; it must be the objective's parameterCount, 4")
    #expect(message(problem.start, []) == "samples.count is 0; it must be ≥ 1")
    #expect(message(problem.start, [3, 64]) == "samples[1] is 64; it must be from 0 to 63")
    #expect(message(problem.start, [-1]) == "samples[0] is -1; it must be from 0 to 63")
    #expect(message(problem.start, nil, 1) == "tolerance is 1.0; it must be > 0 and < 1")
    let empty = SampleFunction<Double>(parameterCount: 0, sampleCount: -1) { _, _, _ in 0 }
    #expect(throws: OptimizerError.self) { try empty.checkGradient(at: []) }
  }
}
