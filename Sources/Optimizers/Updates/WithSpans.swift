public import Losses

// Arrays are lent as spans for the time of a closure: generic code is compiled into its caller, where the compiler might see
// no further use of an array as soon as its address is known, while the kernels still need it.

/// Calls `body` with spans over arrays that are certain to live until it returns.
@inlinable
func withSpans<Scalar: LossScalar, Result>(
  _ parameters: inout [Scalar], _ gradient: [Scalar],
  _ body: (inout MutableSpan<Scalar>, Span<Scalar>) throws(LossError) -> Result
) throws(LossError) -> Result {
  try withSpan(&parameters) { (parameters) throws(LossError) in
    try gradient.withUnsafeBufferPointer { (gradient) throws(LossError) in
      try body(&parameters, Span(_unsafeElements: gradient))
    }
  }
}

@inlinable
func withSpan<Scalar: LossScalar, Result>(
  _ parameters: inout [Scalar], _ body: (inout MutableSpan<Scalar>) throws(LossError) -> Result
) throws(LossError) -> Result {
  try parameters.withUnsafeMutableBufferPointer { (parameters) throws(LossError) in
    var span = MutableSpan(_unsafeElements: parameters)
    return try body(&span)
  }
}
