/// The function `φ(α) = f(x + αd)` of the step `α` from an accepted point `x`, the origin, along a direction `d`.
struct LineFunction<Function: Objective> {
  private let objective: Function
  private(set) var origin: EvaluatedPoint
  /// The point evaluated last; right after ``accept()``, the origin before.
  private(set) var trial: EvaluatedPoint
  var direction: [Double]
  private(set) var evaluations = 1

  /// Evaluates the objective at `start`, the first origin.
  init(_ objective: Function, start: [Double]) throws {
    self.objective = objective
    origin = EvaluatedPoint(start)
    trial = origin
    direction = [Double](repeating: 0, count: start.count)
    try origin.evaluate(objective)
  }

  /// `φ(0)` and `φ'(0)`.
  var start: LineSample {
    LineSample(step: 0, value: origin.value, slope: dot(origin.gradient.span, direction.span))
  }

  /// `φ(α)` and `φ'(α)` at `α = step`.
  mutating func evaluate(_ step: Double) throws -> LineSample {
    for i in direction.indices { trial.parameters[i] = origin.parameters[i] + step * direction[i] }
    try trial.evaluate(objective)
    evaluations += 1
    return LineSample(step: step, value: trial.value, slope: dot(trial.gradient.span, direction.span))
  }

  /// Makes the point evaluated last the origin, and the origin the trial point.
  mutating func accept() { swap(&origin, &trial) }
}

/// The value `φ(α)` and the slope `φ'(α)` at the step `α`.
package struct LineSample {
  package var step: Double
  package var value: Double
  package var slope: Double

  package init(step: Double, value: Double, slope: Double) {
    self.step = step
    self.value = value
    self.slope = slope
  }

  /// A gradient with an infinite or NaN component has such a slope too, because the products do not lose it.
  var isFinite: Bool { value.isFinite && slope.isFinite }
}

/// A point with the value and the gradient there.
struct EvaluatedPoint {
  var parameters: [Double]
  private(set) var value = Double.nan
  /// NaN before the first evaluation, so that a component which the objective forgets to assign is found at the start.
  private(set) var gradient: [Double]

  init(_ parameters: [Double]) {
    self.parameters = parameters
    gradient = [Double](repeating: .nan, count: parameters.count)
  }

  var gradientNorm: Double { maximumNorm(gradient.span) }

  mutating func evaluate(_ objective: some Objective) throws {
    let parameters = parameters
    var span = gradient.mutableSpan
    value = try objective.valueAndGradient(at: parameters.span, gradient: &span)
  }
}
