/// The distance of neighbouring `T` at `x`: below the normal numbers that of the subnormal ones, beyond the finite
/// numbers that of the greatest of them.
@inlinable
public func unitInTheLastPlace<T: BinaryFloatingPoint, Wide: BinaryFloatingPoint>(
  of type: T.Type, at x: Wide
) -> Wide {
  let magnitude = x.magnitude
  if !(magnitude >= Wide(T.leastNormalMagnitude)) { return Wide(T.leastNonzeroMagnitude) }
  if !(magnitude <= Wide(T.greatestFiniteMagnitude)) { return Wide(T.greatestFiniteMagnitude.ulp) }
  return Wide(sign: .plus, exponent: magnitude.exponent - Wide.Exponent(T.significandBitCount), significand: 1)
}

/// The error of `result` against `exact`, in units in the last place of `T` at the larger of `|exact|` and `scale`.
///
/// `scale` is for results that are differences: it is the sum of the absolute terms. An infinite result counts as the
/// power of two after the finite numbers, which is what it was rounded from. Where exactly one of the two is NaN the
/// error is NaN, so that `error <= tolerance` is false; where both are, it is 0.
@inlinable
public func ulpError<T: BinaryFloatingPoint, Wide: BinaryFloatingPoint>(
  _ result: T, exact: Wide, scale: Wide = 0
) -> Double {
  if result.isNaN || exact.isNaN { return result.isNaN && exact.isNaN ? 0 : .nan }
  var wide = Wide(result)
  if result.isInfinite {
    if exact.isInfinite { return exact.sign == result.sign ? 0 : .infinity }
    let beyond = Wide(T.greatestFiniteMagnitude) + Wide(T.greatestFiniteMagnitude.ulp)
    wide = result > 0 ? beyond : -beyond
    if exact.sign == result.sign, exact.magnitude >= beyond { return 0 }
  }
  if wide == exact { return 0 }
  let unit = unitInTheLastPlace(of: T.self, at: max(exact.magnitude, scale))
  // The terms of a finite result may be beyond the finite numbers.
  let beyond = scale.isFinite && scale > Wide(T.greatestFiniteMagnitude) ? scale / Wide(T.greatestFiniteMagnitude) : 1
  return Double((wide - exact).magnitude / unit / beyond)
}
