import Losses
import ReferenceLosses

/// A number type that the library and its reference both evaluate losses in.
protocol BenchmarkScalar: LossScalar, ReferenceScalar {
  /// The name in tables.
  static var name: String { get }

  /// How far a result may be from one in `Double`, relative to the size of its terms.
  static var tolerance: Double { get }

  /// The nearest representable value.
  static func rounding(_ value: Double) -> Self
}

extension Float: BenchmarkScalar {
  static var name: String { "float" }
  static var tolerance: Double { 1e-5 }
  static func rounding(_ value: Double) -> Float { Float(value) }
}

extension Double: BenchmarkScalar {
  static var name: String { "double" }
  static var tolerance: Double { 1e-11 }
  static func rounding(_ value: Double) -> Double { value }
}
