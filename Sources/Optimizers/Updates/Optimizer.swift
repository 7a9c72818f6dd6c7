package import CLossKernels
public import Losses

/// Applies an ``UpdateRule`` to a flat buffer of parameters, step by step: the way to train with any gradient, in an app's
/// own network as in the linear models here.
///
/// ```swift
/// var optimizer = try Optimizer<Float>(.adamW(), parameterCount: weights.count)
/// for step in 0..<1000 {
///   let gradient = …
///   try optimizer.update(&weights, gradient: gradient, learningRateFactor: schedule.factor(at: step))
/// }
/// ```
///
/// A step is one pass over parameters, gradient and state; elements are worked on in the scalar's own precision, the
/// factors of a step are computed in `Double`. Results are the same, bit for bit, for any number of threads and every
/// instruction set. It takes time O(n), and allocates nothing unless there is a penalty or the state was copied. The state
/// has up to three numbers for each parameter.
public struct Optimizer<Scalar: LossScalar>: Sendable {
  /// The rule.
  public let rule: UpdateRule

  /// The ranges of the parameters.
  public let layout: ParameterLayout

  /// What a step does beside the rule.
  public let options: UpdateOptions

  /// What is remembered from step to step.
  public private(set) var state: OptimizerState<Scalar>

  /// The instruction set. Results do not depend on it.
  package var instructionSet = lk_isa_best

  private let segments: [UpdateSegment]

  /// Throws ``Losses/LossError`` for a hyperparameter or an option outside its domain, a penalty that has no proximal
  /// operator or does not fit the layout, and a state of another rule or size.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - layout: The ranges of the parameters.
  ///   - options: What a step does beside the rule.
  ///   - state: Where to go on; without it the first step is the first one.
  public init(
    _ rule: UpdateRule, layout: ParameterLayout, options: UpdateOptions = UpdateOptions(),
    state: OptimizerState<Scalar>? = nil
  ) throws(LossError) {
    try rule.validate()
    try options.validate()
    try state?.check(rule, layout)
    self.rule = rule
    self.layout = layout
    self.options = options
    self.state = state ?? OptimizerState(rule, layout)
    segments = UpdateSegment.segments(of: layout, separately: options.needsEachRange(rule))
    try options.penalty?.checkProximal(of: layout)
    if case .adafactor = rule, let penalty = options.penalty {
      throw .invalidArgument(
        argument: "penalty", value: "\(penalty)", expected: "nil for adafactor, whose steps have no fixed length")
    }
  }

  /// For parameters that are all alike.
  public init(
    _ rule: UpdateRule, parameterCount: Int, options: UpdateOptions = UpdateOptions(),
    state: OptimizerState<Scalar>? = nil
  ) throws(LossError) {
    try self.init(rule, layout: ParameterLayout(count: parameterCount), options: options, state: state)
  }

  /// Moves the parameters by one step.
  ///
  /// Throws ``Losses/LossError`` for another number of parameters or of components of the gradient than the layout has, and
  /// for a factor that is not finite or below 0; nothing is changed then.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, which are replaced.
  ///   - gradient: The gradient at the parameters.
  ///   - learningRateFactor: What the learning rate of the rule is multiplied by in this step: the factor of a schedule.
  ///   - threads: How many threads may be used.
  @discardableResult
  public mutating func update(
    _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, learningRateFactor: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> UpdateOutcome {
    guard parameters.count == layout.count else {
      throw .lengthMismatch(argument: "parameters", length: parameters.count, expected: layout.count)
    }
    guard gradient.count == layout.count else {
      throw .lengthMismatch(argument: "gradient", length: gradient.count, expected: layout.count)
    }
    guard learningRateFactor >= 0, learningRateFactor.isFinite else {
      throw .invalidArgument(
        argument: "learningRateFactor", value: "\(learningRateFactor)", expected: "a finite number not below 0")
    }
    let limit = try threads.kernelLimit()
    defer {
      extendLifetime(parameters)
      extendLifetime(gradient)
    }
    let outcome = parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in
        step(UpdateBuffers(parameters, gradient, threads: limit, isa: instructionSet), learningRateFactor)
      }
    }
    let rate = rule.learningRate * learningRateFactor * (segments.first?.learningRateFactor ?? 1)
    if let penalty = options.penalty, !penalty.isSeparable, !outcome.isSkipped, rate > 0 {
      try penalty.proximal(overwriting: &parameters, step: rate, threads: threads)
    }
    return outcome
  }

  /// Moves the parameters by one step; see ``update(_:gradient:learningRateFactor:threads:)``.
  @discardableResult
  public mutating func update(
    _ parameters: inout [Scalar], gradient: [Scalar], learningRateFactor: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> UpdateOutcome {
    try withSpans(&parameters, gradient) { (parameters, gradient) throws(LossError) in
      try update(&parameters, gradient: gradient, learningRateFactor: learningRateFactor, threads: threads)
    }
  }

  /// Everything but a penalty that ties parameters together.
  private mutating func step(_ buffers: UpdateBuffers, _ factor: Double) -> UpdateOutcome {
    var outcome = UpdateOutcome()
    var scale = 1.0
    if case .norm(let limit) = options.clipping {
      let norm = gradientNorm(buffers)
      outcome.gradientNorm = norm
      outcome.isSkipped = options.skipsNonFiniteGradients && !norm.isFinite
      scale = norm > limit ? limit / norm : 1
    } else if options.skipsNonFiniteGradients {
      for segment in segments where !segment.isFrozen && !buffers.isFinite(segment.range) {
        outcome.isSkipped = true
        break
      }
    }
    if outcome.isSkipped { return outcome }

    state.stepCount += 1
    state.momentumProduct *= rule.nadamMomentum(state.stepCount)
    let (rule, options, segments, count) = (rule, options, segments, layout.count)
    let (t, product) = (state.stepCount, state.momentumProduct)
    state.vectors.withUnsafeMutableBufferPointer { vectors in
      let vectors = UnsafeMutableRawPointer(vectors.baseAddress)
      for segment in segments where !segment.isFrozen {
        var call = buffers.call(rule, segment.range, states: vectors, count: count)
        let rate = rule.learningRate * factor * segment.learningRateFactor
        rule.setFactors(of: &call, rate: rate, step: t, product: product)
        options.set(&call, rule.weightDecay, factor: segment.weightDecayFactor, rate: rate)
        if case .normOfEachRange(let limit) = options.clipping {
          let norm = buffers.norm(segment.range)
          scale = norm > limit ? limit / norm : 1
        }
        call.scale = options.maximizes ? -scale : scale
        call.penalty_step = rate
        if case .adafactor = rule {
          buffers.runAdafactor(rule, call, segment, rate: rate, step: t, states: vectors)
          continue
        }
        buffers.run(&call, segment.isPenalized && rate > 0 ? options.penalty : nil, from: segment.range.lowerBound)
      }
    }
    return outcome
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
}

/// What became of one step.
public struct UpdateOutcome: Hashable, Sendable {
  /// Whether the gradient had a number that is not finite, so that nothing was changed.
  public var isSkipped = false

  /// The Euclidean norm of the gradient before it was cut, where ``GradientClipping/norm(_:)`` needed it.
  public var gradientNorm: Double?
}
