/// Why a minimisation or a training could not begin, or an objective not be made or evaluated.
@nonexhaustive
public enum OptimizerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The setting or argument `argument` is `value`, which does not meet `expectation`.
  case invalidArgument(argument: String, value: String, expectation: String)

  /// The objective's value at the start, or a component of its gradient there, is infinite or NaN.
  case notFiniteAtStart(value: Double, gradientNorm: Double)

  /// What is wrong, and what would be right.
  public var description: String {
    switch self {
    case .invalidArgument(let argument, let value, let expectation):
      "\(argument) is \(value); it must be \(expectation)"
    case .notFiniteAtStart(let value, let gradientNorm):
      "the objective is not finite at the start: its value is \(value), its gradient's max-norm \(gradientNorm)"
    }
  }

  static func require(
    _ condition: Bool, _ argument: String, _ value: some CustomStringConvertible, _ expectation: String
  ) throws(OptimizerError) {
    guard condition else {
      throw .invalidArgument(argument: argument, value: value.description, expectation: expectation)
    }
  }
}
