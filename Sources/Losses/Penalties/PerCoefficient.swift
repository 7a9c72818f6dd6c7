/// A parameter that is one number for all coefficients, or a list of one number for each.
///
/// Literals make it: `means: 0` or `means: [0, 1.5]`.
public enum PerCoefficient: Hashable, Sendable {
  /// The same number for all.
  case same(Double)

  /// One number for each, in their order.
  case each([Double])
}

extension PerCoefficient: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// The same number for all.
  public init(floatLiteral value: Double) { self = .same(value) }

  /// The same number for all.
  public init(integerLiteral value: Int) { self = .same(Double(value)) }

  /// One number for each.
  public init(arrayLiteral values: Double...) { self = .each(values) }
}

extension PerCoefficient {
  /// The number of one coefficient.
  subscript(index: Int) -> Double {
    switch self {
    case .same(let value): value
    case .each(let values): values[index]
    }
  }

  /// The number where it is the same for all.
  var common: Double? { if case .same(let value) = self { value } else { nil } }

  /// The length of a list.
  var listLength: Int? { if case .each(let values) = self { values.count } else { nil } }

  /// The list as the kernels want it; whoever asks keeps the value alive.
  var address: UnsafePointer<Double>? {
    guard case .each(let values) = self else { return nil }
    // A list of no numbers is still a list.
    return values.withUnsafeBufferPointer { $0.baseAddress } ?? UnsafePointer(bitPattern: 8)
  }
}
