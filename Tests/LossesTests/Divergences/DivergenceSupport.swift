import CLossKernels
import Losses
import ReferenceLosses
import RealModule
import TestSupport
import Testing

/// A divergence as an argument of tests.
struct DivergenceCase: Sendable, CustomTestStringConvertible {
  let loss: DivergenceLoss
  var testDescription: String { loss.description }

  init(_ loss: DivergenceLoss) { self.loss = loss }

  static let defaults = DivergenceLoss.catalogue.map { DivergenceCase($0.defaultLoss) }

  /// Every divergence with every form of the predictions and of the targets.
  static let all: [DivergenceCase] =
    DistributionForm.allCases.flatMap { input in
      DistributionForm.allCases.flatMap { target -> [DivergenceLoss] in
        [
          .kullbackLeibler(input: input, target: target), .reverseKullbackLeibler(input: input, target: target),
          .jensenShannon(input: input, target: target), .totalVariation(input: input, target: target),
          .hellinger(input: input, target: target), .jeffreys(input: input, target: target),
        ]
      }
    }.map(DivergenceCase.init)
    + [.distillation(temperature: 1), .distillation(temperature: 4), .entropy].map(DivergenceCase.init)
}

/// Rows of predictions and targets in the forms of a loss.
struct DivergenceRows<S: TestScalar> {
  var classes: Int
  var predictions: [S] = []
  var targets: [S] = []
  var weights: [S] = []

  var count: Int { classes == 0 ? 0 : predictions.count / classes }

  func prediction(_ i: Int) -> [S] { Array(predictions[i * classes..<(i + 1) * classes]) }
  func target(_ i: Int) -> [S] { Array(targets[i * classes..<(i + 1) * classes]) }

  /// The numbers of a form that have the softmax of `logits`.
  static func row(_ logits: [Double], _ form: DistributionForm) -> [S] {
    let top = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + Double.exp($1 - top) }
    return logits.map { z in
      switch form {
      case .logits: S.make(z)
      case .logProbabilities: S.make(z - top - Double.log(sum))
      case .probabilities: S.make(Double.exp(z - top) / sum)
      }
    }
  }

  /// Random rows without zeros; a part of the weights is 0.
  static func random(_ loss: DivergenceLoss, classes: Int, count: Int, seed: UInt64 = 1) -> Self {
    var random = SplitMix64(seed: seed)
    var rows = Self(classes: classes)
    func logits() -> [Double] { (0..<classes).map { _ in Double.random(in: -3...3, using: &random) } }
    for _ in 0..<count {
      rows.predictions += row(logits(), loss.input)
      rows.targets += row(logits(), loss.target)
      rows.weights.append(S.make(max(0, Double.random(in: -0.2..<2, using: &random))))
    }
    return rows
  }

  /// Rows where a divergence may go wrong: equal, almost equal, of a single class, with zeros on either side, far apart.
  static func difficult(_ loss: DivergenceLoss, classes: Int) -> Self {
    var rows = random(loss, classes: classes, count: 4, seed: 3)
    var random = SplitMix64(seed: 4)
    func logits(_ size: Double) -> [Double] {
      (0..<classes).map { _ in Double.random(in: -size...size, using: &random) }
    }
    func add(_ p: [Double], _ q: [Double]) {
      rows.predictions += row(p, loss.input)
      rows.targets += row(q, loss.target)
      rows.weights.append(1)
    }
    func only(_ kept: Set<Int>, of row: [Double]) -> [Double] {
      row.indices.map { kept.contains($0) ? row[$0] : -.infinity }
    }
    for size in [1.0, 20, 80, 300] {
      let p = logits(size)
      add(p, logits(size))
      add(p, p)
      for distance in [1e-1, 1e-3, 1e-6, 1e-9] {
        add(p, p.map { $0 + Double.random(in: -distance...distance, using: &random) })
      }
      let half = Set((0..<max(1, classes / 2)))
      add(p, only([classes - 1], of: p))
      add(p, only([0], of: p))
      add(only(half, of: p), logits(size))
      add(logits(size), only(half, of: p))
      add(only(half, of: p), only(half, of: logits(size)))
      add(only([0], of: p), only([0], of: p))
      add(only([0], of: p), only([classes - 1], of: p))
    }
    return rows
  }
}

/// Evaluates through the call that all verbs share, with the rows `gap` elements apart in all matrices.
func evaluate<S: TestScalar>(
  _ loss: DivergenceLoss, _ rows: DivergenceRows<S>, weighted: Bool = false, gap: Int = 0,
  _ options: Options = Options()
) throws -> RowEvaluation<S> {
  let (k, stride) = (rows.classes, rows.classes + gap)
  let guardValue = S.make(-12345)
  func spread(_ numbers: [S], _ filler: S) -> [S] {
    (0..<rows.count).flatMap { numbers[$0 * k..<($0 + 1) * k] + Array(repeating: filler, count: gap) }
  }
  let (predictions, targets) = (spread(rows.predictions, .nan), spread(rows.targets, .nan))
  var output = spread(Array(repeating: S.make(options.base ?? 777), count: rows.count * k), guardValue)
  var secondOutput = output
  var values = [S](repeating: guardValue, count: options.mode.givesValues ? rows.count : 0)

  let view = try MatrixView(predictions.span, rowCount: rows.count, columnCount: k, rowStride: stride)
  let targetView = try MatrixView(targets.span, rowCount: rows.count, columnCount: k, rowStride: stride)
  var call = try RowCall(
    predictions: view, targets: loss.hasTargets ? targetView : nil, weights: weighted ? rows.weights.span : nil)
  call.instructionSet = options.isa
  call.skipsValue = !options.mode.givesValue
  var valuesSpan = values.mutableSpan
  var gradient = try MutableMatrixView(
    output.mutableSpan, rowCount: rows.count, columnCount: k, rowStride: stride)
  if options.mode.givesValues { try call.setValues(&valuesSpan) }
  if options.mode.givesGradient {
    try call.setGradient(&gradient, scale: options.scale, accumulating: options.base != nil)
  }
  var curvature = try MutableMatrixView(
    secondOutput.mutableSpan, rowCount: rows.count, columnCount: k, rowStride: stride)
  if options.mode.givesCurvature { try call.setCurvature(&curvature) }
  let outcome = try call.evaluate(loss, reduction: options.reduction, threads: options.threads)
  let isOutsideUntouched = output.indices.allSatisfy {
    $0 % stride < k || output[$0] == guardValue && secondOutput[$0] == guardValue
  }
  #expect(isOutsideUntouched, "a write between the rows")
  let inside = output.indices.filter { $0 % stride < k }
  return RowEvaluation(
    outcome: outcome, values: values, gradient: options.mode.givesGradient ? inside.map { output[$0] } : [],
    curvature: options.mode.givesCurvature ? inside.map { secondOutput[$0] } : [])
}
