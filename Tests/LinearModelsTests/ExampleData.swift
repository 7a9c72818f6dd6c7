import DataFiles
import Foundation
import LinearModels

/// A table of `Examples/Data` as a model sees it.
struct ExampleData {
  let features: FeatureMatrix<Double>
  let targets: [Double]

  init(_ name: String, target: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Examples/Data")
    let table = try CSVTable(contentsOf: root.appendingPathComponent(name).path)
    let names = table.columnNames.filter { $0 != target }
    features = try FeatureMatrix(
      try table.matrix(ofColumns: names), rowCount: table.rowCount, columnCount: names.count)
    targets = try table.column(named: target)
  }
}

/// Whether two numbers agree to a relative error; a NaN never agrees.
func agree(_ a: Double, _ b: Double, _ relative: Double) -> Bool {
  abs(a - b) <= relative * max(abs(a), abs(b))
}
