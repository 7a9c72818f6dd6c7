import Losses
import Testing

/// What a metric refuses, and what it says.
@Suite struct MetricErrorTests {
  private func message(_ body: () throws -> Void) -> String? { lossError(body)?.description }

  @Test func lengths() {
    for metric in pointwiseMetrics {
      #expect(
        lossError { _ = try metric.value(predictions: [0.5, 0.5], targets: [1]) }
          == .lengthMismatch(argument: "targets", length: 1, expected: 2))
      #expect(
        lossError { _ = try metric.value(predictions: [0.5], targets: [1], weights: [1, 1]) }
          == .lengthMismatch(argument: "weights", length: 2, expected: 1))
    }
    for metric in CategoricalMetric.catalogue.map(\.defaultMetric) {
      #expect(
        lossError { _ = try metric.value(predictions: [0.5, 0.5, 0.5], targets: [0, 1], classCount: 2) }
          == .lengthMismatch(argument: "predictions", length: 3, expected: 4))
      #expect(
        lossError { _ = try metric.value(predictions: [0.5, 0.5], targets: [0], classCount: 2, weights: [1, 1]) }
          == .lengthMismatch(argument: "weights", length: 2, expected: 1))
      for count in [0, -1, .min] {
        #expect(
          lossError { _ = try metric.value(predictions: [0.5], targets: [0], classCount: count) }
            == .invalidArgument(argument: "classCount", value: "\(count)", expected: "at least 1"))
      }
      #expect(
        lossError { _ = try metric.value(predictions: [0.5], targets: [0, 0], classCount: .max) }
          == .lengthMismatch(argument: "predictions", length: 1, expected: .max))
      #expect(lossError { _ = try metric.value(predictions: [Float](), targets: [Int](), classCount: .max) } == nil)
    }
  }

  @Test func parameters() {
    let positive = "a finite number not below 1"
    let count = "a whole number from 1 to 1000000"
    for (metric, expected) in [
      (RegressionMetric.pinball(level: 0), "pinball has level 0.0; expected a number strictly between 0 and 1"),
      (RegressionMetric.deviance(.tweedie(power: 0.5)), "deviance.tweedie has power 0.5; expected \(positive)"),
      (
        RegressionMetric.devianceExplained(.tweedie(power: .nan)),
        "devianceExplained.tweedie has power nan; expected \(positive)"
      ),
      (
        RegressionMetric.deviance(.asymmetricLaplace(level: 1)),
        "deviance.asymmetricLaplace has level 1.0; expected a number strictly between 0 and 1"
      ),
      (BinaryMetric.f1(threshold: .infinity), "f1 has threshold inf; expected a finite number"),
      (BinaryMetric.calibrationError(bins: 0), "calibrationError has bins 0.0; expected \(count)"),
      (BinaryMetric.calibrationError(bins: .max), "calibrationError has bins 9.223372036854776e+18; expected \(count)"),
    ] as [(any PointwiseMetric, String)] {
      #expect(message { _ = try metric.value(predictions: [0.5], targets: [1]) } == expected)
      #expect(message { _ = try metric.value(predictions: [Float](), targets: []) } == expected)
    }
    #expect(
      message { _ = try CategoricalMetric.topK(k: 0).value(predictions: [1.0], targets: [0], classCount: 1) }
        == "topK has k 0.0; expected \(count)")
  }

  @Test func weights() {
    for weight in [-1, .nan, .infinity] as [Double] {
      for metric in pointwiseMetrics {
        let found = lossError {
          _ = try metric.value(predictions: [0.5, 0.5, 0.5], targets: [1, 1, 1], weights: [1, weight, -2])
        }
        guard case .invalidElement("weights", 1, _, "a finite number not below 0")? = found else {
          Issue.record("\(metric): \(String(describing: found))")
          continue
        }
      }
      for metric in CategoricalMetric.catalogue.map(\.defaultMetric) {
        let found = lossError {
          _ = try metric.value(predictions: [0.5, 0.5], targets: [0, 0], classCount: 1, weights: [1, weight])
        }
        guard case .invalidElement("weights", 1, _, _)? = found else {
          Issue.record("\(metric): \(String(describing: found))")
          continue
        }
      }
    }
  }

  @Test func labels() {
    for metric in BinaryMetric.catalogue.map(\.defaultMetric) {
      #expect(
        message { _ = try metric.value(predictions: [0.5, 0.5, 0.5], targets: [1, 0.5, 7]) }
          == "targets[1] is 0.5; expected 0 or 1", "\(metric)")
      #expect(
        message { _ = try metric.value(predictions: [Float(0.5), 0.5], targets: [1, -1]) }
          == "targets[1] is -1.0; expected 0 or 1")
    }
    for metric in CategoricalMetric.catalogue.map(\.defaultMetric) {
      func found(_ label: some FixedWidthInteger) -> String? {
        message { _ = try metric.value(predictions: [0.5, 0.5], targets: [label], classCount: 2) }
      }
      #expect(found(2) == "targets[0] is 2; expected a class from 0 to 1")
      #expect(found(Int8(-1)) == "targets[0] is -1; expected a class from 0 to 1")
      // Beyond Int it is the nearest number that is one.
      #expect(found(UInt64.max) == "targets[0] is \(Int.max); expected a class from 0 to 1")
    }
  }

  @Test func predictions() {
    for metric in BinaryMetric.catalogue.map(\.defaultMetric) {
      let nan = message { _ = try metric.value(predictions: [0.5, .nan], targets: [1.0, 0]) }
      let outside = message { _ = try metric.value(predictions: [0.5, 1.5], targets: [1.0, 0]) }
      if metric.comparesProbabilities {
        #expect(outside == "predictions[1] is 1.5; expected a number from 0 to 1", "\(metric)")
      } else {
        #expect(nan == "predictions[1] is nan; expected a number" && outside == nil, "\(metric)")
      }
    }
    for metric in CategoricalMetric.catalogue.map(\.defaultMetric) {
      let nan = message {
        _ = try metric.value(predictions: [0.5, 0.5, 0.5, .nan], targets: [1, 0], classCount: 2)
      }
      let outside = message {
        _ = try metric.value(predictions: [0.5, 0.5, -0.5, 1], targets: [1, 0], classCount: 2)
      }
      switch metric {
      case .logLoss, .brier: #expect(outside == "predictions[2] is -0.5; expected a number from 0 to 1")
      case .calibrationError:
        #expect(outside == "predictions[2] is -0.5; expected a number from 0 to 1")
        #expect(nan == "predictions[3] is nan; expected a number")
      default: #expect(nan == "predictions[3] is nan; expected a number" && outside == nil, "\(metric)")
      }
    }
    #expect(
      message { _ = try BinaryMetric.calibrationError().value(predictions: [0.5, .nan], targets: [1, 0]) }
        == "predictions[1] is nan; expected a number from 0 to 1")
  }

  @Test func medianNeedsAnOrder() {
    let metric = RegressionMetric.medianAbsoluteError
    #expect(
      message { _ = try metric.value(predictions: [1, .nan], targets: [1, 1]) }
        == "predictions[1] is nan; expected a finite number")
    #expect(
      message { _ = try metric.value(predictions: [1.0, 2], targets: [1, -.infinity]) }
        == "targets[1] is -inf; expected a finite number")
  }

  @Test(
    arguments: [
      (.poisson, -1, 1, "targets[1] is -1.0; expected a finite number not below 0"),
      (.poisson, .infinity, 1, "targets[1] is inf; expected a finite number not below 0"),
      (.poisson, 1, -2, "predictions[1] is -2.0; expected a number not below 0"),
      (.gamma, 0, 1, "targets[1] is 0.0; expected a finite number greater than 0"),
      (.tweedie(power: 1.5), 1, -2, "predictions[1] is -2.0; expected a number not below 0"),
      (.tweedie(power: 3), 0, 1, "targets[1] is 0.0; expected a finite number greater than 0"),
      (.bernoulli, 1.5, 0.5, "targets[1] is 1.5; expected a number from 0 to 1"),
      (.bernoulli, 0.5, 1.5, "predictions[1] is 1.5; expected a number from 0 to 1"),
      (.gaussian, -1, -1, nil), (.laplace, -1, -1, nil), (.poisson, 0, 0, nil), (.tweedie(), 0, 0, nil),
    ] as [(Deviance, Double, Double, String?)])
  func domainsOfDeviances(family: Deviance, target: Double, prediction: Double, expected: String?) {
    for metric in [RegressionMetric.deviance(family), .devianceExplained(family)] {
      #expect(
        message { _ = try metric.value(predictions: [0.5, prediction], targets: [0.5, target]) } == expected)
    }
  }
}
