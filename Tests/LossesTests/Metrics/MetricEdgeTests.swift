import Losses
import Testing

/// What a metric is where its definition leaves a choice.
@Suite struct MetricEdgeTests {
  private let centred: [RegressionMetric] = [
    .rSquared, .devianceExplained(.gaussian), .devianceExplained(.laplace),
    .devianceExplained(.asymmetricLaplace(level: 0.3)), .devianceExplained(.poisson), .devianceExplained(.gamma),
    .devianceExplained(.tweedie()), .devianceExplained(.bernoulli),
  ]

  @Test func constantTargets() throws {
    for metric in centred {
      // The mean of three tenths is not a tenth.
      let targets = [0.1, 0.1, 0.1]
      #expect(try metric.value(predictions: targets, targets: targets) == 1, "\(metric)")
      #expect(try metric.value(predictions: [0.1, 0.1, 0.2], targets: targets) == 0, "\(metric)")
      #expect(try metric.value(predictions: [0.1], targets: [0.1]) == 1)
      #expect(try metric.value(predictions: [0.3], targets: [0.1]) == 0)
    }
    #expect(try RegressionMetric.devianceExplained(.poisson).value(predictions: [0.0, 0], targets: [0, 0]) == 1)
  }

  @Test func theBestConstantExplainsNothing() throws {
    let targets = [0.5, 0.25, 0.75, 0.5, 0.125]
    for metric in centred {
      let constant =
        switch metric {
        case .devianceExplained(.laplace): 0.5
        case .devianceExplained(.asymmetricLaplace): 0.25
        default: 0.425
        }
      let value = try metric.value(predictions: targets.map { _ in constant }, targets: targets)
      #expect(abs(value) <= 1e-14, "\(metric)")
      #expect(try metric.value(predictions: targets, targets: targets) == 1)
      // Worse than the constant is negative.
      #expect(try metric.value(predictions: targets.map { _ in 0.99 }, targets: targets) < 0)
    }
  }

  @Test func aLargeOffsetTakesNothingFromRSquared() throws {
    let targets: [Double] = [0, 1, 2, 3, 4, 5, 6, 7]
    let predictions: [Double] = [0, 1, 2, 4, 4, 5, 6, 7]
    for offset in [0, 1e6, 1e12, -0x1p50] {
      let value = try RegressionMetric.rSquared.value(
        predictions: predictions.map { $0 + offset }, targets: targets.map { $0 + offset })
      #expect(value == 1 - 1.0 / 42)
    }
  }

  @Test(arguments: [0.0, 1])
  func oneClassOnly(label: Double) throws {
    let targets = [label, label, label, label]
    let scores = [0.9, 0.8, 0.3, 0.6]
    func value(_ metric: BinaryMetric) throws -> Double { try metric.value(predictions: scores, targets: targets) }
    #expect(try value(.rocAUC) == 0.5)
    #expect(try value(.averagePrecision) == label)
    #expect(try value(.accuracy()) == (label == 1 ? 0.75 : 0.25))
    #expect(try value(.balancedAccuracy()) == (label == 1 ? 0.75 : 0.25))
    #expect(try value(.precision()) == label)
    #expect(try value(.recall()) == (label == 1 ? 0.75 : 0))
    #expect(try value(.f1()) == (label == 1 ? 6.0 / 7 : 0))
    #expect(try value(.matthews()) == 0)
    #expect(try value(.devianceExplained) == 0)
    #expect(try BinaryMetric.devianceExplained.value(predictions: targets, targets: targets) == 1)
    #expect(try BinaryMetric.logLoss.value(predictions: targets, targets: targets) == 0)
  }

  @Test func nothingPredictedPositive() throws {
    let targets: [Float] = [0, 1, 1]
    // A score at the threshold is not above it.
    let scores: [Float] = [0.5, 0.5, 0.1]
    for metric in [BinaryMetric.precision(), .recall(), .f1(), .matthews()] {
      #expect(try metric.value(predictions: scores, targets: targets) == 0)
    }
    #expect(try BinaryMetric.balancedAccuracy().value(predictions: scores, targets: targets) == 0.5)
    #expect(try BinaryMetric.recall(threshold: 0.4).value(predictions: scores, targets: targets) == 0.5)
    #expect(try BinaryMetric.recall(threshold: -1).value(predictions: scores, targets: targets) == 1)
    #expect(try BinaryMetric.f1().value(predictions: [0.1], targets: [0.0]) == 0)
  }

  @Test func classesThatAreMissing() throws {
    // Class 2 of four is predicted but has no sample; class 3 neither.
    let rows: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    let targets: [UInt16] = [0, 1, 1]
    func value(_ metric: CategoricalMetric) throws -> Double {
      try metric.value(predictions: rows, targets: targets, classCount: 4)
    }
    #expect(try value(.accuracy) == 2.0 / 3)
    #expect(try value(.balancedAccuracy) == 0.75)
    #expect(try value(.precision) == 2.0 / 3)
    #expect(try value(.recall) == 0.5)
    #expect(abs(try value(.f1) - (1 + 2.0 / 3) / 3) <= 1e-15)
    let constant: [Float] = [1, 0, 1, 0]
    #expect(try CategoricalMetric.matthews.value(predictions: constant, targets: [0, 1], classCount: 2) == 0)
    #expect(try CategoricalMetric.matthews.value(predictions: rows, targets: [1, 1, 1], classCount: 4) == 0)
    #expect(try CategoricalMetric.accuracy.value(predictions: [0.5], targets: [0], classCount: 1) == 1)
  }

  @Test func perfectIsExactlyOne() throws {
    let labels: [Double] = [0, 1, 1, 0, 1, 0, 0]
    let weights = [0.1, 0.7, 0.3, 0.2, 0.6, 0.1, 0.9]
    for metric in [
      BinaryMetric.accuracy(), .balancedAccuracy(), .precision(), .recall(), .f1(), .rocAUC, .averagePrecision,
    ] {
      #expect(try metric.value(predictions: labels, targets: labels, weights: weights) == 1, "\(metric)")
    }
    let matthews = try BinaryMetric.matthews().value(predictions: labels, targets: labels, weights: weights)
    #expect(abs(matthews - 1) <= 1e-15)
    let opposite = try BinaryMetric.matthews().value(
      predictions: labels.map { 1 - $0 }, targets: labels, weights: weights)
    #expect(abs(opposite + 1) <= 1e-15)
  }

  /// Two classes are one binary problem.
  @Test func twoClassesAgreeWithBinary() throws {
    let samples = MetricRows<Double>.random(count: 80, seed: 8)
    let rows = samples.estimates.flatMap { [1 - $0, $0] }
    let classes = samples.labels.map { Int64($0) }
    func expectEqual(_ categorical: CategoricalMetric, _ binary: BinaryMetric, factor: Double = 1) throws {
      let a = try categorical.value(predictions: rows, targets: classes, classCount: 2, weights: samples.weights)
      let b = try binary.value(predictions: samples.estimates, targets: samples.labels, weights: samples.weights)
      #expect(abs(a - factor * b) <= 1e-14, "\(binary)")
    }
    try expectEqual(.accuracy, .accuracy())
    try expectEqual(.balancedAccuracy, .balancedAccuracy())
    try expectEqual(.matthews, .matthews())
    try expectEqual(.logLoss, .logLoss)
    try expectEqual(.brier, .brier, factor: 2)
  }

  @Test(arguments: MetricCase.all)
  func theFormForSpansIsTheFormForArrays(_ tested: MetricCase) throws {
    let samples = MetricRows<Float>.random(count: 50, seed: 12)
    let value =
      switch tested.metric {
      case let metric as any PointwiseMetric:
        try metric.value(
          predictions: samples.estimates.span,
          targets: metric is BinaryMetric ? samples.labels.span : samples.targets.span, weights: samples.weights.span)
      case let metric as CategoricalMetric:
        try metric.value(
          predictions: samples.rows.span, targets: samples.classes.span, classCount: 3, weights: samples.weights.span)
      default: Double.nan
      }
    #expect(try value == tested.value(samples))
  }

  @inline(__always)
  private func absoluteErrors(_ prediction: Double, _ target: Double) throws -> [Double] {
    let (predictions, targets) = ([prediction, prediction], [target, target])
    let ofSpans = try RegressionMetric.medianAbsoluteError.value(predictions: predictions.span, targets: targets.span)
    return [
      ofSpans, try RegressionMetric.deviance(.laplace).value(predictions: [prediction], targets: [target]) / 2,
      try RegressionMetric.meanAbsoluteError.value(predictions: [prediction], targets: [target], weights: [target]),
    ]
  }

  /// Arrays that nothing but the call refers to live until it has read them.
  @Test func temporaryArrays() throws {
    for i in 1...20 {
      #expect(try absoluteErrors(3 * Double(i), Double(i)) == Array(repeating: 2 * Double(i), count: 3))
      let accuracy = try CategoricalMetric.accuracy.value(predictions: [0, Double(i)], targets: [i / i], classCount: 2)
      #expect(accuracy == 1)
    }
  }

  @Test func probabilitiesOfZeroAndOne() throws {
    #expect(try BinaryMetric.logLoss.value(predictions: [1.0, 0], targets: [1, 0]) == 0)
    #expect(try BinaryMetric.logLoss.value(predictions: [0.0, 0], targets: [1, 0]) == .infinity)
    #expect(try BinaryMetric.logLoss.value(predictions: [1.0, 0], targets: [0, 0]) == .infinity)
    #expect(try BinaryMetric.logLoss.value(predictions: [1e-20, 1e-20], targets: [0, 0]) == 1e-20)
    #expect(
      try CategoricalMetric.logLoss.value(predictions: [0.0, 1, 0.5, 0.5], targets: [0, 1], classCount: 2) == .infinity)
  }

  @Test func whatIsNotFiniteFollowsIEEEInSums() throws {
    for metric in [
      RegressionMetric.rootMeanSquaredError, .meanSquaredError, .meanAbsoluteError, .pinball(), .rSquared,
      .deviance(.gaussian), .deviance(.poisson), .devianceExplained(.laplace), .devianceExplained(.gamma),
    ] {
      #expect(try metric.value(predictions: [1.0, .nan, 3], targets: [1, 2, 4]).isNaN, "\(metric)")
      let infinite = try metric.value(predictions: [1, .infinity, 3.0], targets: [1, 2, 4])
      #expect(infinite == (metric.greaterIsBetter ? -.infinity : .infinity), "\(metric)")
    }
    for metric in [BinaryMetric.logLoss, .brier, .devianceExplained] {
      #expect(try metric.value(predictions: [0.5, .nan], targets: [1.0, 0]).isNaN)
    }
    for metric in [CategoricalMetric.logLoss, .brier] {
      #expect(try metric.value(predictions: [0.5, .nan], targets: [1], classCount: 2).isNaN)
    }
  }
}
