import CLossKernels

extension MarginLoss: PointwiseLoss, LossFamily, Combinable {
  /// `margin`.
  public static var familyName: String { "margin" }

  /// What the loss compares, in a few words.
  public static var inputs: String { "prediction ŷ: a score; target y: −1 or +1; a = yŷ" }

  /// The loss as the kernels know it. An implementation detail.
  public var _kernelTerms: _KernelTerms {
    switch self {
    case .hinge: _KernelTerms(lk_loss_hinge)
    case .squaredHinge: _KernelTerms(lk_loss_squared_hinge)
    case .smoothedHinge(let gamma): _KernelTerms(lk_loss_smoothed_hinge, gamma)
    case .modifiedHuber: _KernelTerms(lk_loss_modified_huber)
    case .perceptron: _KernelTerms(lk_loss_perceptron)
    case .exponential: _KernelTerms(lk_loss_exponential)
    case .sigmoid: _KernelTerms(lk_loss_sigmoid)
    case .savage: _KernelTerms(lk_loss_savage)
    case .distanceWeightedDiscrimination(let q): _KernelTerms(lk_loss_distance_weighted_discrimination, q)
    case .combination(let combination): _KernelTerms(combination)
    }
  }

  /// The sum that this is; `nil` for a single loss.
  public var combination: Combination<Self>? {
    if case .combination(let combination) = self { combination } else { nil }
  }

  /// Every loss of the family, in the order of its cases; combinations are made of them.
  public static let catalogue: [LossEntry<Self>] = [
    LossEntry(
      "hinge", lk_loss_hinge, formula: "max(0, 1 − a)",
      properties: { _ in LossProperties(isDifferentiable: false, lipschitzConstant: 1) },
      make: { _ in .hinge }),
    LossEntry(
      "squaredHinge", lk_loss_squared_hinge, formula: "max(0, 1 − a)²",
      properties: { _ in LossProperties(curvatureBound: 2) },
      make: { _ in .squaredHinge }),
    LossEntry(
      "smoothedHinge", lk_loss_smoothed_hinge, ["gamma": 1],
      formula: "0 where a ≥ 1, 1 − a − γ/2 where a ≤ 1 − γ, (1 − a)²/(2γ) between",
      properties: { p in LossProperties(lipschitzConstant: 1, curvatureBound: 1 / p[0]) },
      make: { .smoothedHinge(gamma: $0[0]) }),
    LossEntry(
      "modifiedHuber", lk_loss_modified_huber, formula: "max(0, 1 − a)² where a ≥ −1, −4a beyond",
      properties: { _ in LossProperties(lipschitzConstant: 4, curvatureBound: 2) },
      make: { _ in .modifiedHuber }),
    LossEntry(
      "perceptron", lk_loss_perceptron, formula: "max(0, −a)",
      properties: { _ in LossProperties(isDifferentiable: false, lipschitzConstant: 1) },
      make: { _ in .perceptron }),
    LossEntry(
      "exponential", lk_loss_exponential, formula: "exp(−a)",
      properties: { _ in LossProperties() },
      make: { _ in .exponential }),
    LossEntry(
      "sigmoid", lk_loss_sigmoid, formula: "1 − tanh a",
      properties: { _ in
        // The curvature is 2t(1 − t²) with t = tanh a, sharpest at t² = ⅓.
        LossProperties(
          isConvex: false, lipschitzConstant: 1 + 1e-12, curvatureBound: 4 / 27.0.squareRoot() * (1 + 1e-12))
      },
      make: { _ in .sigmoid }),
    LossEntry(
      "savage", lk_loss_savage, formula: "1/(1 + exp(a))²",
      properties: { _ in
        // With p = σ(a) the gradient is −2p(1 − p)², the curvature 2p(1 − p)²(3p − 1).
        let p = (9 + 33.0.squareRoot()) / 24
        return LossProperties(
          isConvex: false, lipschitzConstant: 8.0 / 27 * (1 + 1e-12),
          curvatureBound: 2 * p * (1 - p) * (1 - p) * (3 * p - 1) * (1 + 1e-12))
      },
      make: { _ in .savage }),
    LossEntry(
      "distanceWeightedDiscrimination", lk_loss_distance_weighted_discrimination, ["q": 1],
      formula: "1 − a where a ≤ q/(q + 1), a^(−q) q^q/(q + 1)^(q + 1) beyond",
      properties: { p in
        LossProperties(lipschitzConstant: 1, curvatureBound: (p[0] + 1) * (p[0] + 1) / p[0] * (1 + 1e-12))
      },
      make: { .distanceWeightedDiscrimination(q: $0[0]) }),
  ]
}
