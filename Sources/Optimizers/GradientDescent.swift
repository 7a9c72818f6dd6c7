/// Steepest descent, `x ← x − α∇f(x)`.
///
/// Converges linearly at best, by a factor of about `1 − 1/κ` per iteration for a Hessian of condition number `κ`. Besides
/// the evaluations an iteration costs `2n` multiplications for `n` parameters.
public struct GradientDescent: Minimizer, Hashable {
  /// The rule for `α`.
  public var stepLength: StepLength

  /// How small the gradient must be for the minimisation to have converged.
  public var gradientTolerance: GradientTolerance

  /// The largest number of accepted steps.
  public var maximumIterations: Int

  /// Creates the method; an invalid setting is reported by ``Minimizer/minimize(_:from:progress:)``.
  public init(
    stepLength: StepLength = .backtracking, gradientTolerance: GradientTolerance = .absolute(1e-8),
    maximumIterations: Int = 10_000
  ) {
    self.stepLength = stepLength
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
  }

  /// How the step `α` is chosen.
  @nonexhaustive
  public enum StepLength: Hashable, Sendable {
    /// Always `α`, which must be finite and > 0, at one evaluation per iteration.
    ///
    /// Converges on a convex function whose gradient has the Lipschitz constant `L` if `α < 2/L`. No decrease is demanded;
    /// a step to a value or gradient that is not finite ends the minimisation with ``StopReason/lineSearchFailed``.
    case fixed(Double)

    /// The first of `α, α/2, α/4, …` with `f(x − αg) ≤ f(x) − ½α‖g‖₂²` (Armijo 1966).
    ///
    /// With the factor ½ every `α ≤ 1/L` is accepted, and a step so long that it overshoots a quadratic's minimum is not
    /// (Beck and Teboulle 2009). The first `α` is twice the one accepted last, at the start `min(1, 1/‖g‖₂)`, so that an
    /// iteration takes about two evaluations. Where values agree to rounding, slopes decide. If 60 halvings are not
    /// enough, the minimisation ends with ``StopReason/lineSearchFailed``.
    case backtracking
  }

  /// Minimises `objective` from `start`; see ``Minimizer/minimize(_:from:progress:)``.
  ///
  /// - Throws: ``OptimizerError`` if the configuration or the start is invalid; any error that `objective` throws.
  public func minimize(
    _ objective: some Objective, from start: [Double], progress: (IterationRecord) -> ProgressDecision
  ) throws -> MinimizationResult {
    if case .fixed(let length) = stepLength {
      try OptimizerError.require(length > 0 && length.isFinite, "stepLength", length, "finite and > 0")
    }
    return try descend(
      objective, from: start, settings: self, method: Method(stepLength: stepLength), progress: progress)
  }
}

extension GradientDescent {
  struct Method: DescentMethod {
    let stepLength: StepLength
    /// What backtracking tries first; nil before the first search.
    private var nextStep: Double?

    init(stepLength: StepLength) { self.stepLength = stepLength }

    private(set) var firstStep = 1.0

    mutating func writeDirection(gradient: Span<Double>, to direction: inout MutableSpan<Double>) {
      for i in gradient.indices { direction[i] = -gradient[i] }
      switch stepLength {
      case .fixed(let length): firstStep = length
      case .backtracking: firstStep = nextStep ?? min(1, 1 / euclideanNorm(gradient))
      }
    }

    mutating func findStep(from start: LineSample, _ evaluate: (Double) throws -> LineSample) throws -> LineSample? {
      switch stepLength {
      case .fixed(let length):
        let sample = try evaluate(length)
        return sample.isFinite ? sample : nil
      case .backtracking:
        let decrease = DecreaseCondition(sufficientDecrease: 0.5, start: start)
        var step = firstStep
        for _ in 0...60 {
          let sample = try evaluate(step)
          if decrease.isMet(by: sample) {
            nextStep = min(2 * step, .greatestFiniteMagnitude)
            return sample
          }
          step /= 2
        }
        return nil
      }
    }

    func didStep(from old: EvaluatedPoint, to new: EvaluatedPoint) {}

    func restart() -> Bool { false }
  }
}
