/// The text in single quotes, fit for one line of a terminal.
///
/// Line breaks and other control characters from a data file are escaped, so that a file can neither break a message
/// into several lines nor send commands to the terminal. Long texts are cut.
package func quoted(_ text: String, limit: Int = 200) -> String {
  var result = "'"
  var length = 0
  for scalar in text.unicodeScalars {
    guard length < limit else {
      result += "…"
      break
    }
    length += 1
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator:
      result += scalar.escaped(asASCII: true)
    default:
      result.unicodeScalars.append(scalar)
    }
  }
  return result + "'"
}
