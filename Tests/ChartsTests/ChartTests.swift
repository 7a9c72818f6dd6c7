import Charts
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of an SVG document and the text of all of them; `nil` where the document is not well-formed.
private final class ParsedSVG: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var text = ""

  init?(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func count(_ name: String) -> Int { elements.count { $0.name == name } }
}

private func figure(_ series: [Series], x: Axis = Axis("x"), y: Axis = Axis("y")) -> Figure {
  Figure(title: "Figure", panels: [Panel(x: x, y: y, series: series)])
}

/// The path data of the lines, which are wider than everything else.
private func linePaths(_ figure: Figure) throws -> [String] {
  let parsed = try #require(ParsedSVG(figure.svg))
  return parsed.elements.filter { $0.attributes["stroke-width"] == "2" }.compactMap { $0.attributes["d"] }
}

@Suite struct TickTests {
  @Test(
    arguments: [
      (0.0, 1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (-3, 3, 6, ["−3", "−2", "−1", "0", "1", "2", "3"]),
      (0, 0.3, 3, ["0.0", "0.1", "0.2", "0.3"]),
      (0.26, 0.34, 8, ["0.26", "0.27", "0.28", "0.29", "0.30", "0.31", "0.32", "0.33", "0.34"]),
      (-0.5, 0.5, 2, ["−0.5", "0.0", "0.5"]),
      (0, 3_000, 3, ["0", "1,000", "2,000", "3,000"]),
      (0, 1_500_000, 3, ["0", "500,000", "1,000,000", "1,500,000"]),
      (0, 3e9, 3, ["0", "1×10⁹", "2×10⁹", "3×10⁹"]),
      (0, 1.5e9, 3, ["0", "0.5×10⁹", "1.0×10⁹", "1.5×10⁹"]),
      (-2e-12, 1e-12, 3, ["−2×10⁻¹²", "−1×10⁻¹²", "0", "1×10⁻¹²"]),
      (1e9, 1e9 + 2, 2, ["1,000,000,000", "1,000,000,001", "1,000,000,002"]),
      (0, 4e-4, 4, ["0", "1×10⁻⁴", "2×10⁻⁴", "3×10⁻⁴", "4×10⁻⁴"]),
      (0.001, 0.003, 2, ["0.001", "0.002", "0.003"]),
    ] as [(Double, Double, Int, [String])])
  func linearLabels(low: Double, high: Double, count: Int, labels: [String]) {
    #expect(Ticks.linear(low, high, count: count).map(\.label) == labels)
  }

  @Test(
    arguments: [
      (0.1, 0.7), (-1e-300, 1e-290), (-1e300, 1e300), (1e15, 1e15 + 64), (-7.3, -7.2), (3, 1e12), (0, 1e-12), (-40, 2),
    ] as [(Double, Double)])
  func linearTicksAreEvenlySpacedMultiplesWithinTheRange(low: Double, high: Double) throws {
    for count in 3...12 {
      let ticks = Ticks.linear(low, high, count: count)
      #expect((2...(2 * count)).contains(ticks.count), "\(count) ticks asked for, \(ticks.count) given")
      let slack = (high - low) * 1e-6
      #expect(ticks.allSatisfy { low - slack <= $0.value && $0.value <= high + slack })
      #expect(Set(ticks.map(\.label)).count == ticks.count)
      let steps = zip(ticks, ticks.dropFirst()).map { $1.value - $0.value }
      let step = try #require(steps.first)
      #expect(steps.allSatisfy { abs($0 - step) <= step * 1e-2 })
      let mantissa = step / pow(10, log10(step).rounded(.down))
      #expect([1, 2, 5, 10].contains { abs(mantissa - $0) < 0.02 })
    }
  }

  @Test(arguments: [(0.0, 3.0), (0, 1), (5, 6.5), (0, 99), (0, 9e5)] as [(Double, Double)])
  func wholeNumbersHaveNoFractions(low: Double, high: Double) {
    let ticks = Ticks.linear(low, high, count: 8, wholeNumbers: true)
    #expect(!ticks.isEmpty)
    #expect(ticks.allSatisfy { $0.value == $0.value.rounded() && !$0.label.contains(".") })
  }

  @Test(
    arguments: [
      (-2.0, 2.0, 5, ["0.01", "0.1", "1", "10", "100"]),
      (-12, 0, 4, ["10⁻¹²", "10⁻⁸", "10⁻⁴", "10⁰"]),
      (3, 7, 9, ["10³", "10⁴", "10⁵", "10⁶", "10⁷"]),
      (-0.7, 0.35, 5, ["0.2", "0.5", "1", "2"]),
      (0.31, 0.47, 4, ["2.2", "2.4", "2.6", "2.8"]),
    ] as [(Double, Double, Int, [String])])
  func logarithmicLabels(low: Double, high: Double, count: Int, labels: [String]) {
    #expect(Ticks.logarithmic(low, high, count: count).map(\.label).filter { !$0.isEmpty } == labels)
  }

  @Test(
    arguments: [
      (0.0, 0.0), (1, 0), (.nan, 1), (0, .infinity), (-.infinity, .infinity), (1e300, 1e300), (1e300, 1e300.nextUp),
      (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
    ] as [(Double, Double)])
  func unusableRangesHaveNoTicks(low: Double, high: Double) {
    #expect(Ticks.linear(low, high, count: 5).isEmpty)
    #expect(Ticks.logarithmic(low, high, count: 5).isEmpty)
  }

  @Test(arguments: [0.3, -7, 0, 1e-12, 1e9, 1e300, 1e-300])
  func aConstantIsShownInTheMiddle(value: Double) {
    let domain = Axis("").domain(of: [value, value])
    #expect(domain.low < value && value < domain.high)
    #expect(abs(domain.fraction(value) - 0.5) < 1e-6)
    #expect(domain.ticks(count: 5).count >= 2)
  }

  @Test func domainSkipsValuesWithoutAPlace() {
    let values: [Double] = [.nan, 2, .infinity, 4, -.infinity, .greatestFiniteMagnitude]
    #expect(Axis("").domain(of: values) == Axis("", range: 2...4).domain(of: []))
    #expect(
      Axis("", scale: .logarithmic).domain(of: [-1, 0, 2, 4, .nan])
        == Axis("", scale: .logarithmic, range: 2...4).domain(of: []))
    #expect(Axis("", range: -.infinity ... .infinity).domain(of: [2, 4]) == Axis("").domain(of: [2, 4]))
  }
}

@Suite struct SVGTextTests {
  @Test(
    arguments: [
      (0.0, "0"), (-0.001, "0"), (1, "1"), (1.5, "1.5"), (0.1 + 0.2, "0.3"), (-12.346, "-12.35"), (0.05, "0.05"),
      (.nan, "0"), (.infinity, "1000000"), (-1e30, "-1000000"),
    ] as [(Double, String)])
  func numbersHaveTwoDecimals(number: Double, text: String) {
    #expect(number.svgText == text)
  }

  @Test func reservedAndForbiddenCharactersAreReplaced() {
    #expect("a<b> & \"c\" 'd'\n\u{1}é−".escapedForXML == "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; \u{FFFD}é−")
  }

  @Test func anyTextSurvivesTheDocument() throws {
    let text = "ℓ(y) < 1 & \"q\" > 'r' ]]>"
    let panel = Panel(
      title: text + "p", x: Axis(text + "x"), y: Axis(text + "y"), series: [Series(text + "s", values: [1, 2])],
      references: [.horizontal(1, text + "r")])
    var figure = Figure(title: text + "t", subtitle: text + "u", panels: [panel])
    figure.identifier = "<\"&"
    let parsed = try #require(ParsedSVG(figure.svg))
    for suffix in ["p", "x", "y", "s", "r", "t", "u"] {
      #expect(parsed.text.contains(text + suffix))
    }
  }

  @Test func longTextStaysWithinTheFigure() throws {
    let text = String(repeating: "long words ", count: 60)
    let panel = Panel(title: text, x: Axis(text), y: Axis(text), series: [Series(text, values: [1, 2])])
    let figure = Figure(title: text, subtitle: text, panels: [panel])
    let body = try #require(figure.svg.split(separator: "</desc>").last)
    for line in body.split(separator: "\n") where line.contains("<text") {
      let content = try #require(line.split(separator: ">").dropFirst().first?.split(separator: "<").first)
      #expect(TextMetrics.width(String(content), size: 9) < figure.width)
    }
    let bold = try #require(ParsedSVG(figure.svg)).elements.count { $0.attributes["font-weight"] == "bold" }
    #expect(bold == 4, "three lines of the figure's title and one of the panel's")
    let lines = TextMetrics.wrapped(text, size: 12, to: 200, maximumLines: 3)
    #expect(lines.count == 3 && lines[0].hasPrefix("long words") && lines[2].hasSuffix("…"))
    #expect(lines.allSatisfy { TextMetrics.width($0, size: 12) <= 200 })
  }
}

@Suite struct FigureTests {
  @Test func theRootNamesItselfAndItsSize() throws {
    var figure = figure([Series("squares", values: [0, 1, 4])])
    figure.identifier = "f1"
    let parsed = try #require(ParsedSVG(figure.svg))
    let root = try #require(parsed.elements.first)
    #expect(root.name == "svg")
    #expect(root.attributes["viewBox"] == "0 0 720 480")
    #expect(root.attributes["role"] == "img")
    #expect(root.attributes["aria-labelledby"] == "f1-title f1-desc")
    #expect(parsed.count("title") == 1 && parsed.count("desc") == 1)
    #expect(parsed.text.contains("y against x: squares."))
  }

  @Test func theSameFigureIsTheSameText() {
    func make() -> String {
      let x = (0..<5_000).map { sin(Double($0)) }
      return figure([.strip("a", x: x, at: 0), .strip("b", x: x, at: 1), Series("c", values: x)]).svg
    }
    #expect(make() == make())
  }

  @Test(
    arguments: [
      [], [.nan], [1e9], [0.3, 0.3, 0.3], [.nan, 1, .infinity, 2, -.infinity], [1e-12, 3e-12], [-1e300, 1e300],
      [.leastNonzeroMagnitude, 2 * .leastNonzeroMagnitude], [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
      [0, -1], [1, .nan, 2, .nan, 3],
    ] as [[Double]])
  func anyDataMakesAWellFormedDocument(values: [Double]) throws {
    let scales = [Axis.Scale.linear, .integer, .logarithmic]
    for (x, y) in scales.flatMap({ x in scales.map { (x, $0) } }) {
      let series = [Series.Style.line, .points, .markedLine].map { style in
        Series("s", zip(values, values.reversed()).map(Series.Point.init), style: style)
      }
      var panel = Panel(
        x: Axis("x", scale: x), y: Axis("y", scale: y), series: series,
        references: [.identity("i"), .horizontal(.nan), .vertical(-1)])
      for equatesAxes in [false, true] {
        panel.equatesAxes = equatesAxes
        for arrangement in [Figure.Arrangement.stacked, .stackedSharingX, .sideBySide] {
          let svg = Figure(title: "", panels: [panel, panel], arrangement: arrangement).svg
          #expect(ParsedSVG(svg) != nil)
          #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
      }
    }
  }

  @Test(arguments: [0, -5, .nan, .infinity, 1e-9, 1e300] as [Double])
  func anySizeMakesAWellFormedDocument(size: Double) {
    var figure = figure([Series("s", values: [1, 2])])
    (figure.width, figure.height) = (size, size)
    #expect(ParsedSVG(figure.svg) != nil)
    figure.panels = []
    #expect(ParsedSVG(figure.svg) != nil)
  }

  @Test func aPanelWithoutDataSaysSo() {
    #expect(figure([]).svg.contains("no data"))
    #expect(figure([Series(nil, values: [.nan])]).svg.contains("no data"))
    #expect(!figure([Series(nil, values: [1])]).svg.contains("no data"))
  }

  @Test func dataIsClippedToItsOwnFrame() throws {
    let panel = Panel(x: Axis("x"), y: Axis("y", range: 0...1), series: [Series(nil, values: [0, 1e9, -1e9])])
    let parsed = try #require(ParsedSVG(Figure(title: "", panels: [panel, panel]).svg))
    let clips = parsed.elements.filter { $0.name == "clipPath" }.compactMap { $0.attributes["id"] }
    let uses = parsed.elements.compactMap { $0.attributes["clip-path"] }
    #expect(clips.count == 2 && Set(clips).count == 2)
    #expect(uses == clips.map { "url(#\($0))" })
  }

  @Test func pointsOutsideTheRangeAreLeftOutAndCounted() throws {
    let svg = figure([Series(nil, values: [0, 1, 5], style: .points)], y: Axis("y", range: 0...1)).svg
    #expect(try #require(ParsedSVG(svg)).count("circle") == 2)
    #expect(svg.contains("2 of 3 points shown"))
  }
}

@Suite struct SeriesTests {
  @Test func aJumpBreaksTheLine() throws {
    let sign = Series.curve(nil, over: -3...3, breaks: [0, 7]) { $0 < 0 ? -1 : 1 }
    #expect(sign.points.count { $0.y.isNaN } == 1)
    #expect(sign.points.allSatisfy { $0.x != 0 || $0.y.isNaN })
    let path = try #require(try linePaths(figure([sign])).first)
    let pieces = path.split(separator: "M")
    #expect(pieces.count == 2)
    for piece in pieces {
      let heights = Set(piece.split(separator: "L").compactMap { $0.split(separator: " ").last })
      #expect(heights.count == 1, "a slanted line across the jump")
    }
  }

  @Test func theSidesOfABreakDifferInSinglePrecision() {
    let curve = Series.curve(nil, over: -3...3, breaks: [1]) { Float($0) < 1 ? 0 : Float($0) > 1 ? 1 : 9 }
    #expect(curve.points.allSatisfy { $0.y != 9 })
  }

  @Test(arguments: [(0, 0), (5, 5), (2_000, 2_000), (2_001, 2_000), (1_000_000, 2_000)])
  func atMostTwoThousandPointsAreDrawn(count: Int, drawn: Int) throws {
    let values = (0..<count).map { Double($0 % 17) }
    let svg = figure([Series(nil, values: values, style: .points)]).svg
    #expect(try #require(ParsedSVG(svg)).count("circle") == drawn)
    #expect(svg.contains("points shown") == (count > drawn))
    #expect(count < 1_000_000 || svg.contains("2,000 of 1,000,000 points shown"))
  }

  @Test(arguments: [(10, 3), (1_001, 1_000), (999_983, 2_000), (7, 0), (0, 5), (3, 10)])
  func sampledIndicesAreSpreadOut(count: Int, limit: Int) {
    let indices = Series.sampledIndices(count, limit: limit)
    #expect(indices.count == min(count, limit))
    #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
    #expect(indices.allSatisfy { (0..<max(count, 1)).contains($0) })
    let block = limit > 0 ? count / limit + 1 : count
    #expect(zip(indices, indices.dropFirst()).allSatisfy { $1 - $0 <= 2 * block })
  }

  @Test func aLongLineIsThinnedButKeepsItsExtremes() throws {
    var values = [Double](repeating: 0, count: 300_000)
    values[123_457] = 1
    let path = try #require(try linePaths(figure([Series(nil, values: values)])).first)
    let heights = path.dropFirst().split(separator: "L").compactMap { $0.split(separator: " ").last }
      .compactMap { Double($0) }
    #expect(heights.count < 4_000)
    let low = try #require(heights.max())
    let high = try #require(heights.min())
    #expect(low - high > 300)
  }

  @Test func aPointBetweenGapsIsMarked() throws {
    let parsed = try #require(ParsedSVG(figure([Series(nil, values: [1, .nan, 2, 3])]).svg))
    #expect(parsed.count("circle") == 1)
  }

  @Test func aStripStaysWithinItsSpread() {
    let strip = Series.strip(nil, x: (0..<1_000).map(Double.init), at: 1, spread: 0.1)
    #expect(strip.points.allSatisfy { abs($0.y - 1) <= 0.1 })
    #expect(Set(strip.points.map(\.y)).count > 900)
  }

  @Test func linesDifferInColorAndDash() throws {
    let series = (0..<4).map { Series("s\($0)", values: [Double($0), 1]) }
    let parsed = try #require(ParsedSVG(figure(series).svg))
    let lines = parsed.elements.filter { $0.attributes["stroke-width"] == "2" }
    #expect(lines.count == 8, "four lines and their samples in the legend")
    #expect(Set(lines.compactMap { $0.attributes["stroke"] }).count == 4)
    #expect(Set(lines.compactMap { $0.attributes["stroke-dasharray"] }).count == 4)
  }
}
