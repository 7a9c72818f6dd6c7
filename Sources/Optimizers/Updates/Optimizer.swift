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
/// A step is one pass over parameters, gradient and state (four for `adafactor`), after one over the gradient where its norm
/// is needed or numbers that are not finite are looked for; elements are worked on in the scalar's own precision, the factors
/// of a step are computed in `Double`. Results are the same, bit for bit, for any number of threads and every
/// instruction set. It takes time O(n), and allocates nothing unless there is a penalty or the state was copied. The state
/// has up to three numbers for each parameter.
public struct Optimizer<Scalar: LossScalar>: Sendable {
  @usableFromInline let plan: UpdatePlan

  @usableFromInline var memory: OptimizerState<Scalar>

  /// What is remembered from step to step.
  public var state: OptimizerState<Scalar> { memory }

  /// The instruction set. Results do not depend on it.
  package var instructionSet = lk_isa_best

  /// The rule.
  public var rule: UpdateRule { plan.rule }

  /// The ranges of the parameters.
  public var layout: ParameterLayout { plan.layout }

  /// What a step does beside the rule.
  public var options: UpdateOptions { plan.options }

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
    plan = try UpdatePlan(rule, layout, options)
    try state?.check(rule, layout)
    memory = state ?? OptimizerState(rule, layout)
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
  @inlinable
  @discardableResult
  public mutating func update(
    _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, learningRateFactor: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> UpdateOutcome {
    try plan.check(parameters: parameters.count, gradient: gradient.count, learningRateFactor)
    // The kernels see addresses only, so every span is kept alive to the end.
    defer {
      extendLifetime(parameters)
      extendLifetime(gradient)
    }
    var buffers = try UpdateBuffers(
      kind: Scalar._kind, stride: MemoryLayout<Scalar>.stride,
      parameters: parameters.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) },
      gradient: gradient.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }, threads)
    setInstructionSet(of: &buffers)
    let (plan, vectorStride) = (plan, OptimizerState<Scalar>.vectorStride(plan.parameterCount))
    var progress = memory.progress
    let outcome = memory.vectors.withUnsafeMutableBufferPointer { vectors in
      plan.step(
        buffers, states: UnsafeMutableRawPointer(vectors.baseAddress), stateStride: vectorStride, &progress,
        learningRateFactor)
    }
    memory.progress = progress
    if plan.tiesParameters, !outcome.isSkipped {
      try plan.applyPenalty(&parameters, learningRateFactor, threads)
    }
    return outcome
  }

  /// Moves the parameters by one step; see ``update(_:gradient:learningRateFactor:threads:)``.
  @inlinable
  @discardableResult
  public mutating func update(
    _ parameters: inout [Scalar], gradient: [Scalar], learningRateFactor: Double = 1,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> UpdateOutcome {
    try withSpans(&parameters, gradient) { (parameters, gradient) throws(LossError) in
      try update(&parameters, gradient: gradient, learningRateFactor: learningRateFactor, threads: threads)
    }
  }

  @usableFromInline
  func setInstructionSet(of buffers: inout UpdateBuffers) { buffers.isa = instructionSet }
}

/// What became of one step.
public struct UpdateOutcome: Hashable, Sendable {
  /// Whether the gradient had a number that is not finite, so that nothing was changed.
  public var isSkipped = false

  /// The Euclidean norm of the gradient before it was cut, where ``GradientClipping/norm(_:)`` needed it.
  public var gradientNorm: Double?
}
