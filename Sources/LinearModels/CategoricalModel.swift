import Foundation
public import Losses

/// A linear model of K classes: a score `x·w_c + b_c` for each of them.
public struct CategoricalModel: Hashable, Codable, Sendable {
  /// The text form of the loss that the model was fitted with.
  public let loss: String

  /// `b`, one number for each class; zeros where the model was fitted without intercepts.
  public let intercepts: [Double]

  /// `W`: for each class one number per column.
  public let coefficients: [[Double]]

  /// The names of the columns, where they are known.
  public let columnNames: [String]?

  /// The number K of classes.
  public var classCount: Int { intercepts.count }

  /// The number of columns.
  public var columnCount: Int { coefficients.first?.count ?? 0 }

  /// A model of known coefficients. Throws ``Losses/LossError`` where there is no class, or the lengths do not fit together.
  public init(
    loss: CategoricalLoss, intercepts: [Double], coefficients: [[Double]], columnNames: [String]? = nil
  ) throws(LossError) {
    try Self.check(intercepts, coefficients, columnNames)
    self.loss = loss.description
    self.intercepts = intercepts
    self.coefficients = coefficients
    self.columnNames = columnNames
  }

  /// Decodes a model. Throws `DecodingError` where there is no class, or the lengths do not fit together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loss = try container.decode(String.self, forKey: .loss)
    intercepts = try container.decode([Double].self, forKey: .intercepts)
    coefficients = try container.decode([[Double]].self, forKey: .coefficients)
    columnNames = try container.decodeIfPresent([String].self, forKey: .columnNames)
    do {
      try Self.check(intercepts, coefficients, columnNames)
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .coefficients, in: container, debugDescription: "\(error)")
    }
  }

  private static func check(
    _ intercepts: [Double], _ coefficients: [[Double]], _ names: [String]?
  ) throws(LossError) {
    guard let first = coefficients.first else {
      throw .invalidArgument(argument: "coefficients", value: "no row", expected: "one row for each class")
    }
    guard intercepts.count == coefficients.count else {
      throw .lengthMismatch(argument: "intercepts", length: intercepts.count, expected: coefficients.count)
    }
    for (index, row) in coefficients.enumerated() where row.count != first.count {
      throw .lengthMismatch(argument: "coefficients[\(index)]", length: row.count, expected: first.count)
    }
    try LinearModel.checkNames(names, columns: first.count)
  }

  /// The scores of every row, row by row: n × K numbers. Throws ``Losses/LossError`` for another number of columns.
  public func scores<S: LossScalar>(
    for features: FeatureMatrix<S>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [Double] {
    guard features.columnCount == columnCount else {
      throw .lengthMismatch(argument: "features", length: features.columnCount, expected: columnCount)
    }
    var scores = [Double](repeating: 0, count: features.rowCount * classCount)
    try ClassKernels(features, classCount: classCount, shift: nil, threads: threads).scores(
      coefficients: coefficients.flatMap(\.self), intercepts: intercepts, into: &scores)
    return scores
  }

  /// The softmax of the scores of every row, row by row: the probabilities of the classes where the model was fitted with
  /// a loss of the softmax.
  public func probabilities<S: LossScalar>(
    for features: FeatureMatrix<S>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [Double] {
    var scores = try scores(for: features, threads: threads)
    for row in 0..<features.rowCount {
      let range = row * classCount..<(row + 1) * classCount
      let largest = scores[range].max() ?? 0
      for index in range { scores[index] = exp(scores[index] - largest) }
      let total = scores[range].reduce(0, +)
      for index in range { scores[index] /= total }
    }
    return scores
  }

  /// The class of the greatest score of every row, of several the lowest.
  public func predict<S: LossScalar>(
    _ features: FeatureMatrix<S>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [Int] {
    let scores = try scores(for: features, threads: threads)
    return (0..<features.rowCount).map { row in
      let own = scores[row * classCount..<(row + 1) * classCount]
      var best = own.startIndex
      for index in own.indices where own[index] > own[best] { best = index }
      return best - own.startIndex
    }
  }
}
