/// The point at which a minimisation ended, and how it came there.
///
/// All numbers are finite.
public struct MinimizationResult: Codable, Hashable, Sendable {
  /// The last accepted point.
  public let parameters: [Double]

  /// The objective at ``parameters``.
  public let value: Double

  /// `‖∇f‖∞` at ``parameters``.
  public let gradientNorm: Double

  /// The number of accepted steps.
  public let iterations: Int

  /// The number of evaluations of the objective with its gradient, those of a last, failed search included.
  public let evaluations: Int

  /// Why the minimisation ended.
  public let stopReason: StopReason

  /// One record per iteration, beginning with iteration 0, the start; never empty.
  public let history: [IterationRecord]

  /// Whether the gradient met its tolerance or the limits of floating-point arithmetic were reached.
  public var converged: Bool { stopReason.isConvergence }
}
