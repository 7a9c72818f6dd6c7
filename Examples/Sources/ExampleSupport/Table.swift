import Foundation
public import LinearModels
import Losses

/// A CSV file of numbers whose first line names the columns.
public struct Table {
  /// The names of the columns.
  public let columnNames: [String]

  /// The numbers, row by row.
  public let rows: [[Double]]

  /// Reads a file of `Examples/Data`; the program runs in the root of the repository.
  public init(_ name: String) throws {
    let text = try String(contentsOfFile: "Examples/Data/\(name)", encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
    self.init(
      columnNames: lines.first?.map(String.init) ?? [], rows: lines.dropFirst().map { $0.map { Double($0) ?? .nan } })
  }

  private init(columnNames: [String], rows: [[Double]]) {
    self.columnNames = columnNames
    self.rows = rows
  }

  /// One column.
  public func column(_ name: String) -> [Double] {
    guard let index = columnNames.firstIndex(of: name) else { preconditionFailure("there is no column \(name)") }
    return rows.map { $0[index] }
  }

  /// Every column but the target.
  public func features(without target: String) throws -> FeatureMatrix<Double> {
    let kept = columnNames.indices.filter { columnNames[$0] != target }
    return try FeatureMatrix(
      rows.flatMap { row in kept.map { row[$0] } }, rowCount: rows.count, columnCount: kept.count)
  }

  /// The table in three parts of like size, each with every third row.
  public func thirds() -> (Table, Table, Table) {
    func part(_ remainder: Int) -> Table {
      Table(
        columnNames: columnNames, rows: rows.indices.filter { $0 % 3 == remainder }.map { rows[$0] })
    }
    return (part(0), part(1), part(2))
  }
}
