import CLossKernels

/// A property is a guarantee; `false` and `nil` mean that nothing is claimed.
extension Penalty {
  /// Whether the penalty is a convex function of the coefficients.
  public var isConvex: Bool {
    all { coefficient, part in
      guard coefficient > 0 else { return false }
      switch part {
      case .separable(let term): return term.penalty != lk_penalty_mcp && term.penalty != lk_penalty_scad
      case .groupLasso, .totalVariation: return true
      case .orthogonality: return false
      }
    }
  }

  /// Whether the penalty has a continuous gradient.
  public var isDifferentiable: Bool {
    all { _, part in
      switch part {
      case .separable(let term): return term.role == lk_role_quadratic || term.penalty == lk_penalty_smoothed_l1
      case .groupLasso, .totalVariation: return false
      case .orthogonality: return true
      }
    }
  }

  /// Whether the penalty is a sum of a function of each coefficient.
  public var isSeparable: Bool {
    all { _, part in if case .separable = part { true } else { false } }
  }

  /// A bound of the Lipschitz constant of the gradient; `nil` where there is none.
  public var curvatureBound: Double? {
    switch self {
    case .l2(let strength): return strength
    case .elasticNet(let l1, let l2): return l1 == 0 ? l2 : nil
    case .smoothedL1(let strength, let delta): return strength / delta
    case .gaussianPrior(_, .same(let scale)): return 1 / (scale * scale)
    case .gaussianPrior(_, .each(let scales)): return scales.min().map { 1 / ($0 * $0) } ?? 0
    case .orthogonality(let strength, _): return strength == 0 ? 0 : nil
    case .combination(let combination):
      var total = 0.0
      for term in combination.terms where term.coefficient != 0 {
        guard let bound = term.summand.curvatureBound else { return nil }
        total += abs(term.coefficient) * bound
      }
      return total
    default: return all { _, _ in false } ? 0 : nil
    }
  }

  private func all(_ condition: (Double, PenaltyPart) -> Bool) -> Bool {
    var result = true
    forEachPart { coefficient, part in result = result && condition(coefficient, part) }
    return result
  }

  /// The curvature of each coefficient where the penalty is `½ Σ bⱼwⱼ²`; `nil` where it is not.
  package func quadraticCurvatures(count: Int) -> [Double]? {
    let isQuadratic = all { _, part in
      guard case .separable(let term) = part, term.role == lk_role_quadratic else { return false }
      return term.penalty == lk_penalty_l2 || (0..<count).allSatisfy { term.mean(of: $0) == 0 }
    }
    return isQuadratic ? typicalCurvatures(count: count) : nil
  }

  /// The size of the curvature of each coefficient next to where the penalty is least.
  package func typicalCurvatures(count: Int) -> [Double] {
    var curvatures = [Double](repeating: 0, count: count)
    forEachPart { coefficient, part in
      for j in 0..<count {
        switch part {
        case .separable(let term) where term.penalty == lk_penalty_gaussian:
          let scale = term.scale(of: j)
          curvatures[j] += coefficient / (scale * scale)
        case .separable(let term) where term.penalty == lk_penalty_smoothed_l1:
          curvatures[j] += coefficient * term.parameters.0 / term.parameters.1
        case .separable(let term) where term.penalty == lk_penalty_l2: curvatures[j] += coefficient * term.parameters.0
        // Columns that turn within their plane are free, those that grow meet 4λ.
        case .orthogonality(let strength, _): curvatures[j] += coefficient * 2 * strength
        default: break
        }
      }
    }
    extendLifetime(self)
    return curvatures
  }
}

extension lk_penalty_term {
  /// The mean of a prior for one coefficient.
  func mean(of index: Int) -> Double { means?[index] ?? parameters.0 }

  /// The scale of a prior for one coefficient.
  func scale(of index: Int) -> Double { scales?[index] ?? parameters.1 }
}
