/// A sample of a line or a marker with its name.
struct LegendEntry {
  private var name: String
  private var color: String
  private var dash: String?
  private var marker: ChartStyle.Marker?

  var width: Double { sampleWidth + 6 + TextMetrics.width(name, size: Layout.tickSize) + 16 }
  private var sampleWidth: Double { dash == nil ? 10 : 28 }

  /// The named series and references of a panel, in rows no wider than `width`.
  ///
  /// The legend stands above the frame, where it cannot hide data.
  static func rows(_ panel: Panel, width: Double) -> [[LegendEntry]] {
    let series = panel.series.enumerated().compactMap { index, series -> LegendEntry? in
      guard let name = series.name else { return nil }
      return LegendEntry(
        name: name, color: ChartStyle.color(panel, index),
        dash: series.style == .points ? nil : ChartStyle.dash(panel, index),
        marker: series.style == .line ? nil : ChartStyle.marker(panel, index))
    }
    let references = panel.references.enumerated().compactMap { index, reference in
      reference.name.map {
        LegendEntry(name: $0, color: ChartStyle.referenceColor, dash: ChartStyle.referenceDash(index))
      }
    }
    var rows: [[LegendEntry]] = []
    var room = 0.0
    for var entry in series + references {
      entry.name = TextMetrics.truncated(entry.name, size: Layout.tickSize, to: max(width - 50, 20))
      if rows.isEmpty || entry.width - 16 > room {
        rows.append([])
        room = width
      }
      rows[rows.count - 1].append(entry)
      room -= entry.width
    }
    return rows
  }

  /// Draws the entry about the height `y`.
  func draw(on svg: inout SVGDocument, x: Double, y: Double) {
    if let dash {
      svg.element(
        "path",
        [
          "d": "M\((x + 1).svgText) \(y.svgText)h26", "fill": "none", "stroke": color,
          "stroke-width": color == ChartStyle.referenceColor ? 1.2 : 2, "stroke-linecap": "round",
          "stroke-dasharray": dash,
        ])
    }
    if let marker {
      svg.element("g", ["fill": color]) {
        ChartStyle.drawMarker(marker, on: &$0, x: x + sampleWidth / 2, y: y)
      }
    }
    svg.element(
      "text", ["x": x + sampleWidth + 6, "y": y + 4, "font-size": Layout.tickSize, "fill": "#262626"], text: name)
  }
}
