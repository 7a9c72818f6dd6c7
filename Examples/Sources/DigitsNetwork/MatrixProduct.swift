/// `C ← C + A·B` for matrices that lie in memory row by row, B and C with this number of columns, C as a range of a
/// buffer; `isTransposed` says that it is Aᵀ that lies there.
///
/// Rows of B are added to a row of C, four at a time: their elements lie next to each other, of which the compiler
/// makes vector instructions, and every sum has one order, so that results are always the same.
func addProduct(
  _ a: Span<Double>, isTransposed: Bool = false, _ b: Span<Double>, columns: Int, to c: inout MutableSpan<Double>,
  at range: Range<Int>
) {
  let (rows, inner) = (range.count / columns, b.count / columns)
  precondition(a.count == rows * inner && b.count == inner * columns && range.count == rows * columns)
  let (rowStride, stride) = isTransposed ? (1, rows) : (inner, 1)
  func row(_ k: Int) -> Range<Int> { k * columns..<(k + 1) * columns }
  for i in 0..<rows {
    let place = range.lowerBound + i * columns
    func factor(_ k: Int) -> Double { a[i * rowStride + k * stride] }
    var k = 0
    while k + 4 <= inner {
      addRows(
        (factor(k), factor(k + 1), factor(k + 2), factor(k + 3)), b.extracting(row(k)), b.extracting(row(k + 1)),
        b.extracting(row(k + 2)), b.extracting(row(k + 3)), to: &c, at: place)
      k += 4
    }
    while k < inner {
      addRow(factor(k), b.extracting(row(k)), to: &c, at: place)
      k += 1
    }
  }
}

private func addRows(
  _ factors: (Double, Double, Double, Double), _ b0: Span<Double>, _ b1: Span<Double>, _ b2: Span<Double>,
  _ b3: Span<Double>, to sums: inout MutableSpan<Double>, at place: Int
) {
  let count = b0.count
  // Said once here, it needs no check in the loop.
  precondition(b1.count == count && b2.count == count && b3.count == count)
  precondition(place >= 0 && place <= sums.count - count)
  for j in 0..<count {
    sums[place &+ j] += (factors.0 * b0[j] + factors.1 * b1[j]) + (factors.2 * b2[j] + factors.3 * b3[j])
  }
}

private func addRow(_ factor: Double, _ b: Span<Double>, to sums: inout MutableSpan<Double>, at place: Int) {
  precondition(place >= 0 && place <= sums.count - b.count)
  for j in b.indices { sums[place &+ j] += factor * b[j] }
}

/// The transpose of a matrix with this number of columns.
func transposed(_ matrix: Span<Double>, columns: Int) -> [Double] {
  let rows = matrix.count / columns
  var result = [Double](repeating: 0, count: matrix.count)
  for i in 0..<rows {
    for j in 0..<columns { result[j * rows + i] = matrix[i * columns + j] }
  }
  return result
}
