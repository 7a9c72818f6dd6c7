import CLossKernels

extension BinaryLoss: PointwiseLoss, LossFamily, Combinable {
  /// `binary`.
  public static var familyName: String { "binary" }

  /// What the loss compares, in a few words.
  public static var inputs: String {
    "prediction z: a logit; target y: a probability in [0, 1]; p = 1/(1 + exp(−z))"
  }

  /// The loss as the kernels know it. An implementation detail.
  public var _kernelTerms: _KernelTerms {
    switch self {
    case .logistic(let positiveWeight, let labelSmoothing):
      _KernelTerms(lk_loss_logistic, positiveWeight, labelSmoothing)
    case .focal(let alpha, let gamma): _KernelTerms(lk_loss_focal, alpha, gamma)
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
      "logistic", lk_loss_logistic, ["positiveWeight": 1, "labelSmoothing": 0],
      formula: "−π y′ ln p − (1 − y′) ln(1 − p), y′ = (1 − s)y + s/2",
      properties: { p in
        // Both bounds are linear in y′, which lies in [s/2, 1 − s/2]: the ends decide.
        let low = p[1] / 2
        let high = 1 - low
        return LossProperties(
          lipschitzConstant: max(p[0] * high, high),
          curvatureBound: max(p[0] * high + low, p[0] * low + high) / 4, link: .logit,
          noiseModel: p[0] == 1 && p[1] == 0 ? .bernoulli : nil)
      },
      make: { .logistic(positiveWeight: $0[0], labelSmoothing: $0[1]) }),
    LossEntry(
      "focal", lk_loss_focal, ["alpha": 0.25, "gamma": 2],
      formula: "−α y (1 − p)^γ ln p − (1 − α)(1 − y) p^γ ln(1 − p)",
      properties: { p in
        // |P′| = (1 − p)^γ (−γ p ln p + 1 − p) ≤ 1 + γ, because −p ln p ≤ 1 − p.
        LossProperties(
          isConvex: p[1] == 0, lipschitzConstant: max(p[0], 1 - p[0]) * (1 + p[1]),
          curvatureBound: p[1] == 0 ? max(p[0], 1 - p[0]) / 4 : nil, link: .logit)
      },
      make: { .focal(alpha: $0[0], gamma: $0[1]) }),
  ]
}
