/// What decides the past of a training: a run can be resumed only with the same.
///
/// The hyperparameters of the rule, the schedule, the options and the number of epochs are not part of it: they may change at
/// an interruption. Only a momentum cannot come or go, because the state of the rule has a vector for it.
public struct TrainingSetup: Hashable, Codable, Sendable {
  /// The text form of the rule. Only its name has to be the same.
  public let rule: String

  /// Whether steps lead uphill.
  public let maximizes: Bool

  /// The seed of the order of the samples.
  public let seed: UInt64

  /// The number of samples of every batch but perhaps the last of an epoch.
  public let batchSize: Int

  /// The share of the samples that is held back.
  public let validationFraction: Double

  /// The number of samples, with those that are held back.
  public let sampleCount: Int

  /// The number of parameters.
  public let parameterCount: Int

  /// What tells one objective from another; see ``SampleObjective/fingerprint``.
  public let objective: String

  /// Throws ``OptimizerError`` where this is not what an interrupted run was.
  func check(resuming old: Self) throws(OptimizerError) {
    func require(_ argument: String, _ value: some CustomStringConvertible, _ old: some CustomStringConvertible)
      throws(OptimizerError)
    {
      try OptimizerError.require(
        value.description == old.description, argument, value, "that of the checkpoint, \(old)")
    }
    func name(_ rule: String) -> Substring { rule.prefix { $0 != "(" } }
    try require("rule", name(rule), name(old.rule))
    try require("options.maximizes", maximizes, old.maximizes)
    try require("parameterCount", parameterCount, old.parameterCount)
    try require("sampleCount", sampleCount, old.sampleCount)
    try require("validationFraction", validationFraction, old.validationFraction)
    try require("seed", seed, old.seed)
    try require("batchSize", batchSize, old.batchSize)
    try require("objective", objective, old.objective)
  }
}
