extension LossText {
  /// A parameter of a penalty or a projection.
  enum Argument: CustomStringConvertible {
    case number(Double)
    case numbers([Double])
    case wholeNumber(Int)
    case wholeNumbers([Int])
    case perCoefficient(PerCoefficient)

    var description: String {
      switch self {
      case .number(let value), .perCoefficient(.same(let value)): "\(value)"
      case .wholeNumber(let value): "\(value)"
      case .numbers(let values): "\(values)"
      case .wholeNumbers(let values): "\(values)"
      case .perCoefficient(.each(let values)): "\(values)"
      }
    }

    /// Throws ``LossError`` unless every number is in the domain, also when it is rounded to the scalar.
    func validate(
      _ label: String, of owner: String, _ domain: ParameterDomain, _ kind: _LossScalarKind = Double._kind
    ) throws(LossError) {
      func expectation(violatedBy value: Double) -> String? {
        guard domain.contains(value) else { return "\(domain)" }
        guard kind == Float._kind, !domain.contains(Double(Float(value))) else { return nil }
        return "\(domain), even when rounded to Float"
      }
      func check(_ value: Double) throws(LossError) {
        guard let expected = expectation(violatedBy: value) else { return }
        throw .invalidParameter(of: owner, parameter: label, value: value, expected: expected)
      }
      func check(_ value: Double, at index: Int) throws(LossError) {
        guard let expected = expectation(violatedBy: value) else { return }
        throw .invalidElement(argument: label, index: index, value: value, expected: expected)
      }
      switch self {
      case .number(let value), .perCoefficient(.same(let value)): try check(value)
      case .wholeNumber(let value): try check(Double(value))
      case .wholeNumbers(let values):
        for (index, value) in values.enumerated() {
          guard let expected = expectation(violatedBy: Double(value)) else { continue }
          throw .invalidLabel(argument: label, index: index, value: value, expected: expected)
        }
      case .numbers(let values), .perCoefficient(.each(let values)):
        for index in values.indices { try check(values[index], at: index) }
      }
    }
  }

  /// Reads the arguments of a text.
  package struct Reader {
    private let summand: LossText
    private let text: String

    /// Throws ``LossError`` where the text has a label that is not among these.
    package init(_ summand: LossText, labels: [String], in text: String) throws(LossError) {
      self.summand = summand
      self.text = text
      for (label, _) in summand.arguments where !labels.contains(String(label)) {
        throw summand.noParameter(label, of: String(summand.name), labels, in: text)
      }
    }

    private func value(_ label: String) -> Value? { summand.arguments.first { $0.label == label }?.value }

    private func malformed(_ label: String, _ problem: String) -> LossError {
      .malformedText(text: text, problem: "\(label) \(problem)")
    }

    /// A number that has to be given where there is no default.
    package func number(_ label: String, default defaultValue: Double? = nil) throws(LossError) -> Double {
      if let value = value(label) { return try value.number(of: label[...], in: text) }
      guard let defaultValue else { throw malformed(label, "is missing; \(summand.name) has no default for it") }
      return defaultValue
    }

    func numbers(_ label: String, default defaultValues: [Double]) throws(LossError) -> [Double] {
      switch value(label) {
      case nil: return defaultValues
      case .list(let numbers)?: return numbers
      case .number?, .word?: throw malformed(label, "is not a list; expected one such as [0.1, 0.9]")
      }
    }

    /// One of several words.
    package func word<Word: RawRepresentable & CaseIterable>(
      _ label: String, default defaultValue: Word
    ) throws(LossError) -> Word where Word.RawValue == String {
      guard let value = value(label) else { return defaultValue }
      if case .word(let text) = value, let word = Word(rawValue: text) { return word }
      throw malformed(label, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    func perCoefficient(_ label: String, default defaultValue: PerCoefficient) throws(LossError) -> PerCoefficient {
      switch value(label) {
      case nil: return defaultValue
      case .list(let numbers)?: return .each(numbers)
      case let value?: return .same(try value.number(of: label[...], in: text))
      }
    }

    /// A whole number that has to be given where there is no default.
    package func wholeNumber(_ label: String, default defaultValue: Int? = nil) throws(LossError) -> Int {
      let number = try number(label, default: defaultValue.map(Double.init))
      guard let whole = Int(exactly: number) else { throw malformed(label, "is \(number); expected a whole number") }
      return whole
    }

    package func wholeNumbers(_ label: String, example: String = "[0, 0, 1]") throws(LossError) -> [Int] {
      guard case .list(let numbers)? = value(label) else {
        throw malformed(label, "must be a list of whole numbers, such as \(example)")
      }
      var result: [Int] = []
      for number in numbers {
        guard let whole = Int(exactly: number) else { throw malformed(label, "has \(number); expected whole numbers") }
        result.append(whole)
      }
      return result
    }
  }

  /// The error for a label that the owner does not have.
  func noParameter(_ label: Substring, of owner: String, _ labels: [String], in text: String) -> LossError {
    let known = labels.isEmpty ? "none" : labels.joined(separator: ", ")
    return .malformedText(text: text, problem: "\(owner) has no parameter \(label); its parameters: \(known)")
  }
}

extension LossText.Value {
  /// The number; throws ``LossError`` for anything else.
  func number(of label: Substring, in text: String) throws(LossError) -> Double {
    switch self {
    case .number(let number): return number
    case .list: throw .malformedText(text: text, problem: "\(label) is a list; expected a number")
    case .word(let word): throw .malformedText(text: text, problem: "'\(word)' is not a number")
    }
  }
}

extension PerCoefficient {
  /// Throws ``LossError`` for a list of another length.
  func checkLength(_ label: String, _ count: Int) throws(LossError) {
    guard case .each(let values) = self, values.count != count else { return }
    throw .lengthMismatch(argument: label, length: values.count, expected: count)
  }
}
