/// A value that can stand in an SVG attribute.
package protocol SVGValue {
  var svgText: String { get }
}

extension String: SVGValue {
  package var svgText: String { escapedForXML }
}

extension Int: SVGValue {
  package var svgText: String { String(self) }
}

extension Double: SVGValue {
  /// The number rounded to two decimals, without trailing zeros.
  ///
  /// Renderers hold coordinates in single precision or fixed point, so the magnitude is capped at a million.
  package var svgText: String {
    let hundredths = isNaN ? 0 : Int((Swift.min(Swift.max(self, -1e6), 1e6) * 100).rounded())
    let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let fraction = part == 0 ? "" : part % 10 == 0 ? ".\(part / 10)" : part < 10 ? ".0\(part)" : ".\(part)"
    return (hundredths < 0 ? "-" : "") + "\(whole)" + fraction
  }
}

extension String {
  /// The text with XML's reserved characters escaped and the characters that XML 1.0 forbids replaced.
  package var escapedForXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped += " "
      case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// A writer of SVG elements that escapes everything it is given.
package struct SVGDocument: Sendable {
  package private(set) var text = ""

  package init() {}

  package mutating func element(_ name: String, _ attributes: KeyValuePairs<String, any SVGValue>) {
    text += tag(name, attributes) + "/>\n"
  }

  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, any SVGValue> = [:], text content: String
  ) {
    text += tag(name, attributes) + ">\(content.escapedForXML)</\(name)>\n"
  }

  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, any SVGValue>, children: (inout SVGDocument) -> Void
  ) {
    text += tag(name, attributes) + ">\n"
    children(&self)
    text += "</\(name)>\n"
  }

  private func tag(_ name: String, _ attributes: KeyValuePairs<String, any SVGValue>) -> String {
    "<" + name + attributes.map { " \($0.key)=\"\($0.value.svgText)\"" }.joined()
  }
}
