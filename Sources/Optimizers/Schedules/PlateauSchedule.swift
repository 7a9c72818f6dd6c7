public import Losses

/// Lowers the learning rate where a value, such as a loss on data that is held back, gets better no more.
///
/// ```swift
/// var plateau = try PlateauSchedule(factor: 0.5, patience: 3)
/// let rate = 0.1 * plateau.record(lossOfEpoch)
/// ```
///
/// All of its state is in the value: what was encoded resumes exactly where it was. The arithmetic is that of PyTorch's
/// `ReduceLROnPlateau` with two differences: `minimumFactor` is a factor, not a rate; and no change is too small to be
/// made, where PyTorch leaves a rate alone that would fall by less than `eps`, 1e-8 by default. Optax has a
/// `contrib.reduce_on_plateau` of its own, which can average the values of several steps.
public struct PlateauSchedule: Hashable, Sendable {
  /// How much better a value must be to count as an improvement.
  @nonexhaustive
  public enum ThresholdMode: String, CaseIterable, Codable, Hashable, Sendable {
    /// By the threshold times the best value: less than `best · (1 − threshold)`, or more than
    /// `best · (1 + threshold)`. Where the best value is negative, this lets values pass that are a little worse, as in
    /// PyTorch.
    case relative
    /// By the threshold: less than `best − threshold`, or more than `best + threshold`.
    case absolute
  }

  /// What the factor that applies is multiplied by on a plateau, between 0 and 1.
  public let factor: Double

  /// How many records without an improvement are let pass; the next one lowers the factor.
  public let patience: Int

  /// How much better a value must be, in the sense of ``thresholdMode``.
  public let threshold: Double

  /// What ``threshold`` is compared with.
  public let thresholdMode: ThresholdMode

  /// How many records after a lowered factor do not count as ones without an improvement.
  public let cooldown: Int

  /// Below this the factor that applies does not fall.
  public let minimumFactor: Double

  /// Whether less is better.
  public let minimizes: Bool

  /// What the learning rate is multiplied by now; 1 at the start.
  public internal(set) var currentFactor = 1.0

  /// The value of the last improvement; `nil` before the first.
  public internal(set) var best: Double?

  /// How many records there were since, without those of a cooldown.
  public internal(set) var recordsWithoutImprovement = 0

  /// How many records of a cooldown are to come.
  public internal(set) var remainingCooldown = 0

  /// Creates a schedule at its start, with the defaults of PyTorch.
  ///
  /// - Parameters:
  ///   - factor: What the factor that applies is multiplied by on a plateau, between 0 and 1.
  ///   - patience: How many records without an improvement are let pass, from 0 to 2⁵³.
  ///   - threshold: How much better a value must be to count as an improvement, finite and at least 0.
  ///   - thresholdMode: Whether `threshold` is relative to the best value.
  ///   - cooldown: How many records after a lowered factor do not count, from 0 to 2⁵³.
  ///   - minimumFactor: Below this the factor does not fall, from 0 to 1.
  ///   - minimizes: Whether less is better.
  /// - Throws: ``Losses/LossError`` where a parameter is outside its domain.
  public init(
    factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, thresholdMode: ThresholdMode = .relative,
    cooldown: Int = 0, minimumFactor: Double = 0, minimizes: Bool = true
  ) throws(LossError) {
    try Self.require("factor", factor, .openUnitInterval)
    try Self.require("patience", patience)
    try Self.require("threshold", threshold, .nonnegative)
    try Self.require("cooldown", cooldown)
    try Self.require("minimumFactor", minimumFactor, .closedUnitInterval)
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.thresholdMode = thresholdMode
    self.cooldown = cooldown
    self.minimumFactor = minimumFactor
    self.minimizes = minimizes
  }

  /// Takes a value into account, and returns what the learning rate is to be multiplied by from now on.
  ///
  /// NaN is no improvement.
  @discardableResult
  public mutating func record(_ value: Double) -> Double {
    if isImprovement(value) {
      best = value
      recordsWithoutImprovement = 0
    } else {
      recordsWithoutImprovement += 1
    }
    if remainingCooldown > 0 {
      remainingCooldown -= 1
      recordsWithoutImprovement = 0
    }
    if recordsWithoutImprovement > patience {
      currentFactor = max(currentFactor * factor, minimumFactor)
      remainingCooldown = cooldown
      recordsWithoutImprovement = 0
    }
    return currentFactor
  }

  /// These parameters with the state of another one, where there is one.
  func resuming(_ other: Self?) -> Self {
    guard let other else { return self }
    var copy = self
    copy.currentFactor = other.currentFactor
    copy.best = other.best
    copy.recordsWithoutImprovement = other.recordsWithoutImprovement
    copy.remainingCooldown = other.remainingCooldown
    return copy
  }

  private func isImprovement(_ value: Double) -> Bool {
    // The first one need only be better than the worst, to which no threshold can be relative.
    guard let best else { return minimizes ? value < .infinity : value > -.infinity }
    return switch thresholdMode {
    case .relative: minimizes ? value < best * (1 - threshold) : value > best * (threshold + 1)
    case .absolute: minimizes ? value < best - threshold : value > best + threshold
    }
  }

  static func require(_ parameter: String, _ value: Double, _ domain: ParameterDomain) throws(LossError) {
    guard domain.contains(value) else { throw invalid(parameter, value, "\(domain)") }
  }

  static func require(_ parameter: String, _ value: Int) throws(LossError) {
    let longest = LearningRateSchedule.longest
    guard 0...longest ~= value else {
      throw invalid(parameter, Double(value), "a whole number from 0 to \(longest)")
    }
  }

  private static func invalid(_ parameter: String, _ value: Double, _ expected: String) -> LossError {
    .invalidParameter(of: "PlateauSchedule", parameter: parameter, value: value, expected: expected)
  }
}
