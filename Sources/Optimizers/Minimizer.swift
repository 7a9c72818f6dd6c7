/// A method that minimises a smooth ``Objective`` by descent from a start point.
///
/// Every method is deterministic: sums run in the order of the parameters, so one objective, start and configuration give
/// the same bits on every run.
public protocol Minimizer: Sendable {
  /// How small the gradient must be for the minimisation to have converged.
  var gradientTolerance: GradientTolerance { get set }

  /// The largest number of accepted steps; 0 evaluates the start only.
  var maximumIterations: Int { get set }

  /// Minimises `objective` from `start` until ``gradientTolerance`` is met or nothing more can be gained.
  ///
  /// After the evaluation of the start and after every accepted step, a record is added to the history and shown to
  /// `progress`; then the reasons to stop are tested in this order: ``StopReason/gradientTolerance``,
  /// ``StopReason/stoppedByProgress``, ``StopReason/taskCancelled``, ``StopReason/iterationLimit``.
  /// The last accepted point is returned whatever the reason.
  ///
  /// - Parameters:
  ///   - objective: The function to minimise.
  ///   - start: A point where the function and its gradient are finite.
  ///   - progress: Called once per iteration, in order, beginning with iteration 0, the start.
  /// - Throws: ``OptimizerError`` if the configuration or the start is invalid; any error that `objective` throws.
  func minimize(
    _ objective: some Objective, from start: [Double], progress: (IterationRecord) -> ProgressDecision
  ) throws -> MinimizationResult
}

extension Minimizer {
  /// Minimises `objective` from `start` without reports on the way.
  ///
  /// - Throws: ``OptimizerError`` if the configuration or the start is invalid; any error that `objective` throws.
  public func minimize(_ objective: some Objective, from start: [Double]) throws -> MinimizationResult {
    try minimize(objective, from: start) { _ in .proceed }
  }
}

/// What a progress callback asks for.
public enum ProgressDecision: Hashable, Sendable {
  /// Carry on.
  case proceed

  /// Return the point reached, with ``StopReason/stoppedByProgress``.
  case stop
}
