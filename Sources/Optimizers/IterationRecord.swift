/// The state of a minimisation after one accepted step.
public struct IterationRecord: Codable, Hashable, Sendable {
  /// The number of accepted steps so far; 0 at the start.
  public let iteration: Int

  /// The objective at the point accepted.
  public let value: Double

  /// `‖∇f‖∞` at the point accepted.
  public let gradientNorm: Double

  /// The factor `α` of the accepted step `x + αd`; 0 at the start.
  public let stepLength: Double

  /// The number of evaluations so far. The last of them was at the point accepted.
  public let evaluations: Int
}
