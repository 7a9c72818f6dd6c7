import DataFiles
import Losses

/// What `losses evaluate` was given for a loss whose samples are rows of predictions, in the type of the predictions.
struct RowInputs<S: FileScalar> {
  let predictions: InputArray
  let numbers: [S]
  let targets: InputArray?
  let weights: [S]?
  let classWeights: [S]?
  let thresholds: [S]?
  let classWeighting: ClassWeighting
  let ignoredIndex: Int?
  private let files: [String: InputArray]

  /// The number of rows and that of their elements.
  let (rowCount, columnCount): (Int, Int)

  init(_ files: RowFiles, as type: S.Type) throws {
    predictions = files.predictions
    let shape = files.predictions.shape
    let (rows, columns) = (shape.first ?? 1, shape.dropFirst().first ?? 1)
    (rowCount, columnCount) = (rows, columns)
    numbers = try files.predictions.elements(as: S.self)
    targets = files.targets
    weights = try files.weights.map { try $0.vector(of: rows, "one number for each row", as: S.self) }
    classWeights = try files.classWeights.map {
      try $0.vector(of: columns, "one number for each class", as: S.self)
    }
    thresholds = try files.thresholds.map { array in
      try array.vector(of: array.shape.first ?? 1, "a list of thresholds", as: S.self)
    }
    classWeighting = files.classWeighting
    ignoredIndex = files.ignoredIndex
    let files = [
      "targets": files.targets, "weights": files.weights, "classWeights": files.classWeights,
      "thresholds": files.thresholds,
    ]
    self.files = files.compactMapValues(\.self)
  }

  /// Where each argument comes from, for messages.
  var places: [String: String] {
    var places = ["predictions": "'\(predictions.path)'"]
    for (argument, array) in files { places[argument] = "'\(array.path)'" }
    return places
  }

  /// Throws unless the predictions are rows.
  func requireRows() throws {
    guard predictions.shape.count == 2 else {
      throw CommandFailure(
        .data,
        "'\(predictions.path)' has shape \(InputArray.text(predictions.shape)); expected two dimensions, one row for each"
          + " sample")
    }
    guard columnCount >= 1 else {
      throw CommandFailure(
        .data,
        "'\(predictions.path)' has shape \(InputArray.text(predictions.shape)); expected at least one column, a class")
    }
  }

  /// Throws unless the predictions are rows of the numbers that the loss names.
  func requireColumns(of loss: DistributionLoss) throws {
    try requireRows()
    guard columnCount == loss.columnCount else {
      throw CommandFailure(
        .data,
        "'\(predictions.path)' has \(columnCount) columns; expected \(loss.columnCount):"
          + " \(loss.columnNames.joined(separator: ", "))")
    }
  }

  /// The thresholds of a loss of single scores. Throws where there are none, or the predictions are not single scores.
  func requiredThresholds(_ loss: some Loss) throws -> [S] {
    guard predictions.shape.count == 1 else {
      throw CommandFailure(
        .data,
        "'\(predictions.path)' has shape \(InputArray.text(predictions.shape)); expected one dimension, a score for each"
          + " sample")
    }
    guard let thresholds else {
      throw CommandFailure(.usage, "Missing --thresholds: \(loss) needs one threshold less than there are classes")
    }
    return thresholds
  }

  /// The targets, which the loss needs.
  private func requiredTargets(_ loss: some Loss) throws -> InputArray {
    guard let targets else { throw CommandFailure(.usage, "Missing --targets: \(loss) compares with targets") }
    return targets
  }

  /// Whether the targets are rows themselves.
  func targetsAreRows(_ loss: some Loss) throws -> Bool { try requiredTargets(loss).shape.count == 2 }

  /// Targets that have the shape of the predictions.
  func targetRows(_ loss: some Loss) throws -> [S] {
    let targets = try requiredTargets(loss)
    try targets.requireShape(of: predictions)
    return try targets.elements(as: S.self)
  }

  /// Targets that are a distribution for each row.
  func targetDistributions(_ loss: some Loss) throws -> [S] {
    guard ignoredIndex == nil else {
      throw CommandFailure(.usage, "--ignore-index is for targets that are classes, not distributions")
    }
    return try targetRows(loss)
  }

  /// One number for each row.
  func targetNumbers(_ loss: some Loss) throws -> [S] {
    try requiredTargets(loss).vector(of: rowCount, "one number for each row", as: S.self)
  }

  /// One class for each row. What a row of weight 0 holds does not matter.
  func targetClasses(_ loss: some Loss) throws -> [Int] {
    let targets = try requiredTargets(loss)
    return try targets.vector(of: rowCount, "one class for each row", as: Double.self).enumerated().map {
      weights?[$0] == S(0) ? 0 : try classIndex($1, at: $0, in: "'\(targets.path)'")
    }
  }
}

/// The files of ``RowInputs``, and what goes with them.
struct RowFiles {
  var predictions: InputArray
  var targets: InputArray?
  var weights: InputArray?
  var classWeights: InputArray?
  var thresholds: InputArray?
  var classWeighting: ClassWeighting
  var ignoredIndex: Int?
}

/// A number as a class index; `place` says where it comes from.
func classIndex(_ number: Double, at index: Int, in place: String) throws -> Int {
  guard let label = Int(exactly: number) else {
    throw CommandFailure(
      .data, "\(place): element \(index), counted from 0, is \(number); expected a class, a whole number from 0")
  }
  return label
}

extension InputArray {
  /// The numbers of a one-dimensional array of this length.
  func vector<S: FileScalar>(of length: Int, _ content: String, as type: S.Type) throws -> [S] {
    guard shape == [length] else {
      throw CommandFailure(
        .data, "'\(path)' has shape \(Self.text(shape)); expected (\(length),): \(content)")
    }
    return try elements(as: type)
  }
}
