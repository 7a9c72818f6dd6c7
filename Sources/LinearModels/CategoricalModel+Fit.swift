public import Losses
public import Optimizers

extension CategoricalModel {
  /// Fits a linear model of K classes: minimises `(1/Σs) Σᵢ sᵢ ℓ(W xᵢ + b, yᵢ) + penalty(W)` by L-BFGS on scaled columns, which
  /// changes the path, not the minimum.
  ///
  /// Every class has its own coefficients. Without a penalty a softmax determines them up to the same row added to all: the
  /// result is the minimum that the path from 0 leads to.
  ///
  /// For a loss that is not convex the result is a local minimum; L-BFGS can get no further where it meets a kink, as
  /// those of ``Losses/CategoricalLoss/crammerSinger(margin:)`` and ``Losses/CategoricalLoss/perceptron``, and may end with
  /// ``Optimizers/StopReason/lineSearchFailed``, not converged.
  ///
  /// - Parameters:
  ///   - loss: Any loss of rows of scores. A linear model gives no probabilities and no logarithms of them:
  ///     ``Losses/CategoricalLoss/negativeLogLikelihood`` and ``Losses/CategoricalLoss/crossEntropyOfProbabilities`` are
  ///     refused; ``Losses/CategoricalLoss/crossEntropy(labelSmoothing:)`` is the same of scores.
  ///   - features: `n × p` finite numbers.
  ///   - targets: n class indices from 0 to K − 1.
  ///   - classCount: K; K · (p + 1) is at most ``CategoricalObjective/maximumParameterCount``.
  ///   - weights: n finite numbers, not negative; without them every weight is 1. A row of weight 0 counts as deleted.
  ///   - classOptions: Weights of classes, and the index of rows to ignore.
  ///   - columnNames: p names to keep in the model.
  ///   - options: Penalty (differentiable, of K · p coefficients, class by class), intercept, scaling, tolerance, limits.
  ///   - progress: Called once per iteration, beginning with iteration 0, where all scores are 0.
  /// - Throws: ``Losses/LossError`` for data, options or a penalty that are not allowed, ``Optimizers/OptimizerError`` where the
  ///   objective is not finite at the start.
  /// - Complexity: O(n p K) per iteration.
  public static func fit<S: LossScalar, Label: ClassIndex>(
    loss: CategoricalLoss, features: FeatureMatrix<S>, targets: [Label], classCount: Int, weights: [S]? = nil,
    classOptions: ClassOptions = ClassOptions(), columnNames: [String]? = nil,
    options: FitOptions = FitOptions(), progress: (FitRecord) -> ProgressDecision = { _ in .proceed }
  ) throws -> LinearFit<CategoricalModel> {
    try fit(
      loss, features, targets, classCount, weights, classOptions, columnNames, options,
      PenaltyParts(smooth: options.penalty)
    ) { objective, _ in
      let start = [Double](repeating: 0, count: objective.parameterCount)
      return (try smoothMinimum(objective, start: start, options, progress), ())
    }.fit
  }

  /// Scales the columns, minimises, and gives the model of the columns as they are. `minimize` gets the objective
  /// and the part of the penalty with kinks, which is not in it, and may give something of its own beside the minimum.
  static func fit<S: LossScalar, Label: ClassIndex, Extra>(
    _ loss: CategoricalLoss, _ features: FeatureMatrix<S>, _ targets: [Label], _ classCount: Int, _ weights: [S]?,
    _ classOptions: ClassOptions, _ columnNames: [String]?, _ options: FitOptions,
    _ penalty: PenaltyParts, _ minimize: (CategoricalObjective<S>, Penalty?) throws -> (FitMinimum, Extra)
  ) throws -> (fit: LinearFit<CategoricalModel>, extra: Extra) {
    var options = options
    options.penalty = penalty.smooth
    try options.validate()
    guard loss.input == .logits else {
      let input = loss.input == .probabilities ? "probabilities" : "log-probabilities"
      throw LossError.invalidArgument(
        argument: "loss", value: "\(loss)", expected: "a loss of scores, such as crossEntropy, not of \(input)")
    }
    // Lengths and the penalty are checked before the data is looked at.
    try LinearModel.checkNames(columnNames, columns: features.columnCount)
    let targets = targets.map { Int($0) }
    func objective(_ scaling: ColumnScaling?) throws(LossError) -> CategoricalObjective<S> {
      try CategoricalObjective(
        loss: loss, features: features, targets: targets, classCount: classCount, weights: weights,
        classOptions: classOptions, penalty: options.penalty, intercept: options.intercept,
        threads: options.threads, scaling: scaling)
    }
    _ = try objective(nil)
    let columns = features.columnCount
    try penalty.checkProximal(count: classCount * columns)
    // The rows that do not count are not looked at.
    let counted = targets.indices.map { row in
      targets[row] == classOptions.ignoredIndex ? S(0) : weights?[row] ?? S(1)
    }
    let all = typicalCurvatures(of: options.penalty, count: classCount * columns)
    let typical = (0..<columns).map { column in
      (0..<classCount).reduce(0) { $0 + all[$1 * columns + column] } / Double(classCount)
    }
    let (scaling, kinked) = try ColumnScaling(
      features, weights: counted, options: options, curvature: try curvature(of: loss, classCount: classCount),
      typical: typical
    ).fitting(penalty.kinked, rowCount: classCount)
    let scaled = try objective(scaling)
    let (minimum, extra) = try minimize(scaled, kinked)

    var gradient = minimum.parameters
    var output = gradient.mutableSpan
    let outcome = try scaled.evaluate(at: minimum.parameters.span, gradient: &output)
    let rows = (0..<classCount).map { c in
      let own = Array(minimum.parameters[c * columns..<(c + 1) * columns])
      let intercept = options.intercept ? minimum.parameters[classCount * columns + c] : 0
      return scaling.unscaled(own + [intercept])
    }
    let fit = LinearFit(
      model: try CategoricalModel(
        loss: loss, intercepts: rows.map(\.intercept), coefficients: rows.map(\.coefficients),
        columnNames: columnNames),
      value: outcome.value + minimum.penalty, iterations: minimum.iterations, gradientNorm: minimum.gradientNorm,
      gap: nil, stopReason: minimum.stopReason, history: minimum.history, threads: outcome.threads,
      instructionSet: outcome.instructionSet.name)
    return (fit, extra)
  }

  /// The mean second derivative of the loss by a score where all scores are 0, or 1 where that says nothing.
  private static func curvature(of loss: CategoricalLoss, classCount: Int) throws(LossError) -> Double {
    // A row of scores has two kinds of classes there: that of the target and the others.
    let (_, _, curvature) = try loss.valueGradientAndCurvature(
      predictions: [Double](repeating: 0, count: classCount), targets: [0], classCount: classCount)
    let mean = curvature.reduce(0, +) / Double(classCount)
    return mean > 0 && mean.isFinite ? mean : 1
  }
}
