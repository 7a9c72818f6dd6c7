/// Colours, dashes and markers, so that series differ in more than their colour.
enum ChartStyle {
  enum Marker: Int, CaseIterable { case disc, triangle, square, diamond }

  static let referenceColor = "#6e6e6e"

  /// The palette of Okabe and Ito, which the colour-blind can tell apart, without its yellow, too pale on white.
  private static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
  /// Round caps add a line's width to each dash, so a dot is a dash of almost no length.
  private static let dashes = ["none", "7 5", "0.1 4", "8 4.5 0.1 4.5"]
  private static let referenceDashes = ["5 4", "2 3", "10 4", "10 3 2 3"]

  static func color(_ panel: Panel, _ index: Int) -> String {
    cycled(palette, panel.series[index].color ?? index)
  }

  static func dash(_ panel: Panel, _ index: Int) -> String {
    let earlier = panel.series[..<index].count { $0.style != .points }
    return cycled(dashes, panel.series[index].dash?.rawValue ?? earlier)
  }

  static func marker(_ panel: Panel, _ index: Int) -> Marker {
    cycled(Marker.allCases, panel.series[..<index].count { $0.style != .line })
  }

  static func referenceDash(_ index: Int) -> String { cycled(referenceDashes, index) }

  static func drawMarker(_ marker: Marker, on svg: inout SVGDocument, x: Double, y: Double) {
    switch marker {
    case .disc: svg.element("circle", ["cx": x, "cy": y, "r": 3])
    case .triangle: svg.element("path", ["d": "M\(x.svgText) \((y - 4).svgText)l3.6 6.4h-7.2z"])
    case .square: svg.element("rect", ["x": x - 2.7, "y": y - 2.7, "width": 5.4, "height": 5.4])
    case .diamond: svg.element("path", ["d": "M\(x.svgText) \((y - 4).svgText)l4 4l-4 4l-4-4z"])
    }
  }

  private static func cycled<Element>(_ elements: [Element], _ index: Int) -> Element {
    elements[Int(index.magnitude % UInt(elements.count))]
  }
}
