import Losses

extension InteriorPointSolver {
  /// The merit of a step where Newton's method may overshoot, as on an exponential.
  ///
  /// The iterates meet `aᵀθ − kink = p − m + εu`, which is linear, so what a step has to lower is the objective with a
  /// barrier,
  ///
  ///     Σ up·p + down·m + ½εu² + Σ ωφ(z) + ½ θᵀΛθ − μ Σ ln p + ln m,
  ///
  /// a convex function of which a step towards products μ is a descent direction: Newton's, with the Hessian
  /// `(up − u)/p`, `(down + u)/m` for that of the barrier (Wächter and Biegler 2006).
  struct Barrier {
    let solver: InteriorPointSolver
    let remainder: SmoothRemainder
    let expansion: SmoothRemainder.Expansion
    let state: Variables

    /// Whether the function falls by a share of what its slope promises, or by too little for rounding to tell.
    func falls(along step: Variables, by length: Double, target: Double) throws(LossError) -> Bool {
      var change = 0.0
      var slope = 0.0
      var size = 0.0
      for k in solver.hinges.indices {
        let hinge = solver.hinges[k]
        let ratio = (p: step.p[k] / state.p[k], m: step.m[k] / state.m[k])
        let bend = hinge.rounding * step.u[k]
        let linear = hinge.up * step.p[k] + hinge.down * step.m[k] + bend * state.u[k]
        slope += linear - target * (ratio.p + ratio.m)
        change += length * (linear + 0.5 * length * bend * step.u[k])
        change -= target * (Math.log1p(length * ratio.p) + Math.log1p(length * ratio.m))
        size += hinge.up * state.p[k] + hinge.down * state.m[k] + 0.5 * hinge.rounding * state.u[k] * state.u[k]
      }
      for j in state.parameters.indices {
        let moved = length * step.parameters[j]
        slope += solver.penalty[j] * state.parameters[j] * step.parameters[j]
        change += solver.penalty[j] * moved * (state.parameters[j] + 0.5 * moved)
      }
      var margins = state.margins
      for i in margins.indices {
        slope += expansion.slopes[i] * step.margins[i]
        margins[i] += length * step.margins[i]
      }
      let value = try remainder.value(at: margins)
      change += value - expansion.value
      size += abs(value) + abs(expansion.value)
      return change.isFinite && change <= 1e-4 * length * min(0, slope) + 1e-14 * size
    }
  }
}
