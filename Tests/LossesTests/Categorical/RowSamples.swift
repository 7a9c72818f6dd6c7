import CLossKernels
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// A categorical loss as an argument of tests.
struct CategoricalCase: Sendable, CustomTestStringConvertible {
  let loss: CategoricalLoss
  var testDescription: String { loss.description }

  /// Every loss, with its defaults and with other parameters. Powers of two let scores meet a margin exactly.
  static let all: [CategoricalCase] =
    (CategoricalLoss.catalogue.map(\.defaultLoss) + [
      .crossEntropy(labelSmoothing: 0.1), .crossEntropy(labelSmoothing: 1), .focal(gamma: 0), .focal(gamma: 0.5),
      .focal(gamma: 5), .poly1(epsilon: -1), .poly1(epsilon: 3), .generalizedCrossEntropy(q: 0),
      .generalizedCrossEntropy(q: 1), .crammerSinger(margin: 0.25), .westonWatkins(power: 2, margin: 1),
      .westonWatkins(power: 1, margin: 0), .westonWatkins(power: 2, margin: 0.3),
    ]).map(CategoricalCase.init)

  /// One row per kernel.
  static let kernels = CategoricalLoss.catalogue.map { CategoricalCase(loss: $0.defaultLoss) }

  init(loss: CategoricalLoss) { self.loss = loss }
}

extension CategoricalLoss {
  /// Whether distributions are targets as well.
  var takesDistributions: Bool {
    switch self {
    case .crammerSinger, .westonWatkins, .perceptron: false
    default: true
    }
  }

  /// The same loss with its parameters rounded to `S`, which is what the kernels of `S` compute with.
  func rounded<S: TestScalar>(to _: S.Type) throws -> CategoricalLoss {
    let entry = try #require(self.entry)
    let arguments = zip(entry.parameters, parameterValues).map { "\($0.name): \(S.make($1)._double)" }
    return try CategoricalLoss("\(entry.name)(\(arguments.joined(separator: ", ")))")
  }
}

/// What the targets of a test are.
enum TargetKind: String, CaseIterable, Sendable {
  case bytes, ints, longs, distributions
}

/// Rows of scores, targets of both kinds and weights.
struct RowSamples<S: TestScalar> {
  var rowCount: Int
  var classCount: Int
  var rowStride: Int
  /// With what lies between the rows, which is NaN.
  var predictions: [S]
  var classes: [Int]
  var distributions: [S]
  var weights: [S]
  var classWeights: [S]

  /// Random rows. Scores are multiples of 2⁻⁸, so that their differences are exact; weights are from [0, 2), some 0.
  static func random(
    _ loss: CategoricalLoss, rowCount: Int, classCount: Int, gap: Int = 0, spread: Double = 6, seed: UInt64 = 1
  ) -> Self {
    var random = SplitMix64(seed: seed &+ UInt64(classCount))
    let stride = classCount + gap
    var samples = Self(
      rowCount: rowCount, classCount: classCount, rowStride: stride,
      predictions: [S](repeating: .nan, count: rowCount * stride), classes: [], distributions: [], weights: [],
      classWeights: [])
    for i in 0..<rowCount {
      for k in 0..<classCount {
        let score = (Double.random(in: -spread...spread, using: &random) * 256).rounded() / 256
        samples.predictions[i * stride + k] =
          loss == .crossEntropyOfProbabilities ? S.make(Double.random(in: 1e-3...1, using: &random)) : S.make(score)
      }
      samples.classes.append(Int.random(in: 0..<classCount, using: &random))
      samples.weights.append(S.make(max(0, Double.random(in: -0.4..<2, using: &random))))
      // Few classes have a share, in eighths that sum to 1.
      var shares = [S](repeating: 0, count: classCount)
      for _ in 0..<8 { shares[Int.random(in: 0..<classCount, using: &random)] += 0.125 }
      samples.distributions += shares
    }
    for _ in 0..<classCount {
      samples.classWeights.append(S.make(max(0, Double.random(in: -0.2..<2, using: &random))))
    }
    return samples
  }

  func row(_ i: Int) -> [S] { Array(predictions[i * rowStride..<i * rowStride + classCount]) }

  /// Some of the rows, in the given order.
  func rows(_ indices: [Int]) -> Self {
    var part = self
    part.rowCount = indices.count
    part.predictions = indices.flatMap { predictions[$0 * rowStride..<($0 + 1) * rowStride] }
    part.classes = indices.map { classes[$0] }
    part.weights = indices.map { weights[$0] }
    part.distributions = indices.flatMap { distributions[$0 * classCount..<($0 + 1) * classCount] }
    return part
  }
}

/// Everything that a call can be told besides the loss and the rows.
struct RowOptions {
  var mode = Mode.everything
  var targets = TargetKind.ints
  var weighted = false
  var classWeighting: ClassWeighting?
  var ignoredIndex: Int?
  var reduction = Reduction.sum
  var scale = 1.0
  var threads: ThreadLimit = 1
  var isa = lk_isa_best
  /// What gradient and curvature are added to.
  var base: Double?
  var overwriting = false
}

/// Evaluates through the call that all verbs share, which can also be told the instruction set. Outputs have the stride
/// of the predictions; what lies between the rows comes back untouched.
func evaluate<S: TestScalar>(
  _ loss: CategoricalLoss, _ samples: RowSamples<S>, _ options: RowOptions = RowOptions()
) throws -> Evaluation<S> {
  switch options.targets {
  case .bytes: try evaluate(loss, samples, options, labels: samples.classes.map { UInt8($0) })
  case .ints: try evaluate(loss, samples, options, labels: samples.classes.map { Int32($0) })
  case .longs, .distributions: try evaluate(loss, samples, options, labels: samples.classes)
  }
}

private func evaluate<S: TestScalar, Label: ClassIndex>(
  _ loss: CategoricalLoss, _ samples: RowSamples<S>, _ options: RowOptions, labels: [Label]
) throws -> Evaluation<S> {
  let fill = S.make(options.base ?? 777)
  let (rowCount, classCount, stride) = (samples.rowCount, samples.classCount, samples.rowStride)
  let size = rowCount * stride
  func output(_ wanted: Bool, _ count: Int) -> [S] { Array(repeating: fill, count: wanted ? count : 0) }
  var values = output(options.mode.givesValues, rowCount)
  var gradient =
    options.overwriting ? samples.predictions : output(options.mode.givesGradient, size)
  var curvature = output(options.mode.givesCurvature, size)

  let weights = options.weighted ? samples.weights.span : nil
  let classWeights = options.classWeighting == nil ? nil : samples.classWeights.span
  let weighting = options.classWeighting ?? .samples
  let distributions = try MatrixView(samples.distributions.span, rowCount: rowCount, columnCount: classCount)
  var valuesSpan = values.mutableSpan
  let (gradientRows, curvatureRows) = (gradient.isEmpty ? 0 : rowCount, curvature.isEmpty ? 0 : rowCount)
  var gradientView = try MutableMatrixView(
    gradient.mutableSpan, rowCount: gradientRows, columnCount: classCount, rowStride: stride)
  var curvatureView = try MutableMatrixView(
    curvature.mutableSpan, rowCount: curvatureRows, columnCount: classCount, rowStride: stride)
  let predictions = try MatrixView(
    samples.predictions.span, rowCount: rowCount, columnCount: classCount, rowStride: stride)
  let isDistribution = options.targets == .distributions
  var call: CategoricalCall =
    switch (options.overwriting, isDistribution) {
    case (false, false):
      try CategoricalCall(
        predictions, targets: labels.span, weights: weights, classWeights: classWeights, classWeighting: weighting,
        ignoredIndex: options.ignoredIndex)
    case (false, true):
      try CategoricalCall(
        predictions, targets: distributions, weights: weights, classWeights: classWeights, classWeighting: weighting)
    case (true, false):
      try CategoricalCall(
        overwriting: &gradientView, targets: labels.span, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: options.ignoredIndex, scale: options.scale)
    case (true, true):
      try CategoricalCall(
        overwriting: &gradientView, targets: distributions, weights: weights, classWeights: classWeights,
        classWeighting: weighting, scale: options.scale)
    }
  call.instructionSet = options.isa
  call.skipsValue = !options.mode.givesValue
  if options.mode.givesValues { try call.setValues(&valuesSpan) }
  if options.mode.givesGradient, !options.overwriting {
    try call.setGradient(&gradientView, scale: options.scale, accumulating: options.base != nil)
  }
  if options.mode.givesCurvature { try call.setCurvature(&curvatureView) }
  let outcome = try call.evaluate(loss, reduction: options.reduction, threads: options.threads)
  return Evaluation(
    value: outcome.value, weight: outcome.weight, threads: outcome.threads, isa: outcome.instructionSet,
    values: values, gradient: gradient, curvature: curvature)
}

extension RowSamples {
  /// The reference of the same call, in the wide type.
  func reference(_ loss: CategoricalLoss, _ options: RowOptions) throws -> ReferenceRows<S.Wide> {
    let reduction: ReferenceReduction =
      switch options.reduction {
      case .sum: .sum
      case .mean: .mean
      case .rootMean: .rootMean
      }
    let wide = distributions.map(\.wide)
    return try loss.rounded(to: S.self).reference(
      predictions: (0..<rowCount).map { row($0).map(\.wide) },
      targets: options.targets == .distributions
        ? .distributions((0..<rowCount).map { Array(wide[$0 * classCount..<($0 + 1) * classCount]) })
        : .classes(classes),
      weights: options.weighted ? weights.map(\.wide) : nil,
      classWeights: options.classWeighting == nil ? nil : classWeights.map(\.wide),
      classWeighting: options.classWeighting ?? .samples, ignoredIndex: options.ignoredIndex, reduction: reduction,
      scale: S.Wide(options.scale))
  }
}
