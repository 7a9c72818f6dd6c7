public import Losses

/// What a step does beside its rule.
public struct UpdateOptions: Hashable, Codable, Sendable {
  /// Whether the step leads uphill: the gradient is that of something to be maximised.
  public var maximizes = false

  /// How a gradient that is too large is cut, before weight decay is added to it.
  public var clipping: GradientClipping?

  /// Whether the weight decay of the rule is added to the gradient or shrinks the parameters by itself.
  public var weightDecay = WeightDecayPlace.ofTheRule

  /// What holds the parameters back beside the weight decay: after the step its proximal operator is applied, with the
  /// learning rate as its step, so that coefficients can become exactly 0 (Parikh and Boyd 2014). Its strength is that in
  /// what is minimised: do not add it to the value or to the gradient, too.
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
