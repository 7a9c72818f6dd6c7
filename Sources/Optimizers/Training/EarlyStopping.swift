/// When training ends before its last epoch, because a value gets better no more.
///
/// The value is the one of the samples that are held back for validation; where there are none it is that of all samples,
/// which takes an evaluation more. It is looked at after every epoch. The parameters after the best epoch are kept, and are those of the result.
public struct EarlyStopping: Hashable, Codable, Sendable {
  /// After so many epochs in a row without an improvement training ends; at least 1.
  public var patience: Int

  /// By more than this a value must be better than the best one before to be an improvement; finite and at least 0. NaN
  /// is no improvement.
  public var minimumImprovement: Double

  /// Creates a rule; an invalid one is reported by ``Trainer``.
  public init(patience: Int, minimumImprovement: Double = 0) {
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  /// Whether a value is better than the best one so far, `nil` before the first.
  func isImprovement(_ value: Double, over best: Double?, maximizes: Bool) -> Bool {
    let (value, best) = maximizes ? (-value, best.map { -$0 }) : (value, best)
    guard let best else { return value < .infinity }
    return value < best - minimumImprovement
  }

  func validate() throws(OptimizerError) {
    try OptimizerError.require(patience >= 1, "earlyStopping.patience", patience, "≥ 1")
    try OptimizerError.require(
      minimumImprovement >= 0 && minimumImprovement.isFinite, "earlyStopping.minimumImprovement", minimumImprovement,
      "finite and ≥ 0")
  }
}
