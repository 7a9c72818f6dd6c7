/// The predictions, targets and weights of one evaluation of a categorical metric.
///
/// Whoever makes one keeps the spans alive until the metric is evaluated.
struct CategoricalSamples {
  private let predictions: NumberView
  private let targets: [Int]
  private let classCount: Int
  private let weights: WeightView

  var count: Int { targets.count }

  init<S: LossScalar, Label: FixedWidthInteger>(
    predictions: Span<S>, targets: Span<Label>, classCount: Int, weights: Span<S>?
  ) throws(LossError) {
    guard classCount >= 1 else {
      throw .invalidArgument(argument: "classCount", value: "\(classCount)", expected: "at least 1")
    }
    // Where the product overflows, no array is as long as it has to be.
    let (length, overflow) = targets.count.multipliedReportingOverflow(by: classCount)
    guard !overflow, predictions.count == length else {
      throw .lengthMismatch(
        argument: "predictions", length: predictions.count, expected: overflow ? .max : length)
    }
    self.predictions = NumberView(predictions)
    self.targets = targets.indices.map { Int(clamping: targets[$0]) }
    self.classCount = classCount
    self.weights = try WeightView(weights, count: targets.count)
  }

  /// Calls `body` with each sample that counts, in order: where its row begins and ends, its class and its weight.
  private func forEach(
    _ body: (_ row: Range<Int>, _ target: Int, _ weight: Double) throws(LossError) -> Void
  ) throws(LossError) {
    for index in targets.indices {
      let weight = try weights.weight(at: index)
      guard weight != 0 else { continue }
      let target = targets[index]
      guard target >= 0, target < classCount else {
        throw .invalidLabel(
          argument: "targets", index: index, value: target, expected: "a class from 0 to \(classCount - 1)")
      }
      try body(index * classCount..<(index + 1) * classCount, target, weight)
    }
  }

  private func mean(
    _ body: (_ row: Range<Int>, _ target: Int) throws(LossError) -> Double
  ) throws(LossError) -> Double {
    var sum = CompensatedSum()
    var total = CompensatedSum()
    try forEach { (row, target, weight) throws(LossError) in
      sum.add(weight * (try body(row, target)))
      total.add(weight)
    }
    return total.value == 0 ? 0 : sum.value / total.value
  }

  private func score(at index: Int) throws(LossError) -> Double {
    let score = predictions[index]
    guard !score.isNaN else {
      throw .invalidElement(argument: "predictions", index: index, value: score, expected: "a number")
    }
    return score
  }

  /// NaN passes, for a sum to show.
  private func probability(at index: Int) throws(LossError) -> Double {
    let probability = predictions[index]
    guard !(probability < 0 || probability > 1) else { throw .notAProbability(probability, at: index) }
    return probability
  }

  /// The class of the greatest score, of several the lowest.
  private func prediction(_ row: Range<Int>) throws(LossError) -> Int {
    var best = row.lowerBound
    var greatest = try score(at: best)
    for index in row.dropFirst() {
      let score = try score(at: index)
      if score > greatest { (best, greatest) = (index, score) }
    }
    return best - row.lowerBound
  }

  func tally() throws(LossError) -> ClassTally {
    var tally = ClassTally(classCount: classCount)
    try forEach { (row, target, weight) throws(LossError) in
      tally.add(target: target, prediction: try prediction(row), weight: weight)
    }
    return tally
  }

  func topK(_ k: Int) throws(LossError) -> Double {
    try mean { (row, target) throws(LossError) in
      let own = try score(at: row.lowerBound + target)
      var ahead = 0
      for index in row {
        let score = try score(at: index)
        if score > own || score == own && index < row.lowerBound + target { ahead += 1 }
      }
      return ahead < k ? 1 : 0
    }
  }

  func logLoss() throws(LossError) -> Double {
    try mean { (row, target) throws(LossError) in
      for index in row { _ = try probability(at: index) }
      return -Math.log(predictions[row.lowerBound + target])
    }
  }

  func brier() throws(LossError) -> Double {
    try mean { (row, target) throws(LossError) in
      var sum = 0.0
      for index in row {
        let difference = try probability(at: index) - (index == row.lowerBound + target ? 1 : 0)
        sum += difference * difference
      }
      return sum
    }
  }

  func calibrationError(bins: Int) throws(LossError) -> Double {
    var calibration = CalibrationBins(count: bins)
    try forEach { (row, target, weight) throws(LossError) in
      for index in row { _ = try probability(at: index) }
      let predicted = try prediction(row)
      calibration.add(
        probability: predictions[row.lowerBound + predicted], outcome: predicted == target ? 1 : 0, weight: weight)
    }
    return calibration.error
  }
}
