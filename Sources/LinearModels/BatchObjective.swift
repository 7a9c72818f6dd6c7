import CLossKernels
public import Losses
public import Optimizers

/// An objective that is a mean over rows of data, any of which make an objective of the same kind.
public protocol RowObjective: Objective {
  /// The number of rows.
  var rowCount: Int { get }

  /// The rows that do not count as deleted, in ascending order; `nil` where all count.
  var countedRows: [Int]? { get }

  /// The mean weight of the rows that do not count as deleted; `nil` where all count alike.
  var meanWeight: Double? { get }

  /// What tells the objective from others.
  var fingerprint: String { get }

  /// Returns the objective of these rows alone, the penalty included, and writes its gradient. The weighted sum of their
  /// losses is divided by `divisor`, by the sum of their weights where it is `nil`. Throws ``Losses/LossError`` for a row
  /// that there is not.
  func valueAndGradient(
    at parameters: Span<Double>, rows: Span<Int>, divisor: Double?, gradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double
}

/// A linear objective as a mean over samples, its rows: what an ``Optimizers/Trainer`` minimises, a few rows at a time.
///
/// The samples are the rows that count: those of weight 0, or with the ignored index, are none. The gradient of a batch is that
/// of its mean loss, plus that of the penalty. Where there are weights the loss of a sample is `(s/s̄)ℓ`, `s` being its weight
/// and `s̄` the mean weight of all samples: a row of weight 2 counts twice in a batch of any length, one of a single row too,
/// for which a division by the weights of the batch would undo them. A batch takes time O(rows × columns); its rows are read
/// where they are.
public struct BatchObjective<Whole: RowObjective>: SampleObjective {
  /// The objective of all rows.
  public let whole: Whole

  /// The rows that the samples are, where not all are.
  private let counted: [Int]?

  private let meanWeight: Double?

  /// Makes batches of the rows of an objective.
  public init(_ whole: Whole) {
    self.whole = whole
    counted = whole.countedRows
    meanWeight = whole.meanWeight
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
    let divisor = meanWeight.map { $0 * Double(samples.count) }
    guard let counted else {
      return try whole.valueAndGradient(at: parameters, rows: samples, divisor: divisor, gradient: &gradient)
    }
    for index in samples.indices where !(counted.indices ~= samples[index]) {
      throw LossError.invalidLabel(
        argument: "samples", index: index, value: samples[index], expected: "a sample from 0 to \(counted.count - 1)")
    }
    let rows = samples.indices.map { counted[samples[$0]] }
    return try whole.valueAndGradient(at: parameters, rows: rows.span, divisor: divisor, gradient: &gradient)
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

  /// Those whose weight is not 0.
  public var countedRows: [Int]? { rowsOfWeight(weights) }

  /// That of the rows whose weight is not 0.
  public var meanWeight: Double? { weights.flatMap { mean(ofWeights: doubles($0).filter { $0 != 0 }) } }

  /// Loss, penalty, and sums over the targets, the weights and the scales of the columns.
  public var fingerprint: String {
    describe(loss, penalty, hasIntercept, doubles(targets), weights.map { doubles($0) }, scaling)
  }

  /// The objective of these rows.
  public func valueAndGradient(
    at parameters: Span<Double>, rows: Span<Int>, divisor: Double?, gradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    try check(rows, count: rowCount)
    var slopes: [Double] = []
    return try rows.withUnsafeBufferPointer { (rows) throws(LossError) in
      try evaluate(
        at: parameters, rows: rows, divisor: divisor, gradient: &gradient, slopes: &slopes, instructionSet: lk_isa_best
      ).value
    }
  }
}

extension CategoricalObjective: RowObjective {
  /// The number of rows.
  public var rowCount: Int { features.rowCount }

  /// Those whose weight is not 0, and whose class is not the ignored one.
  public var countedRows: [Int]? {
    let weighted = rowsOfWeight(weights)
    guard let ignored = classOptions.ignoredIndex, targets.contains(ignored) else { return weighted }
    return (weighted ?? Array(targets.indices)).filter { targets[$0] != ignored }
  }

  /// That of the rows that count, each times the weight of its class where that is one of samples.
  public var meanWeight: Double? {
    let classWeights = classOptions.weighting == .losses ? nil : classOptions.weights
    guard weights != nil || classWeights != nil else { return nil }
    let rows = countedRows ?? Array(targets.indices)
    // A class that there is not is found where its row is evaluated.
    guard rows.allSatisfy({ 0..<classCount ~= targets[$0] }) else { return nil }
    return mean(ofWeights: rows.map { (weights?[$0]._double ?? 1) * (classWeights?[targets[$0]] ?? 1) })
  }

  /// Loss, penalty, and sums over the targets, the weights and the scales of the columns.
  public var fingerprint: String {
    describe(
      loss, penalty, hasIntercept, targets.map(Double.init),
      (weights.map { doubles($0) } ?? []) + (classOptions.weights ?? []), scaling)
  }

  /// The objective of these rows.
  public func valueAndGradient(
    at parameters: Span<Double>, rows: Span<Int>, divisor: Double?, gradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    try check(rows, count: rowCount)
    return try rows.withUnsafeBufferPointer { (rows) throws(LossError) in
      try evaluate(
        at: parameters, rows: rows, divisor: divisor, gradient: &gradient, instructionSet: lk_isa_best
      ).value
    }
  }
}

/// Loss, penalty, intercept, and a number that other data hardly have: of the targets, the weights, and the scales, in which
/// every feature has a part.
private func describe(
  _ loss: any Loss, _ penalty: Penalty?, _ hasIntercept: Bool, _ targets: [Double], _ weights: [Double]?,
  _ scaling: ColumnScaling?
) -> String {
  var hash = FNV1a()
  for numbers in [targets, weights ?? [], scaling?.scale ?? [], scaling?.shift ?? [], scaling?.penaltyFactors ?? []] {
    for number in numbers { hash.add(number.bitPattern) }
  }
  let data = String(hash.hash, radix: 16)
  return "\(loss), penalty \(penalty?.description ?? "none"), intercept \(hasIntercept), data \(data)"
}

/// `nil` where the mean is no weight: which one of them is wrong is found where its row is evaluated.
private func mean(ofWeights weights: [Double]) -> Double? {
  let mean = weights.reduce(0, +) / Double(weights.count)
  return mean > 0 && mean.isFinite ? mean : nil
}

/// Throws for a row that there is not.
private func check(_ rows: Span<Int>, count: Int) throws(LossError) {
  for index in rows.indices where !(0..<count ~= rows[index]) {
    throw .invalidLabel(
      argument: "samples", index: index, value: rows[index], expected: "a row from 0 to \(count - 1)")
  }
}

/// The rows whose weight is not 0, unless all are.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func rowsOfWeight<Scalar: LossScalar>(_ weights: [Scalar]?) -> [Int]? {
  guard let weights else { return nil }
  let rows = weights.indices.filter { weights[$0]._double != 0 }
  return rows.count == weights.count ? nil : rows
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func doubles<Scalar: LossScalar>(_ numbers: [Scalar]) -> [Double] { numbers.map { $0._double } }
