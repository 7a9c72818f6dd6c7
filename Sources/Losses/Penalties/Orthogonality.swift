/// `½‖WᵀW − I‖²` of a matrix that is given row by row.
enum Orthogonality {
  /// The value times a factor; adds its gradient `2W(WᵀW − I)` where there is a gradient. O(n·columns).
  static func add(_ factor: Double, at w: [Double], columns: Int, gradient: inout [Double]) -> Double {
    let rows = w.count / columns
    // WᵀW − I, all of it: whole rows are added to whole rows.
    var excess = [Double](repeating: 0, count: columns * columns)
    for i in 0..<columns { excess[i * columns + i] = -1 }
    for row in 0..<rows {
      for i in 0..<columns {
        let x = w[row * columns + i]
        for j in 0..<columns { excess[i * columns + j] += x * w[row * columns + j] }
      }
    }
    for row in 0..<rows where !gradient.isEmpty {
      for i in 0..<columns {
        let x = 2 * factor * w[row * columns + i]
        for j in 0..<columns { gradient[row * columns + j] += x * excess[i * columns + j] }
      }
    }
    return 0.5 * factor * excess.reduce(0) { $0 + $1 * $1 }
  }
}
