import Losses
import TestSupport
import Testing

/// The metrics that compare one prediction with one target, with default parameters.
let pointwiseMetrics: [any PointwiseMetric] =
  RegressionMetric.catalogue.map(\.defaultMetric) as [any PointwiseMetric] + BinaryMetric.catalogue.map(\.defaultMetric)

/// Metrics as arguments of tests.
struct MetricCase: CustomTestStringConvertible, Sendable {
  var metric: any Metric

  var testDescription: String { "\(type(of: metric).familyName).\(metric)" }

  static let all = MetricCatalogue.items.map { MetricCase(metric: $0.defaultMetric) }

  /// A metric of n samples; a categorical one sees the predictions as n × 3.
  func value<S: TestScalar>(_ samples: MetricRows<S>, weighted: Bool = true) throws -> Double {
    let weights = weighted ? samples.weights : nil
    switch metric {
    case let metric as RegressionMetric:
      return try metric.value(predictions: samples.estimates, targets: samples.targets, weights: weights)
    case let metric as BinaryMetric:
      return try metric.value(predictions: samples.estimates, targets: samples.labels, weights: weights)
    case let metric as CategoricalMetric:
      return try metric.value(
        predictions: samples.rows, targets: samples.classes, classCount: 3, weights: weights)
    default: return .nan
    }
  }
}

/// Samples that every metric accepts: estimates and targets in (0, 1) with ties, labels, and rows of three classes.
struct MetricRows<S: TestScalar>: Sendable {
  var estimates: [S] = []
  var targets: [S] = []
  var labels: [S] = []
  var rows: [S] = []
  var classes: [Int8] = []
  var weights: [S] = []

  var count: Int { estimates.count }

  static func random(count: Int, seed: UInt64) -> MetricRows {
    var generator = SplitMix64(seed: seed)
    var samples = MetricRows()
    for _ in 0..<count {
      // Sixteenths are exact in every type, and tied.
      func sixteenth() -> S { S(Double(Int.random(in: 1...15, using: &generator)) / 16) }
      let first = Double(Int.random(in: 0...8, using: &generator)) / 16
      let second = Double(Int.random(in: 0...8, using: &generator)) / 16
      samples.estimates.append(sixteenth())
      samples.targets.append(sixteenth())
      samples.labels.append(S(Double(Int.random(in: 0...1, using: &generator))))
      // No zero, so that every log loss is finite.
      samples.rows += [first, second, 1 - first - second].map { S(0.9 * $0 + 0.1 / 3) }
      samples.classes.append(Int8.random(in: 0...2, using: &generator))
      samples.weights.append(S(Double(Int.random(in: 0...3, using: &generator))))
    }
    return samples
  }

  /// The samples of these indices, in this order.
  func selecting(_ indices: some Sequence<Int>) -> MetricRows {
    var result = MetricRows()
    for i in indices {
      result.estimates.append(estimates[i])
      result.targets.append(targets[i])
      result.labels.append(labels[i])
      result.rows += rows[3 * i..<3 * i + 3]
      result.classes.append(classes[i])
      result.weights.append(weights[i])
    }
    return result
  }
}

/// The error that `body` throws.
func lossError(_ body: () throws -> Void) -> LossError? {
  do {
    try body()
    return nil
  } catch { return error as? LossError }
}
