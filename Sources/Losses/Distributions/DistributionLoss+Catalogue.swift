extension DistributionLoss: LossFamily {
  /// `distribution`.
  public static var familyName: String { "distribution" }

  /// What the loss compares, in a few words.
  public static var inputs: String { "predictions: rows of the numbers that the loss names; target y: a real number" }

  /// Every loss of the family, in the order of its cases. The parameters are those that are numbers.
  public static let catalogue: [LossEntry<Self>] = [
    LossEntry(
      "gaussian", ["varianceFloor": (1e-6, .positive)], formula: "½(ln v + r²/v), v = max(σ², floor), r = μ − y",
      make: { .gaussian(varianceFloor: $0[0]) }),
    LossEntry(
      "gaussianLogVariance", formula: "½(s + r² exp(−s)), s = ln σ², r = μ − y", make: { _ in .gaussianLogVariance }),
    LossEntry("laplace", formula: "s + |r| exp(−s), s = ln b, r = μ − y", make: { _ in .laplace }),
    LossEntry(
      "continuousRankedProbability", formula: "σ(z(2Φ(z) − 1) + 2φ(z) − 1/√π), z = (y − μ)/σ",
      make: { _ in .continuousRankedProbability }),
    LossEntry(
      "intervalScore", ["level": (0.95, .openUnitInterval)],
      formula: "u − l + (2/α) max(0, l − y) + (2/α) max(0, y − u), α = 1 − level",
      make: { .intervalScore(level: $0[0]) }),
    LossEntry(
      "quantiles", ["crossingPenalty": (1, .nonnegative)],
      formula: "Σ ρⱼ(qⱼ − y) + λ Σ max(0, qⱼ − qⱼ₊₁), ρⱼ(r) = (1 − τⱼ)r or −τⱼr",
      make: { .quantiles(crossingPenalty: $0[0]) }),
  ]

  /// The row of the catalogue that this loss is an instance of.
  public var entry: LossEntry<Self>? { Self.catalogue.first { $0.name == name } }

  /// Whether the loss is a convex function of all predictions of a row together.
  public var isConvex: Bool {
    switch self {
    case .intervalScore, .quantiles: true
    case .gaussian, .gaussianLogVariance, .laplace, .continuousRankedProbability: false
    }
  }

  /// Whether the loss has a continuous derivative with respect to every prediction.
  public var isDifferentiable: Bool {
    switch self {
    case .gaussianLogVariance, .continuousRankedProbability: true
    case .gaussian, .laplace, .intervalScore, .quantiles: false
    }
  }

  /// A bound of the Euclidean norm of the gradient of a row.
  public var lipschitzConstant: Double? {
    switch self {
    case .gaussian, .gaussianLogVariance, .laplace, .continuousRankedProbability: return nil
    case .intervalScore(let level):
      // Of either bound, where it is missed; crossed bounds can both be.
      return 2.0.squareRoot() * (2 / (1 - level) - 1)
    case .quantiles(let levels, let penalty):
      // The two penalties of a level pull in opposite directions.
      let crossing = levels.count > 1 ? penalty : 0
      let squares = levels.map { level in
        let slope = max(level, 1 - level) + crossing
        return slope * slope
      }
      return squares.reduce(0, +).squareRoot() * (1 + 1e-12)
    }
  }

  /// Nothing is claimed of the curvature.
  public var curvatureBound: Double? { nil }
}
