import TextTable

/// What a command prints for a person to read.
struct TextReport {
  private(set) var text = ""

  /// Adds a table. `rightAligned` names the columns of numbers.
  mutating func addTable(_ titles: [String], rightAligned: Set<String> = [], rows: [[String]]) {
    // TextTable measures the widths over the rows and the titles; it needs at least one row.
    let table = TextTable<[String]> { cells in
      zip(titles, cells).map { Column(title: $0, value: $1, align: rightAligned.contains($0) ? .right : .left) }
    }
    let lines = (table.string(for: rows) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    let trimmed = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    text += trimmed.joined(separator: "\n")
  }

  /// Adds lines of the form `name: value`, with the values below each other.
  ///
  /// A name without a value is left out.
  mutating func addFacts(_ facts: [(name: String, value: String?)]) {
    let present = facts.compactMap { fact in fact.value.map { (name: fact.name + ":", value: $0) } }
    let width = present.map(\.name.count).max() ?? 0
    for (name, value) in present {
      text += name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
    }
  }

  /// Adds a line.
  mutating func addLine(_ line: String = "") { text += line + "\n" }
}
