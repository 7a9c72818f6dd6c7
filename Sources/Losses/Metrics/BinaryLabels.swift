extension _MetricSamples {
  /// Calls `body` with each sample that counts, in order; throws for the first target that is neither 0 nor 1.
  func forEachLabelled(
    _ body: (_ index: Int, _ score: Double, _ isPositive: Bool, _ weight: Double) throws(LossError) -> Void
  ) throws(LossError) {
    try forEach { (index, score, target, weight) throws(LossError) in
      guard target == 0 || target == 1 else {
        throw .invalidElement(argument: "targets", index: index, value: target, expected: "0 or 1")
      }
      try body(index, score, target == 1, weight)
    }
  }

  /// Calls `body` with each sample that counts, in order; throws for the first score that has no order as well.
  func forEachOrdered(
    _ body: (_ score: Double, _ isPositive: Bool, _ weight: Double) -> Void
  ) throws(LossError) {
    try forEachLabelled { (index, score, isPositive, weight) throws(LossError) in
      guard !score.isNaN else {
        throw .invalidElement(argument: "predictions", index: index, value: score, expected: "a number")
      }
      body(score, isPositive, weight)
    }
  }

  /// Throws for the first target that is neither 0 nor 1, and for the first prediction that is not a probability. NaN
  /// passes, for a sum to show.
  func checkLabelsAndProbabilities() throws(LossError) {
    try forEachLabelled { (index, prediction, _, _) throws(LossError) in
      guard !(prediction < 0 || prediction > 1) else { throw .notAProbability(prediction, at: index) }
    }
  }

  /// How often each of the two classes is predicted and is right.
  func tally(threshold: Double) throws(LossError) -> ClassTally {
    var tally = ClassTally(classCount: 2)
    try forEachOrdered { score, isPositive, weight in
      tally.add(target: isPositive ? 1 : 0, prediction: score > threshold ? 1 : 0, weight: weight)
    }
    return tally
  }

  /// The difference between probability and frequency, bin by bin.
  func calibrationError(bins: Int) throws(LossError) -> Double {
    var calibration = CalibrationBins(count: bins)
    try forEachLabelled { (index, probability, isPositive, weight) throws(LossError) in
      guard ParameterDomain.closedUnitInterval.contains(probability) else {
        throw .notAProbability(probability, at: index)
      }
      calibration.add(probability: probability, outcome: isPositive ? 1 : 0, weight: weight)
    }
    return calibration.error
  }
}

extension LossError {
  /// The error for an element of the predictions that has to be a probability.
  static func notAProbability(_ value: Double, at index: Int) -> LossError {
    .invalidElement(
      argument: "predictions", index: index, value: value, expected: ParameterDomain.closedUnitInterval.description)
  }
}
