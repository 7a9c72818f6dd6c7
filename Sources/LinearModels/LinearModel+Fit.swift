public import Losses
public import Optimizers

extension LinearModel {
  /// Fits a linear model: minimises `(1/Σs) Σᵢ sᵢ ℓ(xᵢᵀw + b, yᵢ) + penalty(w)`.
  ///
  /// A differentiable loss is minimised by L-BFGS; a loss of straight pieces (absolute error, quantile,
  /// ε-insensitive, hinge, perceptron) by an interior-point method that certifies the result with a duality gap. Both
  /// run on columns scaled to standard deviation 1, which changes the path, not the minimum. For a loss or a penalty that
  /// is not convex the result is a local minimum.
  ///
  /// The penalty must be differentiable, and with a loss of straight pieces also quadratic around 0: `l2`, a
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
  /// - Complexity: O(n p) per iteration for a differentiable loss, O(n p²) otherwise.
  public static func fit<L: PointwiseLoss, S: LossScalar>(
    loss: L, features: FeatureMatrix<S>, targets: [S], weights: [S]? = nil, columnNames: [String]? = nil,
    options: FitOptions = FitOptions(), progress: (FitRecord) -> ProgressDecision = { _ in .proceed }
  ) throws -> LinearFit {
    try options.validate()
    // Lengths and the penalty are checked before the data is looked at.
    try checkNames(columnNames, columns: features.columnCount)
    _ = try LinearObjective(
      loss: loss, features: features, targets: targets, weights: weights, penalty: options.penalty,
      intercept: options.intercept, threads: options.threads)
    let form = PiecewiseLinearForm(loss._kernelTerms)
    if form != nil { try options.penalty?.checkQuadratic(loss: loss, columns: features.columnCount) }
    let baseline = try checkedBaseline(loss, targets, weights)
    let scaling = try ColumnScaling(
      features, weights: weights, options: options,
      curvature: meanCurvature(of: loss, at: options.intercept ? baseline : 0, targets, weights))
    let objective = try LinearObjective(
      loss: loss, features: features, targets: targets, weights: weights, penalty: options.penalty,
      intercept: options.intercept, threads: options.threads, scaling: scaling)
    let minimum =
      if let form {
        try certifiedMinimum(objective, form, start: baseline, options, progress)
      } else {
        try smoothMinimum(objective, start: baseline, options, progress)
      }

    var gradient = minimum.parameters
    var output = gradient.mutableSpan
    let outcome = try objective.evaluate(at: minimum.parameters.span, gradient: &output)
    let (coefficients, intercept) = scaling.unscaled(minimum.parameters)
    return LinearFit(
      model: try LinearModel(
        loss: loss, intercept: intercept, coefficients: coefficients, columnNames: columnNames),
      value: outcome.value, iterations: minimum.history.count - 1, gradientNorm: minimum.gradientNorm,
      gap: minimum.gap, stopReason: minimum.stopReason, history: minimum.history, threads: outcome.threads,
      instructionSet: outcome.instructionSet.name)
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

  private struct Minimum {
    var parameters: [Double]
    var gradientNorm: Double
    var gap: Double?
    var stopReason: StopReason
    var history: [FitRecord]
  }

  private static func smoothMinimum<L: PointwiseLoss, S: LossScalar>(
    _ objective: LinearObjective<L, S>, start: Double, _ options: FitOptions,
    _ progress: (FitRecord) -> ProgressDecision
  ) throws -> Minimum {
    let origin = [Double](repeating: 0, count: objective.parameterCount)
    var first = origin
    if objective.hasIntercept { first[first.count - 1] = start }
    // At the best constant the gradient has the size that the tolerance refers to, unless no feature is of use: then
    // what it is at 0, times the rounding of a sum, is as close to zero as it can come.
    var gradient = origin
    var output = gradient.mutableSpan
    _ = try objective.valueAndGradient(at: origin.span, gradient: &output)
    let rounding = 1e-14 * (gradient.map(abs).max() ?? 0)
    let method = LBFGS(
      gradientTolerance: GradientTolerance(absolute: rounding, relative: options.tolerance),
      maximumIterations: options.maximumIterations)
    func record(_ record: IterationRecord) -> FitRecord {
      FitRecord(
        iteration: record.iteration, value: record.value, gradientNorm: record.gradientNorm, gap: nil)
    }
    let result = try method.minimize(objective, from: first) { progress(record($0)) }
    return Minimum(
      parameters: result.parameters, gradientNorm: result.gradientNorm, gap: nil,
      stopReason: result.stopReason, history: result.history.map(record))
  }

  private static func certifiedMinimum<L: PointwiseLoss, S: LossScalar>(
    _ objective: LinearObjective<L, S>, _ form: PiecewiseLinearForm, start: Double, _ options: FitOptions,
    _ progress: (FitRecord) -> ProgressDecision
  ) throws(LossError) -> Minimum {
    // The solver sees weights of mean 1, which keeps its quantities near 1; the values are those of the mean.
    let total = objective.weights.map { $0.reduce(0.0) { $0 + $1._double } } ?? Double(objective.targets.count)
    let active = objective.weights.map { $0.count { $0._double > 0 } } ?? objective.targets.count
    let factor = total > 0 ? Double(active) / total : 1
    let size = Double(max(1, active))
    var hinges: [InteriorPointSolver.Hinge] = []
    hinges.reserveCapacity(objective.targets.count * form.count)
    for (row, target) in objective.targets.enumerated() {
      let weight = factor * (objective.weights?[row]._double ?? 1)
      guard weight > 0 else { continue }
      for hinge in form.hinges(target._double) {
        hinges.append(
          InteriorPointSolver.Hinge(
            row: row, kink: hinge.kink, up: weight * hinge.up, down: weight * hinge.down))
      }
    }
    let columns = objective.features.columnCount
    var penalty = (0..<columns).map { size * (objective.penaltyCurvatures?[$0] ?? 0) }
    if objective.hasIntercept { penalty.append(0) }
    func scaled(_ record: FitRecord) -> FitRecord {
      FitRecord(
        iteration: record.iteration, value: record.value / size, gradientNorm: record.gradientNorm / size,
        gap: record.gap.map { $0 / size })
    }
    let solution = try objective.withKernels { (kernels) throws(LossError) in
      let solver = InteriorPointSolver(
        design: InteriorPointSolver.Design(
          kernels: kernels, rows: objective.features.rowCount,
          scale: objective.scaling?.scale ?? [Double](repeating: 1, count: columns),
          hasIntercept: objective.hasIntercept),
        hinges: hinges, penalty: penalty, tolerance: options.tolerance,
        maximumIterations: options.maximumIterations)
      return try solver.solve(intercept: start) { progress(scaled($0)) }
    }
    return Minimum(
      parameters: solution.parameters, gradientNorm: solution.residual / size, gap: solution.gap / size,
      stopReason: solution.stopReason, history: solution.history.map(scaled))
  }
}
