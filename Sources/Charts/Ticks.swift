import Foundation

/// A mark on an axis; a minor tick has an empty label.
package struct Tick: Sendable, Equatable {
  package var value: Double
  package var label: String
}

package enum Ticks {
  /// About `count` ticks in `low...high`, at multiples of 1, 2 or 5 times a power of ten.
  ///
  /// Ticks are whole multiples of a power of ten, so labels come from integers and carry no binary rounding noise.
  package static func linear(_ low: Double, _ high: Double, count: Int, wholeNumbers: Bool = false) -> [Tick] {
    let raw = (high - low) / Double(min(max(count, 2), 100))
    guard raw > 1e-300, raw.isFinite else { return [] }
    var exponent = Int(log10(raw).rounded(.down))
    let fraction = raw / pow(10, Double(exponent))
    var multiplier = fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10
    if multiplier == 10 { (multiplier, exponent) = (1, exponent + 1) }
    if wholeNumbers, exponent < 0 { (multiplier, exponent) = (1, 0) }

    let step = scaled(multiplier, exponent)
    guard max(abs(low), abs(high)) / step < 1e15 else { return [] }
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    guard first <= last else { return [] }
    let integers = (first...last).map { $0 * multiplier }
    let largest = integers.map(\.magnitude).max() ?? 0
    let top = exponent + String(largest).count - 1
    // A long mantissa reads worse than the number itself, as for 1,000,000,002.
    let isScientific = largest > 0 && !(-3..<7).contains(top) && !(top > 0 && top < 15 && top - exponent > 4)
    return integers.map {
      Tick(value: scaled($0, exponent), label: label($0, exponent, scientific: isScientific ? top : nil))
    }
  }

  /// Ticks for a logarithmic axis from 10^`low` to 10^`high`.
  package static func logarithmic(_ low: Double, _ high: Double, count: Int) -> [Tick] {
    guard low < high, abs(low) < 400, abs(high) < 400 else { return [] }
    let first = Int((low - 1e-9).rounded(.up))
    let last = Int((high + 1e-9).rounded(.down))
    func ticks(_ multiples: [Int], label: (Int, Int) -> String) -> [Tick] {
      (first - 1...max(first, last)).flatMap { decade in
        multiples.map { Tick(value: scaled($0, decade), label: label($0, decade)) }
      }
      .filter { $0.value.isNormal && (low - 1e-9...high + 1e-9).contains(log10($0.value)) }
    }

    if last > first {
      let stride = 1 + (last - first) / max(count, 1)
      let isScientific = first < -3 || last > 4
      return ticks(stride == 1 ? Array(1...9) : [1]) { multiple, decade in
        guard multiple == 1, decade.isMultiple(of: stride) else { return "" }
        return isScientific ? "10" + superscript(decade) : label(1, decade)
      }
    }
    // Within two decades the powers of ten alone are too few to read values from.
    let coarse = ticks(Array(1...9)) {
      [1, 2, 5].contains($0) ? label($0, $1, scientific: (-3..<7).contains($1) ? nil : $1) : ""
    }
    let labels = coarse.count { !$0.label.isEmpty }
    return labels >= 3 ? coarse : linear(pow(10, low), pow(10, high), count: count)
  }

  /// The text of `count` with separators between groups of three digits.
  package static func grouped(_ count: Int) -> String { grouped(digits: String(count)) }

  private static func grouped(digits: String) -> String {
    let reversed = digits.reversed().enumerated().map { ($0 > 0 && $0 % 3 == 0 ? "," : "", $1) }
    return reversed.reversed().map { "\($1)\($0)" }.joined()
  }

  /// The text of `integer` · 10^`exponent`, with 10^`scientific` split off where that is given.
  private static func label(_ integer: Int, _ exponent: Int, scientific: Int? = nil) -> String {
    guard integer != 0 || exponent < 0 && scientific == nil else { return "0" }
    let decimals = max(0, (scientific ?? 0) - exponent)
    let zeros = max(0, exponent - (scientific ?? 0))
    var digits = String(integer.magnitude) + String(repeating: "0", count: zeros)
    digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let text = grouped(digits: String(digits.dropLast(decimals))) + (decimals > 0 ? "." : "") + digits.suffix(decimals)
    return (integer < 0 ? "−" : "") + text + (scientific.map { "×10" + superscript($0) } ?? "")
  }

  private static func superscript(_ exponent: Int) -> String {
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return String(String(exponent).map { raised[$0] ?? $0 })
  }

  /// Divides by a positive power of ten, which is exact, rather than multiplying by a rounded negative one.
  private static func scaled(_ integer: Int, _ exponent: Int) -> Double {
    exponent < 0 ? Double(integer) / pow(10, Double(-exponent)) : Double(integer) * pow(10, Double(exponent))
  }
}
