/// Why a minimisation, or a training, ended.
@nonexhaustive
public enum StopReason: String, CaseIterable, Codable, Hashable, Sendable, CustomStringConvertible {
  /// `‖g‖∞` is within the ``GradientTolerance``. Counts as converged.
  case gradientTolerance

  /// The limits of floating-point arithmetic are reached. Counts as converged.
  ///
  /// Three things hold together: no step was acceptable, or the last 20 did not lower the least `‖g‖∞` so far;
  /// `‖g‖∞ ≤ √ε‖g₀‖∞`, with `g₀` the gradient at the start; and the first step `αd` tried was lost to rounding, as its
  /// predicted decrease `|αgᵀd|` was at most `8ε|f|`, or `‖αd‖∞` at most `8ε‖x‖∞`. Here ε is 2⁻⁵².
  ///
  /// A search that fails far from a stationary point, at a kink say, does not pass: the gradient there is not small.
  case roundingLevel

  /// The duality gap, a bound of the distance from the least value, is within the tolerance. Counts as converged.
  ///
  /// Given by solvers that certify their result, not by descent methods.
  case dualityGapTolerance

  /// The limit on iterations was reached first.
  case iterationLimit

  /// No acceptable step was found and ``roundingLevel`` does not apply.
  ///
  /// The function is not smooth there, its gradient is wrong or inexact, or a fixed step left the function's domain.
  case lineSearchFailed

  /// The duality gap no longer shrinks, because of rounding, and is not within the tolerance.
  case stalled

  /// A training has done all of its epochs.
  case epochLimit

  /// The value that a training watches got better no more; see ``EarlyStopping``.
  case earlyStopping

  /// The time that a training was given is over.
  case deadlineReached

  /// The progress callback asked to stop.
  case stoppedByProgress

  /// The surrounding task was cancelled.
  case taskCancelled

  /// Whether the reason is that the minimum was found.
  public var isConvergence: Bool {
    switch self {
    case .gradientTolerance, .roundingLevel, .dualityGapTolerance: true
    case .iterationLimit, .lineSearchFailed, .stalled, .epochLimit, .earlyStopping, .deadlineReached,
      .stoppedByProgress, .taskCancelled:
      false
    }
  }

  /// The reason in one sentence.
  public var description: String {
    switch self {
    case .gradientTolerance: "The gradient is within the tolerance."
    case .roundingLevel: "The value cannot decrease further in floating-point arithmetic."
    case .dualityGapTolerance: "The duality gap is within the tolerance."
    case .iterationLimit: "The limit on iterations was reached."
    case .lineSearchFailed: "No step was found that lowers the value enough."
    case .stalled: "Rounding keeps the duality gap from shrinking to the tolerance."
    case .epochLimit: "All epochs are done."
    case .earlyStopping: "The value got better no more."
    case .deadlineReached: "The deadline was reached."
    case .stoppedByProgress: "The progress callback asked to stop."
    case .taskCancelled: "The task was cancelled."
    }
  }
}
