/// How many threads one call may use. Results are the same, bit for bit, whatever the limit.
public enum ThreadLimit: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// As many as the process may use (its affinity, `OMP_NUM_THREADS` and the CPU quota of its control group bound
  /// them), and one where the work is too small to gain from more.
  case automatic

  /// At most this many, at least 1. A call that starts while another one runs in parallel gets one thread.
  case atMost(Int)

  /// At most `value` threads.
  public init(integerLiteral value: Int) {
    self = .atMost(value)
  }

  /// The limit as the kernels want it.
  package func kernelLimit() throws(LossError) -> Int32 {
    switch self {
    case .automatic:
      return 0
    case .atMost(let count):
      guard count >= 1 else {
        throw .invalidArgument(argument: "threads", value: "\(count)", expected: "at least 1")
      }
      return Int32(clamping: count)
    }
  }
}
