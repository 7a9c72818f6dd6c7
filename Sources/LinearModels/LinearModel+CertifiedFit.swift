import Losses
import Optimizers

extension LinearModel {
  /// The minimum of a convex loss with kinks.
  static func certifiedMinimum<L: PointwiseLoss, S: LossScalar>(
    _ objective: LinearObjective<L, S>, _ form: PiecewiseLinearForm, start: Double, _ options: FitOptions,
    _ progress: (FitRecord) -> ProgressDecision
  ) throws(LossError) -> FitMinimum {
    // The solver sees weights of mean 1, which keeps its quantities near 1; the values are those of the mean.
    let total = objective.weights.map { $0.reduce(0.0) { $0 + $1._double } } ?? Double(objective.targets.count)
    let active = objective.weights.map { $0.count { $0._double > 0 } } ?? objective.targets.count
    let factor = total > 0 ? Double(active) / total : 1
    let size = Double(max(1, active))
    var hinges: [InteriorPointSolver.Hinge] = []
    hinges.reserveCapacity(objective.targets.count * form.count)
    for (row, target) in objective.targets.enumerated() {
      let weight = factor * (objective.weights?[row]._double ?? 1)
      guard weight > 0 else { continue }
      for hinge in form.hinges(target._double) {
        let hinge = hinge.scaled(by: weight)
        hinges.append(
          InteriorPointSolver.Hinge(
            row: row, kink: hinge.kink, up: hinge.up, down: hinge.down, rounding: hinge.rounding))
      }
    }
    let remainder = form.remainder.map { terms in
      SmoothRemainder(
        terms: terms, targets: objective.targets.map(\._double),
        weights: objective.targets.indices.map { factor * (objective.weights?[$0]._double ?? 1) },
        threads: objective.threads)
    }
    let columns = objective.features.columnCount
    var penalty = (0..<columns).map { size * (objective.penaltyCurvatures?[$0] ?? 0) }
    if objective.hasIntercept { penalty.append(0) }
    func scaled(_ record: FitRecord) -> FitRecord {
      FitRecord(
        iteration: record.iteration, value: record.value / size, gradientNorm: record.gradientNorm / size,
        gap: record.gap.map { $0 / size })
    }
    let solution = try objective.withKernels { (kernels) throws(LossError) in
      let solver = InteriorPointSolver(
        design: InteriorPointSolver.Design(
          kernels: kernels, rows: objective.features.rowCount,
          scale: objective.scaling?.scale ?? [Double](repeating: 1, count: columns),
          hasIntercept: objective.hasIntercept),
        hinges: hinges, isCurved: hinges.contains { $0.rounding > 0 }, remainder: remainder, penalty: penalty,
        tolerance: options.tolerance,
        maximumIterations: options.maximumIterations)
      return try solver.solve(intercept: start) { progress(scaled($0)) }
    }
    return FitMinimum(
      parameters: solution.parameters, gradientNorm: solution.residual / size, gap: solution.gap / size,
      stopReason: solution.stopReason, iterations: solution.history.count - 1, history: solution.history.map(scaled))
  }
}
