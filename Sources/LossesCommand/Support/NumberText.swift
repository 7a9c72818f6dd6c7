import Charts
import Foundation

/// Numbers as a reader wants them.
package enum NumberText {
  /// About six significant digits: `2.08108`, `1.2e-09`.
  package static func short(_ value: Double) -> String { text(value, "%.6g") }

  /// As many digits as tell the number from all others.
  package static func exact(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  /// The sign of what is not a number says nothing: a processor sets it at its own discretion.
  private static func text(_ value: Double, _ format: String) -> String {
    value.isNaN ? "nan" : String(format: format, value)
  }

  /// `1.25 s`, `840 µs`.
  static func duration(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return seconds >= 1
      ? String(format: "%.2f s", seconds)
      : seconds >= 1e-3 ? String(format: "%.3g ms", seconds * 1e3) : String(format: "%.3g µs", seconds * 1e6)
  }

  /// Numbers for one column, right-aligned: as many decimals for all as give the smallest five significant digits, so
  /// that the points stand below each other; powers of ten where the numbers differ too much in size.
  package static func column(_ values: [Double]) -> [String] {
    guard let greatest = values.map(abs).max(), greatest > 0, greatest.isFinite else { return values.map(short) }
    // What rounding leaves of a zero would ask for a great many decimals.
    let values = values.map { abs($0) < 1e-12 * greatest ? 0 : $0 }
    let least = values.map(abs).filter { $0 > 0 }.min() ?? greatest
    guard greatest < 1e7, least >= 1e-7, greatest / least <= 1e7 else {
      return values.map { text($0, "%.5e") }
    }
    let decimals = max(1, 4 - Int(log10(least).rounded(.down)))
    return values.map { text($0, "%.\(decimals)f") }
  }

  /// `1 row`, `2,100 rows`.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(Ticks.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
