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

/// A seeded generator, so that every run sees the same data (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Whether two numbers agree to a relative error; a NaN never agrees.
func agree(_ a: Double, _ b: Double, _ relative: Double) -> Bool {
  abs(a - b) <= relative * max(abs(a), abs(b))
}
