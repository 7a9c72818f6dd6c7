import CLossKernels

extension RowCall {
  /// Arrays of rows that follow each other.
  @inlinable
  package init<S: LossScalar>(
    rows predictions: Span<S>, classCount: Int, targets: Span<S>?, weights: Span<S>?
  ) throws(LossError) {
    if classCount < 1 { throw Self.noClasses(classCount) }
    try self.init(rows: predictions, count: predictions.count / classCount, columnCount: classCount)
    if let targets {
      if targets.count != predictions.count {
        throw PointwiseCall.mismatch("targets", targets.count, predictions.count)
      }
      self.targets =
        targets.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } ?? UnsafeRawPointer(bitPattern: 8)
      targetStride = classCount
    }
    try setWeights(weights)
  }

  @usableFromInline
  static func noClasses(_ count: Int) -> LossError {
    .invalidArgument(argument: "classCount", value: "\(count)", expected: "at least 1")
  }

  /// The reduced loss.
  @usableFromInline
  func value(_ loss: DivergenceLoss, _ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(loss, reduction: reduction, threads: threads).value
  }

  package func evaluate(
    _ loss: DivergenceLoss, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> EvaluationOutcome {
    try loss.validate()
    guard (targets != nil) == loss.hasTargets else {
      throw .invalidArgument(
        argument: "targets", value: loss.hasTargets ? "nil" : "a matrix",
        expected: loss.hasTargets ? "a matrix" : "nil: \(loss) has no targets")
    }
    guard columnCount >= 1 || count == 0 else {
      throw .invalidArgument(argument: "predictions", value: "a matrix of 0 columns", expected: "at least 1")
    }
    var kernel = loss.kernelCall
    let expected = loss.expectedTargets
    return try evaluate(reduction: reduction, threads: threads, expectedTargets: { _ in expected }) { rows, result in
      kernel.rows = rows
      return lk_divergence(&kernel, &result)
    }
  }
}

extension DivergenceLoss {
  fileprivate var expectedTargets: String {
    target == .probabilities ? "a finite number not below 0" : "a number below infinity, or -inf"
  }

  /// The loss and its parameters as the kernels know them.
  fileprivate var kernelCall: lk_divergence_call {
    var call = lk_divergence_call()
    call.form = input.code
    call.target_form = target.code
    call.scale = 1
    call.factor = 1
    switch self {
    case .kullbackLeibler: call.divergence = lk_divergence_kullback_leibler
    case .reverseKullbackLeibler: call.divergence = lk_divergence_reverse_kullback_leibler
    case .jensenShannon: call.divergence = lk_divergence_jensen_shannon
    case .totalVariation: call.divergence = lk_divergence_total_variation
    case .hellinger: call.divergence = lk_divergence_hellinger
    case .jeffreys: call.divergence = lk_divergence_jeffreys
    case .entropy: call.divergence = lk_divergence_entropy
    case .distillation(let temperature):
      call.divergence = lk_divergence_kullback_leibler
      call.scale = 1 / temperature
      call.factor = temperature * temperature
    }
    return call
  }
}

extension DistributionForm {
  fileprivate var code: lk_form {
    switch self {
    case .logits: lk_form_logits
    case .logProbabilities: lk_form_log_probabilities
    case .probabilities: lk_form_probabilities
    }
  }
}
