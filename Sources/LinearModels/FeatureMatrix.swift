public import Losses

/// The columns that a linear model sees: `rowCount × columnCount` numbers, row by row.
///
/// A value that shares its storage: copies are cheap.
public struct FeatureMatrix<Scalar: LossScalar>: Hashable, Sendable {
  /// The numbers, row by row.
  public let elements: [Scalar]

  /// The number of samples.
  public let rowCount: Int

  /// The number of features.
  public let columnCount: Int

  /// A matrix of `elements.count = rowCount × columnCount` numbers. Throws ``Losses/LossError`` for another length.
  public init(_ elements: [Scalar], rowCount: Int, columnCount: Int) throws(LossError) {
    guard rowCount >= 0, columnCount >= 0 else {
      throw .invalidArgument(
        argument: rowCount < 0 ? "rowCount" : "columnCount", value: "\(min(rowCount, columnCount))",
        expected: "at least 0")
    }
    let (size, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !overflow, size == elements.count else {
      throw .lengthMismatch(argument: "elements", length: elements.count, expected: overflow ? .max : size)
    }
    self.elements = elements
    self.rowCount = rowCount
    self.columnCount = columnCount
  }
}
