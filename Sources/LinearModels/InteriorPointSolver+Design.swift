import Losses

extension InteriorPointSolver {
  /// The design matrix: the scaled columns, and a column of ones where there is an intercept.
  struct Design {
    let kernels: LinearKernels
    let rows: Int
    let scale: [Double]
    let hasIntercept: Bool

    var parameterCount: Int { scale.count + (hasIntercept ? 1 : 0) }

    /// `A θ`.
    func margins(_ parameters: [Double], into margins: inout [Double]) throws(LossError) {
      try kernels.margins(
        coefficients: zip(parameters, scale).map { $0 / $1 }, intercept: hasIntercept ? parameters[scale.count] : 0,
        into: &margins)
    }

    /// `Aᵀ x`.
    func transposed(_ x: [Double]) throws(LossError) -> [Double] {
      var sums = [Double](repeating: 0, count: scale.count + 1)
      try kernels.transposed(x, into: &sums)
      for j in scale.indices { sums[j] /= scale[j] }
      if !hasIntercept { sums.removeLast() }
      return sums
    }

    /// `Aᵀ diag(x) A`, the lower triangle.
    func gram(_ x: [Double]) throws(LossError) -> [Double] {
      let columns = scale.count
      let size = parameterCount
      var inner = [Double](repeating: 0, count: columns * columns)
      try kernels.gram(x, into: &inner)
      var gram = [Double](repeating: 0, count: size * size)
      for i in 0..<columns {
        for j in 0...i { gram[i * size + j] = inner[i * columns + j] / (scale[i] * scale[j]) }
      }
      if hasIntercept {
        let border = try transposed(x)
        for j in 0..<size { gram[columns * size + j] = border[j] }
      }
      return gram
    }
  }
}
