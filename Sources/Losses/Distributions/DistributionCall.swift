import CLossKernels

extension RowCall {
  /// The reduced loss.
  @usableFromInline
  func value(_ loss: DistributionLoss, _ reduction: Reduction, _ threads: ThreadLimit) throws(LossError) -> Double {
    try evaluate(loss, reduction: reduction, threads: threads).value
  }

  package func evaluate(
    _ loss: DistributionLoss, reduction: Reduction, threads: ThreadLimit
  ) throws(LossError) -> EvaluationOutcome {
    try loss.validate(kind)
    guard columnCount == loss.columnCount else {
      throw .invalidArgument(
        argument: "predictions", value: "a matrix of \(columnCount) columns",
        expected: "\(loss.columnCount): \(loss.columnNames.joined(separator: ", "))")
    }
    return try evaluate(reduction: reduction, threads: threads, expectedTargets: { _ in "a number" }) { rows, result in
      loss.withKernelCall(rows) { call in lk_distribution(call, &result) }
    }
  }
}

extension DistributionLoss {
  /// Calls `body` with the loss and its parameters as the kernels know them.
  fileprivate func withKernelCall(
    _ rows: lk_rows, _ body: (UnsafePointer<lk_distribution_call>) -> lk_status
  ) -> lk_status {
    var call = lk_distribution_call()
    call.rows = rows
    switch self {
    case .gaussian(let varianceFloor):
      call.loss = lk_distribution_gaussian
      call.parameter = varianceFloor
    case .gaussianLogVariance: call.loss = lk_distribution_gaussian_log_variance
    case .laplace: call.loss = lk_distribution_laplace
    case .continuousRankedProbability: call.loss = lk_distribution_continuous_ranked_probability
    case .intervalScore(let level):
      call.loss = lk_distribution_interval_score
      call.parameter = 2 / (1 - level)
    case .quantiles(let levels, let crossingPenalty):
      call.loss = lk_distribution_quantiles
      call.parameter = crossingPenalty
      return levels.withUnsafeBufferPointer { levels in
        call.levels = levels.baseAddress
        return body(&call)
      }
    }
    return body(&call)
  }
}
