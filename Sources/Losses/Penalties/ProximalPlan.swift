import CLossKernels

/// How the proximal operator of a sum is taken, where it has a closed form.
///
/// Quadratics change the point and the step for what is left of the sum. That is
///
/// - any number of kinks `a|x − m|`, or one other function of each coefficient; or
/// - a group lasso, after kinks at 0 (Yu 2013); or
/// - the total variation, before convex functions that are the same for all coefficients (Friedman et al. 2007).
struct ProximalPlan {
  /// What is not separable; the coefficient is part of the strength.
  enum Coupling {
    case groupLasso(strength: Double, groups: [Int])
    case totalVariation(strength: Double)
  }

  private(set) var coupling: Coupling?

  /// The step of what is left after the quadratics, if it is the same for all coefficients.
  private(set) var step: Double

  private var kinks = 0
  private var others = 0
  private var kinksAreAtZero = true
  private var restIsConvex = true
  private var restIsTheSameForAll = true
  private var stepIsTheSameForAll = true

  /// Throws ``LossError`` where there is no closed form.
  init(_ penalty: Penalty, step: Double) throws(LossError) {
    defer { extendLifetime(penalty) }
    self.step = step
    try penalty.forEachPart { (coefficient, part) throws(LossError) in
      guard coefficient > 0 else { throw Self.noClosedForm(penalty, "a sum whose coefficients are not negative") }
      switch part {
      case .separable(let term): add(term)
      case .groupLasso(let strength, let groups): try add(coefficient * strength, groups, penalty)
      case .totalVariation(let strength): try add(coefficient * strength, penalty)
      case .orthogonality: throw Self.noClosedForm(penalty, "no orthogonality")
      }
    }
    guard kinks == 0 || others == 0, others <= 1 else {
      throw Self.noClosedForm(
        penalty, "at most one of smoothedL1, mcp and scad, and beside it only l2 and gaussianPrior")
    }
    if coupling != nil, !stepIsTheSameForAll {
      throw Self.noClosedForm(penalty, "one scale for all coefficients in a gaussianPrior")
    }
    switch coupling {
    case .groupLasso? where others > 0 || !kinksAreAtZero:
      throw Self.noClosedForm(penalty, "only l1, l2, gaussianPrior and a laplacePrior of means 0 beside the groups")
    case .totalVariation? where !restIsConvex || !restIsTheSameForAll:
      throw Self.noClosedForm(penalty, "only convex penalties that are the same for all coefficients beside it")
    default: break
    }
  }

  private mutating func add(_ term: lk_penalty_term) {
    let (first, second) = term.parameters
    switch term.penalty {
    case lk_penalty_l2:
      step /= 1 + step * term.coefficient * first
    case lk_penalty_gaussian:
      step /= 1 + step * term.coefficient / max(second * second, .leastNormalMagnitude)
      stepIsTheSameForAll = stepIsTheSameForAll && term.scales == nil
    case lk_penalty_l1:
      kinks += 1
    case lk_penalty_laplace:
      kinks += 1
      restIsTheSameForAll = restIsTheSameForAll && term.means == nil && term.scales == nil
      kinksAreAtZero = kinksAreAtZero && term.means == nil && first == 0
    default:
      others += 1
      restIsConvex = restIsConvex && term.penalty == lk_penalty_smoothed_l1
    }
  }

  private mutating func add(_ strength: Double, _ groups: [Int], _ penalty: Penalty) throws(LossError) {
    switch coupling {
    case nil: coupling = .groupLasso(strength: strength, groups: groups)
    case .groupLasso(let sum, groups)?: coupling = .groupLasso(strength: sum + strength, groups: groups)
    default: throw Self.noClosedForm(penalty, "the groups of one grouping, and no total variation")
    }
  }

  private mutating func add(_ strength: Double, _ penalty: Penalty) throws(LossError) {
    switch coupling {
    case nil: coupling = .totalVariation(strength: strength)
    case .totalVariation(let sum)?: coupling = .totalVariation(strength: sum + strength)
    default: throw Self.noClosedForm(penalty, "the groups of one grouping, and no total variation")
    }
  }

  private static func noClosedForm(_ penalty: Penalty, _ expected: String) -> LossError {
    .invalidArgument(
      argument: "penalty", value: penalty.description,
      expected: "one whose proximal operator has a closed form: \(expected)")
  }
}

extension Penalty {
  /// Throws ``LossError`` where the proximal operator has no closed form.
  package func checkProximal() throws(LossError) { _ = try ProximalPlan(self, step: 1) }
}
