/// The text form of one loss, penalty, schedule or update rule: a name, then labelled values in parentheses.
package struct LossText {
  package var name: Substring
  var arguments: [(label: Substring, value: Value)] = []

  /// What a label may have.
  enum Value: Equatable {
    case number(Double)
    case list([Double])
    case word(String)
  }

  /// A text that is one loss or penalty and nothing else: not a sum.
  package init(_ text: String) throws(LossError) {
    try self.init(text[...], in: text)
  }

  /// A part of a text that is one name with its values and nothing else; errors show the whole text.
  package init(_ part: Substring, in text: String) throws(LossError) {
    guard let single = try SumText(part, in: text).single else {
      throw .malformedText(text: text, problem: "expected a single name, not a sum")
    }
    self = single
  }

  init(name: Substring) {
    self.name = name
  }

  /// The values of the parameters in their order: what the text gives, the default elsewhere.
  package func values(for parameters: [LossParameter], of owner: String, in text: String) throws(LossError) -> [Double]
  {
    var values = parameters.map(\.defaultValue)
    for (label, value) in arguments {
      guard let index = parameters.firstIndex(where: { $0.name == label }) else {
        throw noParameter(label, of: owner, parameters.map(\.name), in: text)
      }
      let number = try value.number(of: label, in: text)
      guard parameters[index].domain.contains(number) else {
        throw .invalidParameter(
          of: owner, parameter: parameters[index].name, value: number, expected: parameters[index].domain.description)
      }
      values[index] = number
    }
    return values
  }

  /// `name(label: value, …)`, or the name alone where there is no parameter.
  package static func describe(_ name: String, _ parameters: [LossParameter], _ values: [Double]) -> String {
    guard !parameters.isEmpty else { return name }
    let list = zip(parameters, values).map { "\($0.name): \($1)" }
    return "\(name)(\(list.joined(separator: ", ")))"
  }
}
