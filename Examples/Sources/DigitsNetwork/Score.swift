import Losses

/// How well a network does on some samples.
struct Score {
  /// The mean cross-entropy.
  var loss: Double
  /// The share of digits that are recognised.
  var accuracy: Double
}

extension DigitNetwork {
  func score(at parameters: [Scalar], samples: [Int]) throws -> Score {
    let predictions = scores(at: parameters.span, samples: samples.span)
    let targets = targets(samples.span)
    return Score(
      loss: try loss.value(predictions: predictions, targets: targets, classCount: Digits.classCount),
      accuracy: try CategoricalMetric.accuracy.value(
        predictions: predictions, targets: targets, classCount: Digits.classCount))
  }
}
