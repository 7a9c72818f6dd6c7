extension Penalty {
  /// The penalty of coefficients `w = f ∘ z` as a penalty of `z`, for factors `f` greater than 0.
  ///
  /// `nil` where no penalty is that: with factors that differ for all but `l1`, `l2`, `elasticNet` and the priors, and always
  /// for `orthogonality`.
  package func composed(with factors: [Double]) -> Penalty? {
    let first = factors.first ?? 1
    let common = factors.allSatisfy { $0 == first } ? first : nil
    func divided(_ numbers: PerCoefficient) -> PerCoefficient {
      if let common, let number = numbers.common { return .same(number / common) }
      return .each(factors.indices.map { numbers[$0] / factors[$0] })
    }
    let absolute = Penalty.laplacePrior(means: 0, scales: divided(1))
    let quadratic = Penalty.gaussianPrior(means: 0, scales: divided(1))
    switch self {
    case .l1(let strength): return strength * absolute
    case .l2(let strength): return strength * quadratic
    case .elasticNet(let l1, let l2): return l1 * absolute + l2 * quadratic
    case .laplacePrior(let means, let scales): return .laplacePrior(means: divided(means), scales: divided(scales))
    case .gaussianPrior(let means, let scales): return .gaussianPrior(means: divided(means), scales: divided(scales))
    case .smoothedL1(let strength, let delta):
      return common.map { .smoothedL1(strength: strength * $0, delta: delta / $0) }
    case .mcp(let strength, let gamma): return common.map { $0 * $0 * .mcp(strength: strength / $0, gamma: gamma) }
    case .scad(let strength, let a): return common.map { $0 * $0 * .scad(strength: strength / $0, a: a) }
    case .groupLasso(let strength, let groups):
      return common.map { .groupLasso(strength: strength * $0, groups: groups) }
    case .sparseGroupLasso(let l1, let group, let groups):
      return common.map { .sparseGroupLasso(l1: l1 * $0, group: group * $0, groups: groups) }
    case .totalVariation(let strength): return common.map { .totalVariation(strength: strength * $0) }
    case .orthogonality: return nil
    case .combination(let combination):
      var sum: Penalty?
      for term in combination.terms {
        guard let summand = term.summand.composed(with: factors) else { return nil }
        let next = term.coefficient * summand
        sum = sum.map { $0 + next } ?? next
      }
      return sum
    }
  }
}
