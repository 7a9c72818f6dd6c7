/// A chart: a title over one or more panels.
package struct Figure: Sendable {
  package enum Arrangement: Sendable {
    case stacked
    /// Stacked, with one x axis (the first panel's) under the last panel.
    case stackedSharingX
    case sideBySide
  }

  /// The most points drawn in a panel; the subtitle says how many there are when some are left out.
  package static let pointLimit = 2_000

  package var title: String
  package var subtitle: String?
  /// The text for readers who cannot see the picture; `nil` lists the panels and their series.
  package var summary: String?
  package var panels: [Panel]
  package var arrangement: Arrangement
  package var width: Double
  package var height: Double
  /// The prefix of the element identifiers, to be distinct where a page embeds several figures.
  package var identifier = "chart"

  package init(
    title: String, subtitle: String? = nil, summary: String? = nil, panels: [Panel],
    arrangement: Arrangement = .stacked, width: Double = 720, height: Double = 480
  ) {
    (self.title, self.subtitle, self.summary, self.panels) = (title, subtitle, summary, panels)
    (self.arrangement, self.width, self.height) = (arrangement, width, height)
  }
}

/// A pair of axes and what is drawn in them.
package struct Panel: Sendable {
  package var title: String?
  package var x: Axis
  package var y: Axis
  package var series: [Series]
  package var references: [Reference]
  /// Whether both axes show the same interval, as a comparison of two like quantities needs.
  package var equatesAxes: Bool

  package init(
    title: String? = nil, x: Axis, y: Axis, series: [Series], references: [Reference] = [], equatesAxes: Bool = false
  ) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
    (self.references, self.equatesAxes) = (references, equatesAxes)
  }
}

/// A thin grey line to compare the data with.
package struct Reference: Sendable {
  package enum Line: Sendable, Equatable { case horizontal(Double), vertical(Double), identity }

  package var line: Line
  /// The name in the legend; a reference without one is left out of it.
  package var name: String?

  package static func horizontal(_ y: Double, _ name: String? = nil) -> Reference {
    Reference(line: .horizontal(y), name: name)
  }

  package static func vertical(_ x: Double, _ name: String? = nil) -> Reference {
    Reference(line: .vertical(x), name: name)
  }

  package static func identity(_ name: String? = nil) -> Reference { Reference(line: .identity, name: name) }
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
