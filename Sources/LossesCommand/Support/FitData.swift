import DataFiles
import LinearModels
import Losses

/// The data of a fit.
struct FitData<S: FileScalar> {
  var features: FeatureMatrix<S>
  var columnNames: [String]
  var targets: [S]
  var weights: [S]?
  var targetName: String
  /// Where the targets and the weights come from, for messages.
  var places: [String: String]

  /// The rows that count.
  var activeRows: [Int] { targets.indices.filter { weights?[$0] != S(0) } }

  /// Throws where there is nothing to fit, or a feature that is not finite.
  func check() throws {
    let source = places["features"] ?? "features"
    guard features.rowCount > 0 else { throw CommandFailure(.data, "\(source) has no rows; add at least one") }
    if let weights, weights.allSatisfy({ $0._double == 0 }) {
      throw CommandFailure(
        .data, "\(places["weights"] ?? "weights"): every weight is 0; give at least one row a weight above 0")
    }
    let columns = features.columnCount
    for row in 0..<features.rowCount where weights?[row]._double != 0 {
      for column in 0..<columns {
        let value = features.elements[row * columns + column]._double
        guard value.isFinite else {
          throw CommandFailure(
            .data,
            "\(source): row \(row), counted from 0, column '\(columnNames[column])' is \(value);"
              + " expected a finite number")
        }
      }
    }
  }
}

extension FitData where S == Double {
  /// A table whose columns are the features, but for the target and the weights.
  init(table path: String, target: String, weights: String?) throws {
    let table = try CSVTable(contentsOf: path)
    targets = try table.column(named: target)
    self.weights = try weights.map { name throws(DataFileError) in try table.column(named: name) }
    columnNames = table.columnNames.filter { $0 != target && $0 != weights }
    features = try FeatureMatrix(
      try table.matrix(ofColumns: columnNames), rowCount: table.rowCount, columnCount: columnNames.count)
    targetName = target
    places = ["features": "'\(path)'", "targets": "'\(path)', column '\(target)'"]
    if let weights { places["weights"] = "'\(path)', column '\(weights)'" }
  }
}

extension FitData {
  /// A matrix of features, named x0, x1 and so on, with the targets and the weights of its rows.
  init(features: NPYArray, target: InputArray, weights: InputArray?) throws {
    try features.requireDimensions(2...2)
    let (rows, columns) = (features.shape[0], features.shape[1])
    for array in [target, weights].compactMap(\.self) where array.shape != [rows] {
      throw CommandFailure(
        .data,
        "'\(array.path)' has shape \(InputArray.text(array.shape)), expected (\(rows),):"
          + " one number for each row of '\(features.path)'")
    }
    // A shape such as (0, 2⁶⁰) fits into an empty file; its columns do not fit into memory.
    guard rows > 0 else { throw CommandFailure(.data, "'\(features.path)' has no rows; add at least one") }
    let source = InputArray(features)
    self.features = try FeatureMatrix(try source.elements(as: S.self), rowCount: rows, columnCount: columns)
    targets = try target.elements(as: S.self)
    self.weights = try weights?.elements(as: S.self)
    columnNames = (0..<columns).map { "x\($0)" }
    targetName = target.path.split(separator: "/").last.map(String.init) ?? "y"
    places = ["features": "'\(features.path)'", "targets": "'\(target.path)'"]
    if let weights { places["weights"] = "'\(weights.path)'" }
  }
}
