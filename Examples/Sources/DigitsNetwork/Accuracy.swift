import Losses

extension DigitNetwork {
  /// The share of these images whose digit is recognised.
  func accuracy(at parameters: [Double], samples: [Int]) throws -> Double {
    try CategoricalMetric.accuracy.value(
      predictions: scores(at: parameters.span, samples: samples.span), targets: targets(samples.span),
      classCount: Digits.classCount)
  }
}
