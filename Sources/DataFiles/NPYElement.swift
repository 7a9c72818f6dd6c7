/// A type that the elements of an ``NPYArray`` can be read as.
package protocol NPYElement: BitwiseCopyable, Sendable {
  /// The type of files whose elements are copied without conversion.
  static var dtype: NPYDType { get }

  /// The same integer, or nil if this type lacks it.
  init?<Source: BinaryInteger>(exactValue: Source)

  /// The same number, or nil if this type lacks it; NaN stays NaN where the type has one.
  init?<Source: BinaryFloatingPoint>(exactValue: Source)
}

extension Float: NPYElement {
  /// `float32`.
  package static var dtype: NPYDType { .float32 }

  /// The same integer, or nil if it needs more than 24 bits.
  package init?<Source: BinaryInteger>(exactValue: Source) { self.init(exactly: exactValue) }

  /// The same number, or nil if it would be rounded.
  package init?<Source: BinaryFloatingPoint>(exactValue: Source) {
    if exactValue.isNaN { self = .nan } else { self.init(exactly: exactValue) }
  }
}

extension Double: NPYElement {
  /// `float64`.
  package static var dtype: NPYDType { .float64 }

  /// The same integer, or nil if it needs more than 53 bits.
  package init?<Source: BinaryInteger>(exactValue: Source) { self.init(exactly: exactValue) }

  /// The same number, or nil if it would be rounded.
  package init?<Source: BinaryFloatingPoint>(exactValue: Source) {
    if exactValue.isNaN { self = .nan } else { self.init(exactly: exactValue) }
  }
}

extension Int64: NPYElement {
  /// `int64`.
  package static var dtype: NPYDType { .int64 }

  /// The same integer, or nil if it is 2⁶³ or more.
  package init?<Source: BinaryInteger>(exactValue: Source) { self.init(exactly: exactValue) }

  /// The same number, or nil if it is not an integer of 64 bits.
  package init?<Source: BinaryFloatingPoint>(exactValue: Source) { self.init(exactly: exactValue) }
}
