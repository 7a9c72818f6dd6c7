import DataFiles
import Foundation

/// An array of numbers from an `.npy` file, or from a CSV file of one column.
struct InputArray {
  private enum Storage {
    case npy(NPYArray)
    case csv([Double])
  }

  let path: String
  let shape: [Int]
  private let storage: Storage

  /// Reads the file; its format comes from its extension, or else from its first bytes. What is not a regular file,
  /// such as a pipe, gives its first bytes only once, and counts as CSV.
  init(contentsOf path: String) throws {
    let name = path.lowercased()
    if name.hasSuffix(".npy") || !name.hasSuffix(".csv") && Self.beginsAsNPY(path) {
      self.init(try NPYArray(contentsOf: path))
    } else {
      let table = try CSVTable(contentsOf: path, header: .detected)
      guard table.columnNames.count == 1 else {
        throw CommandFailure(
          .data, "'\(path)' has \(table.columnNames.count) columns; expected one column, write each to its own file")
      }
      self.init(path: path, shape: [table.rowCount], storage: .csv(try table.column(named: table.columnNames[0])))
    }
  }

  /// An array that has been opened.
  init(_ array: NPYArray) {
    self.init(path: array.path, shape: array.shape, storage: .npy(array))
  }

  private init(path: String, shape: [Int], storage: Storage) {
    (self.path, self.shape, self.storage) = (path, shape, storage)
  }

  /// Whether the file holds `float32`.
  var isFloat: Bool { if case .npy(let array) = storage { array.dtype == .float32 } else { false } }

  /// The numbers in C order, rounded to the nearest of the type; integers are exact or an error.
  func elements<S: FileScalar>(as type: S.Type) throws -> [S] {
    let wide: [Double]
    switch storage {
    case .npy(let array) where array.dtype == S.dtype: return try array.elements()
    case .npy(let array): wide = try array.elements()
    case .csv(let numbers): wide = numbers
    }
    if let same = wide as? [S] { return same }
    return try wide.enumerated().map { index, number in
      let rounded = S(number)
      guard rounded._double.isFinite || !number.isFinite else {
        throw CommandFailure(
          .data, "'\(path)': element \(index), \(number), is beyond float32; save all arrays as float64")
      }
      return rounded
    }
  }

  /// Throws unless the array has the shape of another one.
  func requireShape(of other: InputArray) throws {
    guard shape == other.shape else {
      throw CommandFailure(
        .data,
        "'\(path)' has shape \(Self.text(shape)) but '\(other.path)' has shape \(Self.text(other.shape));"
          + " give arrays of one shape")
    }
  }

  /// The shape as NumPy writes it.
  static func text(_ shape: [Int]) -> String {
    "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
  }

  private static func beginsAsNPY(_ path: String) -> Bool {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    guard (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType == .typeRegular,
      let file = FileHandle(forReadingAtPath: path)
    else { return false }
    return (try? file.read(upToCount: 6)) == Data([0x93] + Array("NUMPY".utf8))
  }
}
