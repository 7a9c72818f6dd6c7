import Losses
import Testing

@Suite struct MatrixViewTests {
  private let numbers: [Float] = Array(repeating: 0, count: 12)

  @Test func rowsFollowEachOtherByDefault() throws {
    let view = try MatrixView(numbers.span, rowCount: 4, columnCount: 3)
    let shape = [view.rowCount, view.columnCount, view.rowStride]
    #expect(shape == [4, 3, 3])
  }

  /// Two columns of a matrix of five: 12 numbers are the rows with their gaps, and 10 + 2 or 15 are as well.
  @Test(arguments: [12, 13, 14, 15])
  func whatComesAfterTheLastRowIsOptional(_ length: Int) throws {
    let elements = [Double](repeating: 0, count: length)
    let view = try MatrixView(elements.span, rowCount: 3, columnCount: 2, rowStride: 5)
    let shape = [view.rowCount, view.columnCount, view.rowStride]
    var copy = elements
    let mutable = try MutableMatrixView(copy.mutableSpan, rowCount: 3, columnCount: 2, rowStride: 5)
    let mutableShape = [mutable.rowCount, mutable.columnCount, mutable.rowStride]
    #expect(shape == [3, 2, 5] && mutableShape == [3, 2, 5])
  }

  @Test(arguments: [11, 16])
  func anotherLengthIsAnError(_ length: Int) throws {
    let elements = [Double](repeating: 0, count: length)
    #expect(throws: LossError.lengthMismatch(argument: "elements", length: length, expected: 12)) {
      _ = try MatrixView(elements.span, rowCount: 3, columnCount: 2, rowStride: 5)
    }
  }

  @Test func emptyMatrices() throws {
    let none: [Float] = []
    _ = try MatrixView(none.span, rowCount: 0, columnCount: 3)
    _ = try MatrixView(none.span, rowCount: 0, columnCount: 3, rowStride: 9)
    _ = try MatrixView(none.span, rowCount: 5, columnCount: 0)
    #expect(throws: LossError.lengthMismatch(argument: "elements", length: 12, expected: 0)) {
      _ = try MatrixView(numbers.span, rowCount: 0, columnCount: 3)
    }
  }

  @Test func badShapes() {
    #expect(throws: LossError.invalidArgument(argument: "rowCount", value: "-1", expected: "at least 0")) {
      _ = try MatrixView(numbers.span, rowCount: -1, columnCount: 3)
    }
    #expect(throws: LossError.invalidArgument(argument: "columnCount", value: "-3", expected: "at least 0")) {
      _ = try MatrixView(numbers.span, rowCount: 4, columnCount: -3)
    }
    #expect(
      throws: LossError.invalidArgument(
        argument: "rowStride", value: "2", expected: "at least the number of columns, 3")
    ) { _ = try MatrixView(numbers.span, rowCount: 4, columnCount: 3, rowStride: 2) }
    #expect(throws: LossError.lengthMismatch(argument: "elements", length: 12, expected: .max)) {
      _ = try MatrixView(numbers.span, rowCount: .max, columnCount: 3, rowStride: 4)
    }
  }
}
