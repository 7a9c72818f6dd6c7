import Optimizers
import Testing

@Suite struct RoundingTests {
  /// `10⁸ + ½Σ λᵢ(xᵢ − i/3)²` with `λ` from 10⁻³ to 1: one ulp of the value is 1.5·10⁻⁸.
  static let largeValue = TestProblem(
    name: "large value", start: [5, -5, 5, -5], minimum: 1e8, minimizer: (0..<4).map { Double($0) / 3 }
  ) { x, gradient in
    var value = 1e8
    var eigenvalue = 1e-3
    for i in x.indices {
      let distance = x[i] - Double(i) / 3
      gradient[i] = eigenvalue * distance
      value += 0.5 * eigenvalue * distance * distance
      eigenvalue *= 10
    }
    return value
  }

  @Test func gradientDecidesWhereValuesAreLostToRounding() throws {
    let problem = Self.largeValue
    for minimizer: any Minimizer in [
      LBFGS(gradientTolerance: .absolute(1e-12)),
      GradientDescent(gradientTolerance: .absolute(1e-12), maximumIterations: 100_000),
    ] {
      let result = try minimizer.minimize(problem, from: problem.start)
      #expect(result.stopReason == .gradientTolerance)
      #expect(maximumDistance(result.parameters, problem.minimizer) <= 1e-9)
      for (old, new) in zip(result.history, result.history.dropFirst()) {
        #expect(new.value <= old.value * (1 + 64 * .ulpOfOne))
      }
    }
  }

  /// Values wrong by up to 20 ulps, as those of a long sum are.
  @Test func noiseInTheValueDoesNotStopTheSearch() throws {
    let problem = Self.largeValue
    let noisy = FunctionObjective(parameterCount: problem.parameterCount) { x, gradient in
      let value = problem.valueAndGradient(at: x, gradient: &gradient)
      let noise = x.indices.reduce(UInt64(0)) { ($0 ^ x[$1].bitPattern) &* 0x9E37_79B9_7F4A_7C15 } >> 32
      return value + Double(noise % 41) * value.ulp - 20 * value.ulp
    }
    let result = try LBFGS(gradientTolerance: .absolute(1e-12)).minimize(noisy, from: problem.start)
    #expect(result.stopReason == .gradientTolerance)
    #expect(maximumDistance(result.parameters, problem.minimizer) <= 1e-9)
    #expect(result.evaluations <= 40)
  }

  /// `|x₁| + ½·10¹⁰x₂²`: the gradient at the kink is small beside that at the start, yet every step is seen in the value.
  @Test func kinkBesideASteepStartIsNoConvergence() throws {
    let objective = FunctionObjective(parameterCount: 2) { x, gradient in
      gradient[0] = x[0] < 0 ? -1 : 1
      gradient[1] = 1e10 * x[1]
      return x[0].magnitude + 0.5e10 * x[1] * x[1]
    }
    let result = try LBFGS().minimize(objective, from: [0.3, 1])
    #expect(result.stopReason == .lineSearchFailed)
    #expect(result.gradientNorm <= 1e10 * Double.ulpOfOne.squareRoot())
  }

  /// With a tolerance that rounding puts out of reach, the end is noticed.
  @Test(arguments: TestProblem.smooth + [largeValue])
  func zeroToleranceEnds(_ problem: TestProblem) throws {
    let result = try LBFGS(gradientTolerance: .absolute(0)).minimize(problem, from: problem.start)
    #expect(result.stopReason != .iterationLimit)
    #expect(result.gradientNorm <= 1e-14)
  }

  @Test func zeroToleranceEndsAtRoundingLevel() throws {
    let result = try LBFGS(gradientTolerance: .absolute(0)).minimize(TestProblem.logistic, from: [0, 0])
    #expect(result.stopReason == .roundingLevel)
    #expect(result.converged)
    #expect(result.gradientNorm <= 4 * .ulpOfOne)
    #expect(result.iterations < 40)
  }

  /// A step too short to change the parameters is neither progress nor convergence.
  @Test func vanishingStepIsNoConvergence() throws {
    let minimizer = GradientDescent(stepLength: .fixed(1e-300))
    let result = try minimizer.minimize(TestProblem.quadratic, from: [1, 2, 3, 4, 5, 6, 7])
    #expect(result.stopReason == .lineSearchFailed)
    #expect(!result.converged)
    #expect(result.parameters == [1, 2, 3, 4, 5, 6, 7])
  }

  /// `10⁸ + |x₁| + 2|x₂|`: near the kink no step is seen in the value, yet the gradient does not vanish.
  @Test(arguments: [0, 1, 1e8])
  func kinkIsNoConvergence(offset: Double) throws {
    let kink = FunctionObjective(parameterCount: 2) { x, gradient in
      gradient[0] = x[0] < 0 ? -1 : 1
      gradient[1] = x[1] < 0 ? -2 : 2
      return offset + x[0].magnitude + 2 * x[1].magnitude
    }
    for minimizer: any Minimizer in [LBFGS(), GradientDescent()] {
      let result = try minimizer.minimize(kink, from: [0.3, 0.7])
      #expect([.lineSearchFailed, .iterationLimit].contains(result.stopReason))
      #expect(!result.converged)
      #expect(result.value < offset + 1.7)
    }
  }

  @Test func wrongGradientIsNoConvergence() throws {
    let ascending = FunctionObjective(parameterCount: 1) { x, gradient in
      gradient[0] = -2 * x[0]
      return 1 + x[0] * x[0]
    }
    let result = try LBFGS().minimize(ascending, from: [1])
    #expect(result.stopReason == .lineSearchFailed)
    #expect(result.parameters == [1])
    // Without a curvature condition, steps too short to be seen in the value are accepted.
    #expect(try !GradientDescent().minimize(ascending, from: [1]).converged)
  }
}
