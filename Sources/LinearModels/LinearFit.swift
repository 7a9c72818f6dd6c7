public import Losses
public import Optimizers

/// How a linear model is fitted.
public struct FitOptions: Hashable, Sendable {
  /// What is added to the mean loss: a differentiable penalty, which for a convex loss with kinks is quadratic around 0.
  /// Training takes those with kinks, too.
  public var penalty: Penalty?

  /// Whether the model has an intercept; it is never penalised.
  public var intercept: Bool

  /// Whether the penalty acts on columns of standard deviation 1 (without an intercept, of root mean square 1)
  /// instead of the columns as they are. The coefficients always belong to the columns as they are.
  public var standardize: Bool

  /// For a convex loss with kinks, the duality gap relative to the value; otherwise the greatest component of the gradient
  /// relative to its value for the best constant. Both in the coordinates of the scaled columns.
  public var tolerance: Double

  /// The largest number of iterations.
  public var maximumIterations: Int

  /// How many threads an evaluation may use.
  public var threads: ThreadLimit

  /// The usual options, each of which can be changed.
  public init(
    penalty: Penalty? = nil, intercept: Bool = true, standardize: Bool = false, tolerance: Double = 1e-8,
    maximumIterations: Int = 1000, threads: ThreadLimit = .automatic
  ) {
    self.penalty = penalty
    self.intercept = intercept
    self.standardize = standardize
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.threads = threads
  }

  func validate() throws(LossError) {
    guard tolerance > 0, tolerance.isFinite else {
      throw .invalidArgument(argument: "tolerance", value: "\(tolerance)", expected: "a finite number greater than 0")
    }
    guard maximumIterations >= 0 else {
      throw .invalidArgument(argument: "maximumIterations", value: "\(maximumIterations)", expected: "at least 0")
    }
  }
}

/// One iteration of a fit.
public struct FitRecord: Hashable, Codable, Sendable {
  /// The number of steps so far.
  public let iteration: Int

  /// The objective, penalty included.
  public let value: Double

  /// The greatest component of the gradient (of the residual of the optimality conditions where the loss is not
  /// differentiable), in the coordinates of the scaled columns.
  public let gradientNorm: Double

  /// A bound of how far the value is from the least one, where the solver has one; see ``LinearFit/gap``.
  public let gap: Double?
}

/// A fitted model, a ``LinearModel`` or a ``CategoricalModel``, and how the fit went.
public struct LinearFit<Model: Hashable & Sendable>: Hashable, Sendable {
  /// The model.
  public let model: Model

  /// The objective at the model, penalty included.
  public let value: Double

  /// The number of steps.
  public let iterations: Int

  /// The greatest component of the gradient (of the residual of the optimality conditions where the loss or the penalty is
  /// not differentiable), in the coordinates of the scaled columns.
  public let gradientNorm: Double

  /// A bound of how far the value is from the least one; `nil` where the loss is differentiable or not convex.
  ///
  /// It is the duality gap. What rounding leaves of the dual's equations is charged as if no parameter of a best model
  /// were more than twice (plus one) as large as here, in the coordinates of the scaled columns.
  public let gap: Double?

  /// Why the fit ended.
  public let stopReason: StopReason

  /// One record per iteration.
  public let history: [FitRecord]

  /// The number of threads that an evaluation used.
  public let threads: Int

  /// The instruction set of the kernels: `baseline`, `avx2` or `avx512`.
  public let instructionSet: String

  /// Whether the minimum was found.
  public var converged: Bool { stopReason.isConvergence }
}
