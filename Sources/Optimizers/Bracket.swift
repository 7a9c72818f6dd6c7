/// What a line search knows of the place of an acceptable step.
struct Bracket {
  /// The lowest sample so far that meets the decrease condition, or the start. Its slope points into the bracket.
  private(set) var low: LineSample

  /// The other end, on either side of ``low``; nil while every step tried was too short.
  private(set) var high: LineSample?

  /// The low end before this one, from which to extrapolate.
  private var previous: LineSample?

  /// The widths before the last two trials.
  private var previousWidths = (Double.infinity, Double.infinity)

  init(low: LineSample) { self.low = low }

  /// Takes up a trial inside the bracket, or beyond ``low`` while there is no other end.
  mutating func narrow(to trial: LineSample, isLower: Bool) {
    guard isLower else {
      high = trial
      return
    }
    let towardHigh = (high?.step ?? .infinity) - low.step
    if trial.slope * (towardHigh > 0 ? 1 : -1) >= 0 { high = low }
    previous = low
    low = trial
  }

  /// The next step to try; nil if the bracket holds no further floating-point number.
  mutating func nextStep(_ decrease: DecreaseCondition) -> Double? {
    guard let high else { return extrapolatedStep(decrease) }
    let width = (high.step - low.step).magnitude
    defer { previousWidths = (previousWidths.1, width) }
    let middle = low.step + (high.step - low.step) / 2
    guard middle != low.step, middle != high.step else { return nil }
    guard high.isFinite else {
      // The edge of the domain may be orders of magnitude nearer than the step that crossed it.
      return low.step == 0 ? high.step / 10 : middle
    }
    let minimizer = minimizer(low, high, decrease)
    // Two trials must narrow the bracket by a third, else interpolation is misled (Moré and Thuente 1994).
    guard width <= 0.66 * previousWidths.0, minimizer.isFinite else { return middle }
    let margin = 0.03 * (high.step - low.step)
    let (least, greatest) =
      margin > 0
      ? (low.step + margin, high.step - margin) : (high.step - margin, low.step + margin)
    return min(max(minimizer, least), greatest)
  }

  /// A step beyond ``low``, by 1.1 to 4 times the advance to it (Moré and Thuente 1994); nil if it overflows.
  private func extrapolatedStep(_ decrease: DecreaseCondition) -> Double? {
    guard let previous else { return nil }
    let advance = low.step - previous.step
    let minimizer = minimizer(previous, low, decrease)
    let greatest = low.step + 4 * advance
    guard greatest.isFinite else { return nil }
    return minimizer > low.step ? min(max(minimizer, low.step + 1.1 * advance), greatest) : greatest
  }

  private func minimizer(_ a: LineSample, _ b: LineSample, _ decrease: DecreaseCondition) -> Double {
    decrease.isLostToRounding(a.value, b.value) ? secantRoot(a, b) : cubicMinimizer(a, b)
  }
}

/// The minimiser of the cubic with the values and slopes of two samples (Nocedal and Wright 2006, equation 3.59); NaN if it
/// has none.
private func cubicMinimizer(_ a: LineSample, _ b: LineSample) -> Double {
  let width = b.step - a.step
  let d1 = a.slope + b.slope - 3 * (b.value - a.value) / width
  // Scaled so that the squares neither overflow nor vanish.
  let scale = max(d1.magnitude, a.slope.magnitude, b.slope.magnitude)
  let discriminant = (d1 / scale) * (d1 / scale) - (a.slope / scale) * (b.slope / scale)
  guard discriminant >= 0 else { return .nan }
  let d2 = (width < 0 ? -scale : scale) * discriminant.squareRoot()
  return b.step - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
}

/// The root of the line through the slopes of two samples.
private func secantRoot(_ a: LineSample, _ b: LineSample) -> Double {
  a.step - a.slope * (b.step - a.step) / (b.slope - a.slope)
}
