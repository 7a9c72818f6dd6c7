public import Losses
public import Optimizers

extension LinearModel {
  /// Fits a linear model: minimises `(1/Σs) Σᵢ sᵢ ℓ(xᵢᵀw + b, yᵢ) + penalty(w)`.
  ///
  /// A convex loss with kinks is minimised by an interior-point method that certifies the result with a duality gap: the
  /// losses of straight pieces (absolute error, quantile, ε-insensitive, hinge, perceptron) and their sums with positive
  /// coefficients, in which every convex smooth loss may take part too, as in `0.7 * .squaredError + 0.3 * .absoluteError`.
  /// Any other loss is minimised by L-BFGS. Both run on scaled columns, which changes the path, not the minimum.
  ///
  /// For a loss or a penalty that is not convex the result is a local minimum, except that L-BFGS can get no further where
  /// it meets a kink: a sum with kinks that is not convex, or a ``Losses/CustomLoss`` with kinks, may end with
  /// ``Optimizers/StopReason/lineSearchFailed``, not converged.
  ///
  /// The penalty must be differentiable, and with a convex loss with kinks also quadratic around 0: `l2`, a
  /// `gaussianPrior` of means 0, and sums of them.
  ///
  /// - Parameters:
  ///   - loss: Any pointwise loss.
  ///   - features: `n × p` finite numbers.
  ///   - targets: n finite numbers that the loss allows.
  ///   - weights: n finite numbers, not negative; without them every weight is 1. A row of weight 0 counts as deleted.
  ///   - columnNames: p names to keep in the model.
  ///   - options: Penalty, intercept, scaling, tolerance, limits.
  ///   - progress: Called once per iteration, beginning with iteration 0, the best constant.
  /// - Throws: ``Losses/LossError`` for data, options or a penalty that are not allowed, ``Optimizers/OptimizerError`` where the
  ///   objective is not finite at the start.
  /// - Complexity: O(n p) per iteration of L-BFGS, O(n p²) of the interior-point method.
  public static func fit<L: PointwiseLoss, S: LossScalar>(
    loss: L, features: FeatureMatrix<S>, targets: [S], weights: [S]? = nil, columnNames: [String]? = nil,
    options: FitOptions = FitOptions(), progress: (FitRecord) -> ProgressDecision = { _ in .proceed }
  ) throws -> LinearFit<LinearModel> {
    let form = PiecewiseLinearForm(loss)
    return try fit(
      loss, features, targets, weights, columnNames, options, PenaltyParts(smooth: options.penalty),
      // Newton's method needs no scales for its path, and a curvature that vanishes at the start would mislead the gap.
      usesCurvature: form == nil, needsQuadraticPenalty: form != nil
    ) { objective, baseline, _ in
      if let form {
        (try certifiedMinimum(objective, form, start: baseline, options, progress), ())
      } else {
        (try smoothMinimum(objective, start: constant(baseline, of: objective), options, progress), ())
      }
    }.fit
  }

  /// Scales the columns, minimises, and gives the model of the columns as they are. `minimize` gets the objective, the best
  /// constant, and the part of the penalty with kinks, which is not in the objective; it may give something of its own
  /// beside the minimum.
  static func fit<L: PointwiseLoss, S: LossScalar, Extra>(
    _ loss: L, _ features: FeatureMatrix<S>, _ targets: [S], _ weights: [S]?, _ columnNames: [String]?,
    _ options: FitOptions, _ penalty: PenaltyParts, usesCurvature: Bool, needsQuadraticPenalty: Bool = false,
    _ minimize: (LinearObjective<L, S>, Double, Penalty?) throws -> (FitMinimum, Extra)
  ) throws -> (fit: LinearFit<LinearModel>, extra: Extra) {
    var options = options
    options.penalty = penalty.smooth
    try options.validate()
    // Lengths and the penalty are checked before the data is looked at.
    try checkNames(columnNames, columns: features.columnCount)
    _ = try LinearObjective(
      loss: loss, features: features, targets: targets, weights: weights, penalty: options.penalty,
      intercept: options.intercept, threads: options.threads)
    try penalty.checkProximal(count: features.columnCount)
    if needsQuadraticPenalty { try options.penalty?.checkQuadratic(loss: loss, columns: features.columnCount) }
    let baseline = try checkedBaseline(loss, targets, weights)
    let curvature =
      usesCurvature ? try meanCurvature(of: loss, at: options.intercept ? baseline : 0, targets, weights) : 1
    let (scaling, kinked) = try ColumnScaling(
      features, weights: weights, options: options, curvature: curvature,
      typical: typicalCurvatures(of: options.penalty, count: features.columnCount)
    ).fitting(penalty.kinked)
    let objective = try LinearObjective(
      loss: loss, features: features, targets: targets, weights: weights, penalty: options.penalty,
      intercept: options.intercept, threads: options.threads, scaling: scaling)
    let (minimum, extra) = try minimize(objective, baseline, kinked)

    var gradient = minimum.parameters
    var output = gradient.mutableSpan
    let outcome = try objective.evaluate(at: minimum.parameters.span, gradient: &output)
    let (coefficients, intercept) = scaling.unscaled(minimum.parameters)
    let fit = LinearFit(
      model: try LinearModel(
        loss: loss, intercept: intercept, coefficients: coefficients, columnNames: columnNames),
      value: outcome.value + minimum.penalty, iterations: minimum.iterations, gradientNorm: minimum.gradientNorm,
      gap: minimum.gap, stopReason: minimum.stopReason, history: minimum.history, threads: outcome.threads,
      instructionSet: outcome.instructionSet.name)
    return (fit, extra)
  }

  /// The parameters of a constant.
  static func constant<L: PointwiseLoss, S: LossScalar>(
    _ value: Double, of objective: LinearObjective<L, S>
  ) -> [Double] {
    var parameters = [Double](repeating: 0, count: objective.parameterCount)
    if objective.hasIntercept { parameters[parameters.count - 1] = value }
    return parameters
  }

  /// The best constant, after a look for targets and weights that cannot be fitted. A loss without a best constant
  /// starts at 0.
  private static func checkedBaseline<L: PointwiseLoss, S: LossScalar>(
    _ loss: L, _ targets: [S], _ weights: [S]?
  ) throws(LossError) -> Double {
    for i in targets.indices where !targets[i]._double.isFinite && weights?[i]._double != 0 {
      throw .invalidElement(
        argument: "targets", index: i, value: targets[i]._double, expected: "a finite number")
    }
    let baseline = try loss.baseline(targets: targets, weights: weights)
    return baseline.isFinite ? baseline : 0
  }

  /// The mean second derivative of the loss at a constant prediction, or 1 where that says nothing.
  private static func meanCurvature<L: PointwiseLoss, S: LossScalar>(
    of loss: L, at constant: Double, _ targets: [S], _ weights: [S]?
  ) throws(LossError) -> Double {
    let predictions = [S](repeating: S(constant), count: targets.count)
    let (_, _, curvature) = try loss.valueGradientAndCurvature(
      predictions: predictions, targets: targets, weights: weights)
    let mean = curvature.reduce(0) { $0 + $1._double }
    return mean > 0 && mean.isFinite ? mean : 1
  }
}
