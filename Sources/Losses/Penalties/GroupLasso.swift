/// Groups of coefficients, and what their norms give: `Σ_g √|g| ‖w_g‖`.
struct GroupLasso {
  let groups: [Int]

  /// `√|g|` of every group.
  private let weights: [Double]

  /// Groups that are numbered from 0, each below the number of coefficients.
  init(groups: [Int]) {
    self.groups = groups
    var sizes = [Double](repeating: 0, count: groups.count)
    for group in groups { sizes[group] += 1 }
    weights = sizes.map { $0.squareRoot() }
  }

  /// The Euclidean norm of every group. Nothing overflows where the norm does not.
  private func norms(_ x: some Collection<Double>) -> [Double] {
    var largest = [Double](repeating: 0, count: groups.count)
    var sums = largest
    for (group, value) in zip(groups, x) {
      // A NaN stays, whatever comes after it.
      if !(abs(value) <= largest[group]), !largest[group].isNaN { largest[group] = abs(value) }
    }
    for (group, value) in zip(groups, x) where largest[group] > 0 && largest[group].isFinite {
      let share = value / largest[group]
      sums[group] += share * share
    }
    return zip(largest, sums).map { $0.isFinite && $0 > 0 ? $0 * $1.squareRoot() : $0 }
  }

  /// The value times a factor; adds its gradient where there is a gradient: 0 for groups of zeros.
  func add(_ factor: Double, at x: [Double], gradient: inout [Double]) -> Double {
    let norms = norms(x)
    var value = 0.0
    for (norm, weight) in zip(norms, weights) where weight > 0 { value += weight * norm }
    for index in gradient.indices where norms[groups[index]] != 0 {
      let group = groups[index]
      gradient[index] += factor * weights[group] * (x[index] / norms[group])
    }
    return factor * value
  }

  /// Multiplies every group by `1 − threshold·√|g|/‖x_g‖`, at least 0: the proximal operator.
  func shrink(_ x: UnsafeMutableBufferPointer<Double>, by threshold: Double) {
    let factors = factors(norms(x), threshold)
    for index in x.indices { x[index] *= factors[groups[index]] }
  }

  /// Does the same to the gradient of the groups that are zeros in `x`: of what the norms allow the gradient of least norm.
  func shrinkZeros(of x: [Double], _ gradient: inout [Double], by threshold: Double) {
    let norms = norms(x)
    let factors = factors(self.norms(gradient), threshold)
    for index in x.indices where norms[groups[index]] == 0 { gradient[index] *= factors[groups[index]] }
  }

  private func factors(_ norms: [Double], _ threshold: Double) -> [Double] {
    zip(norms, weights).map { norm, weight in
      let reach = threshold * weight
      return norm <= reach ? 0 : 1 - reach / norm
    }
  }
}
