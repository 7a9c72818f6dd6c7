import CLossKernels
public import Losses
public import Optimizers

/// An objective that is a mean over rows of data, any of which make an objective of the same kind.
public protocol RowObjective: Objective {
  /// The number of rows.
  var rowCount: Int { get }

  /// The objective of these rows alone, the penalty included. Throws ``Losses/LossError`` for a row that there is not.
  func rows(_ indices: Span<Int>) throws(LossError) -> Self
}

/// A linear objective as a mean over samples, its rows: what an ``Optimizers/Trainer`` minimises, a few rows at a time.
///
/// The gradient of a batch is that of its mean loss, plus that of the penalty. Where there are weights a batch is divided by
/// their sum in it, and the mean over an epoch is that of the batches. A batch takes time O(rows × columns), of which a copy
/// of the rows is a part; all rows in their order are not copied.
public struct BatchObjective<Whole: RowObjective>: SampleObjective {
  /// The objective of all rows.
  public let whole: Whole

  /// Makes batches of the rows of an objective.
  public init(_ whole: Whole) { self.whole = whole }

  /// That of the objective.
  public var parameterCount: Int { whole.parameterCount }

  /// The number of rows.
  public var sampleCount: Int { whole.rowCount }

  /// The objective of these rows, and its gradient.
  public func valueAndGradient(
    at parameters: Span<Double>, samples: Span<Int>, gradient: inout MutableSpan<Double>
  ) throws -> Double {
    let batch = isEverything(samples) ? whole : try whole.rows(samples)
    return try batch.valueAndGradient(at: parameters, gradient: &gradient)
  }

  private func isEverything(_ samples: Span<Int>) -> Bool {
    guard samples.count == sampleCount else { return false }
    for index in samples.indices where samples[index] != index { return false }
    return true
  }
}

extension LinearObjective: RowObjective {
  /// The number of rows.
  public var rowCount: Int { features.rowCount }

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

  /// The objective of these rows.
  public func rows(_ indices: Span<Int>) throws(LossError) -> Self {
    try CategoricalObjective(
      loss: loss, features: features.rows(indices), targets: indices.indices.map { targets[indices[$0]] },
      classCount: classCount,
      weights: weights.map { gathered($0, indices) }, classOptions: classOptions, penalty: penalty,
      intercept: hasIntercept, threads: threads, scaling: scaling)
  }
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
