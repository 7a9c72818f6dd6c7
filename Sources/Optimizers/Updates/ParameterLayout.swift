public import Losses

/// A named part of a flat buffer of parameters, such as the weights of one layer.
public struct ParameterRange: Hashable, Codable, Sendable {
  /// The name, by which ``ParameterLayout/subscript(_:)`` finds it.
  public var name: String

  /// The indices in the buffer.
  public var range: Range<Int>

  /// The columns of the matrix that the parameters are, row by row, where they are one: for `adafactor`, which has a number
  /// for each row and column of it.
  public var columns: Int?

  /// What the learning rate is multiplied by, finite and not below 0; without effect on `rprop`.
  public var learningRateFactor: Double

  /// What the weight decay of the rule is multiplied by, finite and not below 0.
  public var weightDecayFactor: Double

  /// Whether the penalty of ``UpdateOptions/penalty`` acts on these parameters. Its lists have a number for each parameter
  /// for which this is so.
  public var isPenalized: Bool

  /// Whether a step leaves these parameters, and their states, as they are, whatever their gradient.
  public var isFrozen: Bool

  /// Creates a range.
  public init(
    name: String, range: Range<Int>, columns: Int? = nil, learningRateFactor: Double = 1, weightDecayFactor: Double = 1,
    isPenalized: Bool = true, isFrozen: Bool = false
  ) {
    self.name = name
    self.range = range
    self.columns = columns
    self.learningRateFactor = learningRateFactor
    self.weightDecayFactor = weightDecayFactor
    self.isPenalized = isPenalized
    self.isFrozen = isFrozen
  }
}

/// What the parts of a flat buffer of parameters are: ranges that follow each other from 0 to its end.
public struct ParameterLayout: Hashable, Sendable {
  /// The ranges in their order.
  public let ranges: [ParameterRange]

  /// How many parameters there are.
  public let count: Int

  /// The most parameters that a layout may have: 2⁴⁸, more than any memory holds.
  public static let maximumCount = 1 << 48

  /// One range with the name `parameters`.
  ///
  /// Throws ``Losses/LossError`` for a count below 0 or above ``maximumCount``.
  public init(count: Int) throws(LossError) {
    guard count >= 0 else {
      throw .invalidArgument(argument: "count", value: "\(count)", expected: "a whole number not below 0")
    }
    try self.init([ParameterRange(name: "parameters", range: 0..<count)])
  }

  /// Ranges of these lengths, one after the other.
  ///
  /// Throws ``Losses/LossError`` for a negative length, for a name that is there twice, and for more than ``maximumCount``
  /// parameters.
  public init(_ lengths: KeyValuePairs<String, Int>) throws(LossError) {
    var ranges: [ParameterRange] = []
    var start = 0
    for (name, length) in lengths {
      let (end, isTooLong) = start.addingReportingOverflow(length)
      guard length >= 0, !isTooLong else {
        throw .invalidArgument(argument: name, value: "\(length)", expected: "a whole number not below 0")
      }
      ranges.append(ParameterRange(name: name, range: start..<end))
      start = end
    }
    try self.init(ranges)
  }

  /// Throws ``Losses/LossError`` where a range does not begin where the one before it ends, the first one at 0, where two
  /// have one name, for a factor that is not finite or below 0, for a number of columns that does not divide the length, and for
  /// more than ``maximumCount`` parameters.
  public init(_ ranges: [ParameterRange]) throws(LossError) {
    var end = 0
    var names: Set<String> = []
    for range in ranges {
      guard range.range.lowerBound == end else {
        throw .invalidArgument(
          argument: "the range of \(range.name)", value: "\(range.range)", expected: "one that begins at \(end)")
      }
      guard range.range.upperBound <= Self.maximumCount else {
        throw .invalidArgument(
          argument: "the range of \(range.name)", value: "\(range.range)",
          expected: "one that ends at \(Self.maximumCount) or before")
      }
      guard names.insert(range.name).inserted else {
        throw .invalidArgument(argument: "the name of a range", value: range.name, expected: "one that no other has")
      }
      for (label, factor) in [
        ("learningRateFactor", range.learningRateFactor), ("weightDecayFactor", range.weightDecayFactor),
      ] where !(factor >= 0 && factor.isFinite) {
        throw .invalidParameter(
          of: range.name, parameter: label, value: factor, expected: "a finite number not below 0")
      }
      if let columns = range.columns, columns < 1 || range.range.count % columns != 0 {
        throw .invalidArgument(
          argument: "the columns of \(range.name)", value: "\(columns)",
          expected: "a divisor of its length, \(range.range.count)")
      }
      end = range.range.upperBound
    }
    self.ranges = ranges
    count = end
  }

  /// The indices of the range with this name.
  public subscript(_ name: String) -> Range<Int>? { ranges.first { $0.name == name }?.range }
}

extension ParameterLayout: Codable {
  /// Decodes the ranges, and checks them.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(try container.decode([ParameterRange].self))
    } catch let error as LossError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  /// Encodes the ranges.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(ranges)
  }
}
