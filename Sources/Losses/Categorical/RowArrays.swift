/// Calls `body` with views of arrays that are certain to live until it returns: the kernels see addresses only, which do not
/// keep a temporary array alive. The targets may be of any kind; `rowCount` is the number of rows that they stand for.
@inlinable
func withRows<S: LossScalar, Target, Result>(
  _ predictions: [S], _ targets: [Target], rowCount: Int, classCount: Int, _ weights: [S]?, _ classWeights: [S]?,
  _ body: (MatrixView<S>, Span<Target>, Span<S>?, Span<S>?) throws(LossError) -> Result
) throws(LossError) -> Result {
  guard classCount >= 1 else {
    throw .invalidArgument(argument: "classCount", value: "\(classCount)", expected: "at least 1")
  }
  // Where the product overflows, no array is as long as it has to be.
  let (length, overflow) = rowCount.multipliedReportingOverflow(by: classCount)
  guard !overflow, predictions.count == length else {
    throw .lengthMismatch(argument: "predictions", length: predictions.count, expected: overflow ? .max : length)
  }
  return try withSpan(predictions) { (predictions) throws(LossError) in
    try withSpan(targets) { (targets) throws(LossError) in
      try withOptionalSpan(weights) { (weights) throws(LossError) in
        try withOptionalSpan(classWeights) { (classWeights) throws(LossError) in
          try body(
            MatrixView(predictions, rowCount: rowCount, columnCount: classCount), targets, weights, classWeights)
        }
      }
    }
  }
}

@inlinable
func withSpan<Element, Result>(
  _ array: [Element], _ body: (Span<Element>) throws(LossError) -> Result
) throws(LossError) -> Result {
  try array.withUnsafeBufferPointer { (array) throws(LossError) in try body(Span(_unsafeElements: array)) }
}

@inlinable
func withOptionalSpan<Element, Result>(
  _ array: [Element]?, _ body: (Span<Element>?) throws(LossError) -> Result
) throws(LossError) -> Result {
  guard let array else { return try body(nil) }
  return try withSpan(array) { (span: Span<Element>) throws(LossError) in try body(span) }
}

/// An array of a matrix that `body` fills, row by row. The memory is not set first.
@inlinable
func newMatrix<S: LossScalar>(
  like rows: borrowing MatrixView<S>, _ body: (inout MutableMatrixView<S>) throws(LossError) -> Void
) throws(LossError) -> [S] {
  let (rowCount, columnCount) = (rows.rowCount, rows.columnCount)
  return try [S](capacity: rowCount * columnCount) { (output) throws(LossError) in
    try output.withUnsafeMutableBufferPointer { (buffer, initialized) throws(LossError) in
      let memory = UnsafeMutableBufferPointer(rebasing: buffer[..<(rowCount * columnCount)])
      var view = try MutableMatrixView(
        MutableSpan(_unsafeElements: memory), rowCount: rowCount, columnCount: columnCount)
      try body(&view)
      initialized = rowCount * columnCount
    }
  }
}

/// An array of the product of a matrix of each row with a direction, an array of the shape of `rows`.
@inlinable
func newProduct<S: LossScalar>(
  like rows: borrowing MatrixView<S>, _ direction: [S],
  _ body: (MatrixView<S>, inout MutableMatrixView<S>) throws(LossError) -> Void
) throws(LossError) -> [S] {
  let (rowCount, columnCount) = (rows.rowCount, rows.columnCount)
  guard direction.count == rowCount * columnCount else {
    throw .lengthMismatch(argument: "direction", length: direction.count, expected: rowCount * columnCount)
  }
  return try newMatrix(like: rows) { (output) throws(LossError) in
    try withSpan(direction) { (direction) throws(LossError) in
      try body(MatrixView(direction, rowCount: rowCount, columnCount: columnCount), &output)
    }
  }
}
