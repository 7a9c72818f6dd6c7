public import Losses

/// Slow parameters that follow those of any rule (Zhang et al. 2019): after every `period` steps they go a part of the way
/// to the fast ones, which then go on from there. As Optax's `lookahead`; the state of the rule goes on, too. With
/// `reset_state=True` it begins anew there: make a new optimizer wherever ``follow(_:threads:)`` returns `true`.
///
/// ```swift
/// var lookahead = try Lookahead(from: weights)
/// // after each step of an optimizer
/// try lookahead.follow(&weights)
/// ```
public struct Lookahead<Scalar: LossScalar>: Hashable, Sendable {
  /// How many steps the fast parameters take alone, at least 1.
  public let period: Int

  /// The part of the way that the slow parameters go, in (0, 1].
  public let share: Double

  /// The slow parameters.
  public private(set) var slow: [Scalar]

  /// How many steps were taken since the parameters were the same.
  public private(set) var stepCount = 0

  /// Starts where the parameters are. Throws ``Losses/LossError`` for a period below 1 and a share outside (0, 1].
  public init(from parameters: [Scalar], period: Int = 5, share: Double = 0.5) throws(LossError) {
    guard period >= 1 else {
      throw .invalidArgument(argument: "period", value: "\(period)", expected: "a whole number not below 1")
    }
    guard share > 0, share <= 1 else {
      throw .invalidArgument(argument: "share", value: "\(share)", expected: "a number above 0 and not above 1")
    }
    self.period = period
    self.share = share
    slow = parameters
  }

  /// Counts a step; at the end of a period the parameters are replaced by the slow ones, which have followed them.
  ///
  /// Returns whether they were. Throws ``Losses/LossError`` for another number of parameters. Takes O(n), allocates nothing.
  @discardableResult
  public mutating func follow(
    _ parameters: inout MutableSpan<Scalar>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Bool {
    guard parameters.count == slow.count else {
      throw .lengthMismatch(argument: "parameters", length: parameters.count, expected: slow.count)
    }
    let limit = try threads.kernelLimit()
    stepCount += 1
    guard stepCount == period else { return false }
    stepCount = 0
    slow.approach(parameters.span, share: share, threads: limit)
    for index in slow.indices { parameters[index] = slow[index] }
    return true
  }

  /// Counts a step; see ``follow(_:threads:)``.
  @discardableResult
  public mutating func follow(
    _ parameters: inout [Scalar], threads: ThreadLimit = .automatic
  ) throws(LossError) -> Bool {
    try withSpan(&parameters) { (parameters) throws(LossError) in try follow(&parameters, threads: threads) }
  }
}

extension Lookahead: Codable {
  private enum CodingKeys: String, CodingKey { case period, share, slow, stepCount }

  /// Decodes; what could not have come about is corrupted data.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    do {
      try self.init(
        from: try container.decodeBits(forKey: .slow),
        period: try container.decode(Int.self, forKey: .period),
        share: try container.decode(Double.self, forKey: .share))
    } catch let error as LossError {
      throw DecodingError.dataCorruptedError(forKey: .period, in: container, debugDescription: "\(error)")
    }
    stepCount = try container.decode(Int.self, forKey: .stepCount)
    guard 0..<period ~= stepCount else {
      throw DecodingError.dataCorruptedError(
        forKey: .stepCount, in: container, debugDescription: "\(stepCount) steps of a period of \(period)")
    }
  }

  /// Encodes the slow parameters as their bits, and the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(period, forKey: .period)
    try container.encode(share, forKey: .share)
    try container.encode(bitsOf: slow, forKey: .slow)
    try container.encode(stepCount, forKey: .stepCount)
  }
}
