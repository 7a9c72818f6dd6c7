import Losses
import Optimizers

/// Minimises `Σᵢ ωᵢ ℓ(aᵢᵀθ) + ½ θᵀΛθ` for a loss of straight pieces, by Mehrotra's predictor–corrector method (Mehrotra
/// 1992; for quantile regression Portnoy and Koenker 1997), and certifies the result by its duality gap.
///
/// Every summand of a piecewise linear loss is `up·p + down·m` with `aᵀθ − kink = p − m`, `p, m ≥ 0`. The multiplier u of
/// that equation lies in [−down, up]; the conditions for a minimum are
///
///     Aᵀu + Λθ = 0,   aᵀθ − kink = p − m,   p (up − u) = 0,   m (down + u) = 0.
///
/// Newton's method on them, with the two products equal to μ → 0, needs one weighted Gram matrix AᵀQ⁻¹A and its
/// factor per iteration: O(n p²). The lower bound is the dual value −Σ u·kink − ½(Aᵀu)ᵀΛ⁻¹(Aᵀu).
struct InteriorPointSolver {
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

  /// A summand of the loss of one row, with the row's weight in the slopes.
  struct Hinge {
    let row: Int
    let kink: Double
    let up: Double
    let down: Double
  }

  let design: Design
  let hinges: [Hinge]
  let penalty: [Double]
  let tolerance: Double
  let maximumIterations: Int

  struct Solution {
    var parameters: [Double]
    var value: Double
    var gap: Double
    var residual: Double
    var stopReason: StopReason
    var history: [FitRecord]
  }

  /// The point of an iteration, or a step from it.
  private struct Variables {
    var parameters: [Double]
    var margins: [Double]
    var u: [Double]
    var p: [Double]
    var m: [Double]
  }

  /// Runs from the best constant. `intercept` is that constant.
  func solve(intercept: Double, progress: (FitRecord) -> ProgressDecision) throws(LossError) -> Solution {
    var state = try start(intercept: intercept)
    var history: [FitRecord] = []
    var best: Solution?
    // The size of the value for a model that misses by the slack: below rounding of that, a value is 0.
    let typicalValue = hinges.indices.reduce(0.0) { sum, k in
      sum + (hinges[k].up + hinges[k].down) / 2 * min(state.p[k], state.m[k])
    }
    var stalled = 0
    while true {
      let iteration = history.count
      let balance = try design.transposed(byRow(state.u))
      let residuals = zip(balance, zip(penalty, state.parameters)).map { $0 + $1.0 * $1.1 }
      let now = value(state.parameters, state.margins)
      let difference = now - lowerBound(state, balance: balance)
      // A NaN must not pass for a gap of 0.
      let gap = difference.isNaN ? .infinity : max(0, difference)
      let residual = residuals.map(abs).max() ?? 0
      let record = FitRecord(iteration: iteration, value: now, gradientNorm: residual, gap: gap)
      history.append(record)
      if gap < (best?.gap ?? .infinity) || best == nil {
        best = Solution(
          parameters: state.parameters, value: now, gap: gap, residual: residual, stopReason: .iterationLimit,
          history: [])
        stalled = 0
      } else {
        stalled += 1
      }
      let reason: StopReason? =
        if gap <= tolerance * abs(now) || gap <= 1e-14 * typicalValue {
          .dualityGapTolerance
        } else if progress(record) == .stop {
          .stoppedByProgress
        } else if Task.isCancelled {
          .taskCancelled
        } else if iteration >= maximumIterations {
          .iterationLimit
        } else if stalled >= 10 || !gap.isFinite {
          // Rounding keeps the gap from shrinking further: no certificate at this tolerance.
          .stalled
        } else {
          nil
        }
      if let reason, var solution = best {
        solution.stopReason = reason
        solution.history = history
        return solution
      }
      try advance(&state, residuals: residuals)
    }
  }

  /// A start that meets `aᵀθ − kink = p − m` and lies well inside the bounds.
  private func start(intercept: Double) throws(LossError) -> Variables {
    var parameters = [Double](repeating: 0, count: design.parameterCount)
    if design.hasIntercept { parameters[design.scale.count] = intercept }
    var margins = [Double](repeating: 0, count: design.rows)
    try design.margins(parameters, into: &margins)
    let distances = hinges.map { margins[$0.row] - $0.kink }
    let typical = distances.reduce(0) { $0 + abs($1) } / Double(max(1, distances.count))
    let slack = typical > 1e-290 ? typical : 1
    return Variables(
      parameters: parameters, margins: margins, u: hinges.map { ($0.up - $0.down) / 2 },
      p: distances.map { max($0, 0) + slack }, m: distances.map { max(-$0, 0) + slack })
  }

  /// The sum over the hinges of each row.
  private func byRow(_ x: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: design.rows)
    for k in hinges.indices { sums[hinges[k].row] += x[k] }
    return sums
  }

  private func value(_ parameters: [Double], _ margins: [Double]) -> Double {
    var sum = 0.0
    for hinge in hinges {
      let distance = margins[hinge.row] - hinge.kink
      sum += distance > 0 ? hinge.up * distance : -hinge.down * distance
    }
    return sum + 0.5 * zip(penalty, parameters).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  }

  /// The dual value. Where a parameter has no penalty the dual demands `(Aᵀu)ⱼ = 0`; what rounding leaves of it is
  /// charged with twice the parameter, plus one, so that the bound holds for every solution in that range.
  private func lowerBound(_ state: Variables, balance: [Double]) -> Double {
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

  /// One predictor–corrector step; `residuals` is `Aᵀu + Λθ`.
  private func advance(_ state: inout Variables, residuals: [Double]) throws(LossError) {
    let count = hinges.count
    var q = [Double](repeating: 0, count: count)
    var mu = 0.0
    for k in 0..<count {
      let upper = hinges[k].up - state.u[k]
      let lower = hinges[k].down + state.u[k]
      q[k] = state.p[k] / upper + state.m[k] / lower
      mu += state.p[k] * upper + state.m[k] * lower
    }
    mu /= Double(2 * max(1, count))
    let size = design.parameterCount
    var matrix = try design.gram(byRow(q.map { 1 / $0 }))
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
    let corrector = try step(state, residuals, q, factor, target: mu * ratio * ratio * ratio, correction: predictor)
    let length = longest(state, corrector)
    let primal = min(1, 0.9995 * length.primal)
    let dual = min(1, 0.9995 * length.dual)
    for j in 0..<size { state.parameters[j] += primal * corrector.parameters[j] }
    for k in 0..<count {
      state.p[k] += primal * corrector.p[k]
      state.m[k] += primal * corrector.m[k]
      state.u[k] += dual * corrector.u[k]
    }
    try design.margins(state.parameters, into: &state.margins)
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
      let distance = state.margins[hinges[k].row] - hinges[k].kink
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

  /// How far the step can go before p, m or the room of u is used up. With a penalty the parameters enter both sets of
  /// conditions, so both go equally far.
  private func longest(_ state: Variables, _ step: Variables) -> (primal: Double, dual: Double) {
    var primal = Double.infinity
    var dual = Double.infinity
    for k in hinges.indices {
      if step.p[k] < 0 { primal = min(primal, -state.p[k] / step.p[k]) }
      if step.m[k] < 0 { primal = min(primal, -state.m[k] / step.m[k]) }
      if step.u[k] > 0 { dual = min(dual, (hinges[k].up - state.u[k]) / step.u[k]) }
      if step.u[k] < 0 { dual = min(dual, (hinges[k].down + state.u[k]) / -step.u[k]) }
    }
    guard penalty.contains(where: { $0 > 0 }) else { return (min(primal, 1), min(dual, 1)) }
    let both = min(primal, dual, 1)
    return (both, both)
  }
}
