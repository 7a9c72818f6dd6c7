package import Losses

extension LearningRateSchedule {
  /// The greatest number of steps: every whole number up to it is a `Double`.
  package static let longest = Int(clamping: Int64(1) << 53)

  /// A parameter of a schedule.
  enum Argument {
    case number(Double, ParameterDomain)
    case wholeNumber(Int)
    case milestones([Int])
    case word(String, of: [String])

    /// The value as the text form has it.
    var text: String {
      switch self {
      case .number(let value, _): "\(value)"
      case .wholeNumber(let value): "\(value)"
      case .milestones(let values): "\(values)"
      case .word(let word, _): word
      }
    }

    /// What the value may be, in words.
    var domain: String {
      switch self {
      case .number(_, let domain): "\(domain)"
      case .wholeNumber: Self.wholeNumbers
      case .milestones: "whole numbers from 1 to \(longest) that increase"
      case .word(_, let words): "one of \(words.joined(separator: ", "))"
      }
    }

    static let wholeNumbers = "a whole number from 1 to \(longest)"

    /// Throws ``Losses/LossError`` unless the value is in its domain.
    func validate(_ label: String, of owner: String) throws(LossError) {
      switch self {
      case .number(let value, let domain):
        guard domain.contains(value) else {
          throw .invalidParameter(of: owner, parameter: label, value: value, expected: "\(domain)")
        }
      case .wholeNumber(let value):
        guard 1...longest ~= value else {
          throw .invalidParameter(of: owner, parameter: label, value: Double(value), expected: Self.wholeNumbers)
        }
      case .milestones(let values):
        for (index, value) in values.enumerated() {
          let least = index == 0 ? 1 : values[index - 1] + 1
          guard least <= value, value <= longest else {
            throw .invalidParameter(
              of: owner, parameter: "\(label)[\(index)]", value: Double(value),
              expected: "a whole number from \(least) to \(longest)")
          }
        }
      case .word: break
      }
    }
  }

  var name: String {
    switch self {
    case .constant: "constant"
    case .linear: "linear"
    case .step: "step"
    case .multiStep: "multiStep"
    case .exponential: "exponential"
    case .polynomial: "polynomial"
    case .cosine: "cosine"
    case .cosineWarmRestarts: "cosineWarmRestarts"
    case .oneCycle: "oneCycle"
    case .cyclic: "cyclic"
    case .inverseSquareRoot: "inverseSquareRoot"
    case .sequence: "sequence"
    }
  }

  /// The parameters of a single schedule in their order.
  var arguments: [(label: String, value: Argument)] {
    switch self {
    case .constant(let factor), .exponential(let factor): [("factor", .number(factor, .nonnegative))]
    case .linear(let from, let to, let steps):
      [("from", .number(from, .nonnegative)), ("to", .number(to, .nonnegative)), ("steps", .wholeNumber(steps))]
    case .step(let size, let factor): [("size", .wholeNumber(size)), ("factor", .number(factor, .nonnegative))]
    case .multiStep(let milestones, let factor):
      [("milestones", .milestones(milestones)), ("factor", .number(factor, .nonnegative))]
    case .polynomial(let steps, let power, let end):
      [("steps", .wholeNumber(steps)), ("power", .number(power, .positive)), ("end", .number(end, .nonnegative))]
    case .cosine(let steps, let minimum):
      [("steps", .wholeNumber(steps)), ("minimum", .number(minimum, .closedUnitInterval))]
    case .cosineWarmRestarts(let period, let multiplier, let minimum):
      [
        ("period", .wholeNumber(period)), ("multiplier", .wholeNumber(multiplier)),
        ("minimum", .number(minimum, .closedUnitInterval)),
      ]
    case .oneCycle(let steps, let warmUp, let divisor, let finalDivisor, let shape):
      [
        ("steps", .wholeNumber(steps)), ("warmUp", .number(warmUp, .closedUnitInterval)),
        ("divisor", .number(divisor, .atLeastOne)), ("finalDivisor", .number(finalDivisor, .atLeastOne)),
        ("shape", .word(shape.rawValue, of: Slope.allCases.map(\.rawValue))),
      ]
    case .cyclic(let minimum, let up, let down, let shape, let gamma):
      [
        ("minimum", .number(minimum, .closedUnitInterval)), ("up", .wholeNumber(up)), ("down", .wholeNumber(down)),
        ("shape", .word(shape.rawValue, of: Cycle.allCases.map(\.rawValue))),
        ("gamma", .number(gamma, .closedUnitInterval)),
      ]
    case .inverseSquareRoot(let warmUp): [("warmUp", .wholeNumber(warmUp))]
    case .sequence: []
    }
  }

  /// Throws ``Losses/LossError`` unless every parameter is in its domain.
  package func validate() throws(LossError) {
    guard case .sequence(let sequence) = self else {
      for (label, value) in arguments { try value.validate(label, of: name) }
      return
    }
    guard !sequence.parts.isEmpty else {
      throw .invalidArgument(argument: "parts", value: "[]", expected: "at least one part")
    }
    for (index, part) in sequence.parts.enumerated() {
      try part.schedule.validate()
      try Argument.wholeNumber(part.steps).validate("steps", of: "part \(index + 1) of the sequence")
    }
    try sequence.last.validate()
  }

  /// After how many steps all there is to see has been seen: where the schedule comes to rest, after three rounds of
  /// one that repeats, and for those that fall for ever after a few of their own lengths. `nil` where the parameters
  /// name no number of steps. The schedule has to be valid.
  package var naturalLength: Int? {
    /// The product, no more than can be a number of steps.
    func times(_ factor: Int, _ steps: Int) -> Int {
      let (product, overflow) = steps.multipliedReportingOverflow(by: factor)
      return overflow ? Self.longest : min(product, Self.longest)
    }
    switch self {
    case .constant, .exponential: return nil
    case .linear(_, _, let steps), .polynomial(let steps, _, _), .cosine(let steps, _),
      .oneCycle(let steps, _, _, _, _):
      return steps
    case .step(let size, _): return times(5, size)
    case .multiStep(let milestones, _): return milestones.last.map { min($0 + max($0 / 4, 1), Self.longest) }
    case .cosineWarmRestarts(let period, let multiplier, _):
      let factor = times(multiplier, multiplier) + multiplier + 1
      return times(factor, period)
    case .cyclic(_, let up, let down, _, _): return times(3, up + down)
    case .inverseSquareRoot(let warmUp): return times(5, warmUp)
    case .sequence(let sequence):
      let parts = sequence.parts.reduce(0) { min($0 + $1.steps, Self.longest) }
      return min(parts + (sequence.last.naturalLength ?? max(parts / 4, 1)), Self.longest)
    }
  }
}
