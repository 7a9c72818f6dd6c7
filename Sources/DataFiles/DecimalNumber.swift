/// Reads decimal numbers from bytes, the same in every locale.
enum DecimalNumber {
  /// The powers of ten that are exact in `Double`.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The finite number that all of the bytes spell: an optional sign, digits with an optional point, an optional exponent.
  ///
  /// Nil for anything else, for `inf` and `nan`, for hexadecimal, and for a number beyond the range of `Double`.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var index = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { index = 1 }

    var mantissa: UInt64 = 0
    var significantDigits = 0
    var digits = 0
    var power = 0
    var pointSeen = false
    while index < bytes.count {
      let byte = bytes[index]
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        digits += 1
        if pointSeen { power -= 1 }
        if significantDigits > 0 || digit > 0 { significantDigits += 1 }
        // 19 digits always fit in 64 bits; what is longer takes the slow path below.
        if significantDigits <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
      } else if byte == UInt8(ascii: "."), !pointSeen {
        pointSeen = true
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }

    if index < bytes.count {
      guard bytes[index] | 0x20 == UInt8(ascii: "e"),
        let exponent = parseExponent(UnsafeBufferPointer(rebasing: bytes[(index + 1)...]))
      else { return nil }
      power += exponent
    }

    // A mantissa of at most 53 bits and a power of at most 22 are both exact, so that one rounding gives the nearest.
    if significantDigits <= 19, mantissa <= 1 << 53, -22...22 ~= power {
      let magnitude = Double(mantissa)
      let value = power < 0 ? magnitude / exactPowers[-power] : magnitude * exactPowers[power]
      return isNegative ? -value : value
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  /// The exponent after the `e`, held within a range that no sum with a count of digits can overflow.
  private static func parseExponent(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { index = 1 }
    guard index < bytes.count else { return nil }
    var exponent = 0
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      exponent = min(exponent * 10 + Int(digit), 1_000_000)
      index += 1
    }
    return isNegative ? -exponent : exponent
  }
}
