/// A panel with its domains and legend settled, ready to be drawn in a frame.
struct PanelDrawing {
  private let panel: Panel
  private let x: Domain
  private let y: Domain
  private let labelsX: Bool
  private let legend: [[LegendEntry]]
  private let visible: [[Series.Point]]

  /// How many markers the panel has room for, and how many points it was given for them.
  let shownPoints: Int
  let totalPoints: Int

  init(_ panel: Panel, x shared: Domain?, labelsX: Bool, width: Double) {
    (self.panel, self.labelsX) = (panel, labelsX)
    if panel.equatesAxes {
      let both = panel.xValues + panel.yValues(within: nil)
      (x, y) = (panel.x.domain(of: both, padding: 0.04), panel.y.domain(of: both, padding: 0.04))
    } else {
      x = shared ?? panel.x.domain(of: panel.xValues, padding: panel.xPadding)
      y = panel.y.domain(of: panel.yValues(within: x), padding: 0.05)
    }
    legend = LegendEntry.rows(panel, width: width - 60)

    let (x, y) = (x, y)
    let inside = panel.series.map { series in
      series.style != .points
        ? series.points
        : series.points.filter {
          panel.x.accepts($0.x) && panel.y.accepts($0.y) && x.contains($0.x) && y.contains($0.y)
        }
    }
    let markers = zip(panel.series, inside).filter { $0.0.style == .points }
    let crowded = markers.reduce(0) { $0 + $1.1.count } > Figure.pointLimit
    visible = zip(panel.series, inside).map { series, points in
      guard series.style == .points, crowded else { return points }
      let limit = max(Figure.pointLimit / markers.count, 1)
      return Series.sampledIndices(points.count, limit: limit).map { points[$0] }
    }
    shownPoints = zip(panel.series, visible).reduce(0) { $0 + ($1.0.style == .points ? $1.1.count : 0) }
    totalPoints = markers.reduce(0) { $0 + $1.0.points.count }
  }

  // MARK: Room around the frame

  var heightAbove: Double { (panel.title == nil ? 0 : 20) + Double(legend.count) * 19 + 8 }
  var heightBelow: Double { labelsX ? 42 : 2 }

  func widthLeft(height: Double) -> Double {
    let labels = yTicks(height: height).map { TextMetrics.width($0.label, size: Layout.tickSize) }
    return (labels.max() ?? 0) + 30
  }

  private func yTicks(height: Double) -> [Tick] { y.ticks(count: min(Int(height / 75) + 2, 10)) }

  // MARK: Drawing

  func draw(on svg: inout SVGDocument, in frame: Frame, clip: String, figureWidth: Double) {
    drawHeading(on: &svg, in: frame)
    drawAxes(on: &svg, in: frame, figureWidth: figureWidth)
    svg.element("clipPath", ["id": clip]) { svg in
      // Half a line's width more than the frame, so that a line along an edge is not halved.
      svg.element(
        "rect", ["x": frame.x - 1.5, "y": frame.y - 1.5, "width": frame.width + 3, "height": frame.height + 3])
    }
    svg.element("g", ["clip-path": "url(#\(clip))"]) { svg in
      drawReferences(on: &svg, in: frame)
      // Lines go over the points that they summarize.
      for index in panel.series.indices where panel.series[index].style == .points {
        drawMarkers(visible[index], of: index, on: &svg, in: frame)
      }
      for index in panel.series.indices where panel.series[index].style != .points {
        drawLine(of: index, on: &svg, in: frame)
      }
    }
    if !panel.series.contains(where: { $0.points.contains { panel.x.accepts($0.x) && panel.y.accepts($0.y) } }) {
      svg.element(
        "text",
        [
          "x": frame.x + frame.width / 2, "y": frame.y + frame.height / 2, "text-anchor": "middle",
          "font-size": Layout.labelSize, "fill": "#767676",
        ], text: "no data")
    }
  }

  private func drawHeading(on svg: inout SVGDocument, in frame: Frame) {
    var top = frame.top
    if let title = panel.title {
      let text = TextMetrics.truncated(title, size: 13, bold: true, to: frame.width)
      svg.element(
        "text", ["x": frame.x, "y": top + 13, "font-size": 13.0, "font-weight": "bold", "fill": "#333333"], text: text)
      top += 20
    }
    for (row, entries) in legend.enumerated() {
      var left = frame.x
      for entry in entries {
        entry.draw(on: &svg, x: left, y: top + 8 + Double(row) * 19)
        left += entry.width
      }
    }
  }

  private func drawAxes(on svg: inout SVGDocument, in frame: Frame, figureWidth: Double) {
    let xTicks = x.ticks(length: frame.width, labelSize: Layout.tickSize).map {
      (tick: $0, position: frame.x + x.fraction($0.value) * frame.width)
    }
    let yTicks = yTicks(height: frame.height).map {
      (tick: $0, position: frame.bottom - y.fraction($0.value) * frame.height)
    }
    var (grid, marks) = ("", "M\(point(frame.x, frame.y))V\(frame.bottom.svgText)H\(frame.right.svgText)")
    for (tick, position) in xTicks {
      let isMajor = !tick.label.isEmpty
      if isMajor { grid += "M\(point(position, frame.y))V\(frame.bottom.svgText)" }
      marks += "M\(point(position, frame.bottom))v\(isMajor ? 5 : 3)"
    }
    for (tick, position) in yTicks {
      let isMajor = !tick.label.isEmpty
      if isMajor { grid += "M\(point(frame.x, position))H\(frame.right.svgText)" }
      marks += "M\(point(frame.x, position))h-\(isMajor ? 5 : 3)"
    }
    svg.element("path", ["d": grid, "fill": "none", "stroke": "#e4e4e4"])
    svg.element("path", ["d": marks, "fill": "none", "stroke": "#4d4d4d"])
    svg.element("g", ["font-size": Layout.tickSize, "fill": "#404040", "text-anchor": "middle"]) { svg in
      for (tick, position) in xTicks where labelsX && !tick.label.isEmpty {
        let reach = TextMetrics.width(tick.label, size: Layout.tickSize) / 2 + 3
        let x = max(min(position, figureWidth - reach), reach)
        svg.element("text", ["x": x, "y": frame.bottom + 17], text: tick.label)
      }
    }
    svg.element("g", ["font-size": Layout.tickSize, "fill": "#404040", "text-anchor": "end"]) { svg in
      for (tick, position) in yTicks where !tick.label.isEmpty {
        svg.element("text", ["x": frame.x - 8, "y": position + 4], text: tick.label)
      }
    }
    if labelsX {
      label(panel.x.label, on: &svg, x: frame.x + frame.width / 2, y: frame.bottom + 37, room: frame.width, angle: 0)
    }
    label(
      panel.y.label, on: &svg, x: frame.left + 11, y: frame.y + frame.height / 2, room: frame.height, angle: -90)
  }

  private func label(
    _ text: String, on svg: inout SVGDocument, x: Double, y: Double, room: Double, angle: Int
  ) {
    let shrunk = Layout.labelSize * min(1, room / max(TextMetrics.width(text, size: Layout.labelSize), 1))
    let size = max(shrunk, 9)
    svg.element(
      "text",
      [
        "x": x, "y": y, "font-size": size, "fill": "#1a1a1a", "text-anchor": "middle",
        "transform": "rotate(\(angle) \(point(x, y)))",
      ], text: TextMetrics.truncated(text, size: size, to: room))
  }

  private func drawReferences(on svg: inout SVGDocument, in frame: Frame) {
    for (index, reference) in panel.references.enumerated() {
      let path: String
      switch reference.line {
      case .horizontal(let value):
        guard panel.y.accepts(value) else { continue }
        path = "M\(point(frame.x, frame.bottom - y.fraction(value) * frame.height))H\(frame.right.svgText)"
      case .vertical(let value):
        guard panel.x.accepts(value) else { continue }
        path = "M\(point(frame.x + x.fraction(value) * frame.width, frame.y))V\(frame.bottom.svgText)"
      case .identity:
        // Straight in data space, hence curved where only one axis is logarithmic.
        let places = (0...100).map { x.value(at: Double($0) / 100) }
        path = linePath(places.map { Series.Point($0, $0) }, in: frame)
      }
      svg.element(
        "path",
        [
          "d": path, "fill": "none", "stroke": ChartStyle.referenceColor, "stroke-width": 1.2,
          "stroke-dasharray": ChartStyle.referenceDash(index),
        ])
    }
  }

  private func drawLine(of index: Int, on svg: inout SVGDocument, in frame: Frame) {
    let series = panel.series[index]
    svg.element(
      "path",
      [
        "d": linePath(series.points, in: frame), "fill": "none", "stroke": ChartStyle.color(panel, index),
        "stroke-width": 2.0, "stroke-linejoin": "round", "stroke-linecap": "round",
        "stroke-dasharray": ChartStyle.dash(panel, index),
      ])
    // A point between two gaps has no line to show it, and many markers would hide the line.
    let isMarked = series.style == .markedLine && series.points.count <= 60
    let marked = isMarked ? series.points : runs(series.points).filter { $0.count == 1 }.flatMap(\.self)
    drawMarkers(Array(marked.prefix(Figure.pointLimit)), of: index, on: &svg, in: frame)
  }

  private func drawMarkers(_ points: [Series.Point], of index: Int, on svg: inout SVGDocument, in frame: Frame) {
    guard !points.isEmpty else { return }
    let opacity = panel.series[index].style != .points ? 1 : points.count > 500 ? 0.35 : points.count > 100 ? 0.55 : 0.8
    svg.element("g", ["fill": ChartStyle.color(panel, index), "fill-opacity": opacity]) { svg in
      for place in points.compactMap({ position(of: $0, in: frame) }) {
        ChartStyle.drawMarker(ChartStyle.marker(panel, index), on: &svg, x: place.x, y: place.y)
      }
    }
  }

  // MARK: Geometry

  private func position(of point: Series.Point, in frame: Frame) -> (x: Double, y: Double)? {
    guard panel.x.accepts(point.x), panel.y.accepts(point.y) else { return nil }
    return (frame.x + x.fraction(point.x) * frame.width, frame.bottom - y.fraction(point.y) * frame.height)
  }

  /// The points that belong together, between those that have no place on the axes.
  private func runs(_ points: [Series.Point]) -> [ArraySlice<Series.Point>] {
    points.split { !panel.x.accepts($0.x) || !panel.y.accepts($0.y) }
  }

  /// The path through the points, interrupted where one has no place on the axes.
  private func linePath(_ points: [Series.Point], in frame: Frame) -> String {
    runs(points).map { run in
      let places = thinned(run.compactMap { position(of: $0, in: frame) })
      return "M" + places.map { point($0.x, $0.y) }.joined(separator: "L")
    }.joined()
  }

  /// The first, lowest, highest and last point of each column of pixels, which draw the same line as all of them.
  private func thinned(_ places: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard places.count > 4 * Figure.pointLimit else { return places }
    var kept: [Int] = []
    var start = 0
    while start < places.count {
      let column = places[start].x.rounded(.down)
      let end = places[start...].firstIndex { $0.x.rounded(.down) != column } ?? places.count
      let low = (start..<end).min { places[$0].y < places[$1].y } ?? start
      let high = (start..<end).max { places[$0].y < places[$1].y } ?? start
      kept += Set([start, low, high, end - 1]).sorted()
      start = end
    }
    // Only a line that keeps turning back still has this many.
    return Series.sampledIndices(kept.count, limit: 10 * Figure.pointLimit).map { places[kept[$0]] }
  }

  private func point(_ x: Double, _ y: Double) -> String { "\(x.svgText) \(y.svgText)" }
}
