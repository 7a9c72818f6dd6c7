import Foundation

/// One axis of a panel: what it shows, and how.
public struct Axis: Sendable {
  /// Where a value lies on the axis.
  public enum Scale: Sendable {
    /// In proportion to the value.
    case linear
    /// Linear with ticks at whole numbers only, for counts such as iterations.
    case integer
    /// In proportion to the logarithm of the value.
    case logarithmic
  }

  /// What the axis shows.
  public var label: String
  /// Where a value lies.
  public var scale: Scale
  /// The interval to show; what lies outside is clipped. `nil` fits the data.
  public var range: ClosedRange<Double>?

  /// An axis that fits its data, unless a range is given.
  public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
    (self.label, self.scale, self.range) = (label, scale, range)
  }

  /// Whether `value` has a place on the axis. The bounds keep differences and paddings from overflowing.
  package func accepts(_ value: Double) -> Bool {
    scale == .logarithmic ? value >= 1e-300 && value <= 1e300 : abs(value) <= 1e300
  }

  /// The interval that this axis shows for `values`, widened by a share of its length at both ends.
  package func domain(of values: some Sequence<Double>, padding: Double = 0) -> Domain {
    if let range, accepts(range.lowerBound), accepts(range.upperBound) {
      return Domain(scale, position(range.lowerBound), position(range.upperBound))
    }
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where accepts(value) {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { return Domain(scale, 0, 1) }
    let fitted = Domain(scale, position(low), position(high))
    let margin = (fitted.high - fitted.low) * padding
    return Domain(scale, fitted.low - margin, fitted.high + margin)
  }

  private func position(_ value: Double) -> Double { scale == .logarithmic ? log10(value) : value }
}

/// The interval that an axis shows, in powers of ten where the axis is logarithmic.
package struct Domain: Sendable, Equatable {
  package let scale: Axis.Scale
  package let low: Double
  package let high: Double

  init(_ scale: Axis.Scale, _ low: Double, _ high: Double) {
    let resolution = max(abs(low), abs(high)) * 1e-12
    let center = low + (high - low) / 2
    let half: Double? =
      switch scale {
      case _ where high - low > max(resolution, 1e-290): nil
      case .linear: abs(center) > 1e-280 ? abs(center) / 10 : 1
      case .integer: max(abs(center) * 1e-9, 1)
      case .logarithmic: 0.5
      }
    (self.scale, self.low, self.high) = half.map { (scale, center - $0, center + $0) } ?? (scale, low, high)
  }

  /// Where `value` lies: 0 at the low end, 1 at the high end, beyond these outside.
  package func fraction(_ value: Double) -> Double {
    ((scale == .logarithmic ? log10(value) : value) - low) / (high - low)
  }

  /// Whether `value` lies between the ends, give or take the rounding of a logarithm.
  func contains(_ value: Double) -> Bool { (-1e-9...1 + 1e-9).contains(fraction(value)) }

  /// The value that lies at `fraction`.
  func value(at fraction: Double) -> Double {
    let position = low + fraction * (high - low)
    return scale == .logarithmic ? pow(10, position) : position
  }

  package func ticks(count: Int) -> [Tick] {
    scale == .logarithmic
      ? Ticks.logarithmic(low, high, count: count)
      : Ticks.linear(low, high, count: count, wholeNumbers: scale == .integer)
  }

  /// As many ticks as fit side by side over `length` without their labels touching.
  func ticks(length: Double, labelSize: Double) -> [Tick] {
    var count = min(max(Int(length / 70), 2), 10)
    while count > 2 {
      let labelled = ticks(count: count).filter { !$0.label.isEmpty }
      let collide = zip(labelled, labelled.dropFirst()).contains { left, right in
        let gap = (fraction(right.value) - fraction(left.value)) * length
        let widths = [left, right].map { TextMetrics.width($0.label, size: labelSize) }
        return widths[0] / 2 + widths[1] / 2 + 8 > gap
      }
      guard collide else { break }
      count -= 1
    }
    return ticks(count: count)
  }
}
