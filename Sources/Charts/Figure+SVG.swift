extension Figure {
  /// The figure as the text of an SVG document.
  public var svg: String {
    let drawings = panelDrawings
    var document = SVGDocument()
    document.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(canvas.width.svgText) \(canvas.height.svgText)",
        "width": canvas.width, "height": canvas.height, "role": "img",
        "aria-labelledby": "\(identifier)-title \(identifier)-desc",
        "font-family": "'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif",
      ]
    ) { svg in
      svg.element("title", ["id": "\(identifier)-title"], text: title)
      svg.element("desc", ["id": "\(identifier)-desc"], text: summary ?? generatedSummary)
      svg.element("rect", ["width": canvas.width, "height": canvas.height, "fill": "#ffffff"])
      var y = draw(titleLines, on: &svg, below: Layout.margin, size: Layout.titleSize, bold: true)
      y = draw(subtitleLines(drawings), on: &svg, below: y, size: Layout.subtitleSize, bold: false)
      for (index, (drawing, frame)) in zip(drawings, frames(drawings, below: y + 4)).enumerated() {
        drawing.draw(on: &svg, in: frame, clip: "\(identifier)-clip\(index)", figureWidth: canvas.width)
      }
    }
    return document.text
  }

  /// The size within bounds that leave room for a frame and make no number too large to print.
  private var canvas: (width: Double, height: Double) {
    (width.isFinite ? min(max(width, 160), 10_000) : 720, height.isFinite ? min(max(height, 120), 10_000) : 480)
  }

  private var contentWidth: Double { canvas.width - 2 * Layout.margin }

  private var titleLines: [String] {
    TextMetrics.wrapped(title, size: Layout.titleSize, bold: true, to: contentWidth, maximumLines: 3)
  }

  private func subtitleLines(_ drawings: [PanelDrawing]) -> [String] {
    let (shown, total) = drawings.reduce((0, 0)) { ($0.0 + $1.shownPoints, $0.1 + $1.totalPoints) }
    let note = shown < total ? "\(Ticks.grouped(shown)) of \(Ticks.grouped(total)) points shown" : nil
    let text = [subtitle, note].compactMap(\.self).joined(separator: " · ")
    return TextMetrics.wrapped(text, size: Layout.subtitleSize, to: contentWidth, maximumLines: 2)
  }

  private var generatedSummary: String {
    let sentences = panels.map { panel in
      let names = panel.series.compactMap(\.name) + panel.references.compactMap(\.name)
      let content = names.isEmpty ? "." : ": \(names.joined(separator: ", "))."
      return [panel.title, "\(panel.y.label) against \(panel.x.label)\(content)"].compactMap(\.self)
        .joined(separator: ": ")
    }
    return ([subtitle] + sentences).compactMap(\.self).joined(separator: " ")
  }

  private func draw(
    _ lines: [String], on svg: inout SVGDocument, below top: Double, size: Double, bold: Bool
  ) -> Double {
    for (index, line) in lines.enumerated() {
      svg.element(
        "text",
        [
          "x": Layout.margin, "y": top + size * (0.9 + 1.3 * Double(index)), "font-size": size,
          "font-weight": bold ? "bold" : "normal", "fill": bold ? "#1a1a1a" : "#5c5c5c",
        ], text: line)
    }
    return lines.isEmpty ? top : top + size * 1.3 * Double(lines.count) + 2
  }

  private var panelDrawings: [PanelDrawing] {
    let sharesX = arrangement == .stackedSharingX
    let columns = arrangement == .sideBySide ? Double(max(panels.count, 1)) : 1
    let width = (contentWidth - Layout.gap * (columns - 1)) / columns
    let padding = panels.map(\.xPadding).max() ?? 0
    let shared = sharesX ? panels.first?.x.domain(of: panels.flatMap(\.xValues), padding: padding) : nil
    return panels.enumerated().map { index, panel in
      PanelDrawing(panel, x: shared, labelsX: !sharesX || index == panels.count - 1, width: width)
    }
  }

  /// The rectangles between the axes, aligned with one another.
  private func frames(_ drawings: [PanelDrawing], below top: Double) -> [Frame] {
    let bottom = canvas.height - Layout.margin
    let count = Double(max(drawings.count, 1))
    if arrangement == .sideBySide {
      let cell = (contentWidth - Layout.gap * (count - 1)) / count
      let above = drawings.map(\.heightAbove).max() ?? 0
      let frameHeight = max(bottom - top - above - (drawings.map(\.heightBelow).max() ?? 0), 20)
      return drawings.enumerated().map { index, drawing in
        let left = drawing.widthLeft(height: frameHeight)
        let x = Layout.margin + Double(index) * (cell + Layout.gap) + left
        return Frame(
          left: x - left, top: top, x: x, y: top + above, width: max(cell - left - Layout.right, 20),
          height: frameHeight)
      }
    }
    let chrome = drawings.reduce(0) { $0 + $1.heightAbove + $1.heightBelow } + Layout.gap * (count - 1)
    let frameHeight = max((bottom - top - chrome) / count, 20)
    let left = drawings.map { $0.widthLeft(height: frameHeight) }.max() ?? 0
    var y = top
    return drawings.map { drawing in
      defer { y += drawing.heightAbove + frameHeight + drawing.heightBelow + Layout.gap }
      return Frame(
        left: Layout.margin, top: y, x: Layout.margin + left, y: y + drawing.heightAbove,
        width: max(contentWidth - left - Layout.right, 20), height: frameHeight)
    }
  }
}

/// Sizes in pixels that the parts of a figure share.
enum Layout {
  static let margin = 16.0
  static let gap = 14.0
  static let right = 14.0
  static let titleSize = 17.0
  static let subtitleSize = 12.5
  static let labelSize = 12.5
  static let tickSize = 11.5
}

/// The rectangle between the axes of a panel.
struct Frame {
  /// Where the panel itself begins, with its title, legend and labels.
  var left: Double
  var top: Double
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
}
