import DataFiles
import TestSupport
import Testing

@Suite struct CSVErrorTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// The text, and what the message says after the path.
  static let unreadableTables: [(String, String)] = [
    ("", " is empty; check the program that wrote it"),
    ("\u{FEFF}\n\r\n ", " is empty; check the program that wrote it"),
    ("a,b\n", " has a header but no rows; add at least one row of numbers"),
    ("a,b", " has a header but no rows; add at least one row of numbers"),
    ("a,b\n1,2\n3\n", ", line 3: found 1 field, expected 2 as in the first row"),
    ("a,b\r\n1,2,3\r\n", ", line 2: found 3 fields, expected 2 as in the first row"),
    ("a,b\n1,2\n\n3,4\n", ", line 3: found 1 field, expected 2"),
    ("\"a\nb\r\nc\",d\n1,2\n3\n", ", line 5: found 1 field, expected 2"),
    ("a,a\n1,2\n", ", line 1: columns 1 and 2 are both named 'a'; rename one"),
    ("a,b, a \n1,2,3\n", ", line 1: columns 1 and 3 are both named 'a'; rename one"),
    ("a\n\"1\n", ", line 2: a quote is opened and never closed"),
    ("a\n1\n\"2\"3\n", ", line 3: text follows a closing quote"),
  ]

  @Test(arguments: unreadableTables)
  func unreadableTable(text: String, message: String) throws {
    let path = try directory.file("t.csv", text)
    let error = try #require(throws: DataFileError.self) { try CSVTable(contentsOf: path) }
    #expect(error.description.hasPrefix("'\(path)'" + message))
    #expect(!error.description.contains("\n"))
    #expect(error.kind == .badData)
  }

  @Test(arguments: [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61]] as [[UInt8]])
  func utf16(bytes: [UInt8]) throws {
    let path = try directory.file("t.csv", bytes)
    let error = try #require(throws: DataFileError.self) { try CSVTable(contentsOf: path) }
    #expect(error.description == "'\(path)', line 1: the text is UTF-16; save it as UTF-8")
  }

  @Test(
    arguments: [
      "abc", "1x", "x1", "1 2", "1,5", "nan", "NaN", "inf", "-inf", "Infinity", "0x10", "1e", "1e+", "e5", ".", "-",
      "+",
      "1..2", "--1", "1e5.5", "1_000", "1e400", "-1e400", "½", "1;2", "a\"b",
    ])
  func badCell(cell: String) throws {
    let quotedCell = cell.contains(",") ? "\"\(cell)\"" : cell
    let path = try directory.file("t.csv", "x,y\n1,2\n3,\(quotedCell)\n4,bad\n")
    let table = try CSVTable(contentsOf: path)
    let error = try #require(throws: DataFileError.self) { try table.column(named: "y") }
    #expect(error == .badCell(path: path, line: 3, column: "y", number: 2, text: cell))
    #expect(
      error.description
        == "'\(path)', line 3, column 'y' (number 2): found '\(cell)', expected a finite number;"
        + " correct the cell or remove the row")
    #expect(try table.column(named: "x") == [1, 3, 4])
  }

  @Test(arguments: [("x,y\n1,2\n3,\n", 3), ("x,y\n1,\"\"\n3,4", 2), ("y\n1\n\n2\n", 3), ("x,y\n\"1\n\",2\n3, \t", 4)])
  func emptyCell(text: String, line: Int) throws {
    let table = try CSVTable(contentsOf: directory.file("t.csv", text))
    let error = try #require(throws: DataFileError.self) { try table.column(named: "y") }
    #expect(
      error.description.contains(", line \(line), column 'y' (number \(table.columnNames.count)): the cell is empty"))
  }

  @Test func theFirstBadColumnOfTheFileIsReported() throws {
    let table = try CSVTable(contentsOf: directory.file("t.csv", "a,b\n1,q\np,2\n"))
    let error = try #require(throws: DataFileError.self) { try table.matrix(ofColumns: ["b", "a"]) }
    #expect(error.description.contains("column 'a' (number 1): found 'p'"))
  }

  @Test(
    arguments: [
      ("pric", "has no column 'pric'; did you mean 'price'? (its columns are 'price', 'area', 'y')"),
      ("pirce", "did you mean 'price'?"), ("PRICE", "did you mean 'price'?"), ("aera", "did you mean 'area'?"),
      ("colour", "has no column 'colour'; its columns are 'price', 'area', 'y'"), ("z", "'z'; its columns"),
      ("", "''; its columns"),
    ])
  func unknownColumn(name: String, message: String) throws {
    let table = try CSVTable(contentsOf: directory.file("t.csv", "price,area,y\n1,2,3\n"))
    let error = try #require(throws: DataFileError.self) { try table.column(named: name) }
    #expect(error.description.contains(message))
    #expect(error.kind == .badData)
  }

  @Test func longListsOfNamesAreCut() throws {
    let names = (1...30).map { "c\($0)" }.joined(separator: ",")
    let error = DataFileError.unknownColumn(
      path: "t.csv", name: "zzzz", available: names.split(separator: ",").map(String.init))
    #expect(error.description.hasSuffix("'c20' and 10 more"))
  }

  @Test func missingFile() throws {
    let path = directory.path("none.csv")
    let error = try #require(throws: DataFileError.self) { try CSVTable(contentsOf: path) }
    #expect(error.description == "'\(path)' does not exist; check the path")
    #expect(error.kind == .cannotRead)
  }

  @Test func unreadableFiles() throws {
    let below = try directory.file("t.csv", "y\n1") + "/below.csv"
    for (path, reason) in [
      (directory.path, "Is a directory"), (below, "Not a directory"), ("a\0b", "Invalid argument"),
    ] {
      let error = try #require(throws: DataFileError.self) { try CSVTable(contentsOf: path) }
      #expect(error == .unreadableFile(path: path, reason: reason))
      #expect(error.kind == .cannotRead)
    }
    #expect(
      DataFileError.unreadableFile(path: "p", reason: "Is a directory").description
        == "cannot read 'p': Is a directory; give the path of a readable file")
  }

  @Test func messagesShowControlCharactersEscapedAndCutLongTexts() {
    let error = DataFileError.badCell(
      path: "a\nb", line: 2, column: "\u{1B}[31m", number: 1, text: String(repeating: "x", count: 1000))
    let expected =
      "'a\\nb', line 2, column '\\u{1B}[31m' (number 1): found '\(String(repeating: "x", count: 200))…', expected"
    #expect(error.description.replacing("\\u{001B}", with: "\\u{1B}").hasPrefix(expected))
  }
}
