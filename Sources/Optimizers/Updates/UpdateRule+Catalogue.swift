public import Losses

/// One row of the catalogue of update rules.
public struct UpdateRuleEntry: Sendable {
  /// The name of the case.
  public let name: String

  /// The hyperparameters in their order.
  public let parameters: [LossParameter]

  /// What a step does.
  public let formula: String

  let make: @Sendable ([Double]) -> UpdateRule

  init(
    _ name: String, _ parameters: KeyValuePairs<String, (Double, ParameterDomain)>, formula: String,
    make: @escaping @Sendable ([Double]) -> UpdateRule
  ) {
    self.name = name
    self.parameters = parameters.map { LossParameter(name: $0.key, defaultValue: $0.value.0, domain: $0.value.1) }
    self.formula = formula
    self.make = make
  }

  /// The rule with all defaults.
  public var defaultRule: UpdateRule { make(parameters.map(\.defaultValue)) }
}

extension UpdateRule {
  /// Every rule, in the order of the cases.
  public static let catalogue: [UpdateRuleEntry] = [
    UpdateRuleEntry(
      "sgd",
      [
        "learningRate": (1e-3, .positive), "momentum": (0, .halfOpenUnitInterval),
        "dampening": (0, .halfOpenUnitInterval), "weightDecay": (0, .nonnegative),
      ], formula: "v ← μv + (1 − τ)g; w ← w − ηv",
      make: { .sgd(learningRate: $0[0], momentum: $0[1], dampening: $0[2], weightDecay: $0[3]) }),
    UpdateRuleEntry(
      "nesterov",
      ["learningRate": (1e-3, .positive), "momentum": (0.9, .halfOpenUnitInterval), "weightDecay": (0, .nonnegative)],
      formula: "v ← μv + g; w ← w − η(g + μv)",
      make: { .nesterov(learningRate: $0[0], momentum: $0[1], weightDecay: $0[2]) }),
    adam("adam", formula: "w ← w − η m̂/(√v̂ + ε)") {
      .adam(learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], weightDecay: $0[4])
    },
    adam("adamW", weightDecay: 0.01, formula: "w ← (1 − ηλ)w − η m̂/(√v̂ + ε)") {
      .adamW(learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], weightDecay: $0[4])
    },
    adam("amsgrad", formula: "u ← max(u, v); w ← w − η m̂/(√û + ε)") {
      .amsgrad(learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], weightDecay: $0[4])
    },
    UpdateRuleEntry(
      "nadam",
      [
        "learningRate": (2e-3, .positive), "beta1": (0.9, .halfOpenUnitInterval),
        "beta2": (0.999, .halfOpenUnitInterval),
        "epsilon": (1e-8, .nonnegative), "momentumDecay": (4e-3, .nonnegative), "weightDecay": (0, .nonnegative),
      ], formula: "w ← w − η(μₜ₊₁ m̂ + (1 − μₜ) ĝ)/(√v̂ + ε)",
      make: {
        .nadam(
          learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], momentumDecay: $0[4], weightDecay: $0[5])
      }),
    adam("radam", formula: "w ← w − η r m̂/(√v̂ + ε̂), r the rectification") {
      .radam(learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], weightDecay: $0[4])
    },
    adam("adamax", learningRate: 2e-3, formula: "u ← max(β₂u, |g| + ε); w ← w − η m̂/u") {
      .adamax(learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], weightDecay: $0[4])
    },
    UpdateRuleEntry(
      "adaBelief",
      [
        "learningRate": (1e-3, .positive), "beta1": (0.9, .halfOpenUnitInterval),
        "beta2": (0.999, .halfOpenUnitInterval),
        "epsilon": (1e-16, .nonnegative), "rootEpsilon": (1e-16, .nonnegative), "weightDecay": (0, .nonnegative),
      ], formula: "v ← β₂v + (1 − β₂)(g − m)² + ε_r; w ← w − η m̂/(√v̂ + ε)",
      make: {
        .adaBelief(
          learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], rootEpsilon: $0[4], weightDecay: $0[5])
      }),
    UpdateRuleEntry(
      "yogi",
      [
        "learningRate": (0.01, .positive), "beta1": (0.9, .halfOpenUnitInterval),
        "beta2": (0.999, .halfOpenUnitInterval),
        "epsilon": (1e-3, .nonnegative), "initialAccumulator": (1e-6, .nonnegative), "weightDecay": (0, .nonnegative),
      ], formula: "v ← v − (1 − β₂) sign(v − g²) g²; w ← w − η m̂/(√v̂ + ε)",
      make: {
        .yogi(
          learningRate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], initialAccumulator: $0[4],
          weightDecay: $0[5])
      }),
    UpdateRuleEntry(
      "lion",
      [
        "learningRate": (1e-4, .positive), "beta1": (0.9, .halfOpenUnitInterval),
        "beta2": (0.99, .halfOpenUnitInterval),
        "weightDecay": (1e-3, .nonnegative),
      ], formula: "w ← (1 − ηλ)w − η sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g",
      make: { .lion(learningRate: $0[0], beta1: $0[1], beta2: $0[2], weightDecay: $0[3]) }),
    rmsProp("rmsProp", formula: "v ← αv + (1 − α)g²; b ← μb + g/(√v + ε); w ← w − ηb") {
      .rmsProp(learningRate: $0[0], alpha: $0[1], epsilon: $0[2], momentum: $0[3], weightDecay: $0[4])
    },
    rmsProp("centeredRMSProp", formula: "b ← μb + g/(√(v − m²) + ε); w ← w − ηb") {
      .centeredRMSProp(learningRate: $0[0], alpha: $0[1], epsilon: $0[2], momentum: $0[3], weightDecay: $0[4])
    },
    UpdateRuleEntry(
      "adagrad",
      [
        "learningRate": (0.01, .positive), "learningRateDecay": (0, .nonnegative),
        "initialAccumulator": (0, .nonnegative), "epsilon": (1e-10, .nonnegative), "weightDecay": (0, .nonnegative),
      ], formula: "v ← v + g²; w ← w − η/(1 + (t − 1)δ) · g/(√v + ε)",
      make: {
        .adagrad(
          learningRate: $0[0], learningRateDecay: $0[1], initialAccumulator: $0[2], epsilon: $0[3],
          weightDecay: $0[4])
      }),
    UpdateRuleEntry(
      "adadelta",
      [
        "learningRate": (1, .positive), "rho": (0.9, .halfOpenUnitInterval), "epsilon": (1e-6, .positive),
        "weightDecay": (0, .nonnegative),
      ], formula: "Δ = √(u + ε)/√(v + ε) · g; w ← w − ηΔ",
      make: { .adadelta(learningRate: $0[0], rho: $0[1], epsilon: $0[2], weightDecay: $0[3]) }),
    UpdateRuleEntry(
      "adafactor",
      [
        "learningRate": (0.01, .positive), "decayExponent": (0.8, .positive), "epsilon": (0, .nonnegative),
        "leastScale": (1e-3, .nonnegative), "threshold": (1, .atLeastOne), "weightDecay": (0, .nonnegative),
      ], formula: "w ← w − min(η, 1/√t) max(s, RMS(w)) u/max(1, RMS(u)/c), u = g/√v",
      make: {
        .adafactor(
          learningRate: $0[0], decayExponent: $0[1], epsilon: $0[2], leastScale: $0[3], threshold: $0[4],
          weightDecay: $0[5])
      }),
    UpdateRuleEntry(
      "rprop",
      [
        "learningRate": (0.01, .positive), "etaMinus": (0.5, .openUnitInterval), "etaPlus": (1.2, .aboveOne),
        "minimumStep": (1e-6, .positive), "maximumStep": (50, .positive),
      ], formula: "w ← w − Δ sign(g), Δ ← η₊Δ while the sign stays, η₋Δ where it turns",
      make: {
        .rprop(
          learningRate: $0[0], etaMinus: $0[1], etaPlus: $0[2], minimumStep: $0[3], maximumStep: $0[4])
      }),
    UpdateRuleEntry(
      "signum",
      ["learningRate": (1e-3, .positive), "beta": (0.9, .halfOpenUnitInterval), "weightDecay": (0, .nonnegative)],
      formula: "m ← βm + (1 − β)g; w ← w − η sign(m)",
      make: { .signum(learningRate: $0[0], beta: $0[1], weightDecay: $0[2]) }),
  ]

  private static func adam(
    _ name: String, learningRate: Double = 1e-3, weightDecay: Double = 0, formula: String,
    make: @escaping @Sendable ([Double]) -> UpdateRule
  ) -> UpdateRuleEntry {
    UpdateRuleEntry(
      name,
      [
        "learningRate": (learningRate, .positive), "beta1": (0.9, .halfOpenUnitInterval),
        "beta2": (0.999, .halfOpenUnitInterval), "epsilon": (1e-8, .nonnegative),
        "weightDecay": (weightDecay, .nonnegative),
      ], formula: formula, make: make)
  }

  private static func rmsProp(
    _ name: String, formula: String, make: @escaping @Sendable ([Double]) -> UpdateRule
  ) -> UpdateRuleEntry {
    UpdateRuleEntry(
      name,
      [
        "learningRate": (0.01, .positive), "alpha": (0.99, .halfOpenUnitInterval), "epsilon": (1e-8, .nonnegative),
        "momentum": (0, .halfOpenUnitInterval), "weightDecay": (0, .nonnegative),
      ], formula: formula, make: make)
  }

  /// The row of the catalogue that this rule is an instance of.
  public var entry: UpdateRuleEntry { Self.catalogue[index] }

  /// The name of the case.
  public var name: String { entry.name }

  /// The hyperparameters in the order of the catalogue.
  public var parameterValues: [Double] { layout.values }

  private var index: Int { layout.index }

  /// The place in the catalogue, and the hyperparameters in its order.
  private var layout: (index: Int, values: [Double]) {
    switch self {
    case .sgd(let rate, let momentum, let dampening, let decay): (0, [rate, momentum, dampening, decay])
    case .nesterov(let rate, let momentum, let decay): (1, [rate, momentum, decay])
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay): (2, [rate, beta1, beta2, epsilon, decay])
    case .adamW(let rate, let beta1, let beta2, let epsilon, let decay): (3, [rate, beta1, beta2, epsilon, decay])
    case .amsgrad(let rate, let beta1, let beta2, let epsilon, let decay): (4, [rate, beta1, beta2, epsilon, decay])
    case .nadam(let rate, let beta1, let beta2, let epsilon, let momentumDecay, let decay):
      (5, [rate, beta1, beta2, epsilon, momentumDecay, decay])
    case .radam(let rate, let beta1, let beta2, let epsilon, let decay): (6, [rate, beta1, beta2, epsilon, decay])
    case .adamax(let rate, let beta1, let beta2, let epsilon, let decay): (7, [rate, beta1, beta2, epsilon, decay])
    case .adaBelief(let rate, let beta1, let beta2, let epsilon, let rootEpsilon, let decay):
      (8, [rate, beta1, beta2, epsilon, rootEpsilon, decay])
    case .yogi(let rate, let beta1, let beta2, let epsilon, let initial, let decay):
      (9, [rate, beta1, beta2, epsilon, initial, decay])
    case .lion(let rate, let beta1, let beta2, let decay): (10, [rate, beta1, beta2, decay])
    case .rmsProp(let rate, let alpha, let epsilon, let momentum, let decay):
      (11, [rate, alpha, epsilon, momentum, decay])
    case .centeredRMSProp(let rate, let alpha, let epsilon, let momentum, let decay):
      (12, [rate, alpha, epsilon, momentum, decay])
    case .adagrad(let rate, let rateDecay, let initial, let epsilon, let decay):
      (13, [rate, rateDecay, initial, epsilon, decay])
    case .adadelta(let rate, let rho, let epsilon, let decay): (14, [rate, rho, epsilon, decay])
    case .adafactor(let rate, let exponent, let epsilon, let scale, let threshold, let decay):
      (15, [rate, exponent, epsilon, scale, threshold, decay])
    case .rprop(let rate, let etaMinus, let etaPlus, let minimum, let maximum):
      (16, [rate, etaMinus, etaPlus, minimum, maximum])
    case .signum(let rate, let beta, let decay): (17, [rate, beta, decay])
    }
  }
}
