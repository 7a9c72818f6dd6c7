/// Rows of numbers in memory of the caller, which may be part of a larger matrix: row i begins `rowStride` elements
/// after row i − 1, and its `columnCount` elements lie next to each other.
///
/// The numbers between the rows are neither read nor written.
public struct MatrixView<Element: BitwiseCopyable>: ~Escapable, Copyable {
  /// The memory, from the first element of the first row on.
  public let elements: Span<Element>

  /// Where the rows lie in it.
  @usableFromInline let layout: MatrixLayout

  /// A view of `rowCount` rows of `columnCount` elements; without a stride they follow each other.
  ///
  /// `elements` has the length of the rows with all that lies between them; what comes after the last row may be there or
  /// not. Throws ``LossError`` for a negative count, a stride less than `columnCount`, and another length.
  @inlinable
  @_lifetime(copy elements)
  public init(
    _ elements: Span<Element>, rowCount: Int, columnCount: Int, rowStride: Int? = nil
  ) throws(LossError) {
    layout = try MatrixLayout(
      length: elements.count, rowCount: rowCount, columnCount: columnCount, rowStride: rowStride)
    self.elements = elements
  }

  /// The number of rows.
  @inlinable public var rowCount: Int { layout.rowCount }

  /// The number of elements of a row.
  @inlinable public var columnCount: Int { layout.columnCount }

  /// The distance between the beginnings of two rows, in elements.
  @inlinable public var rowStride: Int { layout.rowStride }

  @inlinable var address: UnsafePointer<Element>? { elements.withUnsafeBufferPointer { $0.baseAddress } }
}

/// Rows of numbers in memory of the caller that are written; see ``MatrixView``.
public struct MutableMatrixView<Element: BitwiseCopyable>: ~Escapable, ~Copyable {
  @usableFromInline var elements: MutableSpan<Element>
  @usableFromInline let layout: MatrixLayout

  /// A view of `rowCount` rows of `columnCount` elements; without a stride they follow each other.
  ///
  /// `elements` has the length of the rows with all that lies between them; what comes after the last row may be there or
  /// not. Throws ``LossError`` for a negative count, a stride less than `columnCount`, and another length.
  @inlinable
  @_lifetime(copy elements)
  public init(
    _ elements: consuming MutableSpan<Element>, rowCount: Int, columnCount: Int, rowStride: Int? = nil
  ) throws(LossError) {
    layout = try MatrixLayout(
      length: elements.count, rowCount: rowCount, columnCount: columnCount, rowStride: rowStride)
    self.elements = elements
  }

  /// The number of rows.
  @inlinable public var rowCount: Int { layout.rowCount }

  /// The number of elements of a row.
  @inlinable public var columnCount: Int { layout.columnCount }

  /// The distance between the beginnings of two rows, in elements.
  @inlinable public var rowStride: Int { layout.rowStride }

  @inlinable var address: UnsafeMutablePointer<Element>? {
    mutating get { elements.withUnsafeMutableBufferPointer { $0.baseAddress } }
  }
}

/// Where the rows of a matrix lie in memory.
@usableFromInline
struct MatrixLayout: Hashable, Sendable {
  @usableFromInline let rowCount: Int
  @usableFromInline let columnCount: Int
  @usableFromInline let rowStride: Int

  @usableFromInline
  init(length: Int, rowCount: Int, columnCount: Int, rowStride: Int?) throws(LossError) {
    for (argument, count) in [("rowCount", rowCount), ("columnCount", columnCount)] where count < 0 {
      throw .invalidArgument(argument: argument, value: "\(count)", expected: "at least 0")
    }
    let stride = rowStride ?? columnCount
    guard stride >= columnCount else {
      throw .invalidArgument(
        argument: "rowStride", value: "\(stride)", expected: "at least the number of columns, \(columnCount)")
    }
    // What lies behind the last row is optional. Where a product overflows, no memory is as long as it has to be.
    let (before, tooLong) = max(0, rowCount - 1).multipliedReportingOverflow(by: stride)
    let (least, alsoTooLong) = before.addingReportingOverflow(rowCount == 0 ? 0 : columnCount)
    guard !tooLong, !alsoTooLong else { throw .lengthMismatch(argument: "elements", length: length, expected: .max) }
    guard length >= least, length <= least + (rowCount == 0 ? 0 : stride - columnCount) else {
      throw .lengthMismatch(argument: "elements", length: length, expected: least)
    }
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowStride = stride
  }
}
