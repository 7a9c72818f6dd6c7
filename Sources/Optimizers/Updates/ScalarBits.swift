import Losses

// Vectors are encoded as the bits of their numbers: a text of decimals could not have those that are not finite.

extension LossScalar {
  /// `Float` or `Double`.
  static var scalarName: String { isFloat ? "Float" : "Double" }

  fileprivate static var isFloat: Bool { _kind == Float._kind }
}

extension KeyedEncodingContainer {
  /// Encodes numbers as their bits.
  mutating func encode<Scalar: LossScalar>(bitsOf numbers: [Scalar], forKey key: Key) throws {
    if Scalar.isFloat {
      try encode(numbers.map { Float($0._double).bitPattern }, forKey: key)
    } else {
      try encode(numbers.map { $0._double.bitPattern }, forKey: key)
    }
  }
}

extension KeyedDecodingContainer {
  /// Decodes numbers from their bits.
  func decodeBits<Scalar: LossScalar>(forKey key: Key) throws -> [Scalar] {
    if Scalar.isFloat {
      try decode([UInt32].self, forKey: key).map { Scalar(Double(Float(bitPattern: $0))) }
    } else {
      try decode([UInt64].self, forKey: key).map { Scalar(Double(bitPattern: $0)) }
    }
  }
}
