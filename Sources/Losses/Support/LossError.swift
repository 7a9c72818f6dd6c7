/// What was wrong with a call, and what was expected instead.
@nonexhaustive
public enum LossError: Error, Hashable, Sendable {
  /// An array is not as long as it must be.
  case lengthMismatch(argument: String, length: Int, expected: Int)

  /// A parameter of a loss, a metric, a penalty or a schedule is outside its domain.
  case invalidParameter(of: String, parameter: String, value: Double, expected: String)

  /// An element of an array may not have the value it has. `index` is the first such element.
  case invalidElement(argument: String, index: Int, value: Double, expected: String)

  /// A label of an array, the whole number of a class or of a group, may not be what it is. `index` is the first such
  /// label.
  case invalidLabel(argument: String, index: Int, value: Int, expected: String)

  /// An argument may not have the value it has.
  case invalidArgument(argument: String, value: String, expected: String)

  /// The root of a mean that is negative was asked for.
  case negativeMean(value: Double)

  /// No loss, metric, penalty or schedule has this name; `suggestion` is the nearest name that exists.
  case unknownName(name: String, suggestion: String?)

  /// A text is not the text form of a loss, a metric, a penalty or a schedule.
  case malformedText(text: String, problem: String)

  /// The system refused memory for the partial results of a call.
  case outOfMemory
}

extension LossError: CustomStringConvertible {
  /// One line that says what is wrong and what was expected.
  public var description: String {
    switch self {
    case .lengthMismatch(let argument, let length, let expected):
      "\(argument) has \(length) elements; expected \(expected)"
    case .invalidParameter(let owner, let parameter, let value, let expected):
      "\(owner) has \(parameter) \(value); expected \(expected)"
    case .invalidElement(let argument, let index, let value, let expected):
      "\(argument)[\(index)] is \(value); expected \(expected)"
    case .invalidLabel(let argument, let index, let value, let expected):
      "\(argument)[\(index)] is \(value); expected \(expected)"
    case .invalidArgument(let argument, let value, let expected):
      "\(argument) is \(value); expected \(expected)"
    case .negativeMean(let value):
      "the mean is \(value); its root needs a loss whose mean is not negative"
    case .unknownName(let name, let suggestion?):
      "there is no '\(name)'; did you mean '\(suggestion)'?"
    case .unknownName(let name, nil):
      "there is no '\(name)'"
    case .malformedText(let text, let problem):
      "'\(text)' cannot be read: \(problem)"
    case .outOfMemory:
      "the system refused memory for the partial results of this call"
    }
  }
}
