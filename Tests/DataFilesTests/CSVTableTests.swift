import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct CSVTableTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func table(_ text: String, header: CSVTable.Header = .required) throws -> CSVTable {
    try CSVTable(contentsOf: directory.file("t.csv", text), header: header)
  }

  @Test(
    arguments: [
      "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "\u{FEFF}a,b\n1,2\n3,4\n",
      "a,b\n1,2\n3,4\n\n", "a,b\n1,2\n3,4\r\n\r\n \t\n", "\"a\",\"b\"\n\"1\",2\n3,\"4\"",
      " a , b\n 1 ,\t2\n+3, \" 4 \" \n",
      "a,b\n1.0,2e0\n0.3E+1,400e-2",
    ])
  func formsOfOneTable(text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(table.rowCount == 2)
    #expect(try table.column(named: "a") == [1, 3])
    #expect(try table.column(named: "b") == [2, 4])
    #expect(try table.matrix(ofColumns: ["a", "b"]) == [1, 2, 3, 4])
    #expect(try table.matrix(ofColumns: ["b", "a", "b"]) == [2, 1, 2, 4, 3, 4])
    #expect(try table.matrix(ofColumns: []) == [])
    #expect(try table.index(ofColumn: "b") == 1)
  }

  @Test func quotedNamesKeepCommasQuotesAndLineBreaks() throws {
    let table = try table("\"a,1\",\"say \"\"b\"\"\",\"two\r\nlines\"\n1,2,3")
    #expect(table.columnNames == ["a,1", "say \"b\"", "two\r\nlines"])
    #expect(try table.column(named: "say \"b\"") == [2])
  }

  @Test func unusedTextColumnsDoNoHarm() throws {
    let table = try table("name,y,note\nAda,1,\n\"Bob, \"\"B\"\"\",2,\"x\ny\"\n")
    #expect(try table.column(named: "y") == [1, 2])
    #expect(throws: DataFileError.self) { try table.column(named: "name") }
    #expect(throws: DataFileError.self) { try table.matrix(ofColumns: ["y", "note"]) }
  }

  @Test func blankNamesAreNamedByPlace() throws {
    let table = try table(",y\n0,5\n1,6")
    #expect(table.columnNames == ["column1", "y"])
    #expect(try table.column(named: "column1") == [0, 1])
  }

  @Test(
    arguments: [
      ("0.5\n1.5\n", ["column1"], [0.5, 1.5]), ("y\n0.5\n", ["y"], [0.5]),
      ("1,2\n3,4", ["column1", "column2"], [1, 3]),
      ("1,b\n3,4", ["1", "b"], [3]), ("7", ["column1"], [7]),
    ] as [(String, [String], [Double])])
  func detectedHeader(text: String, names: [String], first: [Double]) throws {
    let table = try table(text, header: .detected)
    #expect(table.columnNames == names)
    #expect(try table.column(named: names[0]) == first)
  }

  @Test(arguments: ["nan\n1\n", "NA\n1\n", "-Inf\n1\n", "+infinity\n1\n", "nan,2\n1,2\n", ",2\n1,2\n"])
  func missingNumbersInTheFirstRowAreNotTakenForNames(text: String) throws {
    let table = try table(text, header: .detected)
    let error = try #require(throws: DataFileError.self) { try table.column(named: "column1") }
    #expect(error.description.contains("line 1, column 'column1' (number 1)"))
  }

  @Test func requiredHeaderTakesNumbersAsNames() throws {
    let table = try table("0,1\n5,6")
    #expect(table.columnNames == ["0", "1"])
    #expect(try table.column(named: "1") == [6])
  }

  @Test(
    arguments: [
      "0", "-0", "+1", ".5", "5.", "-.25e1", "1e22", "1e23", "1e-22", "9007199254740993", "0.1",
      "123456789012345678901234567890",
      "0.000000000000000000000000000012345678901234567890", "1.7976931348623157e308", "5e-324",
      "2.2250738585072011e-308",
      "1e-400", "0e999999999999999999999", "12345678901234567890.", "0000000000000000000000001",
      "1.00000000000000011102230246251565",
      "9007199254740992e-22", "18446744073709551616", "18446744073709551615e3", "1E5", "3e+05",
    ])
  func numbersAreRoundedCorrectly(text: String) throws {
    let value = try table("y\n\(text)").column(named: "y")[0]
    let expected = strtod(text, nil)
    #expect(value == expected && value.sign == expected.sign)
  }

  @Test func randomNumbersComeBackExactly() throws {
    var generator = SplitMix64(seed: 1)
    let values = (0..<20_000).map { index in
      let random = Double(bitPattern: generator.next())
      // Half of them of a common size, and half of any.
      return index.isMultiple(of: 2) || !random.isFinite ? Double.random(in: -100...100, using: &generator) : random
    }
    let text = "y\n" + values.map { "\($0)" }.joined(separator: "\n")
    #expect(try table(text).column(named: "y") == values)
  }

  @Test func pipesAreRead() throws {
    let path = directory.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    // Open in both directions, the pipe holds the text until it is read; closed by then, it ends.
    let descriptor = open(path, O_RDWR | O_NONBLOCK)
    #expect(write(descriptor, "y\n1\n2\n", 6) == 6)
    let writer = Thread {
      // The reader has the pipe open as soon as it has emptied it.
      var status = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      while poll(&status, 1, 0) == 1 { usleep(1000) }
      close(descriptor)
    }
    writer.start()
    #expect(try CSVTable(contentsOf: path).column(named: "y") == [1, 2])
  }
}
