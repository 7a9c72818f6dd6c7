import CLossKernels
public import Losses

/// What the steps of an optimizer have in common, worked out once. It knows nothing of the scalar, so that it is compiled
/// once, and only thin wrappers go into the caller.
@usableFromInline
final class UpdatePlan: Sendable {
  let rule: UpdateRule
  let layout: ParameterLayout
  let options: UpdateOptions
  /// The parameters that the penalty ties together, unless it is a function of each by itself.
  private let tied: UpdateSegment?
  @usableFromInline var tiesParameters: Bool { tied != nil }

  private let segments: [UpdateSegment]
  private let kernel: (rule: lk_update, stateCount: Int)
  private let learningRate: Double
  /// What the step of the proximal operator is, in learning rates.
  private let penaltyReach: Double
  /// Of the ranges.
  private let greatestFactor: Double
  private let decay: (strength: Double, isDecoupled: Bool)
  private let isAdafactor: Bool

  init(_ rule: UpdateRule, _ layout: ParameterLayout, _ options: UpdateOptions) throws(LossError) {
    try rule.validate()
    try options.validate()
    isAdafactor = if case .adafactor = rule { true } else { false }
    if isAdafactor, let penalty = options.penalty {
      throw .invalidArgument(
        argument: "penalty", value: "\(penalty)", expected: "nil for adafactor, whose steps have no fixed length")
    }
    self.rule = rule
    self.layout = layout
    self.options = options
    segments = UpdateSegment.segments(of: layout, separately: options.needsEachRange(rule))
    tied = try options.penalty?.checkProximal(of: segments)
    penaltyReach = rule.reach ?? 1
    kernel = rule.kernel
    learningRate = rule.learningRate
    greatestFactor = segments.map(\.learningRateFactor).max() ?? 1
    let own = rule.weightDecay
    decay = (
      own.strength, options.weightDecay == .ofTheRule ? own.isDecoupled : options.weightDecay == .decoupled
    )
  }

  @usableFromInline var parameterCount: Int { layout.count }

  /// Throws ``Losses/LossError`` for lengths that do not fit, and for a factor out of range.
  @usableFromInline
  func check(parameters: Int, gradient: Int, _ factor: Double) throws(LossError) {
    guard parameters == layout.count else {
      throw .lengthMismatch(argument: "parameters", length: parameters, expected: layout.count)
    }
    guard gradient == layout.count else {
      throw .lengthMismatch(argument: "gradient", length: gradient, expected: layout.count)
    }
    guard factor >= 0, (learningRate * factor * greatestFactor).isFinite else {
      throw .invalidArgument(
        argument: "learningRateFactor", value: "\(factor)",
        expected: "a finite number not below 0, also times the learning rate")
    }
  }

  /// Everything but a penalty that ties parameters together. `states` has the vectors of the rule, which
  /// begin `stateStride` numbers apart.
  @usableFromInline
  func step(
    _ buffers: UpdateBuffers, states: UnsafeMutableRawPointer?, stateStride: Int,
    _ progress: inout UpdateProgress, _ factor: Double
  ) -> UpdateOutcome {
    var outcome = UpdateOutcome()
    var scale = 1.0
    if case .norm(let limit) = options.clipping {
      let norm = gradientNorm(buffers)
      outcome.gradientNorm = norm
      outcome.isSkipped = options.skipsNonFiniteGradients && !norm.isFinite
      scale = norm > limit ? limit / norm : 1
    } else if options.skipsNonFiniteGradients {
      outcome.isSkipped = !segments.allSatisfy { $0.isFrozen || buffers.isFinite($0.range) }
    }
    if outcome.isSkipped { return outcome }

    progress.stepCount += 1
    progress.momentumProduct *= rule.nadamMomentum(progress.stepCount)
    for segment in segments where !segment.isFrozen {
      var call = buffers.call(
        kernel.rule, segment.range, states: states, stateCount: kernel.stateCount, stateStride: stateStride)
      let rate = learningRate * factor * segment.learningRateFactor
      rule.setFactors(of: &call, rate: rate, progress)
      setDecay(of: &call, strength: decay.strength * segment.weightDecayFactor, rate: rate)
      switch options.clipping {
      case .value(let limit): call.limit = limit
      case .normOfEachRange(let limit):
        let norm = buffers.norm(segment.range)
        scale = norm > limit ? limit / norm : 1
      case .norm, nil: break
      }
      call.scale = options.maximizes ? -scale : scale
      if isAdafactor {
        buffers.runAdafactor(rule, call, segment, rate: rate, step: progress.stepCount, states: states)
      } else {
        call.penalty_step = penaltyStep(rate)
        buffers.run(&call, segment.isPenalized && rate > 0 ? options.penalty : nil, from: segment.penaltyOffset)
      }
    }
    return outcome
  }

  /// The step of the proximal operator. Beyond the largest number it would be refused, when the rule has made its own step.
  private func penaltyStep(_ rate: Double) -> Double { min(rate * penaltyReach, .greatestFiniteMagnitude) }

  private func setDecay(of call: inout lk_update_call, strength: Double, rate: Double) {
    call.decay = decay.isDecoupled ? 0 : strength
    if kernel.rule == lk_update_lion {
      call.factors.3 = decay.isDecoupled ? strength : 0
    } else if decay.isDecoupled {
      call.keep = 1 - rate * strength
    }
  }

  /// Of all ranges that are not frozen.
  private func gradientNorm(_ buffers: UpdateBuffers) -> Double {
    // One range is the rule; the norms of more are combined without overflow of their squares.
    var norm: Double?
    for segment in segments where !segment.isFrozen {
      let next = buffers.norm(segment.range)
      norm = norm.map { Math.hypot($0, next) } ?? next
    }
    return norm ?? 0
  }

  /// Applies a penalty that ties parameters together.
  @usableFromInline
  func applyPenalty<Scalar: LossScalar>(
    _ parameters: inout MutableSpan<Scalar>, _ factor: Double, _ threads: ThreadLimit
  ) throws(LossError) {
    guard let penalty = options.penalty, let tied else { return }
    let step = penaltyStep(learningRate * factor * tied.learningRateFactor)
    guard step > 0 else { return }
    try parameters.withUnsafeMutableBufferPointer { (all) throws(LossError) in
      var part = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: all[tied.range]))
      try penalty.proximal(overwriting: &part, step: step, threads: threads)
    }
  }
}
