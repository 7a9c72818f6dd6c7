extension LearningRateSchedule {
  /// A kind of schedule as it is shown.
  package struct Entry: Sendable {
    /// A parameter as it is shown.
    package struct Parameter: Sendable {
      package let name: String
      /// The value where none is given, as the text form has it; `nil` where one has to be given.
      package let defaultValue: String?
      /// What the value may be, in words.
      package let domain: String
    }

    /// The name of the case.
    package let name: String

    /// The factor at the step k.
    package let formula: String

    /// The parameters in their order.
    package let parameters: [Parameter]

    /// `cosine(steps:, minimum: 0.0)`: the text form, with what has to be given left open.
    package var form: String {
      let list = parameters.map { "\($0.name):" + ($0.defaultValue.map { " \($0)" } ?? "") }
      return "\(name)(\(list.joined(separator: ", ")))"
    }

    /// An entry with the parameters of an example, which has the default of each that is not `required`.
    init(_ example: LearningRateSchedule, required: String..., formula: String) {
      name = example.name
      self.formula = formula
      parameters = example.arguments.map { label, value in
        Parameter(
          name: label, defaultValue: required.contains(label) ? nil : value.text, domain: value.domain)
      }
    }
  }

  /// Every single schedule in the order of its cases.
  package static let catalogue: [Entry] = [
    Entry(.constant(), formula: "factor"),
    Entry(.linear(steps: 1), required: "steps", formula: "from + (to − from) k/steps where k ≤ steps, to beyond"),
    Entry(.step(size: 1), required: "size", formula: "factor^⌊k/size⌋"),
    Entry(.multiStep(milestones: []), required: "milestones", formula: "factor^m, m the number of milestones ≤ k"),
    Entry(.exponential(factor: 1), required: "factor", formula: "factor^k"),
    Entry(
      .polynomial(steps: 1), required: "steps",
      formula: "end + (1 − end)(1 − k/steps)^power where k ≤ steps, end beyond"),
    Entry(
      .cosine(steps: 1), required: "steps",
      formula: "minimum + ½(1 − minimum)(1 + cos(πk/steps)) where k ≤ steps, minimum beyond"),
    Entry(
      .cosineWarmRestarts(period: 1), required: "period",
      formula: "cosine over periods, each multiplier times as long as the one before"),
    Entry(
      .oneCycle(steps: 1), required: "steps",
      formula: "1/divisor up to 1 in the share warmUp of the steps, then down to 1/(divisor · finalDivisor)"),
    Entry(
      .cyclic(minimum: 0, up: 1, down: 1), required: "minimum", "up", "down",
      formula: "minimum + (1 − minimum)hs, h from 0 up to 1 and back, s = 1, 2^−(number of the cycle) or gamma^k"),
    Entry(.inverseSquareRoot(warmUp: 1), required: "warmUp", formula: "min(k/warmUp, √(warmUp/k))"),
  ]
}
