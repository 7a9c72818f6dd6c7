import Losses

extension InteriorPointSolver {
  func value(_ parameters: [Double], _ margins: [Double]) -> Double {
    var sum = 0.0
    for hinge in hinges {
      let distance = margins[hinge.row] - hinge.kink
      sum += distance > 0 ? hinge.up * distance : -hinge.down * distance
    }
    return sum + 0.5 * zip(penalty, parameters).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  }

  /// The dual value. Where a parameter has no penalty the dual demands `(Aᵀu)ⱼ = 0`; what rounding leaves of it is
  /// charged with twice the parameter, plus one, so that the bound holds for every solution in that range.
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
}
