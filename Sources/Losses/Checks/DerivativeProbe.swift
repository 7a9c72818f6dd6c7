/// Compares a derivative that someone claims with the differences of the function.
///
/// From a long first step on, steps are halved until the differences tell. So a kink near the point disturbs the first
/// steps only, and one that the shortest steps still see is taken to be at the point.
struct DerivativeProbe {
  /// What to do where the function itself jumps.
  enum JumpRule {
    /// There is no derivative, whatever is claimed.
    case disagrees
    /// The derivatives of the sides count: the function is a gradient, and jumps at a kink of the value.
    case comparesSides
  }

  /// What was found out.
  struct Finding {
    var place = GradientCheck.Place.smooth
    var isConclusive: Bool
    var numeric = Double.nan
    var numericError = Double.infinity
    var error = Double.nan
    var step = Double.nan
  }

  let tolerance: Double
  let jumpRule: JumpRule

  /// The last step is 2⁻⁴³ of the first one, which the argument of a function with rounding in it may just resolve. A kink
  /// nearer than that is at the point.
  private static let rowLimit = 44

  /// Over shorter steps a function may have one value because of rounding only.
  private static let flatRowLimit = 32

  /// A kink has to show in as many steps in a row.
  private static let kinkRowLimit = 4

  /// Derivatives below this size are zero: values that small have no relative accuracy.
  private static let leastSlope = 1e-290

  /// Examines the derivative `claim` of `function` at `x`.
  func examine<Failure: Error>(
    _ claim: Double, at x: Double, _ function: (Double) throws(Failure) -> Double
  ) throws(Failure) -> Finding {
    let value = try function(x)
    guard x.isFinite, value.isFinite else { return Finding(isConclusive: false) }
    // NaN is no derivative of a function that has a value.
    guard !claim.isNaN else { return Finding(isConclusive: true, error: .infinity) }
    let size = max(x.magnitude, 1)
    let firstStep = Double(sign: .plus, exponent: size.exponent - 2, significand: 1)
    let finding = try examine(claim, at: x, value, firstStep: firstStep, function)
    if finding.isConclusive {
      guard finding.error > tolerance, finding.place == .smooth else { return finding }
      return try confirm(finding, of: claim, at: x, value, firstStep: firstStep, function)
    }
    // A function that hardly changes over the first step may do so over a longer one. So far from the point it can
    // confirm a derivative but not refute it.
    for exponent in [12, 24] {
      let step = Double(sign: .plus, exponent: exponent, significand: firstStep)
      guard step.isFinite else { break }
      let distant = try examine(claim, at: x, value, firstStep: step, function)
      let size = max(claim.magnitude, distant.numeric.magnitude)
      if distant.isConclusive, distant.error <= tolerance, distant.numericError <= tolerance * size { return distant }
    }
    return finding
  }

  /// The finding that a derivative is wrong, unless the differences of other steps put it in doubt.
  ///
  /// Where terms cancel, the values have larger rounding errors than their size shows. Over steps that are powers of two
  /// these can be as regular as a derivative, but not over others as well.
  private func confirm<Failure: Error>(
    _ finding: Finding, of claim: Double, at x: Double, _ value: Double, firstStep: Double,
    _ function: (Double) throws(Failure) -> Double
  ) throws(Failure) -> Finding {
    var doubt = 0.0
    // Few digits, so that points at short steps are not rounded.
    for factor in [45.0 / 64, 53.0 / 64] {
      let other = try examine(claim, at: x, value, firstStep: factor * firstStep, function)
      guard other.isConclusive, other.place == .smooth else { continue }
      doubt = max(doubt, 4 * (other.numeric - finding.numeric).magnitude)
    }
    return (claim - finding.numeric).magnitude <= doubt ? Finding(isConclusive: false) : finding
  }

  private func examine<Failure: Error>(
    _ claim: Double, at x: Double, _ value: Double, firstStep: Double, _ function: (Double) throws(Failure) -> Double
  ) throws(Failure) -> Finding {
    var rows = DifferenceRows(x: x, value: value)
    var best: Finding?
    var kink = Sides()
    var detached = Sides()
    // What an infinite claim is compared with must not become infinite too.
    let claimSize = claim.isFinite ? claim.magnitude : 0
    var step = firstStep
    for count in 1...Self.rowLimit {
      guard step >= 4 * x.ulp else { break }
      let (leftValue, rightValue) = (try function(x - step), try function(x + step))
      rows.append(step: step, left: leftValue, right: rightValue)
      step /= 2
      if rows.isFlat, claim == 0, count <= Self.flatRowLimit {
        return finding(claim, rows.step, Estimate(value: 0, error: 0))
      }

      let (left, right) = (rows.left, rows.right)
      let gap = (left.value - right.value).magnitude
      let doubt = left.error + right.error
      let slope = max(left.value.magnitude, right.value.magnitude)
      // A break of the second derivative beside the point makes a gap that is small against the change with the step.
      let isKink = gap > 10 * doubt && gap > tolerance * slope && gap > 4 * rows.slopeChange
      if isKink { kink.add(left, right, rows.step) } else { kink = Sides() }
      detached.add(rows.detachedLeft, rows.detachedRight, rows.step)

      let derivative = rows.derivative
      // A disagreement needs both sides: central differences may miss a kink. A later row whose sides allow the claim
      // takes it back, unless it is rounding that makes them wide.
      let margin = tolerance * max(claimSize, slope)
      let isPossible =
        claim >= min(left.value - left.error, right.value - right.error) - margin
        && claim <= max(left.value + left.error, right.value + right.error) + margin
      if isPossible, doubt > 200 * rows.noise, best?.error ?? 0 > tolerance { best = nil }
      let size = max(claimSize, derivative.value.magnitude)
      let reach = max(size, slope, rows.nearbySlope, Self.leastSlope)
      let isSmooth = gap <= 2 * doubt + tolerance * max(slope, rows.nearbySlope) && doubt <= 1e-3 * reach
      if isSmooth, derivative.error <= tolerance * max(size, rows.nearbySlope, Self.leastSlope) {
        let current = finding(claim, rows.step, derivative)
        // Agreement to this degree is no chance. A disagreement may be one, of a function that oscillates: it has to
        // last for as long as the steps tell.
        if derivative.error <= 0.01 * tolerance * size, current.error <= tolerance { return current }
        if current.error > tolerance, isPossible { continue }
        if current.numericError <= best?.numericError ?? .infinity { best = current }
      }
      if let best {
        let limit =
          best.error <= tolerance
          ? best.numericError : 0.1 * tolerance * max(claimSize, best.numeric.magnitude)
        if rows.noise >= limit { break }
      } else if kink.count >= Self.kinkRowLimit, 320 * rows.noise > gap {
        break
      }
    }
    if kink.count >= Self.kinkRowLimit { return finding(claim, kink) }
    if best?.error ?? 0 > tolerance {
      // So small a change is lost where terms of size 1 cancel, even if nothing is left of them.
      let leastChange = 2 * .ulpOfOne * max(value.magnitude, 1)
      if rows.flatStep > 0, claim.magnitude * rows.flatStep <= leastChange { return Finding(isConclusive: false) }
      // Beside a pole the derivative may be as large as is claimed, over steps that are too short to be taken.
      let hasItsSign = claim * rows.left.value > 0 || claim * rows.right.value > 0
      if rows.diverges, hasItsSign, claim.magnitude > rows.nearbySlope { best = nil }
    }
    return best ?? findingAtJump(claim, rows, detached)
  }

  /// The most exact derivatives of the two sides in a run of rows.
  private struct Sides {
    var left = Estimate()
    var right = Estimate()
    var step = Double.nan
    var count = 0

    mutating func add(_ newLeft: Estimate, _ newRight: Estimate, _ newStep: Double) {
      count += 1
      step = newStep
      if Self.isBetter(newLeft, than: left) { left = newLeft }
      if Self.isBetter(newRight, than: right) { right = newRight }
    }

    /// A row nearer to the point that contradicts an older one has seen what the older one has not.
    private static func isBetter(_ new: Estimate, than old: Estimate) -> Bool {
      new.error < old.error || (new.value - old.value).magnitude > new.error + old.error
    }
  }

  // MARK: Findings

  private typealias Estimate = DifferenceRows.Estimate

  private func finding(_ claim: Double, _ step: Double, _ numeric: Estimate) -> Finding {
    let size = max(claim.magnitude, numeric.value.magnitude)
    return Finding(
      isConclusive: true, numeric: numeric.value, numericError: numeric.error,
      error: error((claim - numeric.value).magnitude, size, numeric.error), step: step)
  }

  /// At a kink every number between the derivatives of the sides is right.
  private func finding(_ claim: Double, _ sides: Sides) -> Finding {
    let (left, right) = (sides.left.value, sides.right.value)
    let (low, high) = (min(left, right), max(left, right))
    let doubt = max(sides.left.error, sides.right.error)
    let size = max(claim.magnitude, low.magnitude, high.magnitude)
    return Finding(
      place: .kink(left: left, right: right), isConclusive: true, numeric: low + (high - low) / 2, numericError: doubt,
      error: error(max(0, low - claim, claim - high), size, doubt), step: sides.step)
  }

  private func findingAtJump(_ claim: Double, _ rows: DifferenceRows, _ detached: Sides) -> Finding {
    guard rows.jumps else { return Finding(isConclusive: false) }
    guard jumpRule == .comparesSides else {
      return Finding(place: .jump, isConclusive: true, error: .infinity, step: rows.step)
    }
    var finding = finding(claim, detached)
    let size = max(claim.magnitude, detached.left.value.magnitude, detached.right.value.magnitude)
    // The sides have to be known as well as a derivative elsewhere; of sides that are flat no more can be known.
    finding.isConclusive = finding.numericError <= tolerance * size || finding.numeric == claim
    finding.place = .jump
    return finding
  }

  /// `difference / max(size, doubt / tolerance)`: at most the tolerance where the doubt explains the difference. Numbers
  /// below the least normal one have lost their digits.
  private func error(_ difference: Double, _ size: Double, _ doubt: Double) -> Double {
    if difference == 0 { return 0 }
    return difference.isFinite ? difference / max(size, doubt / tolerance, .leastNormalMagnitude) : .infinity
  }
}
