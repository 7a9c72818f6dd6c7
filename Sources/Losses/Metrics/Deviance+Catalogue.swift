extension Deviance {
  /// What a text form and a list need to know of a family.
  struct Entry {
    var name: String
    var parameters: [LossParameter] = []
    var formula: String
    var make: @Sendable ([Double]) -> Deviance
  }

  static var catalogue: [Entry] {
    [
      Entry(name: "gaussian", formula: "(y − μ)²", make: { _ in .gaussian }),
      Entry(name: "laplace", formula: "2|y − μ|", make: { _ in .laplace }),
      Entry(
        name: "asymmetricLaplace",
        parameters: [LossParameter(name: "level", defaultValue: 0.5, domain: .openUnitInterval)],
        formula: "2τ(y − μ) where y > μ, 2(1 − τ)(μ − y) where y < μ", make: { .asymmetricLaplace(level: $0[0]) }),
      Entry(name: "poisson", formula: "2(y ln(y/μ) − y + μ), with y ≥ 0", make: { _ in .poisson }),
      Entry(name: "gamma", formula: "2((y − μ)/μ − ln(y/μ)), with y > 0", make: { _ in .gamma }),
      Entry(
        name: "tweedie", parameters: [LossParameter(name: "power", defaultValue: 1.5, domain: .atLeastOne)],
        formula: "2(y^(2−p)/((1−p)(2−p)) − y μ^(1−p)/(1−p) + μ^(2−p)/(2−p)), with y ≥ 0",
        make: { .tweedie(power: $0[0]) }),
      Entry(
        name: "bernoulli", formula: "2(y ln(y/μ) + (1 − y) ln((1 − y)/(1 − μ))), with y in [0, 1]",
        make: { _ in .bernoulli }),
    ]
  }

  var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .laplace: "laplace"
    case .asymmetricLaplace: "asymmetricLaplace"
    case .poisson: "poisson"
    case .gamma: "gamma"
    case .tweedie: "tweedie"
    case .bernoulli: "bernoulli"
    }
  }

  var parameterValues: [Double] {
    switch self {
    case .asymmetricLaplace(let level): [level]
    case .tweedie(let power): [power]
    case .gaussian, .laplace, .poisson, .gamma, .bernoulli: []
    }
  }

  /// What a target may be; `nil` where sums follow IEEE rules for any.
  private var targetDomain: ParameterDomain? {
    switch self {
    case .gaussian, .laplace, .asymmetricLaplace: nil
    case .poisson: .nonnegative
    case .gamma: .positive
    case .tweedie(let power): power < 2 ? .nonnegative : .positive
    case .bernoulli: .closedUnitInterval
    }
  }

  /// Throws ``LossError`` for a target or a prediction outside the domain of the family. NaN passes as a prediction.
  func check(index: Int, target: Double, prediction: Double) throws(LossError) {
    guard let targetDomain else { return }
    guard targetDomain.contains(target) else {
      throw .invalidElement(argument: "targets", index: index, value: target, expected: targetDomain.description)
    }
    if prediction < 0 || self == .bernoulli && prediction > 1 {
      throw .invalidElement(
        argument: "predictions", index: index, value: prediction,
        expected: self == .bernoulli ? ParameterDomain.closedUnitInterval.description : "a number not below 0")
    }
  }
}
