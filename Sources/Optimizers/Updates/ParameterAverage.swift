import CLossKernels
public import Losses

/// The average of the parameters of many steps, which often predicts better than the last ones.
///
/// ```swift
/// var average = try ParameterAverage(of: weights, kind: .exponential(decay: 0.999))
/// // after each step
/// try average.add(weights)
/// ```
///
/// Adding takes one pass, O(n), allocates nothing, and gives the same bits for any number of threads.
public struct ParameterAverage<Scalar: LossScalar>: Hashable, Sendable {
  /// How parameters are weighed.
  public enum Kind: Hashable, Codable, Sendable {
    /// `a ← βa + (1 − β)w` (Polyak and Juditsky 1992, with a memory): the first parameters are the first average, as in
    /// PyTorch. `decay` is β, in [0, 1).
    ///
    /// Optax begins with 0 and corrects the bias: add zeros first, and divide the average of t steps by `1 − βᵗ`.
    case exponential(decay: Double)

    /// The mean of all that were added: stochastic weight averaging (Izmailov et al. 2018), if they come from the end of a
    /// run. As in PyTorch.
    case uniform
  }

  /// How parameters are weighed.
  public let kind: Kind

  /// The average; before anything is added, what it was made with.
  public private(set) var values: [Scalar]

  /// How many times parameters were added.
  public private(set) var count = 0

  /// An average of as many parameters as these, which do not count themselves.
  ///
  /// Throws ``Losses/LossError`` for a decay outside [0, 1).
  public init(of parameters: [Scalar], kind: Kind) throws(LossError) {
    if case .exponential(let decay) = kind, !ParameterDomain.halfOpenUnitInterval.contains(decay) {
      throw .invalidParameter(
        of: "exponential", parameter: "decay", value: decay,
        expected: ParameterDomain.halfOpenUnitInterval.description)
    }
    self.kind = kind
    values = parameters
  }

  /// Adds the parameters after a step. Throws ``Losses/LossError`` for another number of them.
  public mutating func add(_ parameters: Span<Scalar>, threads: ThreadLimit = .automatic) throws(LossError) {
    guard parameters.count == values.count else {
      throw .lengthMismatch(argument: "parameters", length: parameters.count, expected: values.count)
    }
    let limit = try threads.kernelLimit()
    count += 1
    let share: Double
    switch kind {
    case .exponential(let decay): share = count == 1 ? 1 : 1 - decay
    case .uniform: share = 1 / Double(count)
    }
    values.approach(parameters, share: share, threads: limit)
  }

  /// Adds the parameters after a step. Throws ``Losses/LossError`` for another number of them.
  public mutating func add(_ parameters: [Scalar], threads: ThreadLimit = .automatic) throws(LossError) {
    try parameters.withUnsafeBufferPointer { (parameters) throws(LossError) in
      try add(Span(_unsafeElements: parameters), threads: threads)
    }
  }
}

extension Array where Element: LossScalar {
  /// `x ← x + share (y − x)` for each element; where the share is 1, y itself.
  mutating func approach(_ other: Span<Element>, share: Double, threads: Int32) {
    if share == 1 {
      for index in indices { self[index] = other[index] }
      return
    }
    defer { extendLifetime(other) }
    withUnsafeMutableBufferPointer { values in
      other.withUnsafeBufferPointer { other in
        let buffers = UpdateBuffers(values, other, threads: threads)
        var call = buffers.call(lk_update_average, 0..<values.count)
        call.factors.0 = share
        buffers.run(&call, nil, from: 0)
      }
    }
  }
}

extension ParameterAverage: Codable {
  private enum CodingKeys: String, CodingKey { case kind, values, count }

  /// Decodes an average; one that could not have come about is corrupted data.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    do {
      try self.init(
        of: try container.decodeBits(forKey: .values),
        kind: try container.decode(Kind.self, forKey: .kind))
    } catch let error as LossError {
      throw DecodingError.dataCorruptedError(forKey: .kind, in: container, debugDescription: "\(error)")
    }
    count = try container.decode(Int.self, forKey: .count)
    guard 0...OptimizerState<Scalar>.mostSteps ~= count else {
      throw DecodingError.dataCorruptedError(
        forKey: .count, in: container, debugDescription: "a count below 0, or too large")
    }
  }

  /// Encodes the average, its numbers as their bits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(bitsOf: values, forKey: .values)
    try container.encode(count, forKey: .count)
  }
}
