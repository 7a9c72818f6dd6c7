import CLossKernels
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// A distribution loss as an argument of tests.
struct DistributionCase: Sendable, CustomTestStringConvertible {
  let loss: DistributionLoss
  var testDescription: String { loss.description }

  init(_ loss: DistributionLoss) { self.loss = loss }

  /// Every loss of the catalogue.
  static let defaults = DistributionLoss.catalogue.map { DistributionCase($0.defaultLoss) }

  /// With more choices of the parameters: powers of two let predictions hit a kink exactly; one level, and as many as
  /// leave room for few rows in a tile.
  static let all =
    defaults
    + [
      .gaussian(varianceFloor: 0.25), .intervalScore(level: 0.5), .intervalScore(level: 0.9),
      .quantiles(levels: [0.25], crossingPenalty: 3), .quantiles(levels: [0.25, 0.5, 0.75], crossingPenalty: 0),
      .quantiles(levels: [0.125, 0.5], crossingPenalty: 0.5), .quantiles(levels: percentiles, crossingPenalty: 2),
    ].map(DistributionCase.init)

  static let percentiles = (1...99).map { Double($0) / 100 }
}

/// Rows of predictions, with targets and weights.
struct Rows<S: TestScalar> {
  var columns: Int
  var predictions: [S] = []
  var targets: [S] = []
  var weights: [S] = []

  var count: Int { targets.count }

  func row(_ i: Int) -> [S] { Array(predictions[i * columns..<(i + 1) * columns]) }

  /// Random rows; a part of the weights is 0.
  static func random(_ loss: DistributionLoss, count: Int, seed: UInt64 = 1) -> Self {
    var random = SplitMix64(seed: seed)
    var rows = Self(columns: loss.columnCount)
    for _ in 0..<count {
      for _ in 0..<rows.columns { rows.predictions.append(S.make(Double.random(in: -3...3, using: &random))) }
      rows.targets.append(S.make(Double.random(in: -2...2, using: &random)))
      rows.weights.append(S.make(max(0, Double.random(in: -0.2..<2, using: &random))))
    }
    return rows
  }

  /// Rows where a loss may go wrong: every residual with every width, from far tails to ties.
  static func difficult(_ loss: DistributionLoss) -> Self {
    var rows = random(loss, count: 500, seed: 2)
    let small: [Double] = [0, 1.2e-38, 1e-20, 1e-9, 1e-3, 0.25, 0.5, 0.8325546, 1, 1.1774, 2, 3, 5, 9, 20, 40, 87]
    let large: [Double] = [88.7, 90, 104, 150, 177.4, 200, 709, 745, 1e4, 1e10, 1e19, 1e30, 1e38, 1e150, 1e200, 1e300]
    let numbers = (small + large).flatMap { [S.make($0), S.make(-$0)] }.filter(\.isFinite)
    func add(_ row: [S], _ target: S) {
      rows.predictions += row
      rows.targets.append(target)
      rows.weights.append(1)
    }
    for a in numbers + [.nan] {
      for b in numbers + [.nan] {
        if rows.columns == 2 {
          add([a, b], 0)
          add([a + 1, b], 1)
        } else if rows.columns < 9 {
          // Ties of all kinds.
          add((0..<rows.columns).map { $0 == rows.columns / 2 ? b : a }, 0)
          add((0..<rows.columns).map { $0 == 0 ? b : a }, b)
        }
      }
    }
    return rows
  }
}

/// What a call gives.
struct RowEvaluation<S: TestScalar> {
  var outcome: EvaluationOutcome
  var values: [S]
  var gradient: [S]
  var curvature: [S]

  func isIdentical(to other: Self) -> Bool {
    outcome.value.bitPattern == other.outcome.value.bitPattern && bits(values) == bits(other.values)
      && bits(gradient) == bits(other.gradient) && bits(curvature) == bits(other.curvature)
  }

  /// Whether only the payloads of NaNs differ.
  func agrees(with other: Self) -> Bool {
    func same<T: BinaryFloatingPoint>(_ x: T, _ y: T) -> Bool { x == y && x.sign == y.sign || x.isNaN && y.isNaN }
    func same(_ x: [S], _ y: [S]) -> Bool { x.count == y.count && zip(x, y).allSatisfy { same($0, $1) } }
    return same(outcome.value, other.outcome.value) && same(values, other.values) && same(gradient, other.gradient)
      && same(curvature, other.curvature)
  }
}

/// Evaluates through the call that all verbs share, with the rows `gap` elements apart in all matrices.
func evaluate<S: TestScalar>(
  _ loss: DistributionLoss, _ rows: Rows<S>, weighted: Bool = false, gap: Int = 0, _ options: Options = Options()
) throws -> RowEvaluation<S> {
  let (m, stride) = (rows.columns, rows.columns + gap)
  let guardValue = S.make(-12345)
  var matrix = [S](repeating: .nan, count: rows.count * stride)
  for i in 0..<rows.count { for j in 0..<m { matrix[i * stride + j] = rows.predictions[i * m + j] } }
  var output = [S](repeating: guardValue, count: rows.count * stride)
  for i in 0..<rows.count { for j in 0..<m { output[i * stride + j] = S.make(options.base ?? 777) } }
  var secondOutput = output
  var values = [S](repeating: guardValue, count: options.mode.givesValues ? rows.count : 0)

  let view = try MatrixView(matrix.span, rowCount: rows.count, columnCount: m, rowStride: stride)
  var call = try RowCall(
    predictions: view, targets: rows.targets.span, weights: weighted ? rows.weights.span : nil)
  call.instructionSet = options.isa
  call.skipsValue = !options.mode.givesValue
  var valuesSpan = values.mutableSpan
  var gradient = try MutableMatrixView(
    output.mutableSpan, rowCount: rows.count, columnCount: m, rowStride: stride)
  if options.mode.givesValues { try call.setValues(&valuesSpan) }
  if options.mode.givesGradient {
    try call.setGradient(&gradient, scale: options.scale, accumulating: options.base != nil)
  }
  var curvature = try MutableMatrixView(
    secondOutput.mutableSpan, rowCount: rows.count, columnCount: m, rowStride: stride)
  if options.mode.givesCurvature { try call.setCurvature(&curvature) }
  let outcome = try call.evaluate(loss, reduction: options.reduction, threads: options.threads)
  let isOutsideUntouched = output.indices.allSatisfy {
    $0 % stride < m || output[$0] == guardValue && secondOutput[$0] == guardValue
  }
  #expect(isOutsideUntouched, "a write between the rows")
  let inside = output.indices.filter { $0 % stride < m }
  return RowEvaluation(
    outcome: outcome, values: values, gradient: options.mode.givesGradient ? inside.map { output[$0] } : [],
    curvature: options.mode.givesCurvature ? inside.map { secondOutput[$0] } : [])
}
