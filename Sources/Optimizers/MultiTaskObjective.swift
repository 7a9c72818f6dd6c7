internal import Losses

/// A weighted sum of objectives, each of which sees a part of one vector of parameters:
///
/// `Σᵢ wᵢ fᵢ(x at the indices of task i)`.
///
/// Tasks may share parameters: the gradient of a shared one is the sum over its tasks. The objectives may have losses of
/// different families over different inputs.
///
/// ```swift
/// // Both tasks share the coefficients 0, 1 and 2, and have an intercept each.
/// let objective = try MultiTaskObjective(parameterCount: 5, tasks: [
///   .init(price, parameters: [0, 1, 2, 3], weight: .learnedRegression),
///   .init(sold, parameters: [0, 1, 2, 4], weight: .learnedClassification),
/// ])
/// let result = try LBFGS().minimize(objective, from: [Double](repeating: 0, count: objective.parameterCount))
/// ```
///
/// A weight is fixed, or learned as the uncertainty of its task (Kendall, Gal and Cipolla 2018). A learned weight adds a
/// parameter `s = ln σ²`, the logarithm of the task's noise variance, after the others, in the order of the tasks; 0 is
/// a good start. With it the task contributes
///
/// - `½ e⁻ˢ f + ½ s` for a regression: the negative logarithm of a Gaussian density with variance σ², where `f` is a
///   squared error *without* a factor ½ (equation 7). At the minimum `eˢ = f`;
/// - `e⁻ˢ f + ½ s` for a classification: that of a softmax whose logits are divided by σ², in the paper's approximation,
///   where `f` is a cross-entropy (equation 10). At the minimum `eˢ = 2f`.
///
/// A learned weight needs a task whose value stays above 0: where `f` reaches 0 or less, the sum falls for ever as
/// `s → −∞`.
///
/// An evaluation costs one of each task, and O(number of indices) for the parts.
public struct MultiTaskObjective: Objective {
  /// What the value of a task is multiplied by.
  @nonexhaustive
  public enum Weight: Hashable, Sendable {
    /// A constant, finite and not negative. A task of weight 0 counts as deleted, even if it is not a number.
    case fixed(Double)

    /// `½ e⁻ˢ` with the learned parameter `s`, and `½ s` is added: for a squared error without a factor ½.
    case learnedRegression

    /// `e⁻ˢ` with the learned parameter `s`, and `½ s` is added: for a cross-entropy.
    case learnedClassification

    /// Whether the weight is a parameter of the sum.
    public var isLearned: Bool { if case .fixed = self { false } else { true } }
  }

  /// An objective, the parameters that it sees, and its weight.
  public struct Task {
    /// The function.
    public let objective: any Objective

    /// Which elements of the parameters of the sum are those of ``objective``, in its order.
    public let parameters: [Int]

    /// What its value is multiplied by.
    public let weight: Weight

    /// A task that sees the parameters at `parameters`, as many as `objective` has.
    public init(_ objective: any Objective, parameters: [Int], weight: Weight = .fixed(1)) {
      (self.objective, self.parameters, self.weight) = (objective, parameters, weight)
    }

    /// A task that sees the parameters in the range `parameters`, as many as `objective` has.
    public init(_ objective: any Objective, parameters: Range<Int>, weight: Weight = .fixed(1)) {
      self.init(objective, parameters: Array(parameters), weight: weight)
    }
  }

  /// The tasks, at least one.
  public let tasks: [Task]

  /// The number of parameters of the tasks, without those of learned weights, which follow them.
  public let taskParameterCount: Int

  /// The place of the parameter `s` of each task, `nil` where its weight is fixed.
  public let logVarianceIndices: [Int?]

  /// Creates the sum of `tasks` over `parameterCount` parameters, those of learned weights not counted.
  ///
  /// Throws ``OptimizerError`` if there is no task, an index is out of bounds, a task has another number of indices than
  /// its objective has parameters, or a fixed weight is negative or not finite. A parameter that no task sees is
  /// allowed; its derivative is 0.
  public init(parameterCount: Int, tasks: [Task]) throws(OptimizerError) {
    try OptimizerError.require(!tasks.isEmpty, "tasks", "empty", "at least one task")
    try OptimizerError.require(parameterCount >= 0, "parameterCount", parameterCount, "≥ 0")
    for (i, task) in tasks.enumerated() {
      try OptimizerError.require(
        task.parameters.count == task.objective.parameterCount, "tasks[\(i)].parameters.count", task.parameters.count,
        "the objective's parameterCount, \(task.objective.parameterCount)")
      for (j, index) in task.parameters.enumerated() {
        try OptimizerError.require(
          index >= 0 && index < parameterCount, "tasks[\(i)].parameters[\(j)]", index,
          "≥ 0 and < parameterCount, \(parameterCount)")
      }
      if case .fixed(let weight) = task.weight {
        try OptimizerError.require(
          weight >= 0 && weight.isFinite, "tasks[\(i)].weight", weight, "finite and not negative")
      }
    }
    self.tasks = tasks
    taskParameterCount = parameterCount
    var next = parameterCount
    logVarianceIndices = tasks.map { task in
      guard task.weight.isLearned else { return nil }
      defer { next += 1 }
      return next
    }
    self.parameterCount = next
  }

  /// ``taskParameterCount``, and one more for each learned weight.
  public let parameterCount: Int

  /// Returns the sum and writes its gradient, with that by the learned parameters `s` at ``logVarianceIndices``; both
  /// arrays have ``parameterCount`` elements. Throws ``OptimizerError`` for other lengths, and any error of a task.
  public func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) throws -> Double {
    try evaluate(at: parameters, gradient: &gradient) { _, _ in }
  }

  /// The same, and writes the values `fᵢ` of the tasks into `taskValues`, one element for each task.
  ///
  /// `fᵢ` is also the derivative of the sum with respect to the weight `wᵢ`.
  public func valueAndGradient(
    at parameters: Span<Double>, gradient: inout MutableSpan<Double>, taskValues: inout MutableSpan<Double>
  ) throws -> Double {
    try OptimizerError.require(
      taskValues.count == tasks.count, "taskValues.count", taskValues.count, "the number of tasks, \(tasks.count)")
    var values = [Double](repeating: 0, count: tasks.count)
    let sum = try evaluate(at: parameters, gradient: &gradient) { values[$0] = $1 }
    for i in values.indices { taskValues[i] = values[i] }
    return sum
  }

  /// The values `fᵢ` of the tasks: the gradient of the sum with respect to the weights.
  ///
  /// Throws ``OptimizerError`` unless there are ``parameterCount`` parameters, and any error of a task.
  public func taskValues(at parameters: [Double]) throws -> [Double] {
    var gradient = parameters
    var values = [Double](repeating: 0, count: tasks.count)
    var gradientSpan = gradient.mutableSpan
    var valuesSpan = values.mutableSpan
    _ = try valueAndGradient(at: parameters.span, gradient: &gradientSpan, taskValues: &valuesSpan)
    return values
  }

  /// What the value of each task is multiplied by at `parameters`: the fixed weights, and those that the learned
  /// parameters amount to.
  ///
  /// Throws ``OptimizerError`` unless there are ``parameterCount`` parameters.
  public func weights(at parameters: [Double]) throws(OptimizerError) -> [Double] {
    try require(parameters.count, "parameters.count")
    return tasks.indices.map { weight(ofTask: $0, at: parameters.span) }
  }

  private func weight(ofTask i: Int, at parameters: Span<Double>) -> Double {
    let s = logVarianceIndices[i].map { parameters[$0] } ?? 0
    return switch tasks[i].weight {
    case .fixed(let weight): weight
    case .learnedRegression: 0.5 * Math.exp(-s)
    case .learnedClassification: Math.exp(-s)
    }
  }

  private func require(_ count: Int, _ argument: String) throws(OptimizerError) {
    try OptimizerError.require(count == parameterCount, argument, count, "the parameterCount, \(parameterCount)")
  }

  private func evaluate(
    at parameters: Span<Double>, gradient: inout MutableSpan<Double>, report: (Int, Double) -> Void
  ) throws -> Double {
    try require(parameters.count, "parameters.count")
    try require(gradient.count, "gradient.count")
    for i in gradient.indices { gradient[i] = 0 }
    var sum = 0.0
    for (i, task) in tasks.enumerated() {
      let part = task.parameters.map { parameters[$0] }
      // NaN, so that a component which the task forgets to assign is noticed.
      var partGradient = [Double](repeating: .nan, count: part.count)
      var output = partGradient.mutableSpan
      let value = try task.objective.valueAndGradient(at: part.span, gradient: &output)
      report(i, value)
      if case .fixed(0) = task.weight { continue }
      let weight = weight(ofTask: i, at: parameters)
      sum += weight * value
      for (j, index) in task.parameters.enumerated() { gradient[index] += weight * partGradient[j] }
      if let index = logVarianceIndices[i] {
        sum += 0.5 * parameters[index]
        gradient[index] = 0.5 - weight * value
      }
    }
    return sum
  }
}
