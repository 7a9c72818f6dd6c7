import Losses

/// The options of `losses evaluate` that only some losses of rows take.
struct RowOptions: OptionSet {
  let rawValue: Int

  static let classWeights = RowOptions(rawValue: 1)
  static let ignoredIndex = RowOptions(rawValue: 2)
  static let thresholds = RowOptions(rawValue: 4)
  static let curvature = RowOptions(rawValue: 8)
  static let targets = RowOptions(rawValue: 16)

  /// What a loss takes.
  init(of loss: any Loss) {
    switch loss {
    case is CategoricalLoss: self = [.targets, .classWeights, .ignoredIndex, .curvature]
    case is OrdinalLoss: self = [.targets, .ignoredIndex, .thresholds]
    case let loss as DivergenceLoss: self = loss.hasTargets ? .targets : []
    default: self = .targets
    }
  }

  init(rawValue: Int) { self.rawValue = rawValue }

  /// The options by name, with those that come with them.
  private static let names: [(RowOptions, [String])] = [
    (.targets, ["--targets"]), (.classWeights, ["--class-weights", "--class-weighting"]),
    (.ignoredIndex, ["--ignore-index"]), (.thresholds, ["--thresholds", "--threshold-gradient"]),
    (.curvature, ["--curvature"]),
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
