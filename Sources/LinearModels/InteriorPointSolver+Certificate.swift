import Losses

extension InteriorPointSolver {
  /// The objective without the smooth remainder.
  func value(_ parameters: [Double], _ margins: [Double]) -> Double {
    var sum = 0.0
    for hinge in hinges {
      let distance = margins[hinge.row] - hinge.kink
      let slope = hinge.slope(at: distance)
      sum += slope * distance
      if hinge.rounding > 0 { sum -= 0.5 * hinge.rounding * slope * slope }
    }
    return sum + 0.5 * zip(penalty, parameters).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  }

  /// The dual value of a loss of straight pieces only. Where a parameter has no penalty the dual demands `(Aᵀu)ⱼ = 0`;
  /// what rounding leaves of it is charged with twice the parameter, plus one, so that the bound holds for every solution
  /// in that range.
  func lowerBound(_ state: Variables, balance: [Double]) -> Double {
    var bound = 0.0
    for k in hinges.indices { bound -= state.u[k] * hinges[k].kink }
    for j in balance.indices {
      if penalty[j] > 0 {
        bound -= 0.5 * balance[j] * balance[j] / penalty[j]
      } else {
        bound -= abs(balance[j]) * (2 * abs(state.parameters[j]) + 1)
      }
    }
    return bound
  }

  /// The duality gap of any loss; `balance` is `b = Aᵀ(u + g)`.
  ///
  /// With the slopes g of the remainder at the margins z as its multipliers, the dual of Wolfe (1961) is Fenchel's:
  /// convexity bounds the remainder from below by its tangents, and each summand h, of distance `d = z − kink`, by the line
  /// `ud − ½εu²`. So every `θ′` has
  ///
  ///     value(θ′) ≥ Σ φ(z) − gᵀz − Σ (u·kink + ½εu²) + bᵀθ′ + ½ θ′ᵀΛθ′,
  ///     value(θ)  = Σ φ(z) − gᵀz − Σ (u·kink + ½εu²) + bᵀθ + ½ θᵀΛθ + Σ h(d) − ud + ½εu²,
  ///
  /// the latter because `Σ u z + gᵀz = bᵀθ`. In the difference φ cancels, and `r = b + Λθ` remains:
  ///
  ///     value(θ) − value(θ′) ≤ Σ (h(d) − ud + ½εu²) + rᵀ(θ − θ′) − ½ (θ − θ′)ᵀΛ(θ − θ′).
  ///
  /// That holds at every iterate, since it needs only `−down ≤ u ≤ up`. The last two terms are at most `½ rⱼ²/Λⱼ` where
  /// there is a penalty; elsewhere r = b is charged as in the lower bound, for every `|θ′ⱼ| ≤ 2|θⱼ| + 1`. With the slope c of
  /// h at d the summand is `(c − u)(d − ½ε(c + u))`: no summand is negative, and nothing cancels.
  func dualityGap(_ state: Variables, balance: [Double]) -> Double {
    var gap = 0.0
    for k in hinges.indices {
      let distance = state.margins[hinges[k].row] - hinges[k].kink
      let slope = hinges[k].slope(at: distance)
      gap += (slope - state.u[k]) * (distance - 0.5 * hinges[k].rounding * (slope + state.u[k]))
    }
    for j in balance.indices {
      if penalty[j] > 0 {
        let residual = balance[j] + penalty[j] * state.parameters[j]
        gap += 0.5 * residual * residual / penalty[j]
      } else {
        gap += balance[j] * state.parameters[j] + abs(balance[j]) * (2 * abs(state.parameters[j]) + 1)
      }
    }
    return gap
  }
}

extension InteriorPointSolver.Hinge {
  /// The derivative at a distance from the kink; at the kink itself that of the left.
  func slope(at distance: Double) -> Double {
    guard rounding > 0 else { return distance > 0 ? up : -down }
    return min(max(distance / rounding, -down), up)
  }
}
