public import Losses

/// A linear model: `xᵀw + b`, and the link that turns it into an estimate of the target.
public struct LinearModel: Hashable, Codable, Sendable {
  /// The text form of the loss that the model was fitted with.
  public let loss: String

  /// What turns the linear predictor into an estimate of the target.
  public let link: Link

  /// `b`; 0 where the model was fitted without one.
  public let intercept: Double

  /// `w`, one per column.
  public let coefficients: [Double]

  /// The names of the columns, where they are known.
  public let columnNames: [String]?

  /// A model of known coefficients. Throws ``Losses/LossError`` where there are not as many names as coefficients.
  public init(
    loss: some PointwiseLoss, intercept: Double, coefficients: [Double], columnNames: [String]? = nil
  ) throws(LossError) {
    try Self.checkNames(columnNames, columns: coefficients.count)
    self.loss = loss.description
    link = loss.link
    self.intercept = intercept
    self.coefficients = coefficients
    self.columnNames = columnNames
  }

  /// Decodes a model. Throws `DecodingError` where there are not as many names as coefficients.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loss = try container.decode(String.self, forKey: .loss)
    link = try container.decode(Link.self, forKey: .link)
    intercept = try container.decode(Double.self, forKey: .intercept)
    coefficients = try container.decode([Double].self, forKey: .coefficients)
    columnNames = try container.decodeIfPresent([String].self, forKey: .columnNames)
    do {
      try Self.checkNames(columnNames, columns: coefficients.count)
    } catch {
      throw DecodingError.dataCorruptedError(forKey: .columnNames, in: container, debugDescription: "\(error)")
    }
  }

  static func checkNames(_ names: [String]?, columns: Int) throws(LossError) {
    guard let names, names.count != columns else { return }
    throw .lengthMismatch(argument: "columnNames", length: names.count, expected: columns)
  }

  /// `xᵀw + b` for every row. Throws ``Losses/LossError`` for another number of columns.
  public func linearPredictor<S: LossScalar>(
    for features: FeatureMatrix<S>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [Double] {
    guard features.columnCount == coefficients.count else {
      throw .lengthMismatch(
        argument: "features", length: features.columnCount, expected: coefficients.count)
    }
    var margins = [Double](repeating: 0, count: features.rowCount)
    try LinearKernels.withData(features, targets: nil, weights: nil, shift: nil, threads: threads) {
      (kernels) throws(LossError) in
      try kernels.margins(coefficients: coefficients, intercept: intercept, into: &margins)
    }
    return margins
  }

  /// The estimate of the target for every row: the inverse of the link of the linear predictor.
  public func predict<S: LossScalar>(
    _ features: FeatureMatrix<S>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [Double] {
    try linearPredictor(for: features, threads: threads).map(link.response)
  }
}
