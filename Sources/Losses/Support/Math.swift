#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions of the C library, in one place for every platform and clear of cases such as ``Link/log``.
package enum Math {
  package static func exp(_ x: Double) -> Double { _exp(x) }
  package static func log(_ x: Double) -> Double { _log(x) }
  package static func log1p(_ x: Double) -> Double { _log1p(x) }
  package static func expm1(_ x: Double) -> Double { _expm1(x) }
  package static func hypot(_ x: Double, _ y: Double) -> Double { _hypot(x, y) }
  package static func pow(_ x: Double, _ y: Double) -> Double { _pow(x, y) }
  package static func sin(_ x: Double) -> Double { _sin(x) }
  package static func cosh(_ x: Double) -> Double { _cosh(x) }
  package static func sinh(_ x: Double) -> Double { _sinh(x) }
  package static func erf(_ x: Double) -> Double { _erf(x) }
  package static func logGamma(_ x: Double) -> Double { _logGamma(x) }
}

private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
private func _log1p(_ x: Double) -> Double { log1p(x) }
private func _expm1(_ x: Double) -> Double { expm1(x) }
private func _hypot(_ x: Double, _ y: Double) -> Double { hypot(x, y) }
private func _pow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func _sin(_ x: Double) -> Double { sin(x) }
private func _cosh(_ x: Double) -> Double { cosh(x) }
private func _sinh(_ x: Double) -> Double { sinh(x) }
private func _erf(_ x: Double) -> Double { erf(x) }
private func _logGamma(_ x: Double) -> Double {
  #if canImport(Darwin)
    lgamma(x)
  #else
    // lgamma itself writes a global sign.
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  #endif
}
