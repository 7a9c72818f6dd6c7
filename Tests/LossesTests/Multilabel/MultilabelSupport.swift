import CLossKernels
import Losses
import TestSupport
import Testing

/// A matrix of logits, with targets and weights.
struct LabelSamples<S: TestScalar> {
  var rowCount: Int
  var columnCount: Int
  var predictions: [S]
  var targets: [S]
  var weights: [S]
  var classWeights: [S]
  var positiveWeights: [S]

  /// Random elements that are legal for the loss; some of the weights are 0. Without predictions given, hard labels beside
  /// soft ones.
  static func random(_ loss: BinaryLoss, rows: Int, columns: Int, seed: UInt64 = 1) -> Self {
    let elements = Samples<S>.random(loss.comparison, count: rows * columns, seed: seed)
    var random = SplitMix64(seed: seed + 1)
    func weights(_ count: Int, _ range: Range<Double>) -> [S] {
      (0..<count).map { _ in S.make(max(0, Double.random(in: range, using: &random))) }
    }
    return Self(
      rowCount: rows, columnCount: columns, predictions: elements.predictions, targets: elements.targets,
      weights: weights(rows, -0.3..<2),
      // Their products with the weights of the rows are exact.
      classWeights: (0..<columns).map { _ in S.make([0, 0.5, 1, 2, 8][Int.random(in: 0..<5, using: &random)]) },
      positiveWeights: weights(columns, 0.25..<4))
  }

  /// What stands in a column.
  func column(_ k: Int, of matrix: [S]) -> [S] { (0..<rowCount).map { matrix[$0 * columnCount + k] } }

  /// The first rows.
  func prefix(_ count: Int) -> Self {
    var part = self
    part.rowCount = count
    part.predictions = Array(predictions.prefix(count * columnCount))
    part.targets = Array(targets.prefix(count * columnCount))
    part.weights = Array(weights.prefix(count))
    return part
  }
}

/// Which weights a call is given.
struct LabelWeighting: OptionSet, CaseIterable, Sendable, CustomTestStringConvertible {
  let rawValue: Int
  static let rows = LabelWeighting(rawValue: 1)
  static let classes = LabelWeighting(rawValue: 2)
  static let positives = LabelWeighting(rawValue: 4)
  static let allCases = (0..<8).map { LabelWeighting(rawValue: $0) }
  var testDescription: String { "weights \(rawValue)" }
}

/// Evaluates through the call that all verbs share, with the rows of the four matrices `gap` elements apart.
func evaluate<S: TestScalar>(
  _ loss: BinaryLoss, _ samples: LabelSamples<S>, _ weighting: LabelWeighting = [], gap: Int = 0,
  _ options: Options = Options()
) throws -> Evaluation<S> {
  let (n, k, stride) = (samples.rowCount, samples.columnCount, samples.columnCount + gap)
  let guardValue = S.make(-12345)
  func spread(_ elements: [S]?, filler: S) -> [S] {
    var matrix = [S](repeating: filler, count: n * stride)
    for i in 0..<n { for j in 0..<k { matrix[i * stride + j] = elements?[i * k + j] ?? S.make(options.base ?? 777) } }
    return matrix
  }
  let (z, y) = (spread(samples.predictions, filler: .nan), spread(samples.targets, filler: .nan))
  var values = spread(nil, filler: guardValue)
  var gradient = values
  var curvature = values
  var call = try MultilabelCall(
    predictions: MatrixView(z.span, rowCount: n, columnCount: k, rowStride: stride),
    targets: MatrixView(y.span, rowCount: n, columnCount: k, rowStride: stride),
    weights: weighting.contains(.rows) ? samples.weights.span : nil,
    classWeights: weighting.contains(.classes) ? samples.classWeights.span : nil,
    positiveWeights: weighting.contains(.positives) ? samples.positiveWeights.span : nil)
  call.rows.instructionSet = options.isa
  call.rows.skipsValue = !options.mode.givesValue
  var valueView = try MutableMatrixView(values.mutableSpan, rowCount: n, columnCount: k, rowStride: stride)
  var gradientView = try MutableMatrixView(gradient.mutableSpan, rowCount: n, columnCount: k, rowStride: stride)
  var curvatureView = try MutableMatrixView(curvature.mutableSpan, rowCount: n, columnCount: k, rowStride: stride)
  if options.mode.givesValues { try call.setValues(&valueView) }
  if options.mode.givesGradient {
    try call.rows.setGradient(&gradientView, scale: options.scale, accumulating: options.base != nil)
  }
  if options.mode.givesCurvature { try call.rows.setCurvature(&curvatureView) }
  let outcome = try call.evaluate(loss, reduction: options.reduction, threads: options.threads)
  func inside(_ matrix: [S], _ isWanted: Bool) -> [S] {
    let isUntouched = matrix.indices.allSatisfy { $0 % stride < k || matrix[$0] == guardValue }
    #expect(isUntouched, "a write between the rows")
    return isWanted ? matrix.indices.filter { $0 % stride < k }.map { matrix[$0] } : []
  }
  return Evaluation(
    value: outcome.value, weight: outcome.weight, threads: outcome.threads, isa: outcome.instructionSet,
    values: inside(values, options.mode.givesValues), gradient: inside(gradient, options.mode.givesGradient),
    curvature: inside(curvature, options.mode.givesCurvature))
}
