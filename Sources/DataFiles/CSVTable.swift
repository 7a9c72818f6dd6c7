/// A CSV file of numbers with named columns, read whole.
///
/// A column that is never asked for may hold anything: the first cell that is not a finite number is remembered for each
/// column and reported when that column is asked for. A ragged row is an error in any case.
///
/// Numbers are decimal, with a point, in every locale. An empty cell, `inf` and `nan` are errors, because a missing value
/// has to be reported and not computed with.
package struct CSVTable: Sendable {
  /// Whether the first row of a file holds the names of the columns.
  package enum Header: Sendable, Hashable {
    /// The first row holds the names, whatever they look like.
    case required

    /// The first row holds names unless it looks like data: every cell is a number, blank, or one of the words `nan`,
    /// `inf`, `infinity` and `na` (with or without a sign, in upper or lower case), and not all cells are blank.
    /// The columns of such a file are named `column1`, `column2` and so on.
    case detected
  }

  /// The path that the table was read from, for messages about its contents.
  package let path: String

  /// The names, in the order of the file. A column whose name is blank is named by its place: `column1` if it is first.
  package let columnNames: [String]

  /// How many rows there are, the header apart; at least 1.
  package let rowCount: Int

  private let cells: [Double]
  private let firstBadCells: [Int: DataFileError]
  private let columnIndices: [String: Int]

  /// Reads the whole file.
  package init(contentsOf path: String, header: Header = .required) throws(DataFileError) {
    let file = try MappedFile(path: path)
    let (names, indices, contents) = try withExtendedLifetime(file) {
      () throws(DataFileError) -> ([String], [String: Int], CSVContents) in
      var scanner = try CSVScanner(file.bytes, path: path)
      guard scanner.byteCount > 0 else { throw .emptyFile(path: path) }
      let names = try readColumnNames(from: &scanner, header: header)
      let indices = try indexed(names, path: path)
      guard !scanner.isAtEnd else { throw .noRows(path: path) }
      return (names, indices, try CSVContents(from: &scanner, columnNames: names, path: path))
    }
    self.path = path
    columnNames = names
    columnIndices = indices
    rowCount = contents.rowCount
    cells = contents.cells
    firstBadCells = contents.firstBadCells
  }

  /// The numbers of a column, from the first row to the last.
  package func column(named name: String) throws(DataFileError) -> [Double] {
    try matrix(ofColumns: [name])
  }

  /// The numbers of some columns as a row-major matrix of `rowCount` rows and `names.count` columns, in the order named.
  package func matrix(ofColumns names: [String]) throws(DataFileError) -> [Double] {
    let indices = try names.map { name throws(DataFileError) in try index(ofColumn: name) }
    let bad = indices.filter { firstBadCells[$0] != nil }
    // The column that comes first in the file is reported, so that the message does not depend on the caller's order.
    if let error = bad.min().flatMap({ firstBadCells[$0] }) { throw error }
    let columnCount = columnNames.count
    if indices == Array(0..<columnCount) { return cells }
    var result: [Double] = []
    result.reserveCapacity(rowCount * indices.count)
    for row in 0..<rowCount {
      for index in indices { result.append(cells[row * columnCount + index]) }
    }
    return result
  }

  /// The place of a column, counted from 0.
  package func index(ofColumn name: String) throws(DataFileError) -> Int {
    guard let index = columnIndices[name] else {
      throw .unknownColumn(path: path, name: name, available: columnNames)
    }
    return index
  }
}

private func indexed(_ names: [String], path: String) throws(DataFileError) -> [String: Int] {
  var indices: [String: Int] = [:]
  for (index, name) in names.enumerated() {
    if let first = indices.updateValue(index, forKey: name) {
      throw .duplicateColumn(path: path, name: name, first: first + 1, second: index + 1)
    }
  }
  return indices
}
