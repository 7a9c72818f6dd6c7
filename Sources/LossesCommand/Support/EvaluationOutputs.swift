import Losses

/// What an evaluation gives, and how long it took.
struct EvaluationResult<S: FileScalar> {
  var outcome: EvaluationOutcome
  /// An output that was not asked for is empty.
  var values: [S]
  var gradient: [S]
  var curvature: [S]
  var thresholdGradient: [S]
  var duration: Duration
}

/// The memory of the outputs of a call; `nil` where one is not wanted.
struct EvaluationOutputs<S: FileScalar> {
  var values: UnsafeMutableBufferPointer<S>?
  var gradient: UnsafeMutableBufferPointer<S>?
  var curvature: UnsafeMutableBufferPointer<S>?
  var thresholdGradient: UnsafeMutableBufferPointer<S>?

  /// The lengths of the outputs that are wanted.
  struct Lengths {
    var values: Int?
    var gradient: Int?
    var curvature: Int?
    var thresholdGradient: Int?
  }

  /// Calls `body` with memory for the outputs, and gives what it wrote there. `body` returns how to evaluate, which is what
  /// the time is that of.
  ///
  /// Calls keep addresses only, so that the inputs have to outlive `lend`.
  static func lend(
    _ lengths: Lengths, _ body: (Self) throws -> () throws -> EvaluationOutcome
  ) throws -> EvaluationResult<S> {
    func memory(_ length: Int?) -> [S] { [S](repeating: S(0), count: length ?? 0) }
    var first = memory(lengths.values)
    var second = memory(lengths.gradient)
    var third = memory(lengths.curvature)
    var fourth = memory(lengths.thresholdGradient)
    let (outcome, duration) = try first.withUnsafeMutableBufferPointer { first in
      try second.withUnsafeMutableBufferPointer { second in
        try third.withUnsafeMutableBufferPointer { third in
          try fourth.withUnsafeMutableBufferPointer { fourth in
            let evaluate = try body(
              Self(
                values: lengths.values == nil ? nil : first, gradient: lengths.gradient == nil ? nil : second,
                curvature: lengths.curvature == nil ? nil : third,
                thresholdGradient: lengths.thresholdGradient == nil ? nil : fourth))
            let start = ContinuousClock.now
            let outcome = try evaluate()
            return (outcome, ContinuousClock.now - start)
          }
        }
      }
    }
    return EvaluationResult(
      outcome: outcome, values: first, gradient: second, curvature: third, thresholdGradient: fourth,
      duration: duration)
  }
}
