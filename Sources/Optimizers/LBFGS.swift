/// The limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno (Liu and Nocedal 1989).
///
/// The direction is `d = −Hg`, where `H` approximates the inverse Hessian by BFGS updates of `γI` with the last ``memory``
/// pairs of `s`, the change of the parameters, and `y`, the change of the gradient; `γ = sᵀy/yᵀy` of the newest pair.
/// A pair of curvature `sᵀy ≤ ε‖s‖‖y‖` is left out, so `H` stays positive definite. Without pairs `d = −g·min(1, 1/‖g‖₂)`.
///
/// An iteration costs `4mn` multiplications for `n` parameters and a memory of `m`, besides the evaluations, and memory is
/// `(2m + 5)n` numbers. The value falls in every iteration, except for differences within `64ε` of the value, where
/// the gradient decides. Should a search fail, the pairs are dropped and the steepest descent is tried.
public struct LBFGS: Minimizer, Hashable {
  /// The number `m` of pairs kept, at least 1.
  public var memory: Int

  /// How small the gradient must be for the minimisation to have converged.
  public var gradientTolerance: GradientTolerance

  /// The largest number of accepted steps.
  public var maximumIterations: Int

  /// The search along each direction. Its first trial is the full step, 1.
  public var lineSearch: StrongWolfeLineSearch

  /// Creates the method; an invalid setting is reported by ``Minimizer/minimize(_:from:progress:)``.
  public init(
    memory: Int = 10, gradientTolerance: GradientTolerance = .absolute(1e-8), maximumIterations: Int = 1000,
    lineSearch: StrongWolfeLineSearch = StrongWolfeLineSearch()
  ) {
    self.memory = memory
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.lineSearch = lineSearch
  }

  /// Minimises `objective` from `start`; see ``Minimizer/minimize(_:from:progress:)``.
  ///
  /// - Throws: ``OptimizerError`` if the configuration or the start is invalid; any error that `objective` throws.
  public func minimize(
    _ objective: some Objective, from start: [Double], progress: (IterationRecord) -> ProgressDecision
  ) throws -> MinimizationResult {
    try OptimizerError.require(memory >= 1, "memory", memory, "≥ 1")
    try lineSearch.validate()
    return try descend(
      objective, from: start, settings: self,
      method: Method(pairs: CurvaturePairs(capacity: memory), lineSearch: lineSearch), progress: progress)
  }
}

extension LBFGS {
  struct Method: DescentMethod {
    var pairs: CurvaturePairs
    let lineSearch: StrongWolfeLineSearch

    var firstStep: Double { 1 }

    mutating func writeDirection(gradient: Span<Double>, to direction: inout MutableSpan<Double>) {
      let scale = pairs.isEmpty ? min(1, 1 / euclideanNorm(gradient)) : 1
      for i in gradient.indices { direction[i] = -scale * gradient[i] }
      pairs.multiplyByInverseHessian(&direction)
    }

    func findStep(from start: LineSample, _ evaluate: (Double) throws -> LineSample) throws -> LineSample? {
      try lineSearch.search(from: start, firstStep: firstStep, evaluate)
    }

    mutating func didStep(from old: EvaluatedPoint, to new: EvaluatedPoint) {
      pairs.append(
        parametersFrom: old.parameters.span, to: new.parameters.span,
        gradientFrom: old.gradient.span, to: new.gradient.span)
    }

    mutating func restart() -> Bool {
      defer { pairs.removeAll() }
      return !pairs.isEmpty
    }
  }
}
