/// `½‖WᵀW − I‖²` of a matrix that is given row by row.
enum Orthogonality {
  /// The value times a factor; adds its gradient `2W(WᵀW − I)` where there is a gradient.
  /// O(n · min(rows, columns)), memory for the square of the lesser of the two.
  static func add(_ factor: Double, at w: [Double], columns: Int, gradient: inout [Double]) -> Double {
    let rows = w.count / columns
    // ‖WᵀW − I‖² = ‖WWᵀ − I‖² + columns − rows, and W(WᵀW − I) = (WWᵀ − I)W: the smaller product does for both.
    let excess = rows < columns ? outer(w, rows, columns) : inner(w, rows, columns)
    let size = min(rows, columns)
    for row in 0..<rows where !gradient.isEmpty {
      for i in 0..<size {
        let (x, from) = rows < columns ? (excess[row * size + i], w) : (w[row * columns + i], excess)
        for j in 0..<columns { gradient[row * columns + j] += 2 * factor * x * from[i * columns + j] }
      }
    }
    let missing = Double(max(0, columns - rows))
    return 0.5 * factor * (excess.reduce(0) { $0 + $1 * $1 } + missing)
  }

  /// WᵀW − I, all of it: whole rows are added to whole rows.
  private static func inner(_ w: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    var excess = minusIdentity(columns)
    for row in 0..<rows {
      for i in 0..<columns {
        let x = w[row * columns + i]
        for j in 0..<columns { excess[i * columns + j] += x * w[row * columns + j] }
      }
    }
    return excess
  }

  /// WWᵀ − I.
  private static func outer(_ w: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    var excess = minusIdentity(rows)
    for i in 0..<rows {
      for j in 0..<rows {
        for k in 0..<columns { excess[i * rows + j] += w[i * columns + k] * w[j * columns + k] }
      }
    }
    return excess
  }

  private static func minusIdentity(_ size: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size { matrix[i * size + i] = -1 }
    return matrix
  }
}
