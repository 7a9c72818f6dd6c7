import CLossKernels
import Losses

/// An array whose scalar is known at run time only. What lends its address is compiled once: unlike a function that is
/// generic over the scalar, it costs no look-up of types, which in a step on a few rows takes longer than the step.
enum ScalarArray {
  case float([Float])
  case double([Double])
  case none

  init<Scalar: LossScalar>(_ array: [Scalar]?) {
    guard let array else {
      self = .none
      return
    }
    // `LossScalar` is a closed set.
    self =
      Scalar._kind.code == lk_scalar_float
      ? .float(unsafeBitCast(array, to: [Float].self)) : .double(unsafeBitCast(array, to: [Double].self))
  }

  /// Calls `body` with the address of the numbers, `nil` where there is no array.
  func withAddress<Result>(
    _ body: (UnsafeRawPointer?) throws(LossError) -> Result
  ) throws(LossError) -> Result {
    switch self {
    case .float(let array):
      try array.withUnsafeBufferPointer { (buffer) throws(LossError) in
        try body(UnsafeRawPointer(buffer.baseAddress))
      }
    case .double(let array):
      try array.withUnsafeBufferPointer { (buffer) throws(LossError) in
        try body(UnsafeRawPointer(buffer.baseAddress))
      }
    case .none: try body(nil)
    }
  }
}
