/// What the differences of a function around a point `x` say of its derivatives there, for steps that are halved from
/// row to row.
struct DifferenceRows {
  /// A derivative and a bound of its error.
  struct Estimate {
    var value = Double.nan
    var error = Double.infinity
  }

  private let x: Double
  private let value: Double

  private var centralTableau = ExtrapolationTableau.central
  private var sides = (left: ExtrapolationTableau.oneSided, right: ExtrapolationTableau.oneSided)
  /// Without `f(x)`, which at a jump belongs to neither side.
  private var detachedSides = (left: ExtrapolationTableau.oneSided, right: ExtrapolationTableau.oneSided)
  private var lastSample: (left: Double, right: Double)?
  /// ``nearbySlope`` of every row.
  private var slopes: [Double] = []
  private var flatRows = 0

  /// The longest step over which the function had one value, as over every shorter one; 0 where there is none.
  private(set) var flatStep = 0.0

  /// The newest step.
  private(set) var step = 0.0

  /// How far rounding of the values moves a quotient of the newest step.
  private(set) var noise = Double.infinity

  /// The larger slope from `x` to one of the newest samples.
  private(set) var nearbySlope = 0.0

  init(x: Double, value: Double) {
    (self.x, self.value) = (x, value)
  }

  /// Adds `f(x − step)` and `f(x + step)`, the step being half the one before.
  mutating func append(step: Double, left: Double, right: Double) {
    // The points are rounded; what divides is how far apart they are.
    let (leftStep, rightStep) = (x - (x - step), (x + step) - x)
    let leftSlope = (value - left) / leftStep
    let rightSlope = (right - value) / rightStep
    let central = (right - left) / (leftStep + rightStep)
    guard leftSlope.isFinite, rightSlope.isFinite, central.isFinite else {
      self = Self(x: x, value: value)
      return
    }
    self.step = step
    nearbySlope = max(leftSlope.magnitude, rightSlope.magnitude)
    let size = max(value.magnitude, left.magnitude, right.magnitude)
    // Values below the least normal number have lost their relative accuracy. Points that are not equally far from x
    // have the derivative between them at another place.
    noise =
      (2 * .ulpOfOne * size + 64 * .leastNormalMagnitude) / step
      + 2 * nearbySlope * ((rightStep - leftStep).magnitude / step)
    centralTableau.append(central)
    sides.left.append(leftSlope)
    sides.right.append(rightSlope)
    if let last = lastSample {
      detachedSides.left.append((left - last.left) / leftStep)
      detachedSides.right.append((last.right - right) / rightStep)
    }
    lastSample = (left, right)
    slopes.append(nearbySlope)
    let isFlat = left == value && right == value
    flatRows = isFlat ? flatRows + 1 : 0
    flatStep = isFlat ? max(flatStep, step) : 0
  }

  // Extrapolation multiplies rounding errors, on one side by up to 8. A difference of neighbours is an estimate, not a
  // bound: hence the 4.

  private static func estimate(_ tableau: ExtrapolationTableau, _ noise: Double) -> Estimate {
    Estimate(value: tableau.value, error: 4 * tableau.error + noise)
  }

  var left: Estimate { Self.estimate(sides.left, 8 * noise) }
  var right: Estimate { Self.estimate(sides.right, 8 * noise) }
  var detachedLeft: Estimate { Self.estimate(detachedSides.left, 8 * noise) }
  var detachedRight: Estimate { Self.estimate(detachedSides.right, 8 * noise) }

  /// The derivative from both sides: by central differences, or as the mean of the sides where that is more exact, as it
  /// is where the second derivative jumps.
  var derivative: Estimate {
    let central = Self.estimate(centralTableau, 2 * noise)
    let (left, right) = (left, right)
    let mean = Estimate(
      value: left.value + (right.value - left.value) / 2,
      error: max(left.error, right.error) + (right.value - left.value).magnitude)
    return mean.error < central.error ? mean : central
  }

  /// Whether the function had one value for three steps.
  var isFlat: Bool { flatRows >= 3 }

  /// How much the last halving of the step changed ``nearbySlope``.
  var slopeChange: Double {
    slopes.count < 2 ? .infinity : (slopes[slopes.count - 1] - slopes[slopes.count - 2]).magnitude
  }

  /// Whether the function jumps at `x`: the slope of a side grows as the step shrinks.
  ///
  /// A kink that is nearly as near as the newest samples lets a slope grow too, but not beyond that of the other side.
  var jumps: Bool { slopesGrow(by: 64) }

  /// Whether the slope grows as the step shrinks, as at a jump or beside a pole of the derivative.
  var diverges: Bool { slopesGrow(by: 4) }

  /// Whether the last eight halvings of the step made the slope that many times as large, and not by rounding.
  private func slopesGrow(by factor: Double) -> Bool {
    let age = 8
    guard let newest = slopes.last, slopes.count > age else { return false }
    return newest > factor * slopes[slopes.count - 1 - age] && newest > 64 * noise
  }
}
