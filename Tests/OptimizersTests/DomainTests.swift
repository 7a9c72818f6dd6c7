import Foundation
import Optimizers
import Testing

/// Functions with an edge, and functions without a floor.
@Suite struct DomainTests {
  /// `1000x₁ − ln x₁ + ½(x₂ − 1)²` where `x₁ > 0`, with the minimiser `(10⁻³, 1)`; `wall` elsewhere.
  static func barrier(wall: Double, wallGradient: Double) -> some Objective {
    FunctionObjective(parameterCount: 2) { x, gradient in
      guard x[0] > 0 else {
        gradient[0] = wallGradient
        gradient[1] = wallGradient
        return wall
      }
      gradient[0] = 1000 - 1 / x[0]
      gradient[1] = x[1] - 1
      return 1000 * x[0] - log(x[0]) + 0.5 * (x[1] - 1) * (x[1] - 1)
    }
  }

  @Test(
    arguments: [(.infinity, .infinity), (.nan, .nan), (.infinity, 0), (-.infinity, 0), (0, .nan), (.infinity, .nan)]
      as [(Double, Double)])
  func searchBacksAwayFromAWall(wall: Double, wallGradient: Double) throws {
    let recorder = Recorder(Self.barrier(wall: wall, wallGradient: wallGradient))
    let result = try LBFGS().minimize(recorder, from: [1, 0])
    #expect(recorder.evaluations.contains { $0.parameters[0] <= 0 })
    #expect(result.stopReason == .gradientTolerance)
    #expect(maximumDistance(result.parameters, [1e-3, 1]) <= 1e-8)
  }

  @Test func gradientDescentBacksAwayFromAWall() throws {
    let recorder = Recorder(Self.barrier(wall: .nan, wallGradient: .nan))
    let minimizer = GradientDescent(maximumIterations: 200)
    let result = try minimizer.minimize(recorder, from: [0.5, 0])
    #expect(recorder.evaluations.contains { $0.parameters[0] <= 0 })
    #expect(result.parameters[0] > 0)
    #expect(result.value < 9)
  }

  @Test func fixedStepAcrossAWallFails() throws {
    let minimizer = GradientDescent(stepLength: .fixed(0.1))
    let result = try minimizer.minimize(Self.barrier(wall: .infinity, wallGradient: 0), from: [1, 0])
    #expect(result.stopReason == .lineSearchFailed)
    #expect(result.parameters == [1, 0])
    #expect(result.evaluations == 2)
  }

  @Test(arguments: [1, 1e300])
  func unboundedFunctionEnds(slope: Double) throws {
    let linear = FunctionObjective(parameterCount: 1) { x, gradient in
      gradient[0] = -slope
      return -slope * x[0]
    }
    for minimizer: any Minimizer in [
      LBFGS(maximumIterations: 50), GradientDescent(maximumIterations: 2000),
      GradientDescent(stepLength: .fixed(1), maximumIterations: 50),
    ] {
      let result = try minimizer.minimize(linear, from: [0])
      #expect([.iterationLimit, .lineSearchFailed].contains(result.stopReason))
      #expect(result.value.isFinite)
    }
  }
}
