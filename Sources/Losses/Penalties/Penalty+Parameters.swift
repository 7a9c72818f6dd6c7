extension Penalty {
  var name: String {
    switch self {
    case .l1: "l1"
    case .l2: "l2"
    case .elasticNet: "elasticNet"
    case .smoothedL1: "smoothedL1"
    case .mcp: "mcp"
    case .scad: "scad"
    case .groupLasso: "groupLasso"
    case .sparseGroupLasso: "sparseGroupLasso"
    case .orthogonality: "orthogonality"
    case .gaussianPrior: "gaussianPrior"
    case .laplacePrior: "laplacePrior"
    case .totalVariation: "totalVariation"
    case .combination: "combination"
    }
  }

  /// Calls `body` with every parameter of a single penalty. It makes no array, since every call checks them.
  func forEachArgument<Failure: Error>(
    _ body: (String, LossText.Argument, ParameterDomain) throws(Failure) -> Void
  ) throws(Failure) {
    switch self {
    case .l1(let strength), .l2(let strength), .totalVariation(let strength):
      try body("strength", .number(strength), .nonnegative)
    case .elasticNet(let l1, let l2):
      try body("l1", .number(l1), .nonnegative)
      try body("l2", .number(l2), .nonnegative)
    case .smoothedL1(let strength, let delta):
      try body("strength", .number(strength), .nonnegative)
      try body("delta", .number(delta), .positive)
    case .mcp(let strength, let gamma):
      try body("strength", .number(strength), .nonnegative)
      try body("gamma", .number(gamma), .aboveOne)
    case .scad(let strength, let a):
      try body("strength", .number(strength), .nonnegative)
      try body("a", .number(a), .aboveTwo)
    case .groupLasso(let strength, let groups):
      try body("strength", .number(strength), .nonnegative)
      try body("groups", .wholeNumbers(groups), .nonnegative)
    case .sparseGroupLasso(let l1, let group, let groups):
      try body("l1", .number(l1), .nonnegative)
      try body("group", .number(group), .nonnegative)
      try body("groups", .wholeNumbers(groups), .nonnegative)
    case .orthogonality(let strength, let columns):
      try body("strength", .number(strength), .nonnegative)
      try body("columns", .wholeNumber(columns), .positive)
    case .gaussianPrior(let means, let scales), .laplacePrior(let means, let scales):
      try body("means", .perCoefficient(means), .finite)
      try body("scales", .perCoefficient(scales), .positive)
    case .combination: break
    }
  }

  /// Throws ``LossError`` unless every parameter is in its domain.
  package func validate() throws(LossError) {
    guard let combination else {
      return try forEachArgument { (label, argument, domain) throws(LossError) in
        try argument.validate(label, of: name, domain)
      }
    }
    for term in combination.terms {
      guard term.coefficient.isFinite else {
        throw .invalidParameter(
          of: "\(term.summand)", parameter: "coefficient", value: term.coefficient, expected: "a finite number")
      }
      try term.summand.validate()
    }
  }

  /// Throws ``LossError`` unless every parameter is in its domain and fits a number of coefficients.
  package func validate(count: Int) throws(LossError) {
    try validate()
    try checkLengths(count)
  }

  private func checkLengths(_ count: Int) throws(LossError) {
    switch self {
    case .groupLasso(_, let groups), .sparseGroupLasso(_, _, let groups):
      guard groups.count == count else {
        throw .lengthMismatch(argument: "groups", length: groups.count, expected: count)
      }
      // So that work and memory are those of the coefficients.
      for (index, group) in groups.enumerated() where group >= count {
        throw .invalidLabel(
          argument: "groups", index: index, value: group,
          expected: "a number below that of the coefficients, \(count)")
      }
    case .gaussianPrior(let means, let scales), .laplacePrior(let means, let scales):
      try means.checkLength("means", count)
      try scales.checkLength("scales", count)
    case .orthogonality(_, let columns):
      guard count % columns == 0 else {
        throw .invalidArgument(
          argument: "columns", value: "\(columns)", expected: "a divisor of the number of coefficients, \(count)")
      }
    case .combination(let combination):
      for term in combination.terms { try term.summand.checkLengths(count) }
    default: break
    }
  }
}
