import Losses
import Optimizers

/// Minimises `Σᵢ ωᵢ ℓ(aᵢᵀθ) + ½ θᵀΛθ` for a convex loss ℓ of straight pieces, with or without rounded kinks, and a smooth
/// remainder φ, by Mehrotra's predictor–corrector method (Mehrotra 1992; for quantile regression Portnoy and Koenker
/// 1997), and certifies the result by its duality gap.
///
/// Every summand of a piecewise linear loss is the least `up·p + down·m + ½ε u²` with `aᵀθ − kink = p − m + εu`, `p, m ≥ 0`,
/// where ε is its rounding, commonly 0. The multiplier of that equation is u itself, in [−down, up]; the conditions for
/// a minimum are
///
///     Aᵀ(u + g) + Λθ = 0,   aᵀθ − kink = p − m + εu,   p (up − u) = 0,   m (down + u) = 0,
///
/// where `gᵢ = ωᵢ φ′(aᵢᵀθ)`. Newton's method on them, with the two products equal to μ → 0, needs one weighted Gram matrix
/// Aᵀ(Q⁻¹ + diag ωφ″)A and its factor per iteration: O(n p²). Without a remainder only the products are not linear, and
/// the steps need no damping; with one they are damped until a barrier function falls.
struct InteriorPointSolver {
  /// A summand of the loss of one row, with the row's weight in the slopes.
  struct Hinge {
    let row: Int
    let kink: Double
    let up: Double
    let down: Double
    let rounding: Double
  }

  let design: Design
  let hinges: [Hinge]
  /// Whether a kink is rounded.
  let isCurved: Bool
  let remainder: SmoothRemainder?
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
  struct Variables {
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
    // Damped steps may have to come down a long way before the gap shrinks.
    let patience = remainder == nil && !isCurved ? 10 : 200
    var stalled = 0
    var hasMoved = true
    while true {
      let iteration = history.count
      let expansion = try remainder?.expansion(at: state.margins)
      var multipliers = byRow(state.u)
      if let expansion { for i in multipliers.indices { multipliers[i] += expansion.slopes[i] } }
      let balance = try design.transposed(multipliers)
      let residuals = zip(balance, zip(penalty, state.parameters)).map { $0 + $1.0 * $1.1 }
      let now = value(state.parameters, state.margins) + (expansion?.value ?? 0)
      let difference =
        remainder == nil && !isCurved ? now - lowerBound(state, balance: balance) : dualityGap(state, balance: balance)
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
        } else if stalled >= patience || !gap.isFinite || !hasMoved {
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
      hasMoved = try advance(&state, residuals: residuals, gap: gap, expansion)
    }
  }

  /// A start that meets `aᵀθ − kink = p − m + εu` and lies well inside the bounds.
  private func start(intercept: Double) throws(LossError) -> Variables {
    var parameters = [Double](repeating: 0, count: design.parameterCount)
    if design.hasIntercept { parameters[design.scale.count] = intercept }
    var margins = [Double](repeating: 0, count: design.rows)
    try design.margins(parameters, into: &margins)
    let u = hinges.map { ($0.up - $0.down) / 2 }
    let distances = zip(hinges, u).map { margins[$0.row] - $0.kink - $0.rounding * $1 }
    let typical = distances.reduce(0) { $0 + abs($1) } / Double(max(1, distances.count))
    let slack = typical > 1e-290 ? typical : 1
    return Variables(
      parameters: parameters, margins: margins, u: u,
      p: distances.map { max($0, 0) + slack }, m: distances.map { max(-$0, 0) + slack })
  }

  /// The sum over the hinges of each row.
  func byRow(_ x: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: design.rows)
    for k in hinges.indices { sums[hinges[k].row] += x[k] }
    return sums
  }
}
