extension DivergenceLoss: LossFamily {
  /// `divergence`.
  public static var familyName: String { "divergence" }

  /// What the loss compares, in a few words.
  public static var inputs: String {
    "predictions: rows p of logits, log-probabilities or probabilities; targets: rows q of these"
  }

  /// Every loss of the family, in the order of its cases. The parameters are those that are numbers.
  public static let catalogue: [LossEntry<Self>] = [
    LossEntry("kullbackLeibler", formula: "Σ (q ln(q/p) − q + p)", make: { _ in .kullbackLeibler() }),
    LossEntry("reverseKullbackLeibler", formula: "Σ (p ln(p/q) − p + q)", make: { _ in .reverseKullbackLeibler() }),
    LossEntry(
      "jensenShannon", formula: "½ Σ (q ln(q/m) + p ln(p/m)), m = ½(p + q)", make: { _ in .jensenShannon() }),
    LossEntry("totalVariation", formula: "½ Σ |p − q|", make: { _ in .totalVariation() }),
    LossEntry("hellinger", formula: "½ Σ (√p − √q)²", make: { _ in .hellinger() }),
    LossEntry("jeffreys", formula: "Σ (p − q) ln(p/q)", make: { _ in .jeffreys() }),
    LossEntry(
      "distillation", ["temperature": (2, .positive)],
      formula: "T² Σ q ln(q/p), p = softmax(z/T), q = softmax(t/T)", make: { .distillation(temperature: $0[0]) }),
    LossEntry("entropy", formula: "−Σ p ln p, p = softmax(z)", make: { _ in .entropy }),
  ]

  /// The row of the catalogue that this loss is an instance of.
  public var entry: LossEntry<Self>? { Self.catalogue.first { $0.name == name } }

  /// Whether the loss is a convex function of all predictions of a row together.
  public var isConvex: Bool {
    switch self {
    case .kullbackLeibler, .distillation: true
    case .entropy: false
    // Each term is a convex function of the probability.
    default: input == .probabilities
    }
  }

  /// Whether the loss has a continuous derivative with respect to every prediction: probabilities have none at 0.
  public var isDifferentiable: Bool {
    if case .totalVariation = self { false } else { input != .probabilities }
  }

  /// A bound of the Euclidean norm of the gradient of a row.
  public var lipschitzConstant: Double? {
    // ½ p|s − Σps| with signs s: half of their mean deviation.
    if case .totalVariation(.logits, _) = self { 0.5 } else { nil }
  }

  /// Nothing is claimed of the curvature.
  public var curvatureBound: Double? { nil }
}
