/// The loop that all descent methods share: records, progress, reasons to stop.
func descend(
  _ objective: some Objective, from start: [Double], settings: some Minimizer, method: consuming some DescentMethod,
  progress: (IterationRecord) -> ProgressDecision
) throws -> MinimizationResult {
  try settings.gradientTolerance.validate()
  try OptimizerError.require(settings.maximumIterations >= 0, "maximumIterations", settings.maximumIterations, "≥ 0")
  try OptimizerError.require(
    start.count == objective.parameterCount, "start.count", start.count,
    "the objective's parameterCount, \(objective.parameterCount)")
  for (i, parameter) in start.enumerated() {
    try OptimizerError.require(parameter.isFinite, "start[\(i)]", parameter, "finite")
  }

  var line = try LineFunction(objective, start: start)
  let startNorm = line.origin.gradientNorm
  guard line.origin.value.isFinite, startNorm.isFinite else {
    throw OptimizerError.notFiniteAtStart(value: line.origin.value, gradientNorm: startNorm)
  }
  let threshold = settings.gradientTolerance.threshold(startNorm: startNorm)
  var method = method
  var history: [IterationRecord] = []
  var step = DescentStep(accepted: nil, isLostToRounding: false)
  var leastNorm = (value: startNorm, iteration: 0)

  /// Why to stop at the present point; nil after a further step.
  func stopReasonOrStep() throws -> StopReason? {
    let record = IterationRecord(
      iteration: history.count, value: line.origin.value, gradientNorm: line.origin.gradientNorm,
      stepLength: step.accepted?.step ?? 0, evaluations: line.evaluations)
    history.append(record)
    if record.gradientNorm < leastNorm.value { leastNorm = (record.gradientNorm, record.iteration) }
    let decision = progress(record)
    if record.gradientNorm <= threshold { return .gradientTolerance }
    if decision == .stop { return .stoppedByProgress }
    if Task.isCancelled { return .taskCancelled }
    if record.iteration >= settings.maximumIterations { return .iterationLimit }

    let isSmall = record.gradientNorm <= Double.ulpOfOne.squareRoot() * startNorm
    if isSmall && step.isLostToRounding && record.iteration - leastNorm.iteration >= 20 { return .roundingLevel }
    step = try line.advance(&method)
    if step.accepted != nil { return nil }
    return isSmall && step.isLostToRounding ? .roundingLevel : .lineSearchFailed
  }

  while true {
    if let stopReason = try stopReasonOrStep() {
      return MinimizationResult(
        parameters: line.origin.parameters, value: line.origin.value, gradientNorm: line.origin.gradientNorm,
        iterations: history.count - 1, evaluations: line.evaluations, stopReason: stopReason, history: history)
    }
  }
}
