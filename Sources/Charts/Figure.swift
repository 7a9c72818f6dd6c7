/// A chart: a title over one or more panels.
public struct Figure: Sendable {
  /// How the panels of a figure lie.
  public enum Arrangement: Sendable {
    /// One below the other.
    case stacked
    /// Stacked, with one x axis (the first panel's) under the last panel.
    case stackedSharingX
    /// One beside the other.
    case sideBySide
  }

  /// The most points drawn in a panel; the subtitle says how many there are when some are left out.
  package static let pointLimit = 2_000

  /// The line at the top.
  public var title: String
  /// A smaller line below it.
  public var subtitle: String?
  /// The text for readers who cannot see the picture; `nil` lists the panels and their series.
  public var summary: String?
  /// What is drawn.
  public var panels: [Panel]
  /// How the panels lie.
  public var arrangement: Arrangement
  /// The width in pixels.
  public var width: Double
  /// The height in pixels.
  public var height: Double
  /// The prefix of the element identifiers, to be distinct where a page embeds several figures.
  public var identifier = "chart"

  /// A figure of panels.
  public init(
    title: String, subtitle: String? = nil, summary: String? = nil, panels: [Panel],
    arrangement: Arrangement = .stacked, width: Double = 720, height: Double = 480
  ) {
    (self.title, self.subtitle, self.summary, self.panels) = (title, subtitle, summary, panels)
    (self.arrangement, self.width, self.height) = (arrangement, width, height)
  }
}

/// A pair of axes and what is drawn in them.
public struct Panel: Sendable {
  /// The line above the panel.
  public var title: String?
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The points and lines.
  public var series: [Series]
  /// The lines to compare them with.
  public var references: [Reference]
  /// Whether both axes show the same interval, as a comparison of two like quantities needs.
  public var equatesAxes: Bool

  /// A panel of series.
  public init(
    title: String? = nil, x: Axis, y: Axis, series: [Series], references: [Reference] = [], equatesAxes: Bool = false
  ) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
    (self.references, self.equatesAxes) = (references, equatesAxes)
  }
}

/// A thin grey line to compare the data with.
public struct Reference: Sendable {
  /// Where a reference lies.
  public enum Line: Sendable, Equatable {
    /// At this height.
    case horizontal(Double)
    /// At this place of the horizontal axis.
    case vertical(Double)
    /// Where both coordinates are the same.
    case identity
  }

  /// Where it lies.
  public var line: Line
  /// The name in the legend; a reference without one is left out of it.
  public var name: String?

  /// A line at the height `y`.
  public static func horizontal(_ y: Double, _ name: String? = nil) -> Reference {
    Reference(line: .horizontal(y), name: name)
  }

  /// A line at the place `x` of the horizontal axis.
  public static func vertical(_ x: Double, _ name: String? = nil) -> Reference {
    Reference(line: .vertical(x), name: name)
  }

  /// The line where both coordinates are the same.
  public static func identity(_ name: String? = nil) -> Reference { Reference(line: .identity, name: name) }
}

extension Panel {
  /// Lines may end at the frame, markers need room.
  var xPadding: Double { series.allSatisfy { $0.style == .line } ? 0 : 0.03 }

  /// The coordinates that the x axis has to show.
  var xValues: [Double] {
    series.flatMap { $0.points.lazy.filter { y.accepts($0.y) }.map(\.x) }
      + references.compactMap { if case .vertical(let value) = $0.line { value } else { nil } }
  }

  /// The coordinates that the y axis has to show for the points in the domain of the x axis.
  func yValues(within domain: Domain?) -> [Double] {
    series.flatMap { $0.points.lazy.filter { x.accepts($0.x) && domain?.contains($0.x) ?? true }.map(\.y) }
      + references.compactMap { if case .horizontal(let value) = $0.line { value } else { nil } }
  }
}
