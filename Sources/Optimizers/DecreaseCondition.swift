/// The test that a step lowers the value enough: the condition of Armijo (1966), `φ(α) ≤ φ(0) + c₁αφ'(0)`.
///
/// Near a minimum the difference of two values drowns in rounding: the condition may then fail for steps that are right and
/// hold for steps far too long. For a quadratic `φ` it is the same as `φ'(α) ≤ (2c₁ − 1)φ'(0)`, which keeps its precision;
/// that is the test where the values agree to rounding (Hager and Zhang 2005, the approximate Wolfe conditions).
struct DecreaseCondition {
  /// `c₁`.
  let sufficientDecrease: Double
  let start: LineSample

  /// Whether the difference of two values on the line, the sum of many rounded terms each, may be all rounding.
  func isLostToRounding(_ a: Double, _ b: Double) -> Bool {
    (a - b).magnitude <= 64 * .ulpOfOne * start.value.magnitude
  }

  func isMet(by sample: LineSample) -> Bool {
    guard sample.isFinite else { return false }
    return isLostToRounding(sample.value, start.value)
      ? sample.slope <= (2 * sufficientDecrease - 1) * start.slope
      : sample.value <= start.value + sufficientDecrease * sample.step * start.slope
  }
}
