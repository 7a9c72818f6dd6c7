package import CLossKernels

/// What penalties are made of: an elastic net has two parts, for example.
enum PenaltyPart {
  /// A sum of a function of each coefficient. Addresses in it are those of the penalty's lists.
  case separable(lk_penalty_term)
  case groupLasso(strength: Double, groups: [Int])
  case totalVariation(strength: Double)
  case orthogonality(strength: Double, columns: Int)
}

extension Penalty {
  /// Calls `body` with every part and its coefficient; those that are 0 everywhere are left out. The addresses in the
  /// parts are valid as long as the penalty lives.
  func forEachPart<Failure: Error>(_ body: (Double, PenaltyPart) throws(Failure) -> Void) throws(Failure) {
    guard let combination else { return try parts(1, body) }
    for term in combination.terms where term.coefficient != 0 { try term.summand.parts(term.coefficient, body) }
  }

  private func parts<Failure: Error>(
    _ coefficient: Double, _ body: (Double, PenaltyPart) throws(Failure) -> Void
  ) throws(Failure) {
    func separable(_ penalty: lk_penalty, _ strength: Double, _ shape: Double = 0) throws(Failure) {
      guard strength != 0 else { return }
      let term = lk_penalty_term(
        penalty: penalty, coefficient: coefficient, parameters: (strength, shape), means: nil, scales: nil)
      try body(coefficient, .separable(term))
    }
    func prior(_ penalty: lk_penalty, _ means: PerCoefficient, _ scales: PerCoefficient) throws(Failure) {
      let term = lk_penalty_term(
        penalty: penalty, coefficient: coefficient, parameters: (means.common ?? 0, scales.common ?? 1),
        means: means.address, scales: scales.address)
      try body(coefficient, .separable(term))
    }
    switch self {
    case .l1(let strength): try separable(lk_penalty_l1, strength)
    case .l2(let strength): try separable(lk_penalty_l2, strength)
    case .elasticNet(let l1, let l2):
      try separable(lk_penalty_l1, l1)
      try separable(lk_penalty_l2, l2)
    case .smoothedL1(let strength, let delta): try separable(lk_penalty_smoothed_l1, strength, delta)
    case .mcp(let strength, let gamma): try separable(lk_penalty_mcp, strength, gamma)
    case .scad(let strength, let a): try separable(lk_penalty_scad, strength, a)
    case .groupLasso(let strength, let groups):
      if strength != 0 { try body(coefficient, .groupLasso(strength: strength, groups: groups)) }
    case .sparseGroupLasso(let l1, let group, let groups):
      try separable(lk_penalty_l1, l1)
      if group != 0 { try body(coefficient, .groupLasso(strength: group, groups: groups)) }
    case .orthogonality(let strength, let columns):
      if strength != 0 { try body(coefficient, .orthogonality(strength: strength, columns: columns)) }
    case .gaussianPrior(let means, let scales): try prior(lk_penalty_gaussian, means, scales)
    case .laplacePrior(let means, let scales): try prior(lk_penalty_laplace, means, scales)
    case .totalVariation(let strength):
      if strength != 0 { try body(coefficient, .totalVariation(strength: strength)) }
    case .combination: try forEachPart(body)
    }
  }

  /// Calls `body` with the separable parts that `role` selects, in memory that lasts as long as the call.
  package func withKernelTerms<Result>(
    where isIncluded: (lk_penalty_role) -> Bool = { _ in true },
    _ body: (UnsafeBufferPointer<lk_penalty_term>) -> Result
  ) -> Result {
    defer { extendLifetime(self) }
    // An elastic net has two parts.
    return withUnsafeTemporaryAllocation(of: lk_penalty_term.self, capacity: 2 * (combination?.terms.count ?? 1)) {
      (buffer) -> Result in
      var count = 0
      forEachPart { _, part in
        guard case .separable(let term) = part, isIncluded(term.role) else { return }
        buffer.initializeElement(at: count, to: term)
        count += 1
      }
      return body(UnsafeBufferPointer(rebasing: buffer[..<count]))
    }
  }
}

extension lk_penalty_term {
  /// What the penalty is in the proximal operator of a sum.
  var role: lk_penalty_role {
    switch penalty {
    case lk_penalty_l2, lk_penalty_gaussian: lk_role_quadratic
    case lk_penalty_l1, lk_penalty_laplace: lk_role_absolute
    default: lk_role_other
    }
  }
}
