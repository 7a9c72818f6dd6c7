/// The types of elements that are read from `.npy` files. All are little-endian.
package enum NPYDType: String, Sendable, Hashable, CaseIterable {
  /// `float32`, read as `Float`.
  case float32 = "<f4"
  /// `float64`, read as `Double`.
  case float64 = "<f8"
  /// `int8`.
  case int8 = "|i1"
  /// `uint8`.
  case uint8 = "|u1"
  /// `int16`.
  case int16 = "<i2"
  /// `uint16`.
  case uint16 = "<u2"
  /// `int32`.
  case int32 = "<i4"
  /// `uint32`.
  case uint32 = "<u4"
  /// `int64`.
  case int64 = "<i8"
  /// `uint64`.
  case uint64 = "<u8"
  /// `bool`, read as 0 and 1; any byte but 0 is 1.
  case bool = "|b1"

  /// How many bytes an element takes.
  package var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The type that a `descr` of a header names.
  init?(descriptor: String) {
    // A single byte has no order, so that any sign of it means the same.
    if let order = descriptor.first, "<>=|".contains(order), descriptor.hasSuffix("1") {
      self.init(rawValue: "|" + descriptor.dropFirst())
    } else {
      self.init(rawValue: descriptor)
    }
  }
}
