/// Estimates of how much room text takes.
///
/// The font that a viewer picks is unknown, so the estimates follow DejaVu Sans, the widest of the likely ones.
package enum TextMetrics {
  package static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
    let ems = text.unicodeScalars.reduce(0.0) { sum, scalar in
      switch scalar {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ": sum + 0.34
      case "f", "r", "t", "(", ")", "[", "]", "/", "⁰"..."⁹", "⁻": sum + 0.42
      case "m", "w", "M", "W", "@", "%": sum + 0.96
      case "A"..."Z", "−", "=", "+", "<", ">", "×": sum + 0.75
      case "\u{1100}"...: sum + 1
      default: sum + 0.63
      }
    }
    return ems * size * (bold ? 1.12 : 1)
  }

  /// The text, cut with an ellipsis where it is wider than `limit`.
  package static func truncated(_ text: String, size: Double, bold: Bool = false, to limit: Double) -> String {
    guard width(text, size: size, bold: bold) > limit else { return text }
    var room = limit - width("…", size: size, bold: bold)
    let kept = text.prefix { character in
      room -= width(String(character), size: size, bold: bold)
      return room >= 0
    }
    return kept + "…"
  }

  /// The text in lines no wider than `limit`, the last of `maximumLines` cut where the text is longer still.
  package static func wrapped(
    _ text: String, size: Double, bold: Bool = false, to limit: Double, maximumLines: Int
  ) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      let extended = (lines.last.map { $0 + " " } ?? "") + word
      let fits = width(extended, size: size, bold: bold) <= limit
      if lines.isEmpty || fits || lines.count == maximumLines {
        lines[max(lines.count - 1, 0)..<lines.count] = [extended]
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { truncated($0, size: size, bold: bold, to: limit) }
  }
}
