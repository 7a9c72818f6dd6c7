package import CLossKernels
public import Losses
public import Optimizers

/// The mean loss of a linear model plus a penalty, as a function of its coefficients:
///
/// `(1/Σs) Σᵢ sᵢ ℓ(xᵢᵀw + b, yᵢ) + penalty(w)`.
///
/// The parameters are the coefficients `w`, one per column, and then the intercept `b` where there is one, which is
/// never penalised. Since the loss is a mean, the strength of a penalty does not depend on the number of rows.
///
/// An evaluation costs O(rows × columns) and reads the features once: while a tile of rows is in cache, its margins,
/// losses and share of the gradient are computed. Results are the same, bit for bit, for any number of threads. Rows
/// of weight 0 count as deleted. Sums and losses are in `Double` whatever the scalar of the features.
public struct LinearObjective<L: PointwiseLoss, Scalar: LossScalar>: Objective {
  /// The loss of a margin and its target.
  public internal(set) var loss: L

  /// The features, `n × p`.
  public let features: FeatureMatrix<Scalar>

  /// The targets, n numbers.
  public let targets: [Scalar]

  /// The weights of the rows, n numbers, or `nil` where every weight is 1.
  public let weights: [Scalar]?

  /// What is added to the mean loss: a differentiable penalty of as many coefficients as there are columns.
  public let penalty: Penalty?

  /// Whether the last parameter is an intercept.
  public let hasIntercept: Bool

  /// How many threads an evaluation may use.
  public let threads: ThreadLimit

  /// Coordinates other than the original ones.
  let scaling: ColumnScaling?

  /// The second derivative of the penalty with respect to each of the columns' parameters, where it is quadratic around
  /// 0 (everywhere 0 without a penalty); `nil` for another one.
  let penaltyCurvatures: [Double]?

  /// Throws ``Losses/LossError`` where the lengths do not fit together, a parameter of the penalty is not allowed, or the
  /// penalty is not differentiable.
  public init(
    loss: L, features: FeatureMatrix<Scalar>, targets: [Scalar], weights: [Scalar]? = nil,
    penalty: Penalty? = nil, intercept: Bool = true, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    try self.init(
      loss: loss, features: features, targets: targets, weights: weights, penalty: penalty,
      intercept: intercept, threads: threads, scaling: nil)
  }

  init(
    loss: L, features: FeatureMatrix<Scalar>, targets: [Scalar], weights: [Scalar]?, penalty: Penalty?,
    intercept: Bool, threads: ThreadLimit, scaling: ColumnScaling?
  ) throws(LossError) {
    let rows = features.rowCount
    guard targets.count == rows else {
      throw .lengthMismatch(argument: "targets", length: targets.count, expected: rows)
    }
    if let weights, weights.count != rows {
      throw .lengthMismatch(argument: "weights", length: weights.count, expected: rows)
    }
    if let penalty {
      try penalty.validate(count: features.columnCount)
      try penalty.checkDifferentiable()
    }
    _ = try threads.kernelLimit()
    self.loss = loss
    self.features = features
    self.targets = targets
    self.weights = weights
    self.penalty = penalty
    self.hasIntercept = intercept
    self.threads = threads
    self.scaling = scaling
    if let scaling {
      penaltyCurvatures = scaling.penaltyCurvatures
    } else if let penalty {
      penaltyCurvatures = penalty.quadraticCurvatures(count: features.columnCount)
    } else {
      penaltyCurvatures = [Double](repeating: 0, count: features.columnCount)
    }
  }

  /// The number of columns, and one more with an intercept.
  public var parameterCount: Int { features.columnCount + (hasIntercept ? 1 : 0) }

  /// Returns the objective and writes its gradient; both have ``parameterCount`` elements. Throws
  /// ``Losses/LossError`` for a parameter of the loss, a target or a weight that is not allowed.
  public func valueAndGradient(
    at parameters: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    try evaluate(at: parameters, gradient: &gradient).value
  }

  package func evaluate(
    at parameters: Span<Double>, gradient: inout MutableSpan<Double>, instructionSet: lk_isa = lk_isa_best
  ) throws(LossError) -> EvaluationOutcome {
    var slopes: [Double] = []
    return try evaluate(at: parameters, gradient: &gradient, slopes: &slopes, instructionSet: instructionSet)
  }

  /// Where `slopes` is not empty, it receives the derivatives by the parameters of the loss as the kernels lay them out. With
  /// `rows`, which have been checked, the objective is that of those rows. The sum of the losses is divided by that of the
  /// weights, unless there is another `divisor`.
  func evaluate(
    at parameters: Span<Double>, rows: UnsafeBufferPointer<Int>? = nil, divisor: Double? = nil,
    gradient: inout MutableSpan<Double>, slopes: inout [Double], instructionSet: lk_isa
  ) throws(LossError) -> EvaluationOutcome {
    for (argument, length) in [("parameters", parameters.count), ("gradient", gradient.count)] {
      guard length == parameterCount else {
        throw .lengthMismatch(argument: argument, length: length, expected: parameterCount)
      }
    }
    let columns = features.columnCount
    let scale = scaling?.scale
    let coefficients = quotients(parameters, scale, count: columns)
    var sums = [Double](repeating: 0, count: columns + 1)
    let terms = loss._kernelTerms
    let result = try withKernels { (kernels) throws(LossError) in
      try kernels.evaluate(
        terms, coefficients: coefficients, intercept: hasIntercept ? parameters[columns] : 0, rows: rows,
        instructionSet: instructionSet, gradient: &sums, slopes: &slopes)
    }
    let divisor = divisor ?? (result.weight == 0 ? 1 : result.weight)
    var value = result.value / divisor
    for slot in slopes.indices { slopes[slot] /= divisor }
    write(sums, over: divisor, scale, to: &gradient)
    try addPenalty(at: parameters, value: &value, gradient: &gradient)
    return EvaluationOutcome(result, value: value)
  }

  /// The penalty acts on the coefficients, or on those of the standardized columns: in both cases on the parameters,
  /// each times a factor, which the chain rule brings back.
  private func addPenalty(
    at parameters: Span<Double>, value: inout Double, gradient: inout MutableSpan<Double>
  ) throws(LossError) {
    let columns = features.columnCount
    if let penaltyCurvatures {
      addQuadratic(penaltyCurvatures, at: parameters, value: &value, gradient: &gradient)
    } else if let penalty {
      let factors = scaling?.penaltyFactors
      let point = (0..<columns).map { parameters[$0] * (factors?[$0] ?? 1) }
      let (penaltyValue, slopes) = try penalty.valueAndGradient(at: point, threads: threads)
      value += penaltyValue
      for j in 0..<columns { gradient[j] += slopes[j] * (factors?[j] ?? 1) }
    }
  }

  /// Calls `body` with the addresses of the data.
  func withKernels<Result>(_ body: (LinearKernels) throws(LossError) -> Result) throws(LossError) -> Result {
    try LinearKernels.withData(
      features, targets: targets, weights: weights, shift: scaling?.shift, threads: threads, body)
  }
}

// Not members of a generic type, whose code knows the types of its members at run time only: a step on a few rows has no
// time for that.

/// The first of the parameters over the scales of their columns, which are 1 where there are none.
private func quotients(_ parameters: Span<Double>, _ scale: [Double]?, count: Int) -> [Double] {
  var quotients = [Double](repeating: 0, count: count)
  for j in 0..<count { quotients[j] = parameters[j] }
  guard let scale else { return quotients }
  for j in 0..<count { quotients[j] /= scale[j] }
  return quotients
}

/// Derivatives by the coefficients, and by the intercept where the gradient has one, as a mean and by the parameters.
private func write(
  _ sums: [Double], over divisor: Double, _ scale: [Double]?, to gradient: inout MutableSpan<Double>
) {
  for j in gradient.indices { gradient[j] = sums[j] / divisor }
  guard let scale else { return }
  for j in scale.indices { gradient[j] /= scale[j] }
}

private func addQuadratic(
  _ curvatures: [Double], at parameters: Span<Double>, value: inout Double, gradient: inout MutableSpan<Double>
) {
  for j in curvatures.indices {
    value += 0.5 * curvatures[j] * parameters[j] * parameters[j]
    gradient[j] += curvatures[j] * parameters[j]
  }
}
