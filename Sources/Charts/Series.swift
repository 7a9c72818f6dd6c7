/// One set of points in a panel, drawn as a line, as markers or as both.
///
/// A point with a non-finite coordinate breaks a line, so a jump is drawn as a gap.
public struct Series: Sendable {
  /// A point in the coordinates of the axes.
  public struct Point: Sendable, Equatable {
    /// The place on the horizontal axis.
    public var x: Double
    /// The place on the vertical axis.
    public var y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// How points are drawn.
  public enum Style: Sendable {
    /// As a line through them.
    case line
    /// As markers.
    case points
    /// As a line through markers.
    case markedLine
  }

  /// How a line is broken up.
  public enum Dash: Int, Sendable, CaseIterable {
    /// Not at all.
    case solid
    /// Into dashes.
    case dashed
    /// Into dots.
    case dotted
    /// Into dashes and dots by turns.
    case dashDotted
  }

  /// The name in the legend; a series without one is left out of it.
  public var name: String?
  /// The points.
  public var points: [Point]
  /// How they are drawn.
  public var style: Style
  /// An index into the palette; `nil` takes the series' place in its panel.
  public var color: Int?
  /// `nil` takes the next dash pattern that no earlier line of the panel has.
  public var dash: Dash?

  /// A series of points.
  public init(_ name: String?, _ points: [Point], style: Style, color: Int? = nil, dash: Dash? = nil) {
    (self.name, self.points, self.style, self.color, self.dash) = (name, points, style, color, dash)
  }

  /// A series of points whose coordinates stand in two arrays.
  public init(_ name: String?, x: [Double], y: [Double], style: Style, color: Int? = nil, dash: Dash? = nil) {
    self.init(name, zip(x, y).map(Point.init), style: style, color: color, dash: dash)
  }

  /// The values of a sequence against 0, 1, 2, …, such as an objective against the iteration.
  public init(_ name: String?, values: [Double], style: Style = .line, color: Int? = nil, dash: Dash? = nil) {
    self.init(name, values.enumerated().map { Point(Double($0), $1) }, style: style, color: color, dash: dash)
  }

  /// The graph of a function, broken at `breaks`, where it may have a kink or a jump.
  ///
  /// The sides of a break are sampled a millionth of the range away from it, far enough for a function that computes
  /// in single precision to tell them apart.
  public static func curve(
    _ name: String?, over range: ClosedRange<Double>, breaks: [Double] = [], color: Int? = nil, dash: Dash? = nil,
    samples: Int = 240, _ function: (Double) -> Double
  ) -> Series {
    let length = range.upperBound - range.lowerBound
    let inner = Set(breaks).filter { range.lowerBound < $0 && $0 < range.upperBound }.sorted()
    let ends = [range.lowerBound] + inner + [range.upperBound]
    var points: [Point] = []
    for (index, (start, end)) in zip(ends, ends.dropFirst()).enumerated() {
      let from = index == 0 ? start : min(start + length * 1e-6, end)
      let to = index == inner.count ? end : max(end - length * 1e-6, from)
      let share = length > 0 ? (end - start) / length : 0
      let steps = share.isFinite ? max(Int(share * Double(min(max(samples, 1), 100_000))), 2) : 2
      if index > 0 { points.append(Point(start, .nan)) }
      for step in 0...steps {
        let x = step == steps ? to : from + (to - from) * (Double(step) / Double(steps))
        points.append(Point(x, function(x)))
      }
    }
    return Series(name, points, style: .line, color: color, dash: dash)
  }

  /// Points at the height `y`, scattered about it by at most `spread` so that they do not hide one another.
  public static func strip(
    _ name: String?, x: [Double], at y: Double, spread: Double = 0.05, color: Int? = nil
  ) -> Series {
    var generator = SplitMix64()
    let points = x.map { Point($0, y + spread * (2 * generator.unitInterval() - 1)) }
    return Series(name, points, style: .points, color: color)
  }

  /// At most `limit` of the indices below `count`: one from each of `limit` equal blocks, always the same ones.
  ///
  /// The place within a block is pseudorandom because every k-th point would follow any period in the data.
  package static func sampledIndices(_ count: Int, limit: Int) -> [Int] {
    guard count > limit, limit > 0 else { return Array(0..<max(min(count, limit), 0)) }
    var generator = SplitMix64()
    return (0..<limit).map { block in
      let start = Int(Double(count) * (Double(block) / Double(limit)))
      let end = Int(Double(count) * (Double(block + 1) / Double(limit)))
      return start + Int(generator.unitInterval() * Double(end - start))
    }
  }
}

/// A pseudorandom generator with a fixed seed, since the same data must give the same picture.
private struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64 = 0

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    let first = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    let second = (first ^ (first >> 27)) &* 0x94D0_49BB_1331_11EB
    return second ^ (second >> 31)
  }

  /// A number in 0..<1.
  mutating func unitInterval() -> Double { Double(next() >> 11) * 0x1p-53 }
}
