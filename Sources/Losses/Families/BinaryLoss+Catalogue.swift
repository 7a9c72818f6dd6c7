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
    case .crossEntropyOfProbabilities: _KernelTerms(lk_loss_cross_entropy_of_probabilities)
    case .poly1(let epsilon): _KernelTerms(lk_loss_poly1, epsilon)
    case .asymmetric(let gammaPositive, let gammaNegative, let clip):
      _KernelTerms(lk_loss_asymmetric, gammaPositive, gammaNegative, clip)
    case .generalizedCrossEntropy(let q): _KernelTerms(lk_loss_generalized_cross_entropy, q)
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
    LossEntry(
      "crossEntropyOfProbabilities", lk_loss_cross_entropy_of_probabilities,
      formula: "−y ln p − (1 − y) ln(1 − p), the prediction being p",
      properties: { _ in LossProperties(lipschitzConstant: 0x1p40) },
      make: { _ in .crossEntropyOfProbabilities }),
    LossEntry(
      "poly1", lk_loss_poly1, ["epsilon": 1],
      formula: "−y ln p − (1 − y) ln(1 − p) + ε(y(1 − p) + (1 − y)p)",
      properties: { poly1Properties(epsilon: $0[0]) },
      make: { .poly1(epsilon: $0[0]) }),
    LossEntry(
      "asymmetric", lk_loss_asymmetric, ["gammaPositive": 0, "gammaNegative": 4, "clip": 0.05],
      formula: "−y(1 − p)^γ₊ ln p − (1 − y)q^γ₋ ln(1 − q), q = max(p − m, 0)",
      properties: { p in
        // As for focal: for the negatives, too, −(1 − p) ln(1 − q) ≤ p holds, since q ≤ p.
        let isCrossEntropy = p.allSatisfy { $0 == 0 }
        return LossProperties(
          isConvex: isCrossEntropy, isDifferentiable: p[1] > 0 || p[2] == 0 || p[2] == 1,
          lipschitzConstant: 1 + max(p[0], p[1]), curvatureBound: isCrossEntropy ? 0.25 : nil, link: .logit)
      },
      make: { .asymmetric(gammaPositive: $0[0], gammaNegative: $0[1], clip: $0[2]) }),
    LossEntry(
      "generalizedCrossEntropy", lk_loss_generalized_cross_entropy, ["q": 0.7],
      formula: "y(1 − p^q)/q + (1 − y)(1 − (1 − p)^q)/q",
      properties: { generalizedProperties(q: $0[0]) },
      make: { .generalizedCrossEntropy(q: $0[0]) }),
  ]

  /// Gradient and curvature are linear in y: the ends decide. For y = 1 they are −(1 − p)(1 + εp) and
  /// ¼(1 − δ²)(1 + εδ) with δ = 2p − 1.
  private static func poly1Properties(epsilon: Double) -> LossProperties {
    let size = abs(epsilon)
    let steepest = epsilon > 1 ? (1 + epsilon) * (1 + epsilon) / (4 * epsilon) : 1
    let δ = size < 1e-8 ? size / 2 : ((1 + 3 * size * size).squareRoot() - 1) / (3 * size)
    return LossProperties(
      isConvex: size <= 1, lipschitzConstant: steepest * (1 + 1e-12),
      curvatureBound: (1 - δ * δ) * (1 + size * δ) / 4 * (1 + 1e-12), link: .logit)
  }

  /// For y = 1 the gradient is −p^q(1 − p), steepest at p = q/(1 + q), and the curvature p^q(1 − p)((1 + q)p − q), whose
  /// extremes are the roots of a quadratic equation.
  private static func generalizedProperties(q: Double) -> LossProperties {
    let curvature = { (p: Double) in abs(Math.pow(p, q) * (1 - p) * ((1 + q) * p - q)) }
    let (a, b) = ((q + 1) * (q + 2), (2 * q + 1) * (q + 1))
    let root = max(0, b * b - 4 * a * q * q).squareRoot()
    let sharpest = max(curvature((b + root) / (2 * a)), curvature((b - root) / (2 * a)))
    return LossProperties(
      isConvex: q == 0, lipschitzConstant: Math.pow(q / (1 + q), q) / (1 + q) * (1 + 1e-12),
      curvatureBound: sharpest * (1 + 1e-12), link: .logit)
  }
}
