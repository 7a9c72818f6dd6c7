public import Losses

extension LearningRateSchedule: Codable, CustomStringConvertible {
  /// Reads the text form: `cosine(steps: 1000, minimum: 0.01)`, or several schedules one after the other, such as
  /// `linear(from: 0, steps: 100) for 100 then cosine(steps: 900)`; what is not given has its default, where there is
  /// one. Throws ``Losses/LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that
  /// is unknown, missing or outside its domain.
  public init(_ text: String) throws(LossError) {
    var pieces = ScheduleText.pieces(of: text[...], betweenWords: "then")
    let end = pieces.removeLast()
    var parts: [ScheduleSequence.Part] = []
    for piece in pieces {
      guard let (schedule, steps) = try ScheduleText.part(piece, in: text) else {
        throw .malformedText(text: text, problem: "expected 'for' and a number of steps before 'then'")
      }
      parts.append(ScheduleSequence.Part(schedule: try Self.single(schedule, in: text), steps: steps))
    }
    if let (_, steps) = try ScheduleText.part(end, in: text) {
      throw .malformedText(text: text, problem: "expected 'then' and another schedule after 'for \(steps)'")
    }
    let last = try Self.single(end, in: text)
    self = parts.isEmpty ? last : .sequence(ScheduleSequence(parts, then: last))
    try validate()
  }

  private static func single(_ part: Substring, in text: String) throws(LossError) -> Self {
    guard !part.allSatisfy(\.isWhitespace) else {
      throw .malformedText(text: text, problem: "expected a schedule, such as 'cosine(steps: 1000)'")
    }
    let summand = try LossText(part, in: text)
    func read(_ labels: String...) throws(LossError) -> LossText.Reader {
      try LossText.Reader(summand, labels: labels, in: text)
    }
    switch summand.name {
    case "constant": return .constant(factor: try read("factor").number("factor", default: 1))
    case "linear":
      let reader = try read("from", "to", "steps")
      return .linear(
        from: try reader.number("from", default: 1.0 / 3), to: try reader.number("to", default: 1),
        steps: try reader.wholeNumber("steps"))
    case "step":
      let reader = try read("size", "factor")
      return .step(size: try reader.wholeNumber("size"), factor: try reader.number("factor", default: 0.1))
    case "multiStep":
      let reader = try read("milestones", "factor")
      return .multiStep(
        milestones: try reader.wholeNumbers("milestones", example: "[30, 60]"),
        factor: try reader.number("factor", default: 0.1))
    case "exponential": return .exponential(factor: try read("factor").number("factor"))
    case "polynomial":
      let reader = try read("steps", "power", "end")
      return .polynomial(
        steps: try reader.wholeNumber("steps"), power: try reader.number("power", default: 1),
        end: try reader.number("end", default: 0))
    case "cosine":
      let reader = try read("steps", "minimum")
      return .cosine(steps: try reader.wholeNumber("steps"), minimum: try reader.number("minimum", default: 0))
    case "cosineWarmRestarts":
      let reader = try read("period", "multiplier", "minimum")
      return .cosineWarmRestarts(
        period: try reader.wholeNumber("period"), multiplier: try reader.wholeNumber("multiplier", default: 1),
        minimum: try reader.number("minimum", default: 0))
    case "oneCycle":
      let reader = try read("steps", "warmUp", "divisor", "finalDivisor", "shape")
      return .oneCycle(
        steps: try reader.wholeNumber("steps"), warmUp: try reader.number("warmUp", default: 0.3),
        divisor: try reader.number("divisor", default: 25),
        finalDivisor: try reader.number("finalDivisor", default: 1e4),
        shape: try reader.word("shape", default: Slope.cosine))
    case "cyclic":
      let reader = try read("minimum", "up", "down", "shape", "gamma")
      return .cyclic(
        minimum: try reader.number("minimum"), up: try reader.wholeNumber("up"), down: try reader.wholeNumber("down"),
        shape: try reader.word("shape", default: Cycle.triangular), gamma: try reader.number("gamma", default: 1))
    case "inverseSquareRoot": return .inverseSquareRoot(warmUp: try read("warmUp").wholeNumber("warmUp"))
    default:
      let suggestion = nearestName(to: String(summand.name), among: catalogue.map(\.name))
      throw .unknownName(name: String(summand.name), suggestion: suggestion)
    }
  }

  /// The text form with every parameter.
  public var description: String {
    if case .sequence(let sequence) = self {
      return sequence.parts.map { "\($0.schedule) for \($0.steps) then " }.joined() + sequence.last.description
    }
    return "\(name)(\(arguments.map { "\($0.label): \($0.value.text)" }.joined(separator: ", ")))"
  }

  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    self = try decodingText(decoder) { (text) throws(LossError) in try Self(text) }
  }

  /// Encodes the text form, unless a parameter is outside its domain: such a text could not be read again.
  public func encode(to encoder: any Encoder) throws {
    do {
      try validate()
    } catch {
      throw EncodingError.invalidValue(
        self, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "\(error)"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// The text form of a sequence: `first for 100 then second for 50 then third`.
private enum ScheduleText {
  /// What stands before, between and after the places of a word outside parentheses.
  static func pieces(of text: Substring, betweenWords word: String) -> [Substring] {
    func belongsToWord(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "." || character == "_"
    }
    var (pieces, depth) = ([Substring](), 0)
    var (start, index) = (text.startIndex, text.startIndex)
    while index < text.endIndex {
      let found = text[index...].prefix(while: belongsToWord)
      guard found.isEmpty else {
        if depth == 0, found == word {
          pieces.append(text[start..<index])
          start = found.endIndex
        }
        index = found.endIndex
        continue
      }
      if text[index] == "(" { depth += 1 } else if text[index] == ")" { depth = max(depth - 1, 0) }
      index = text.index(after: index)
    }
    pieces.append(text[start...])
    return pieces
  }

  /// The schedule of a part and its number of steps; `nil` where no number is given.
  static func part(_ piece: Substring, in text: String) throws(LossError) -> (schedule: Substring, steps: Int)? {
    let pieces = pieces(of: piece, betweenWords: "for")
    guard pieces.count > 1 else { return nil }
    let words = piece[pieces[1].startIndex...].split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let number = Double(words[0]), let steps = Int(exactly: number) else {
      throw .malformedText(
        text: text, problem: "expected a whole number of steps after 'for' instead of '\(words.joined(separator: " "))'"
      )
    }
    return (pieces[0], steps)
  }
}
