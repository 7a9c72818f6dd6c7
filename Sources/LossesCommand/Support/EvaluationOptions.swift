import Losses

/// The options of `losses evaluate` that only some losses take.
struct EvaluationOptions: OptionSet {
  let rawValue: Int

  static let classWeights = EvaluationOptions(rawValue: 1)
  static let ignoredIndex = EvaluationOptions(rawValue: 2)
  static let thresholds = EvaluationOptions(rawValue: 4)
  static let targets = EvaluationOptions(rawValue: 8)
  static let classWeighting = EvaluationOptions(rawValue: 16)
  static let positiveWeights = EvaluationOptions(rawValue: 32)

  /// What a loss takes.
  init(of loss: any Loss) {
    switch loss {
    case BinaryLoss.logistic: self = [.targets, .classWeights, .positiveWeights]
    case is BinaryLoss: self = [.targets, .classWeights]
    case is CategoricalLoss: self = [.targets, .classWeights, .classWeighting, .ignoredIndex]
    case is OrdinalLoss: self = [.targets, .ignoredIndex, .thresholds]
    case let loss as DivergenceLoss: self = loss.hasTargets ? .targets : []
    default: self = .targets
    }
  }

  init(rawValue: Int) { self.rawValue = rawValue }

  /// The options by name, with those that come with them.
  private static let names: [(EvaluationOptions, [String])] = [
    (.targets, ["--targets"]), (.classWeights, ["--class-weights"]), (.classWeighting, ["--class-weighting"]),
    (.positiveWeights, ["--positive-weights"]),
    (.ignoredIndex, ["--ignore-index"]), (.thresholds, ["--thresholds", "--threshold-gradient"]),
  ]

  /// The names of the options.
  var names: [String] { Self.names.flatMap { contains($0.0) ? $0.1 : [] } }

  /// Throws for an option that was given and that the loss does not take.
  func require(_ given: [String], for loss: any Loss) throws {
    for option in given where !names.contains(option) {
      let others = names.isEmpty ? "no further options" : names.joined(separator: ", ")
      throw CommandFailure(.usage, "\(option) does not go with \(loss), which takes \(others)")
    }
  }
}
