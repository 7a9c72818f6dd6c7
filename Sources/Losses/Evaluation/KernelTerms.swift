package import CLossKernels

/// A loss as the kernels know it. An implementation detail.
public struct _KernelTerms: Sendable {
  package let term: lk_term

  init(_ loss: lk_loss, _ first: Double = 0, _ second: Double = 0) {
    term = lk_term(loss: loss, coefficient: 1, parameters: (first, second, 0, 0))
  }

  /// Calls `body` with the terms in memory.
  package func withUnsafeTerms<Result, Failure: Error>(
    _ body: (UnsafePointer<lk_term>, Int64) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafePointer(to: term) { (pointer) throws(Failure) in try body(pointer, 1) }
  }
}
