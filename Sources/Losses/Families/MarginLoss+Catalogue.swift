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
  ]
}
