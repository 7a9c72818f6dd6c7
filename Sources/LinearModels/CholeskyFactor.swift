/// The factor of a symmetric positive semidefinite matrix, `A = D L Lᵀ D` with the diagonal `D` that makes the
/// diagonal of `L Lᵀ` one: scaling first makes the test for dependent columns independent of their units.
struct CholeskyFactor {
  private let size: Int
  private var lower: [Double]
  private var scale: [Double]

  /// Factors the matrix whose lower triangle stands in `matrix`, row by row. A column that depends on those before it
  /// gets a huge pivot, so that a solution has 0 there: O(n³/3).
  init(_ matrix: [Double], size: Int) {
    self.size = size
    lower = matrix
    scale = (0..<size).map { i in
      let diagonal = matrix[i * size + i]
      return diagonal > 0 ? 1 / diagonal.squareRoot() : 1
    }
    for i in 0..<size {
      for j in 0...i { lower[i * size + j] *= scale[i] * scale[j] }
    }
    for j in 0..<size {
      var pivot = lower[j * size + j]
      for k in 0..<j { pivot -= lower[j * size + k] * lower[j * size + k] }
      let root = pivot > 1e-14 ? pivot.squareRoot() : 1e64
      lower[j * size + j] = root
      for i in (j + 1)..<max(size, j + 1) {
        var sum = lower[i * size + j]
        for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
        lower[i * size + j] = sum / root
      }
    }
  }

  /// `A⁻¹ b`: O(n²).
  func solve(_ right: [Double]) -> [Double] {
    var x = zip(right, scale).map { $0 * $1 }
    for i in 0..<size {
      for k in 0..<i { x[i] -= lower[i * size + k] * x[k] }
      x[i] /= lower[i * size + i]
    }
    for i in (0..<size).reversed() {
      for k in (i + 1)..<max(size, i + 1) { x[i] -= lower[k * size + i] * x[k] }
      x[i] /= lower[i * size + i]
    }
    return zip(x, scale).map { $0 * $1 }
  }
}
