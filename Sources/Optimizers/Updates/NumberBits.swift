import Losses

/// Numbers that are encoded as their bits: a text of decimals could not have those that are not finite.
struct NumberBits<Scalar: LossScalar>: Codable {
  var numbers: [Scalar]

  init(_ numbers: [Scalar]) { self.numbers = numbers }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if Scalar._kind == Float._kind {
      numbers = try container.decode([UInt32].self).map { Scalar(Double(Float(bitPattern: $0))) }
    } else {
      numbers = try container.decode([UInt64].self).map { Scalar(Double(bitPattern: $0)) }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if Scalar._kind == Float._kind {
      try container.encode(numbers.map { Float($0._double).bitPattern })
    } else {
      try container.encode(numbers.map { $0._double.bitPattern })
    }
  }
}
