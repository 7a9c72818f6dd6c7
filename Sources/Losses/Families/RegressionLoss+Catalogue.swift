import CLossKernels

extension RegressionLoss: PointwiseLoss, LossFamily, Combinable {
  /// `regression`.
  public static var familyName: String { "regression" }

  /// What the loss compares, in a few words.
  public static var inputs: String { "prediction ŷ: a real number; target y: a real number; r = ŷ − y" }

  /// The loss as the kernels know it. An implementation detail.
  public var _kernelTerms: _KernelTerms {
    switch self {
    case .squaredError: _KernelTerms(lk_loss_squared_error)
    case .absoluteError: _KernelTerms(lk_loss_absolute_error)
    case .huber(let delta): _KernelTerms(lk_loss_huber, delta)
    case .smoothL1(let beta): _KernelTerms(lk_loss_smooth_l1, beta)
    case .pseudoHuber(let delta): _KernelTerms(lk_loss_pseudo_huber, delta)
    case .logCosh: _KernelTerms(lk_loss_log_cosh)
    case .quantile(let level): _KernelTerms(lk_loss_quantile, level)
    case .expectile(let level): _KernelTerms(lk_loss_expectile, level)
    case .epsilonInsensitive(let epsilon): _KernelTerms(lk_loss_epsilon_insensitive, epsilon)
    case .poisson: _KernelTerms(lk_loss_poisson)
    case .robust(let shape, let scale): _KernelTerms(lk_loss_robust, shape, scale)
    case .robustLikelihood(let shape, let scale):
      RobustPartition(shape: shape).terms(shape: shape, scale: scale)
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
      "squaredError", lk_loss_squared_error, formula: "r²",
      properties: { _ in LossProperties(curvatureBound: 2, noiseModel: .gaussian(variance: 0.5)) },
      make: { _ in .squaredError }),
    LossEntry(
      "absoluteError", lk_loss_absolute_error, formula: "|r|",
      properties: { _ in
        LossProperties(isDifferentiable: false, lipschitzConstant: 1, noiseModel: .laplace(scale: 1))
      },
      make: { _ in .absoluteError }),
    LossEntry(
      "huber", lk_loss_huber, ["delta": 1], formula: "½r² where |r| ≤ δ, δ(|r| − ½δ) beyond",
      properties: { p in
        LossProperties(lipschitzConstant: p[0], curvatureBound: 1, noiseModel: .huber(delta: p[0], scale: 1))
      },
      make: { .huber(delta: $0[0]) }),
    LossEntry(
      "smoothL1", lk_loss_smooth_l1, ["beta": 1], formula: "½r²/β where |r| < β, |r| − ½β beyond",
      properties: { p in
        // huber(β)/β at r is huber(√β) at r/√β.
        LossProperties(
          lipschitzConstant: 1, curvatureBound: 1 / p[0],
          noiseModel: .huber(delta: p[0].squareRoot(), scale: p[0].squareRoot()))
      },
      make: { .smoothL1(beta: $0[0]) }),
    LossEntry(
      "pseudoHuber", lk_loss_pseudo_huber, ["delta": 1], formula: "δ²(√(1 + (r/δ)²) − 1)",
      properties: { p in
        LossProperties(lipschitzConstant: p[0], curvatureBound: 1, noiseModel: .hyperbolic(delta: p[0]))
      },
      make: { .pseudoHuber(delta: $0[0]) }),
    LossEntry(
      "logCosh", lk_loss_log_cosh, formula: "ln cosh r",
      properties: { _ in
        LossProperties(lipschitzConstant: 1, curvatureBound: 1, noiseModel: .hyperbolicSecant)
      },
      make: { _ in .logCosh }),
    LossEntry(
      "quantile", lk_loss_quantile, ["level": 0.5], formula: "(1 − τ)r where r > 0, −τr where r < 0",
      properties: { p in
        LossProperties(
          isDifferentiable: false, lipschitzConstant: max(p[0], 1 - p[0]),
          noiseModel: .asymmetricLaplace(level: p[0]))
      },
      make: { .quantile(level: $0[0]) }),
    LossEntry(
      "expectile", lk_loss_expectile, ["level": 0.5], formula: "(1 − τ)r² where r > 0, τr² where r < 0",
      properties: { p in
        LossProperties(curvatureBound: 2 * max(p[0], 1 - p[0]), noiseModel: .asymmetricGaussian(level: p[0]))
      },
      make: { .expectile(level: $0[0]) }),
    LossEntry(
      "epsilonInsensitive", lk_loss_epsilon_insensitive, ["epsilon": 0.1], formula: "max(0, |r| − ε)",
      properties: { p in
        LossProperties(
          isDifferentiable: false, lipschitzConstant: 1, noiseModel: .epsilonInsensitive(epsilon: p[0]))
      },
      make: { .epsilonInsensitive(epsilon: $0[0]) }),
    LossEntry(
      "poisson", lk_loss_poisson, formula: "exp(ŷ) − yŷ, with y ≥ 0",
      properties: { _ in LossProperties(link: .log, noiseModel: .poisson) },
      make: { _ in .poisson }),
    LossEntry(
      "robust", lk_loss_robust, ["shape": 1, "scale": 1],
      formula: "(b/α)((r²/(c²b) + 1)^(α/2) − 1), b = |α − 2|",
      properties: { robustProperties(shape: $0[0], scale: $0[1]) },
      make: { .robust(shape: $0[0], scale: $0[1]) }),
    LossEntry(
      "robustLikelihood", lk_loss_robust_likelihood, ["shape": 1, "scale": 1],
      formula: "(b/α)((r²/(c²b) + 1)^(α/2) − 1) + ln(c Z(α)), b = |α − 2|",
      properties: { robustProperties(shape: $0[0], scale: $0[1]) },
      make: { .robustLikelihood(shape: $0[0], scale: $0[1]) }),
  ]

  private static func robustProperties(shape: Double, scale: Double) -> LossProperties {
    // The gradient is largest where the curvature vanishes: at (r/c)² = (2 − α)/(1 − α), for a shape below 1; a shape
    // of 1 approaches 1/c. The curvature falls from 1/c² with the distance for shapes up to 2, as far as
    // −2 exp(−3/2)/c² for Welsch, and grows without bound beyond 2.
    let lipschitz: Double? =
      switch shape {
      case ..<1:
        shape == -.infinity
          ? Math.exp(-0.5) / scale
          : ((2 - shape) / (1 - shape)).squareRoot() / scale
            * Math.exp((shape / 2 - 1) * Math.log1p(1 / (1 - shape)))
      case 1: 1 / scale
      default: nil
      }
    return LossProperties(
      isConvex: shape >= 1, lipschitzConstant: lipschitz.map { $0 * (1 + 1e-12) },
      curvatureBound: shape <= 2 ? 1 / (scale * scale) : nil,
      noiseModel: shape >= 0 ? .robust(shape: shape, scale: scale) : nil)
  }
}
