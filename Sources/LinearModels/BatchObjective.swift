import CLossKernels
public import Losses
public import Optimizers

/// An objective that is a mean over rows of data, any of which make an objective of the same kind.
public protocol RowObjective: Objective {
  /// The number of rows.
  var rowCount: Int { get }

  /// Whether a row does not count as deleted.
  func counts(row: Int) -> Bool

  /// What tells the objective from others.
  var fingerprint: String { get }

  /// The objective of these rows alone, the penalty included. Throws ``Losses/LossError`` for a row that there is not.
  func rows(_ indices: Span<Int>) throws(LossError) -> Self
}

/// A linear objective as a mean over samples, its rows: what an ``Optimizers/Trainer`` minimises, a few rows at a time.
///
/// The samples are the rows that count: those of weight 0, or with the ignored index, are none. The gradient of a batch is that
/// of its mean loss, plus that of the penalty. Where there are weights a batch is divided by their sum in it, and the mean
/// over an epoch is that of the batches. A batch takes time O(rows × columns), of which a copy
/// of the rows is a part; all rows in their order are not copied.
public struct BatchObjective<Whole: RowObjective>: SampleObjective {
  /// The objective of all rows.
  public let whole: Whole

  /// The rows that the samples are, where not all are.
  private let counted: [Int]?

  /// Makes batches of the rows of an objective.
  public init(_ whole: Whole) {
    self.whole = whole
    let rows = (0..<whole.rowCount).filter(whole.counts(row:))
    counted = rows.count == whole.rowCount ? nil : rows
  }

  /// That of the objective.
  public var parameterCount: Int { whole.parameterCount }

  /// The number of rows that count.
  public var sampleCount: Int { counted?.count ?? whole.rowCount }

  /// That of the objective.
  public var fingerprint: String { whole.fingerprint }

  /// The objective of these samples, and its gradient.
  public func valueAndGradient(
    at parameters: Span<Double>, samples: Span<Int>, gradient: inout MutableSpan<Double>
  ) throws -> Double {
    if isEverything(samples) { return try whole.valueAndGradient(at: parameters, gradient: &gradient) }
    guard let counted else {
      return try whole.rows(samples).valueAndGradient(at: parameters, gradient: &gradient)
    }
    for index in samples.indices where !(counted.indices ~= samples[index]) {
      throw LossError.invalidLabel(
        argument: "samples", index: index, value: samples[index], expected: "a sample from 0 to \(counted.count - 1)")
    }
    let rows = samples.indices.map { counted[samples[$0]] }
    return try whole.rows(rows.span).valueAndGradient(at: parameters, gradient: &gradient)
  }

  private func isEverything(_ samples: Span<Int>) -> Bool {
    guard samples.count == sampleCount else { return false }
    // Rows that do not count change nothing.
    for index in samples.indices where samples[index] != index { return false }
    return true
  }
}

extension LinearObjective: RowObjective {
  /// The number of rows.
  public var rowCount: Int { features.rowCount }

  /// Whether the weight of a row is not 0.
  public func counts(row: Int) -> Bool { weights.map { $0[row]._double != 0 } ?? true }

  /// Loss, penalty, and sums over the targets and the scales of the columns.
  public var fingerprint: String {
    describe(loss, penalty, hasIntercept, targets.map(\._double), scaling)
  }

  /// The objective of these rows.
  public func rows(_ indices: Span<Int>) throws(LossError) -> Self {
    try LinearObjective(
      loss: loss, features: features.rows(indices), targets: gathered(targets, indices),
      weights: weights.map { gathered($0, indices) }, penalty: penalty, intercept: hasIntercept, threads: threads,
      scaling: scaling)
  }
}

extension CategoricalObjective: RowObjective {
  /// The number of rows.
  public var rowCount: Int { features.rowCount }

  /// Whether the weight of a row is not 0, and its class is not the ignored one.
  public func counts(row: Int) -> Bool {
    targets[row] != classOptions.ignoredIndex && weights.map { $0[row]._double != 0 } ?? true
  }

  /// Loss, penalty, and sums over the targets and the scales of the columns.
  public var fingerprint: String {
    describe(loss, penalty, hasIntercept, targets.map(Double.init), scaling)
  }

  /// The objective of these rows.
  public func rows(_ indices: Span<Int>) throws(LossError) -> Self {
    try CategoricalObjective(
      loss: loss, features: features.rows(indices), targets: indices.indices.map { targets[indices[$0]] },
      classCount: classCount,
      weights: weights.map { gathered($0, indices) }, classOptions: classOptions, penalty: penalty,
      intercept: hasIntercept, threads: threads, scaling: scaling)
  }
}

/// Loss, penalty, intercept, and a number that other data hardly have: of the targets, and of the scales, in which every
/// feature has a part.
private func describe(
  _ loss: any Loss, _ penalty: Penalty?, _ hasIntercept: Bool, _ targets: [Double], _ scaling: ColumnScaling?
) -> String {
  var hash = FNV1a()
  for numbers in [targets, scaling?.scale ?? [], scaling?.shift ?? [], scaling?.penaltyFactors ?? []] {
    for number in numbers { hash.add(number.bitPattern) }
  }
  let data = String(hash.hash, radix: 16)
  return "\(loss), penalty \(penalty?.description ?? "none"), intercept \(hasIntercept), data \(data)"
}

extension FeatureMatrix {
  /// These rows, in this order.
  func rows(_ indices: Span<Int>) throws(LossError) -> FeatureMatrix {
    for index in indices.indices where !(0..<rowCount ~= indices[index]) {
      throw .invalidLabel(
        argument: "samples", index: index, value: indices[index], expected: "a row from 0 to \(rowCount - 1)")
    }
    return try FeatureMatrix(
      gathered(elements, indices, columns: columnCount), rowCount: indices.count, columnCount: columnCount)
  }
}

/// Rows in the order of the indices, which have been checked.
private func gathered<Scalar: LossScalar>(_ matrix: [Scalar], _ rows: Span<Int>, columns: Int = 1) -> [Scalar] {
  [Scalar](unsafeUninitializedCapacity: rows.count * columns) { buffer, count in
    count = rows.count * columns
    guard count > 0 else { return }
    matrix.withUnsafeBufferPointer { matrix in
      rows.withUnsafeBufferPointer { rows in
        rows.withMemoryRebound(to: Int64.self) { rows in
          lk_gather(
            Scalar._kind.code, matrix.baseAddress, Int64(columns), rows.baseAddress, Int64(rows.count),
            buffer.baseAddress)
        }
      }
    }
  }
}
