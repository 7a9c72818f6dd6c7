import LinearModels
import Losses
import ReferenceLosses

/// The data of a logistic regression, and one point at which its objective is evaluated.
struct LinearData<S: BenchmarkScalar> {
  let loss = BinaryLoss.logistic()
  let features: FeatureMatrix<S>
  let targets: [S]

  /// Coefficients and an intercept.
  let parameters: [Double]

  init(rows: Int, columns: Int) throws(LossError) {
    var generator = SplitMix64(seed: 2)
    let elements = (0..<rows * columns).map { _ in S.rounding(generator.uniform(from: -1, to: 1)) }
    features = try FeatureMatrix(elements, rowCount: rows, columnCount: columns)
    targets = (0..<rows).map { _ in generator.next() % 2 == 0 ? 0 : 1 }
    parameters = (0...columns).map { _ in generator.uniform(from: -0.3, to: 0.3) }
  }

  /// The size of the matrix.
  var bytes: Int { features.elements.count * MemoryLayout<S>.stride }

  /// The objective that is measured.
  func objective(threads: ThreadLimit) throws(LossError) -> LinearObjective<BinaryLoss, S> {
    try LinearObjective(loss: loss, features: features, targets: targets, threads: threads)
  }

  /// Throws unless the objective gives the value and the gradient of a plain sum in `Double`.
  func check(_ objective: LinearObjective<BinaryLoss, S>) throws {
    var gradient = [Double](repeating: .nan, count: parameters.count)
    var output = gradient.mutableSpan
    let value = try objective.valueAndGradient(at: parameters.span, gradient: &output)
    let expected = expectedValueAndGradient()
    try requireClose("linear logistic: value", value, expected.value, tolerance: S.tolerance)
    for j in gradient.indices {
      try requireClose(
        "linear logistic: gradient[\(j)]", gradient[j], expected.gradient[j], tolerance: S.tolerance)
    }
  }

  private func expectedValueAndGradient() -> (value: Double, gradient: [Double]) {
    var gradient = parameters
    var output = gradient.mutableSpan
    let rows = Array(0..<features.rowCount)
    let value = expectedValueAndGradient(of: rows.span, at: parameters.span, gradient: &output)
    return (value, gradient)
  }

  /// The mean over some rows by a plain sum of the reference in `Double`.
  func expectedValueAndGradient(
    of rows: Span<Int>, at parameters: Span<Double>, gradient: inout MutableSpan<Double>
  ) -> Double {
    let (columns, count) = (features.columnCount, Double(rows.count))
    var value = 0.0
    for j in gradient.indices { gradient[j] = 0 }
    for k in rows.indices {
      let start = rows[k] * columns
      var margin = parameters[columns]
      for j in 0..<columns { margin += Double(features.elements[start + j]) * parameters[j] }
      let sample = loss.reference(prediction: margin, target: Double(targets[rows[k]]))
      value += sample.value / count
      for j in 0..<columns { gradient[j] += sample.gradient * Double(features.elements[start + j]) / count }
      gradient[columns] += sample.gradient / count
    }
    return value
  }

  /// Reads the features as often as asked.
  func read(_ loop: RooflineLoop, calls: Int) {
    features.elements.withUnsafeBytes { bytes in
      for _ in 0..<calls { _ = loop.sum(bytes) }
    }
  }

  /// Throws unless the loop reads every word.
  func check(_ loop: RooflineLoop) throws(BenchmarkError) {
    let isRight = features.elements.withUnsafeBytes { bytes in
      loop.sum(bytes) == bytes.bindMemory(to: UInt32.self).reduce(0, &+)
    }
    guard isRight else { throw .wrongRoofline(of: loop.kind.rawValue) }
  }
}
