/// The text form of a sum such as `0.7 * squaredError + 0.3 * huber(delta: 2)`, of one term or more.
///
/// ```
/// sum      = ["-"] product { ("+" | "-") product }
/// product  = [number "*"] ( "(" sum ")" | summand )
/// summand  = name [ "(" [ argument { "," argument } ] ")" ]
/// argument = label ":" ( number | word | "[" [ number { "," number } ] "]" )
/// ```
struct SumText {
  typealias Term = (coefficient: Double, summand: LossText)

  var terms: [Term]

  /// The summand of a text that is nothing else: no sum, no sign, no coefficient.
  var single: LossText?

  init(_ text: String) throws(LossError) {
    try self.init(text[...], in: text)
  }

  /// Reads a part of a text; errors show the whole text.
  init(_ part: Substring, in text: String) throws(LossError) {
    var parser = Parser(text: text, rest: part)
    terms = try parser.sum()
    if terms.count == 1, !parser.hasOperators { single = terms[0].summand }
    parser.skipSpace()
    guard parser.rest.isEmpty else { throw parser.failure("expected '+', '-' or the end instead of '\(parser.rest)'") }
  }

  /// `0.7 * first + 0.3 * second`. A coefficient of 1 is left out of a sum of several terms.
  static func describe<Summand: Combinable & CustomStringConvertible>(
    _ terms: [Combination<Summand>.Term]
  ) -> String {
    var text = ""
    for term in terms {
      let (coefficient, summand) = (term.coefficient, term.summand.description)
      let isNegative = coefficient.sign == .minus
      text += text.isEmpty ? (isNegative ? "-" : "") : (isNegative ? " - " : " + ")
      text +=
        coefficient == -1 || coefficient == 1 && terms.count > 1 ? summand : "\(coefficient.magnitude) * \(summand)"
    }
    return text
  }
}

private struct Parser {
  let text: String
  var rest: Substring
  var depth = 0
  var hasOperators = false

  func failure(_ problem: String) -> LossError { .malformedText(text: text, problem: problem) }

  mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }

  /// Whether the next character is this one; it is read if so.
  mutating func read(_ character: Character) -> Bool {
    skipSpace()
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  mutating func readWhile(_ isMember: (Character) -> Bool) -> Substring {
    skipSpace()
    let part = rest.prefix(while: isMember)
    rest = rest[part.endIndex...]
    return part
  }

  mutating func sum() throws(LossError) -> [SumText.Term] {
    var terms: [SumText.Term] = []
    var sign = read("-") ? -1.0 : 1.0
    hasOperators = hasOperators || sign < 0
    while true {
      for (coefficient, summand) in try product() { terms.append((sign * coefficient, summand)) }
      if read("+") { sign = 1 } else if read("-") { sign = -1 } else { return terms }
    }
  }

  mutating func product() throws(LossError) -> [SumText.Term] {
    skipSpace()
    var factor = 1.0
    if let first = rest.first, first.isASCII, first.isNumber || first == "." && rest.dropFirst().first?.isNumber == true
    {
      factor = try number(readNumber())
      guard read("*") else { throw failure("expected '*' and a name after \(factor)") }
      hasOperators = true
    }
    guard read("(") else { return [(factor, try summand())] }
    // A text comes from anywhere: nesting must not exhaust the stack.
    depth += 1
    guard depth <= 100 else { throw failure("more than 100 parentheses inside each other") }
    let inner = try sum()
    depth -= 1
    guard read(")") else { throw failure("expected ')'") }
    return inner.map { (factor * $0.coefficient, $0.summand) }
  }

  mutating func summand() throws(LossError) -> LossText {
    var summand = LossText(name: readWhile { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") })
    guard !summand.name.isEmpty else {
      throw failure("expected a name, such as huber or 'huber(delta: 1.35)'")
    }
    guard read("("), !read(")") else { return summand }
    repeat {
      let label = readWhile { $0.isLetter || $0.isNumber || $0 == "_" }
      guard !label.isEmpty, read(":") else {
        guard !rest.isEmpty || !label.isEmpty else { throw failure("expected ')' at the end") }
        throw failure("expected 'label: number' instead of '\(label)\(argumentEnd())'")
      }
      guard !summand.arguments.contains(where: { $0.label == label }) else { throw failure("\(label) is given twice") }
      summand.arguments.append((label, try value()))
    } while read(",")
    guard read(")") else { throw failure("expected ',' or ')' instead of '\(rest)'") }
    return summand
  }

  mutating func value() throws(LossError) -> LossText.Value {
    guard read("[") else {
      let argument = argumentEnd().trimmed
      let isWord =
        argument.first?.isLetter == true && argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      return isWord && Double(argument) == nil ? .word(String(argument)) : .number(try number(argument))
    }
    var list: [Double] = []
    if read("]") { return .list(list) }
    repeat { list.append(try number(argumentEnd())) } while read(",")
    guard read("]") else { throw failure("expected ',' or ']' instead of '\(rest)'") }
    return .list(list)
  }

  /// What is left of an argument.
  mutating func argumentEnd() -> Substring {
    readWhile { $0 != "," && $0 != ")" && $0 != "]" && $0 != "(" && $0 != "[" }
  }

  /// Digits, a point and an exponent.
  mutating func readNumber() -> Substring {
    let start = rest
    _ = readWhile { $0.isASCII && $0.isNumber || $0 == "." }
    if let exponent = rest.first, exponent == "e" || exponent == "E" {
      let digits = rest.dropFirst()
      let unsigned = digits.first == "+" || digits.first == "-" ? digits.dropFirst() : digits
      rest = unsigned.drop { $0.isASCII && $0.isNumber }
    }
    return start[..<rest.startIndex]
  }

  func number(_ text: Substring) throws(LossError) -> Double {
    let text = text.trimmed
    guard let value = Double(text) else { throw failure("'\(text)' is not a number") }
    return value
  }
}

extension StringProtocol {
  fileprivate var trimmed: Substring {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
