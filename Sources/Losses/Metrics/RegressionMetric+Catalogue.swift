extension RegressionMetric {
  /// `regression`.
  public static var familyName: String { "regression" }

  /// What the metrics compare, in a few words.
  public static var inputs: String { "prediction ŷ or μ: an estimate of the target; target y: a real number" }

  /// The name in the catalogue.
  public var name: String {
    switch self {
    case .rootMeanSquaredError: "rootMeanSquaredError"
    case .meanSquaredError: "meanSquaredError"
    case .meanAbsoluteError: "meanAbsoluteError"
    case .medianAbsoluteError: "medianAbsoluteError"
    case .rSquared: "rSquared"
    case .pinball: "pinball"
    case .deviance(let deviance): "deviance.\(deviance.name)"
    case .devianceExplained(let deviance): "devianceExplained.\(deviance.name)"
    }
  }

  /// The values of the parameters, in the order of the catalogue.
  public var parameterValues: [Double] {
    switch self {
    case .rootMeanSquaredError, .meanSquaredError, .meanAbsoluteError, .medianAbsoluteError, .rSquared: []
    case .pinball(let level): [level]
    case .deviance(let deviance), .devianceExplained(let deviance): deviance.parameterValues
    }
  }

  /// Every metric of this kind, in the order of its cases.
  public static let catalogue: [MetricEntry<Self>] =
    [
      MetricEntry(
        "rootMeanSquaredError", formula: "√(mean of (ŷ − y)²)", greaterIsBetter: false,
        make: { _ in .rootMeanSquaredError }),
      MetricEntry(
        "meanSquaredError", formula: "mean of (ŷ − y)²", greaterIsBetter: false, make: { _ in .meanSquaredError }),
      MetricEntry(
        "meanAbsoluteError", formula: "mean of |ŷ − y|", greaterIsBetter: false, make: { _ in .meanAbsoluteError }),
      MetricEntry(
        "medianAbsoluteError", formula: "median of |ŷ − y|", greaterIsBetter: false,
        make: { _ in .medianAbsoluteError }),
      MetricEntry(
        "rSquared", formula: "1 − Σ(ŷ − y)²/Σ(y − ȳ)²", greaterIsBetter: true, make: { _ in .rSquared }),
      MetricEntry(
        "pinball", [LossParameter(name: "level", defaultValue: 0.5, domain: .openUnitInterval)],
        formula: "mean of (1 − τ)(ŷ − y) where ŷ > y, τ(y − ŷ) where ŷ < y", greaterIsBetter: false,
        make: { .pinball(level: $0[0]) }),
    ]
    + Deviance.catalogue.map { family in
      MetricEntry(
        "deviance.\(family.name)", family.parameters, formula: "mean of \(family.formula)", greaterIsBetter: false,
        make: { .deviance(family.make($0)) })
    }
    + Deviance.catalogue.map { family in
      MetricEntry(
        "devianceExplained.\(family.name)", family.parameters,
        formula: "1 − D/D₀, D = deviance.\(family.name), D₀ that of the best constant", greaterIsBetter: true,
        make: { .devianceExplained(family.make($0)) })
    }
}
