extension BinaryMetric {
  /// `binary`.
  public static var familyName: String { "binary" }

  /// What the metrics compare, in a few words.
  public static var inputs: String {
    "prediction p: a probability or a score of the positive class; target y: 0 or 1"
  }

  /// The name in the catalogue.
  public var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .balancedAccuracy: "balancedAccuracy"
    case .precision: "precision"
    case .recall: "recall"
    case .f1: "f1"
    case .matthews: "matthews"
    case .rocAUC: "rocAUC"
    case .averagePrecision: "averagePrecision"
    case .logLoss: "logLoss"
    case .brier: "brier"
    case .calibrationError: "calibrationError"
    case .devianceExplained: "devianceExplained"
    }
  }

  /// The values of the parameters, in the order of the catalogue.
  public var parameterValues: [Double] {
    switch self {
    case .accuracy(let threshold), .balancedAccuracy(let threshold), .precision(let threshold),
      .recall(let threshold), .f1(let threshold), .matthews(let threshold):
      [threshold]
    case .calibrationError(let bins): [Double(bins)]
    case .rocAUC, .averagePrecision, .logLoss, .brier, .devianceExplained: []
    }
  }

  /// Every metric of this kind, in the order of its cases.
  public static let catalogue: [MetricEntry<Self>] = [
    MetricEntry(
      "accuracy", threshold, formula: "share of samples whose class is predicted", greaterIsBetter: true,
      make: { .accuracy(threshold: $0[0]) }),
    MetricEntry(
      "balancedAccuracy", threshold, formula: "mean of the recalls of both classes", greaterIsBetter: true,
      make: { .balancedAccuracy(threshold: $0[0]) }),
    MetricEntry(
      "precision", threshold, formula: "TP/(TP + FP)", greaterIsBetter: true, make: { .precision(threshold: $0[0]) }),
    MetricEntry(
      "recall", threshold, formula: "TP/(TP + FN)", greaterIsBetter: true, make: { .recall(threshold: $0[0]) }),
    MetricEntry(
      "f1", threshold, formula: "2TP/(2TP + FP + FN)", greaterIsBetter: true, make: { .f1(threshold: $0[0]) }),
    MetricEntry(
      "matthews", threshold, formula: "(TP·TN − FP·FN)/√((TP + FP)(TP + FN)(TN + FP)(TN + FN))",
      greaterIsBetter: true, make: { .matthews(threshold: $0[0]) }),
    MetricEntry(
      "rocAUC", formula: "probability that a positive sample has a greater score than a negative one, a tie ½",
      greaterIsBetter: true, make: { _ in .rocAUC }),
    MetricEntry(
      "averagePrecision", formula: "Σ (Rₖ − Rₖ₋₁)Pₖ over the thresholds", greaterIsBetter: true,
      make: { _ in .averagePrecision }),
    MetricEntry(
      "logLoss", formula: "mean of −y ln p − (1 − y) ln(1 − p)", greaterIsBetter: false, make: { _ in .logLoss }),
    MetricEntry("brier", formula: "mean of (p − y)²", greaterIsBetter: false, make: { _ in .brier }),
    MetricEntry(
      "calibrationError", [LossParameter(name: "bins", defaultValue: 10, domain: .count)],
      formula: "Σ |Σ (y − p)|/n over bins of p", greaterIsBetter: false, make: { .calibrationError(bins: Int($0[0])) }),
    MetricEntry(
      "devianceExplained", formula: "1 − logLoss/logLoss of the constant ȳ", greaterIsBetter: true,
      make: { _ in .devianceExplained }),
  ]

  /// The metric with another threshold; the metric itself where it has none.
  package func withThreshold(_ threshold: Double) -> BinaryMetric {
    entry.parameters.contains { $0.name == "threshold" } ? entry.make([threshold]) : self
  }

  private static let threshold = [LossParameter(name: "threshold", defaultValue: 0.5, domain: .finite)]
}
