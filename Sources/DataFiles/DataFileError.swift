/// Why a data file could not be read or written.
///
/// Every description is one line that says what is wrong, where, and what to do about it.
package enum DataFileError: Error, Sendable, Hashable {
  /// No file has this path.
  case missingFile(path: String)

  /// The file is there but the system does not let it be read.
  case unreadableFile(path: String, reason: String)

  /// The output cannot be created or filled.
  case unwritableFile(path: String, reason: String)

  /// The file has no content.
  case emptyFile(path: String)

  /// The CSV file ends after its header.
  case noRows(path: String)

  /// The text breaks the rules of CSV itself: an open quote, text after a closing quote, UTF-16.
  case malformedCSV(path: String, line: Int, problem: String)

  /// A row has more or fewer fields than the first row.
  case raggedRow(path: String, line: Int, found: Int, expected: Int)

  /// A cell of a column that is needed is not a finite number; `number` counts columns from 1.
  case badCell(path: String, line: Int, column: String, number: Int, text: String)

  /// The header has no such column.
  case unknownColumn(path: String, name: String, available: [String])

  /// Two columns, counted from 1, have one name.
  case duplicateColumn(path: String, name: String, first: Int, second: Int)

  /// The file is not an `.npy` file that this package reads.
  case npy(path: String, NPYProblem)

  /// What a command does about an error; each kind has an exit code of its own in `sysexits.h`.
  package enum Kind: Sendable, Hashable, CaseIterable {
    /// The input is missing or unreadable (`EX_NOINPUT`, 66).
    case cannotRead

    /// The input was read and is wrong (`EX_DATAERR`, 65).
    case badData

    /// The output cannot be written (`EX_CANTCREAT`, 73).
    case cannotWrite
  }

  /// The kind of this error.
  package var kind: Kind {
    switch self {
    case .missingFile, .unreadableFile: .cannotRead
    case .unwritableFile: .cannotWrite
    case .emptyFile, .noRows, .malformedCSV, .raggedRow, .badCell, .unknownColumn, .duplicateColumn, .npy: .badData
    }
  }
}
