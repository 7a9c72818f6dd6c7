import Losses
import Optimizers

/// What a solver found, in the coordinates of the scaled columns.
struct FitMinimum {
  var parameters: [Double]
  var gradientNorm: Double
  var gap: Double?
  var stopReason: StopReason
  var iterations: Int
  var history: [FitRecord]
  /// What a penalty with kinks adds to the objective.
  var penalty = 0.0
}

/// The minimum of a differentiable objective, by L-BFGS from the parameters of a constant.
func smoothMinimum(
  _ objective: some Objective, start: [Double], _ options: FitOptions,
  _ progress: (FitRecord) -> ProgressDecision
) throws -> FitMinimum {
  // At the best constant the gradient has the size that the tolerance refers to, unless no feature is of use: then
  // what it is at 0, times the rounding of a sum, is as close to zero as it can come.
  let origin = [Double](repeating: 0, count: objective.parameterCount)
  var gradient = origin
  var output = gradient.mutableSpan
  _ = try objective.valueAndGradient(at: origin.span, gradient: &output)
  let rounding = 1e-14 * (gradient.map(abs).max() ?? 0)
  let method = LBFGS(
    gradientTolerance: GradientTolerance(absolute: rounding, relative: options.tolerance),
    maximumIterations: options.maximumIterations)
  func record(_ record: IterationRecord) -> FitRecord {
    FitRecord(iteration: record.iteration, value: record.value, gradientNorm: record.gradientNorm, gap: nil)
  }
  let result = try method.minimize(objective, from: start) { progress(record($0)) }
  return FitMinimum(
    parameters: result.parameters, gradientNorm: result.gradientNorm, gap: nil,
    stopReason: result.stopReason, iterations: result.iterations, history: result.history.map(record))
}
