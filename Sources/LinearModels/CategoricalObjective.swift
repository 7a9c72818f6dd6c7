package import CLossKernels
public import Losses
public import Optimizers

/// The mean loss of a linear model of K classes plus a penalty, as a function of its coefficients:
///
/// `(1/Σs) Σᵢ sᵢ ℓ(W xᵢ + b, yᵢ) + penalty(W)`, sᵢ being the weight of a row times that of its class.
///
/// The parameters are the coefficients `W`, K rows of one number per column, and then the K intercepts `b` where there are
/// some, which are never penalised. The penalty sees the K · p coefficients in their order.
///
/// An evaluation costs O(rows × columns × K) and reads the features once: while a tile of rows is in cache, its scores,
/// losses and share of the gradient are computed. Results are the same, bit for bit, for any number of threads. Rows
/// of weight 0, and those with the ignored index, count as deleted. Sums and losses are in `Double` whatever the scalar of
/// the features.
public struct CategoricalObjective<Scalar: LossScalar>: Objective {
  /// The loss of a row of scores and its class.
  public let loss: CategoricalLoss

  /// The features, `n × p`.
  public let features: FeatureMatrix<Scalar>

  /// The classes, n numbers from 0 to K − 1.
  public let targets: [Int]

  /// The number K of classes.
  public let classCount: Int

  /// The weights of the rows, n numbers, or `nil` where every weight is 1.
  public let weights: [Scalar]?

  /// What the weights of classes are and where they stand.
  public let classOptions: ClassOptions

  /// What is added to the mean loss: a differentiable penalty of K · p coefficients.
  public let penalty: Penalty?

  /// Whether the last K parameters are intercepts.
  public let hasIntercept: Bool

  /// How many threads an evaluation may use.
  public let threads: ThreadLimit

  /// Coordinates other than the original ones.
  let scaling: ColumnScaling?

  /// The largest number of parameters, K · (p + 1): 2²⁸, so that a vector of them takes 2 GiB.
  public static var maximumParameterCount: Int { 1 << 28 }

  /// Throws ``Losses/LossError`` where the lengths do not fit together, a parameter of the penalty is not allowed, the
  /// penalty is not differentiable, or K · (p + 1) is more than ``maximumParameterCount``.
  public init(
    loss: CategoricalLoss, features: FeatureMatrix<Scalar>, targets: [some ClassIndex], classCount: Int,
    weights: [Scalar]? = nil, classOptions: ClassOptions = ClassOptions(), penalty: Penalty? = nil,
    intercept: Bool = true, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    try self.init(
      loss: loss, features: features, targets: targets.map { Int($0) }, classCount: classCount, weights: weights,
      classOptions: classOptions, penalty: penalty, intercept: intercept, threads: threads, scaling: nil)
  }

  init(
    loss: CategoricalLoss, features: FeatureMatrix<Scalar>, targets: [Int], classCount: Int, weights: [Scalar]?,
    classOptions: ClassOptions, penalty: Penalty?, intercept: Bool, threads: ThreadLimit, scaling: ColumnScaling?
  ) throws(LossError) {
    let rows = features.rowCount
    guard classCount >= 1 else {
      throw .invalidArgument(argument: "classCount", value: "\(classCount)", expected: "at least 1")
    }
    // A quotient, because a wild number of classes overflows the product.
    let columns = features.columnCount
    let largest = columns < Self.maximumParameterCount ? Self.maximumParameterCount / (columns + 1) : 0
    guard classCount <= largest else {
      throw .invalidArgument(
        argument: "classCount", value: "\(classCount)",
        expected: "at most \(largest) with \(columns) columns")
    }
    guard targets.count == rows else {
      throw .lengthMismatch(argument: "targets", length: targets.count, expected: rows)
    }
    if let weights, weights.count != rows {
      throw .lengthMismatch(argument: "weights", length: weights.count, expected: rows)
    }
    if let weights = classOptions.weights, weights.count != classCount {
      throw .lengthMismatch(argument: "classWeights", length: weights.count, expected: classCount)
    }
    if let penalty {
      try penalty.validate(count: classCount * features.columnCount)
      try penalty.checkDifferentiable()
    }
    _ = try threads.kernelLimit()
    self.loss = loss
    self.features = features
    self.targets = targets
    self.classCount = classCount
    self.weights = weights
    self.classOptions = classOptions
    self.penalty = penalty
    hasIntercept = intercept
    self.threads = threads
    self.scaling = scaling
  }

  /// K for each column, and K more with intercepts.
  public var parameterCount: Int { classCount * (features.columnCount + (hasIntercept ? 1 : 0)) }

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
    try evaluate(at: parameters, rows: nil, divisor: nil, gradient: &gradient, instructionSet: instructionSet)
  }

  /// With `rows`, which have been checked, the objective is that of those rows. The sum of the losses is divided by that of
  /// the weights, unless there is another `divisor`.
  func evaluate(
    at parameters: Span<Double>, rows: UnsafeBufferPointer<Int>?, divisor: Double?,
    gradient: inout MutableSpan<Double>, instructionSet: lk_isa
  ) throws(LossError) -> EvaluationOutcome {
    for (argument, length) in [("parameters", parameters.count), ("gradient", gradient.count)] {
      guard length == parameterCount else {
        throw .lengthMismatch(argument: argument, length: length, expected: parameterCount)
      }
    }
    let columns = features.columnCount
    let size = classCount * columns
    func scale(_ index: Int) -> Double { scaling?.scale[index % columns] ?? 1 }
    let coefficients = (0..<size).map { parameters[$0] / scale($0) }
    let intercepts = (0..<classCount).map { hasIntercept ? parameters[size + $0] : 0 }
    var sums = [Double](repeating: 0, count: classCount * (columns + 1))
    let kernels = ClassKernels(features, classCount: classCount, shift: scaling?.shift, threads: threads)
    let result = try kernels.evaluate(
      loss, coefficients: coefficients, intercepts: intercepts, targets: targets, weights: weights, rows: rows,
      classOptions: classOptions, instructionSet: instructionSet, gradient: &sums)
    let divisor = divisor ?? (result.weight == 0 ? 1 : result.weight)
    var value = result.value / divisor
    for c in 0..<classCount {
      for j in 0..<columns {
        gradient[c * columns + j] = sums[c * (columns + 1) + j] / divisor / scale(j)
      }
      if hasIntercept { gradient[size + c] = sums[c * (columns + 1) + columns] / divisor }
    }
    if let penalty {
      // It acts on the coefficients, or on those of the standardized columns: in both cases on the parameters, each times
      // a factor, which the chain rule brings back.
      func factor(_ index: Int) -> Double { scaling?.penaltyFactors[index % columns] ?? 1 }
      let point = (0..<size).map { parameters[$0] * factor($0) }
      let (penaltyValue, slopes) = try penalty.valueAndGradient(at: point, threads: threads)
      value += penaltyValue
      for index in 0..<size { gradient[index] += slopes[index] * factor(index) }
    }
    return EvaluationOutcome(result, value: value)
  }
}

/// What a model of several classes is told about its classes.
public struct ClassOptions: Hashable, Sendable {
  /// The weights of the classes, K finite numbers, not negative; `nil` where every weight is 1.
  public var weights: [Double]?

  /// What the weights of classes multiply.
  public var weighting: ClassWeighting

  /// The class index that stands for a deleted row.
  public var ignoredIndex: Int?

  /// All classes count alike, and no row is ignored, unless it is said otherwise.
  public init(weights: [Double]? = nil, weighting: ClassWeighting = .samples, ignoredIndex: Int? = nil) {
    self.weights = weights
    self.weighting = weighting
    self.ignoredIndex = ignoredIndex
  }
}
