/// Why a benchmark refuses to time something.
enum BenchmarkError: Error, CustomStringConvertible {
  /// A result is not what a plain computation gives.
  case wrongResult(of: String, value: Double, expected: Double)

  /// A roofline loop did not do its work.
  case wrongRoofline(of: String)

  var description: String {
    switch self {
    case .wrongResult(let what, let value, let expected): "\(what) is \(value); expected \(expected)"
    case .wrongRoofline(let loop): "the roofline loop '\(loop)' gives a wrong result"
    }
  }
}

/// Throws unless `value` is within `tolerance` of what is expected, relative to terms of size 1 and the value itself.
func requireClose(
  _ what: @autoclosure () -> String, _ value: Double, _ expected: Double, tolerance: Double
) throws(BenchmarkError) {
  guard abs(value - expected) <= tolerance * (1 + abs(expected)) else {
    throw .wrongResult(of: what(), value: value, expected: expected)
  }
}
