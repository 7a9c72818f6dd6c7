import Losses

extension InteriorPointSolver {
  /// One predictor–corrector step; `residuals` is `Aᵀ(u + g) + Λθ`, `gap` the duality gap. Returns `false` where no step
  /// was found.
  func advance(
    _ state: inout Variables, residuals: [Double], gap: Double, _ expansion: SmoothRemainder.Expansion?
  ) throws(LossError) -> Bool {
    let count = hinges.count
    var q = [Double](repeating: 0, count: count)
    var mu = 0.0
    for k in 0..<count {
      let upper = hinges[k].up - state.u[k]
      let lower = hinges[k].down + state.u[k]
      q[k] = state.p[k] / upper + state.m[k] / lower + hinges[k].rounding
      mu += state.p[k] * upper + state.m[k] * lower
    }
    mu /= Double(2 * max(1, count))
    let size = design.parameterCount
    var multipliers = byRow(q.map { 1 / $0 })
    if let expansion { for i in multipliers.indices { multipliers[i] += expansion.curvatures[i] } }
    var matrix = try design.gram(multipliers)
    for j in 0..<size { matrix[j * size + j] += penalty[j] }
    let factor = CholeskyFactor(matrix, size: size)

    let predictor = try step(state, residuals, q, factor, target: 0, correction: nil)
    let reach = longest(state, predictor)
    var reached = 0.0
    for k in 0..<count {
      let u = state.u[k] + reach.dual * predictor.u[k]
      reached += (state.p[k] + reach.primal * predictor.p[k]) * (hinges[k].up - u)
      reached += (state.m[k] + reach.primal * predictor.m[k]) * (hinges[k].down + u)
    }
    reached /= Double(2 * max(1, count))
    let ratio = mu > 0 ? reached / mu : 0
    var target = mu * ratio * ratio * ratio
    if remainder != nil {
      // The residual does not shrink with the products where φ bends, and no step is left once they are gone before it.
      target = max(target, min(mu, 0.01 * gap / Double(2 * max(1, count))))
    }
    let corrector = try step(state, residuals, q, factor, target: target, correction: predictor)
    let length = longest(state, corrector)
    let primal = min(1, 0.9995 * length.primal)
    let dual = min(1, 0.9995 * length.dual)
    guard let remainder, let expansion else {
      move(&state, by: corrector, primal: primal, dual: dual)
      try design.margins(state.parameters, into: &state.margins)
      return true
    }
    let barrier = Barrier(solver: self, remainder: remainder, expansion: expansion, state: state)
    var chosen = (step: corrector, length: primal)
    if try !barrier.falls(along: corrector, by: primal, target: target) {
      // Without correction, Newton's step is a descent direction of the barrier function whatever its target.
      let centering = max(target, 0.1 * mu)
      let plain = try step(state, residuals, q, factor, target: centering, correction: nil)
      chosen = (plain, min(1, 0.9995 * longest(state, plain).primal))
      while try !barrier.falls(along: plain, by: chosen.length, target: centering) {
        chosen.length /= 2
        guard chosen.length > 1e-12 else { return false }
      }
    }
    move(&state, by: chosen.step, primal: chosen.length, dual: chosen.length)
    try design.margins(state.parameters, into: &state.margins)
    return true
  }

  private func move(_ state: inout Variables, by step: Variables, primal: Double, dual: Double) {
    for j in state.parameters.indices { state.parameters[j] += primal * step.parameters[j] }
    for k in hinges.indices {
      state.p[k] += primal * step.p[k]
      state.m[k] += primal * step.m[k]
      state.u[k] += dual * step.u[k]
    }
  }

  /// Newton's step towards products equal to `target`, corrected for the products of a predictor.
  private func step(
    _ state: Variables, _ residuals: [Double], _ q: [Double], _ factor: CholeskyFactor, target: Double,
    correction: Variables?
  ) throws(LossError) -> Variables {
    let count = hinges.count
    var t = [Double](repeating: 0, count: count)
    var first = t
    var second = t
    for k in 0..<count {
      let upper = hinges[k].up - state.u[k]
      let lower = hinges[k].down + state.u[k]
      let distance = state.margins[hinges[k].row] - hinges[k].kink - hinges[k].rounding * state.u[k]
      first[k] = (target + (correction.map { $0.p[k] * $0.u[k] } ?? 0)) / upper - state.p[k]
      second[k] = (target - (correction.map { $0.m[k] * $0.u[k] } ?? 0)) / lower - state.m[k]
      t[k] = ((distance - state.p[k] + state.m[k]) - first[k] + second[k]) / q[k]
    }
    let right = try design.transposed(byRow(t))
    let parameters = factor.solve(zip(residuals, right).map { -$0 - $1 })
    var margins = [Double](repeating: 0, count: design.rows)
    try design.margins(parameters, into: &margins)
    var step = Variables(parameters: parameters, margins: margins, u: t, p: first, m: second)
    for k in 0..<count {
      let u = margins[hinges[k].row] / q[k] + t[k]
      step.u[k] = u
      step.p[k] += state.p[k] / (hinges[k].up - state.u[k]) * u
      step.m[k] -= state.m[k] / (hinges[k].down + state.u[k]) * u
    }
    return step
  }

  /// How far the step can go before p, m or the room of u is used up. With a penalty, a rounded kink or a
  /// smooth remainder there is a variable in both sets of conditions, so both go equally far.
  private func longest(_ state: Variables, _ step: Variables) -> (primal: Double, dual: Double) {
    var primal = Double.infinity
    var dual = Double.infinity
    for k in hinges.indices {
      if step.p[k] < 0 { primal = min(primal, -state.p[k] / step.p[k]) }
      if step.m[k] < 0 { primal = min(primal, -state.m[k] / step.m[k]) }
      if step.u[k] > 0 { dual = min(dual, (hinges[k].up - state.u[k]) / step.u[k]) }
      if step.u[k] < 0 { dual = min(dual, (hinges[k].down + state.u[k]) / -step.u[k]) }
    }
    guard remainder != nil || isCurved || penalty.contains(where: { $0 > 0 }) else {
      return (min(primal, 1), min(dual, 1))
    }
    let both = min(primal, dual, 1)
    return (both, both)
  }
}
