public import Losses

/// What a step does beside its rule.
public struct UpdateOptions: Hashable, Codable, Sendable {
  /// Whether the step leads uphill: the gradient is that of something to be maximised.
  public var maximizes = false

  /// How a gradient that is too large is cut, before weight decay is added to it.
  public var clipping: GradientClipping?

  /// Whether the weight decay of the rule is added to the gradient or shrinks the parameters by itself.
  public var weightDecay = WeightDecayPlace.ofTheRule

  /// What holds the penalized parameters back beside the weight decay: after the step its proximal operator is applied, so
  /// that coefficients can become exactly 0 (Parikh and Boyd 2014). Do not add it to the gradient, too.
  ///
  /// The lists of the penalty have a number for each penalized parameter, in their order; see
  /// ``ParameterRange/isPenalized``. The step of the operator is the learning rate; with a momentum `μ` and a dampening `τ`,
  /// where a constant gradient moves the parameters `(1 − τ)/(1 − μ)` times as far in the end, it is so many times the
  /// learning rate. With `sgd` and `nesterov` parameters therefore come to rest where the objective plus the penalty is
  /// least; with a momentum and a penalty that is not convex they may find no rest. The other rules divide by the size of
  /// gradients, or take their signs: there, as with a decoupled weight decay, the strength is no longer that in what is
  /// minimised. `adafactor` takes no penalty.
  public var penalty: Penalty?

  /// Whether a gradient with a number that is not finite is skipped: the parameters and the state stay as they are. Looking
  /// for one costs a second pass over the gradient.
  public var skipsNonFiniteGradients = true

  /// Creates options; those of a plain step, if nothing is said.
  public init(
    maximizes: Bool = false, clipping: GradientClipping? = nil, weightDecay: WeightDecayPlace = .ofTheRule,
    penalty: Penalty? = nil, skipsNonFiniteGradients: Bool = true
  ) {
    self.maximizes = maximizes
    self.clipping = clipping
    self.weightDecay = weightDecay
    self.penalty = penalty
    self.skipsNonFiniteGradients = skipsNonFiniteGradients
  }

  /// Whether ranges may not be taken together even where they are treated alike.
  func needsEachRange(_ rule: UpdateRule) -> Bool {
    if case .adafactor = rule { return true }
    if case .normOfEachRange = clipping { return true }
    return false
  }

  func validate() throws(LossError) {
    switch clipping {
    case .value(let limit), .norm(let limit), .normOfEachRange(let limit):
      guard limit > 0, limit.isFinite else {
        throw .invalidParameter(
          of: "clipping", parameter: "limit", value: limit, expected: "a finite number greater than 0")
      }
    case nil: break
    }
    try penalty?.validate()
  }
}

/// How a gradient that is too large is cut.
public enum GradientClipping: Hashable, Codable, Sendable {
  /// Every component to `[−limit, limit]`.
  case value(Double)

  /// The whole gradient to the Euclidean norm `limit`, keeping its direction (Pascanu, Mikolov and Bengio 2013). Frozen
  /// ranges do not count.
  ///
  /// The factor is `limit/‖g‖` where that is below 1, as in Optax; PyTorch divides by `‖g‖ + 10⁻⁶`.
  case norm(Double)

  /// The part of each range to the norm `limit`, by itself.
  case normOfEachRange(Double)
}

/// What a weight decay `λ` does.
public enum WeightDecayPlace: String, Hashable, Codable, Sendable {
  /// What the page of the rule says.
  case ofTheRule

  /// It is added to the gradient: `g ← g + λw`.
  case coupled

  /// It shrinks the parameters before the step: `w ← (1 − ηλ)w`.
  case decoupled
}
