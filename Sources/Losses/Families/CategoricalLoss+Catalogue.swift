import CLossKernels

extension CategoricalLoss: RowLossFamily {
  /// `categorical`.
  public static var familyName: String { "categorical" }

  /// What the loss compares, in a few words.
  public static var inputs: String {
    "prediction z: K scores; target: a class y below K, or a distribution q; p = softmax(z)"
  }

  /// The place of the loss in the list of the kernels. An implementation detail.
  public var _kernelIndex: UInt32 { kernel.rawValue }

  var kernel: lk_categorical_loss {
    switch self {
    case .crossEntropy: lk_categorical_cross_entropy
    case .negativeLogLikelihood: lk_categorical_log_likelihood
    case .crossEntropyOfProbabilities: lk_categorical_likelihood
    case .focal: lk_categorical_focal
    case .poly1: lk_categorical_poly1
    case .generalizedCrossEntropy: lk_categorical_generalized_cross_entropy
    case .crammerSinger: lk_categorical_crammer_singer
    case .westonWatkins: lk_categorical_weston_watkins
    case .perceptron: lk_categorical_perceptron
    case .sparsemax: lk_categorical_sparsemax
    }
  }

  /// The parameters without memory for a list of them.
  var parameters: (Double, Double, Double, Double) {
    switch self {
    case .crossEntropy(let labelSmoothing): (labelSmoothing, 0, 0, 0)
    case .focal(let gamma): (gamma, 0, 0, 0)
    case .poly1(let epsilon): (epsilon, 0, 0, 0)
    case .generalizedCrossEntropy(let q): (q, 0, 0, 0)
    case .crammerSinger(let margin): (margin, 0, 0, 0)
    case .westonWatkins(let power, let margin): (power, margin, 0, 0)
    case .negativeLogLikelihood, .crossEntropyOfProbabilities, .perceptron, .sparsemax: (0, 0, 0, 0)
    }
  }

  /// The values of the parameters, in the order of the catalogue.
  public var parameterValues: [Double] {
    let all = parameters
    return Array([all.0, all.1, all.2, all.3].prefix(Int(lk_info_categorical(kernel).parameter_count)))
  }

  /// Every loss of the family, in the order of its cases.
  public static let catalogue: [LossEntry<Self>] = [
    LossEntry(
      "crossEntropy", lk_categorical_cross_entropy, ["labelSmoothing": 0],
      formula: "−Σ q′ ln p, q′ = (1 − s)q + s/K",
      properties: { _ in LossProperties(lipschitzConstant: rootOfTwo, curvatureBound: 0.5) },
      make: { .crossEntropy(labelSmoothing: $0[0]) }),
    LossEntry(
      "negativeLogLikelihood", lk_categorical_log_likelihood, formula: "−Σ q z, z being log-probabilities",
      properties: { _ in LossProperties(lipschitzConstant: 1, curvatureBound: 0) },
      make: { _ in .negativeLogLikelihood }),
    LossEntry(
      "crossEntropyOfProbabilities", lk_categorical_likelihood, formula: "−Σ q ln z, z being probabilities",
      properties: { _ in LossProperties() },
      make: { _ in .crossEntropyOfProbabilities }),
    LossEntry(
      "focal", lk_categorical_focal, ["gamma": 2], formula: "−Σ q (1 − p)^γ ln p",
      properties: { p in
        // (1 − p) c = (1 − p)^γ (1 − p − γ p ln p) ≤ 1 + γ, because −p ln p ≤ 1 − p.
        LossProperties(
          isConvex: p[0] == 0, lipschitzConstant: rootOfTwo * (1 + p[0]), curvatureBound: p[0] == 0 ? 0.5 : nil)
      },
      make: { .focal(gamma: $0[0]) }),
    LossEntry(
      "poly1", lk_categorical_poly1, ["epsilon": 1], formula: "Σ q (−ln p + ε(1 − p))",
      properties: { p in
        // |(1 − p)(1 + εp)| ≤ 1 + |ε|/4. The least curvature, that along e_y − p, has the sign of 1 + ε(2p − 1).
        LossProperties(
          isConvex: abs(p[0]) <= 1, lipschitzConstant: rootOfTwo * (1 + abs(p[0]) / 4),
          curvatureBound: p[0] == 0 ? 0.5 : nil)
      },
      make: { .poly1(epsilon: $0[0]) }),
    LossEntry(
      "generalizedCrossEntropy", lk_categorical_generalized_cross_entropy, ["q": 0.7], formula: "Σ q_c (1 − p_c^q)/q",
      properties: { p in
        // p^q (1 − p) is greatest where p = q/(1 + q).
        let peak = p[0] == 0 ? 1 : Math.pow(p[0] / (1 + p[0]), p[0]) / (1 + p[0])
        return LossProperties(
          isConvex: p[0] == 0, lipschitzConstant: rootOfTwo * peak * (1 + 1e-14),
          curvatureBound: p[0] == 0 ? 0.5 : nil)
      },
      make: { .generalizedCrossEntropy(q: $0[0]) }),
    LossEntry(
      "crammerSinger", lk_categorical_crammer_singer, ["margin": 1], formula: "max(0, m + max_{c ≠ y} z_c − z_y)",
      properties: { _ in LossProperties(isDifferentiable: false, lipschitzConstant: rootOfTwo) },
      make: { .crammerSinger(margin: $0[0]) }),
    LossEntry(
      "westonWatkins", lk_categorical_weston_watkins, ["power": 1, "margin": 1],
      formula: "Σ_{c ≠ y} max(0, m + z_c − z_y)^power",
      properties: { p in LossProperties(isDifferentiable: p[0] == 2) },
      make: { .westonWatkins(power: $0[0], margin: $0[1]) }),
    LossEntry(
      "perceptron", lk_categorical_perceptron, formula: "max(0, max_{c ≠ y} z_c − z_y)",
      properties: { _ in LossProperties(isDifferentiable: false, lipschitzConstant: rootOfTwo) },
      make: { _ in .perceptron }),
    LossEntry(
      "sparsemax", lk_categorical_sparsemax,
      formula: "½‖p − q‖² + Σ q max(0, τ − z), p = max(0, z − τ) on the simplex",
      properties: { _ in LossProperties(lipschitzConstant: rootOfTwo, curvatureBound: 1) },
      make: { _ in .sparsemax }),
  ]

  // ‖p − q‖ ≤ √2 on the simplex, rounded up.
  private static let rootOfTwo = 2.0.squareRoot().nextUp
}

extension LossEntry where Family == CategoricalLoss {
  fileprivate init(
    _ name: String, _ id: lk_categorical_loss, _ parameters: KeyValuePairs<String, Double> = [:], formula: String,
    properties: @escaping @Sendable ([Double]) -> LossProperties, make: @escaping @Sendable ([Double]) -> Family
  ) {
    let domains = withUnsafeBytes(of: lk_info_categorical(id).parameter_domains) {
      Array($0.bindMemory(to: lk_domain.self))
    }
    self.init(name, id: id.rawValue, parameters, domains, formula: formula, properties: properties, make: make)
  }
}
