extension DivergenceLoss: Loss {
  /// `divergence`.
  public static var familyName: String { "divergence" }

  /// What the loss compares, in a few words.
  public static var inputs: String {
    "predictions: rows p of logits, log-probabilities or probabilities; targets: rows q of these"
  }

  /// One loss of the catalogue.
  public struct Entry: Sendable {
    /// The name of the case.
    public let name: String

    /// The value as a function of the two distributions.
    public let formula: String

    /// The loss with the default of every parameter.
    public let defaultLoss: DivergenceLoss
  }

  /// Every loss of the family, in the order of its cases.
  public static let catalogue: [Entry] = [
    Entry(name: "kullbackLeibler", formula: "Σ (q ln(q/p) − q + p)", defaultLoss: .kullbackLeibler()),
    Entry(name: "reverseKullbackLeibler", formula: "Σ (p ln(p/q) − p + q)", defaultLoss: .reverseKullbackLeibler()),
    Entry(
      name: "jensenShannon", formula: "½ Σ (q ln(q/m) + p ln(p/m)), m = ½(p + q)", defaultLoss: .jensenShannon()),
    Entry(name: "totalVariation", formula: "½ Σ |p − q|", defaultLoss: .totalVariation()),
    Entry(name: "hellinger", formula: "½ Σ (√p − √q)²", defaultLoss: .hellinger()),
    Entry(name: "jeffreys", formula: "Σ (p − q) ln(p/q)", defaultLoss: .jeffreys()),
    Entry(
      name: "distillation", formula: "T² Σ q ln(q/p), p = softmax(z/T), q = softmax(t/T)",
      defaultLoss: .distillation()),
    Entry(name: "entropy", formula: "−Σ p ln p, p = softmax(z)", defaultLoss: .entropy),
  ]

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

  /// No curvature is computed, and nothing is claimed of it.
  public var curvatureBound: Double? { nil }
}
