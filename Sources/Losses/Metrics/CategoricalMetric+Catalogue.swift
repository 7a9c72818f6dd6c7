extension CategoricalMetric {
  /// `categorical`.
  public static var familyName: String { "categorical" }

  /// What the metrics compare, in a few words.
  public static var inputs: String { "prediction p: K probabilities or scores; target y: a class index below K" }

  /// The name in the catalogue.
  public var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .balancedAccuracy: "balancedAccuracy"
    case .precision: "precision"
    case .recall: "recall"
    case .f1: "f1"
    case .matthews: "matthews"
    case .topK: "topK"
    case .logLoss: "logLoss"
    case .brier: "brier"
    case .calibrationError: "calibrationError"
    }
  }

  /// The values of the parameters, in the order of the catalogue.
  public var parameterValues: [Double] {
    switch self {
    case .topK(let k): [Double(k)]
    case .calibrationError(let bins): [Double(bins)]
    case .accuracy, .balancedAccuracy, .precision, .recall, .f1, .matthews, .logLoss, .brier: []
    }
  }

  /// Every metric of this kind, in the order of its cases.
  public static let catalogue: [MetricEntry<Self>] = [
    MetricEntry(
      "accuracy", formula: "share of samples whose class is predicted", greaterIsBetter: true,
      make: { _ in .accuracy }),
    MetricEntry(
      "balancedAccuracy", formula: "mean of the recalls of the classes that have samples", greaterIsBetter: true,
      make: { _ in .balancedAccuracy }),
    MetricEntry(
      "precision", formula: "macro mean of TP/(TP + FP)", greaterIsBetter: true, make: { _ in .precision }),
    MetricEntry("recall", formula: "macro mean of TP/(TP + FN)", greaterIsBetter: true, make: { _ in .recall }),
    MetricEntry("f1", formula: "macro mean of 2TP/(2TP + FP + FN)", greaterIsBetter: true, make: { _ in .f1 }),
    MetricEntry(
      "matthews", formula: "correlation R_K of predicted and true class", greaterIsBetter: true,
      make: { _ in .matthews }),
    MetricEntry(
      "topK", [LossParameter(name: "k", defaultValue: 5, domain: .count)],
      formula: "share of samples whose class is among the k of the greatest scores", greaterIsBetter: true,
      make: { .topK(k: Int($0[0])) }),
    MetricEntry("logLoss", formula: "mean of −ln p_y", greaterIsBetter: false, make: { _ in .logLoss }),
    MetricEntry("brier", formula: "mean of Σ_c (p_c − [c = y])²", greaterIsBetter: false, make: { _ in .brier }),
    MetricEntry(
      "calibrationError", [LossParameter(name: "bins", defaultValue: 10, domain: .count)],
      formula: "Σ |Σ ([predicted class = y] − max p)|/n over bins of max p", greaterIsBetter: false,
      make: { .calibrationError(bins: Int($0[0])) }),
  ]
}
