package import CLossKernels

/// A loss as the kernels know it: the terms of a sum. An implementation detail.
public struct _KernelTerms: @unchecked Sendable {
  /// The only term, or the first one: it is stored apart, so that a single loss needs no memory.
  package let first: lk_term

  /// The terms of a combination, the first one again included; empty for a single loss.
  private let combined: [lk_term]

  /// What a custom term points to.
  private let formula: CompiledFormula?

  init(_ loss: lk_loss, _ first: Double = 0, _ second: Double = 0, _ third: Double = 0, _ fourth: Double = 0) {
    self.first = lk_term(
      loss: loss, coefficient: 1, parameters: (first, second, third, fourth), formula: nil)
    combined = []
    formula = nil
  }

  init<Family: PointwiseFamily>(_ combination: Combination<Family>) {
    combined = combination.terms.map { term in
      var kernel = term.summand._kernelTerms.first
      kernel.coefficient = term.coefficient
      return kernel
    }
    first = combined[0]
    formula = nil
  }

  /// A loss of the caller's own.
  init(_ formula: CompiledFormula) {
    first = lk_term(
      loss: lk_loss_custom, coefficient: 1, parameters: (0, 0, 0, 0), formula: UnsafePointer(formula.formula))
    combined = []
    self.formula = formula
  }

  /// Throws for a formula that the kernels cannot run.
  package func validate() throws(LossError) {
    if let problem = formula?.problem { throw problem }
  }

  /// Whether the coefficients are parameters.
  package var isCombination: Bool { !combined.isEmpty }

  /// The number of terms.
  package var count: Int { max(1, combined.count) }

  /// One term.
  package subscript(index: Int) -> lk_term { combined.isEmpty ? first : combined[index] }

  /// The sum of some of the terms, with their coefficients; `nil` for none of them.
  package func selecting(_ isSelected: (lk_term) -> Bool) -> _KernelTerms? {
    guard !combined.isEmpty else { return isSelected(first) ? self : nil }
    return _KernelTerms(of: self, combined: combined.filter(isSelected))
  }

  private init?(of terms: _KernelTerms, combined: [lk_term]) {
    guard let first = combined.first else { return nil }
    self.first = first
    self.combined = combined
    formula = terms.formula
  }

  /// The number of parameters of a term, its coefficient not among them.
  package func parameterCount(of term: Int) -> Int {
    self[term].loss == lk_loss_custom ? formula?.parameterCount ?? 0 : Int(lk_info(self[term].loss).parameter_count)
  }

  /// Calls `body` with the terms in memory.
  package func withUnsafeTerms<Result, Failure: Error>(
    _ body: (UnsafePointer<lk_term>, Int64) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { extendLifetime(formula) }
    guard combined.isEmpty else {
      return try combined.withUnsafeBufferPointer { (terms) throws(Failure) in
        guard let address = terms.baseAddress else { return try withUnsafeTerms(of: first, body) }
        return try body(address, Int64(terms.count))
      }
    }
    return try withUnsafeTerms(of: first, body)
  }

  private func withUnsafeTerms<Result, Failure: Error>(
    of term: lk_term, _ body: (UnsafePointer<lk_term>, Int64) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafePointer(to: term) { (pointer) throws(Failure) in try body(pointer, 1) }
  }
}

extension lk_term {
  /// The parameters that the loss has.
  package var parameterValues: [Double] {
    withUnsafeBytes(of: parameters) {
      Array($0.bindMemory(to: Double.self).prefix(Int(lk_info(loss).parameter_count)))
    }
  }
}
