/// A parameter of a loss as it is shown, of a loss whose parameters are not all numbers.
package struct ShownParameter: Hashable, Sendable {
  /// What a parameter may be.
  package enum Value: Hashable, Sendable, CustomStringConvertible {
    case number(Double)
    case numbers([Double])
    case word(String)

    /// The value as the text form of a loss has it.
    package var description: String {
      switch self {
      case .number(let number): "\(number)"
      case .numbers(let numbers): "\(numbers)"
      case .word(let word): word
      }
    }
  }

  package let name: String
  package let value: Value
  package let defaultValue: Value

  /// What the value may be, in words.
  package let domain: String

  package init(name: String, value: Value, defaultValue: Value, domain: String) {
    self.name = name
    self.value = value
    self.defaultValue = defaultValue
    self.domain = domain
  }
}

/// A loss that shows its parameters itself: some are lists or words, which a ``LossParameter`` is not.
package protocol ParameterShowing {
  /// The parameters in the order of the text form.
  var shownParameters: [ShownParameter] { get }
}

extension LossText.Argument {
  /// The argument as a value to show; those that a loss does not have are shown as text.
  var shown: ShownParameter.Value {
    switch self {
    case .number(let value): .number(value)
    case .numbers(let values): .numbers(values)
    case .wholeNumber, .wholeNumbers, .perCoefficient: .word(description)
    }
  }
}
