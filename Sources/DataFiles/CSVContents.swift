/// The rows of a CSV file below its header.
struct CSVContents {
  /// Row-major; a cell is NaN from the first bad one of its column on.
  private(set) var cells: [Double] = []
  private(set) var rowCount = 0
  private(set) var firstBadCells: [Int: DataFileError] = [:]

  /// Reads to the end of the file.
  init(from scanner: inout CSVScanner, columnNames: [String], path: String) throws(DataFileError) {
    let columnCount = columnNames.count
    var isNumeric = [Bool](repeating: true, count: columnCount)
    let start = scanner.position
    while !scanner.isAtEnd {
      let line = scanner.line
      var column = 0
      var endsRecord = false
      while !endsRecord {
        let field = try scanner.nextField()
        endsRecord = field.endsRecord
        if column < columnCount {
          if isNumeric[column], let number = field.number {
            cells.append(number)
          } else {
            cells.append(.nan)
            if isNumeric[column] {
              isNumeric[column] = false
              firstBadCells[column] = .badCell(
                path: path, line: field.line, column: columnNames[column], number: column + 1, text: field.string)
            }
          }
        }
        column += 1
      }
      guard column == columnCount else {
        throw .raggedRow(path: path, line: line, found: column, expected: columnCount)
      }
      rowCount += 1
      if rowCount == 1 {
        // No overflow: a row has at least as many bytes as columns, so that this is at most the size of the file.
        let firstRowBytes = max(scanner.position - start, columnCount)
        cells.reserveCapacity(((scanner.byteCount - start) / firstRowBytes + 1) * columnCount)
      }
    }
  }
}
