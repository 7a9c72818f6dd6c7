import Losses

extension DataFileError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  package var description: String {
    switch self {
    case .missingFile(let path):
      return "\(quoted(path)) does not exist; check the path"
    case .unreadableFile(let path, let reason):
      return "cannot read \(quoted(path)): \(reason); give the path of a readable file"
    case .unwritableFile(let path, let reason):
      return "cannot write \(quoted(path)): \(reason); check the output path"
    case .emptyFile(let path):
      return "\(quoted(path)) is empty; check the program that wrote it"
    case .noRows(let path):
      return "\(quoted(path)) has a header but no rows; add at least one row of numbers"
    case .malformedCSV(let path, let line, let problem):
      return "\(quoted(path)), line \(line): \(problem)"
    case .raggedRow(let path, let line, let found, let expected):
      return "\(quoted(path)), line \(line): found \(counted(found, "field")), expected \(expected) as in the first"
        + " row; put quotes around a field that contains a comma"
    case .badCell(let path, let line, let column, let number, let text):
      let found = text.isEmpty ? "the cell is empty" : "found \(quoted(text))"
      return "\(quoted(path)), line \(line), column \(quoted(column)) (number \(number)): \(found),"
        + " expected a finite number; correct the cell or remove the row"
    case .unknownColumn(let path, let name, let available):
      let start = "\(quoted(path)) has no column \(quoted(name)); "
      let rest = "its columns are \(listed(available))"
      guard let nearest = nearestName(to: name, among: available) else { return start + rest }
      return start + "did you mean \(quoted(nearest))? (\(rest))"
    case .duplicateColumn(let path, let name, let first, let second):
      return "\(quoted(path)), line 1: columns \(first) and \(second) are both named \(quoted(name)); rename one"
    case .npy(let path, let problem):
      return "\(quoted(path)): \(problem)"
    }
  }
}

/// At most this many names are shown: a wide table has more columns than a message has room for.
private let shownNameLimit = 20

private func listed(_ names: [String]) -> String {
  let shown = names.prefix(shownNameLimit).map { quoted($0) }.joined(separator: ", ")
  let hidden = names.count - shownNameLimit
  return hidden > 0 ? "\(shown) and \(hidden) more" : shown
}

/// `1 field`, `2 fields`.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
