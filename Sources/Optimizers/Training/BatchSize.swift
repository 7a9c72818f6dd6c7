/// How many samples a step of training looks at.
public enum BatchSize: Hashable, Codable, Sendable, ExpressibleByIntegerLiteral {
  /// All of them: batch gradient descent. They keep their order.
  case all

  /// So many, at least 1; the last batch of an epoch has what is left. With 1 the descent is stochastic, and as many as
  /// there are, or more, are ``all``.
  case count(Int)

  /// So many.
  public init(integerLiteral value: Int) { self = .count(value) }

  /// The number of samples of every batch but perhaps the last one, where there are `sampleCount`.
  func length(of sampleCount: Int) -> Int {
    switch self {
    case .all: sampleCount
    case .count(let count): min(count, sampleCount)
    }
  }

  func validate() throws(OptimizerError) {
    if case .count(let count) = self { try OptimizerError.require(count >= 1, "batchSize", count, "≥ 1") }
  }
}
