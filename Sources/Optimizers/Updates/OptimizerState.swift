import CLossKernels
public import Losses

/// What an ``Optimizer`` remembers from step to step: moments, counters. A run that goes on from a state that was encoded
/// and decoded gives the same bits as one that was never interrupted.
public struct OptimizerState<Scalar: LossScalar>: Hashable, Sendable {
  /// The name of the rule that the state belongs to.
  public let ruleName: String

  /// How many parameters it is of.
  public let parameterCount: Int

  /// How many steps were taken. Skipped ones do not count.
  public var stepCount: Int { progress.stepCount }

  @usableFromInline var progress = UpdateProgress()

  /// What the numbers of `adafactor` belong to; empty for another rule.
  private let shapes: [FactoredShape]

  /// The vectors of the rule, one after the other.
  @usableFromInline var vectors: [Scalar]

  /// The state before the first step of a rule.
  init(_ rule: UpdateRule, _ layout: ParameterLayout) {
    ruleName = rule.name
    parameterCount = layout.count
    shapes = FactoredShape.shapes(rule, layout)
    vectors = []
    vectors.reserveCapacity(Self.vectorCount(rule, layout))
    for start in rule.initialStates {
      vectors += [Scalar](repeating: Scalar(start), count: Self.vectorStride(layout.count))
    }
    vectors += [Scalar](repeating: Scalar(0), count: Self.vectorCount(rule, layout) - vectors.count)
  }

  /// How far one vector begins behind another. Where both have the same place in their memory pages the processor takes a
  /// load of one for the store to the other, and waits: long vectors are some cache lines apart.
  @usableFromInline
  static func vectorStride(_ count: Int) -> Int { count < 1 << 14 ? count : count + 1040 }

  private static func vectorCount(_ rule: UpdateRule, _ layout: ParameterLayout) -> Int {
    guard case .adafactor = rule else { return rule.kernel.stateCount * vectorStride(layout.count) }
    return layout.ranges.reduce(0) { $0 + UpdateSegment($1).factoredStateCount }
  }

  /// Throws ``Losses/LossError`` unless the state is one of this rule and layout.
  func check(_ rule: UpdateRule, _ layout: ParameterLayout) throws(LossError) {
    guard ruleName == rule.name else {
      throw .invalidArgument(argument: "state", value: "one of \(ruleName)", expected: "one of \(rule.name)")
    }
    let expected = Self.vectorCount(rule, layout)
    guard parameterCount == layout.count, vectors.count == expected else {
      throw .invalidArgument(
        argument: "state", value: "one of \(parameterCount) parameters with \(vectors.count) numbers",
        expected: "one of \(layout.count) parameters with \(expected) numbers")
    }
    try check(FactoredShape.shapes(rule, layout), of: FactoredShape.ranges(of: layout))
  }

  private func check(_ expected: [FactoredShape], of ranges: [ParameterRange]) throws(LossError) {
    guard shapes != expected else { return }
    guard shapes.count == expected.count else {
      throw .invalidArgument(
        argument: "state", value: "one of \(shapes.count) ranges", expected: "one of \(expected.count) ranges")
    }
    for (index, range) in ranges.enumerated() where shapes[index] != expected[index] {
      throw .invalidArgument(
        argument: "the state of \(range.name)", value: "one of \(shapes[index])",
        expected: "one of \(expected[index])")
    }
  }
}

extension OptimizerState: Codable {
  private enum CodingKeys: String, CodingKey {
    case ruleName = "rule"
    case parameterCount = "parameters"
    case stepCount = "steps"
    case momentumProduct
    case scalar
    case shapes
    case vectors
  }

  /// Decodes a state; one of another scalar is corrupted data, and so is one of `adafactor` that does not say which shapes
  /// its ranges have, as it did not at first.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func corrupted(_ key: CodingKeys, _ problem: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: problem)
    }
    let scalar = try container.decode(String.self, forKey: .scalar)
    guard scalar == Scalar.scalarName else {
      throw corrupted(.scalar, "a state of \(scalar); expected one of \(Scalar.scalarName)")
    }
    ruleName = try container.decode(String.self, forKey: .ruleName)
    parameterCount = try container.decode(Int.self, forKey: .parameterCount)
    progress.stepCount = try container.decode(Int.self, forKey: .stepCount)
    progress.momentumProduct = Double(bitPattern: try container.decode(UInt64.self, forKey: .momentumProduct))
    guard parameterCount >= 0, 0...Self.mostSteps ~= progress.stepCount, 0...1 ~= progress.momentumProduct else {
      throw corrupted(.stepCount, "a count below 0, or of too many steps")
    }
    shapes = try container.decodeIfPresent([FactoredShape].self, forKey: .shapes) ?? []
    if shapes.isEmpty, parameterCount > 0, ruleName == UpdateRule.adafactor().name {
      throw corrupted(
        .shapes, "a state of adafactor of an earlier version, without the shapes of its ranges; begin without it")
    }
    vectors = try container.decodeBits(forKey: .vectors)
  }

  /// Encodes the state, its numbers as their bits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Scalar.scalarName, forKey: .scalar)
    try container.encode(ruleName, forKey: .ruleName)
    try container.encode(parameterCount, forKey: .parameterCount)
    try container.encode(stepCount, forKey: .stepCount)
    try container.encode(progress.momentumProduct.bitPattern, forKey: .momentumProduct)
    if !shapes.isEmpty { try container.encode(shapes, forKey: .shapes) }
    try container.encode(bitsOf: vectors, forKey: .vectors)
  }

  /// So that a number of a step is exact as a `Double`.
  static var mostSteps: Int { 1 << 53 }
}
