/// A line search for a step `α` that meets the strong Wolfe conditions on `φ(α) = f(x + αd)`:
/// `φ(α) ≤ φ(0) + c₁αφ'(0)` and `|φ'(α)| ≤ c₂|φ'(0)|`.
///
/// It brackets a minimiser and narrows the bracket by cubic interpolation (Nocedal and Wright 2006, algorithms 3.5 and 3.6
/// in one loop). Where values agree to rounding, slopes take their place in both the first condition (Hager and Zhang 2005)
/// and the interpolation. An infinite or NaN trial marks a step as too long. A trial costs one evaluation; in
/// a quasi-Newton method mostly the first one is accepted.
public struct StrongWolfeLineSearch: Hashable, Sendable {
  /// `c₁`, the part of the decrease predicted by `φ'(0)` that a step must bring. Requires `0 < c₁ < c₂`.
  public var sufficientDecrease: Double

  /// `c₂`, the part of the slope that may remain. Requires `c₁ < c₂ < 1`.
  public var curvature: Double

  /// The largest number of trials in one search, at least 1.
  ///
  /// Where they run out, a step that meets the first condition alone is accepted if there is one, at the cost of at most
  /// one more evaluation: such a step is better than none.
  public var maximumEvaluations: Int

  /// Creates a line search with the constants that Nocedal and Wright give for quasi-Newton methods.
  public init(sufficientDecrease: Double = 1e-4, curvature: Double = 0.9, maximumEvaluations: Int = 40) {
    self.sufficientDecrease = sufficientDecrease
    self.curvature = curvature
    self.maximumEvaluations = maximumEvaluations
  }

  func validate() throws(OptimizerError) {
    try OptimizerError.require(
      sufficientDecrease > 0 && sufficientDecrease < 1, "lineSearch.sufficientDecrease", sufficientDecrease,
      "> 0 and < 1")
    try OptimizerError.require(
      curvature > sufficientDecrease && curvature < 1, "lineSearch.curvature", curvature,
      "> sufficientDecrease (\(sufficientDecrease)) and < 1")
    try OptimizerError.require(maximumEvaluations >= 1, "lineSearch.maximumEvaluations", maximumEvaluations, "≥ 1")
  }

  /// The sample accepted, which is the one evaluated last; nil if no step tried lowers the value.
  ///
  /// - Parameters:
  ///   - start: The sample at `α = 0`, of negative slope.
  ///   - firstStep: The first step to try.
  package func search<Failure: Error>(
    from start: LineSample, firstStep: Double, _ evaluate: (Double) throws(Failure) -> LineSample
  ) throws(Failure) -> LineSample? {
    let decrease = DecreaseCondition(sufficientDecrease: sufficientDecrease, start: start)
    var bracket = Bracket(low: start)
    var step = firstStep
    var last = start
    for _ in 0..<maximumEvaluations {
      let trial = try evaluate(step)
      last = trial
      if decrease.isMet(by: trial) {
        if trial.slope.magnitude <= curvature * start.slope.magnitude { return trial }
        let isLower = trial.value < bracket.low.value || decrease.isLostToRounding(trial.value, bracket.low.value)
        bracket.narrow(to: trial, isLower: isLower)
      } else {
        bracket.narrow(to: trial, isLower: false)
      }
      guard let next = bracket.nextStep(decrease) else { break }
      step = next
    }
    guard bracket.low.step > 0, bracket.low.value < start.value else { return nil }
    return last.step == bracket.low.step ? last : try evaluate(bracket.low.step)
  }
}
