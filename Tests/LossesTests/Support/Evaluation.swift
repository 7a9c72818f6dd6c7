import CLossKernels
import Losses

/// What a call is asked for.
enum Mode: String, CaseIterable, Sendable {
  case value, values, gradient, curvature, valueAndGradient, everything

  var givesValue: Bool { self != .gradient && self != .curvature }
  var givesValues: Bool { self == .values || self == .everything }
  var givesGradient: Bool { self == .gradient || self == .valueAndGradient || self == .everything }
  var givesCurvature: Bool { self == .curvature || self == .everything }
}

/// Everything that a call can be told besides the loss and the samples.
struct Options {
  var mode = Mode.everything
  var reduction = Reduction.sum
  var scale = 1.0
  var threads: ThreadLimit = 1
  var isa = lk_isa_best
  /// What gradient and curvature are added to.
  var base: Double?
}

/// Everything that a call gives; arrays that were not asked for are empty.
struct Evaluation<S: TestScalar> {
  var value: Double
  var weight: Double
  var threads: Int
  var isa: lk_isa
  var values: [S]
  var gradient: [S]
  var curvature: [S]

  /// Whether every bit is the same.
  func isIdentical(to other: Self) -> Bool {
    value.bitPattern == other.value.bitPattern && bits(values) == bits(other.values)
      && bits(gradient) == bits(other.gradient) && bits(curvature) == bits(other.curvature)
  }
}

/// Evaluates through the call that all verbs share, which can also be told the instruction set.
func evaluate<S: TestScalar>(
  _ loss: any TestedLoss, predictions: Span<S>, targets: Span<S>, weights: Span<S>?, _ options: Options = Options()
) throws -> Evaluation<S> {
  let count = predictions.count
  // Garbage that a result must replace.
  let fill = S.make(options.base ?? 777)
  func output(_ wanted: Bool) -> [S] { Array(repeating: fill, count: wanted ? count : 0) }
  var values = output(options.mode.givesValues)
  var gradient = output(options.mode.givesGradient)
  var curvature = output(options.mode.givesCurvature)

  var call = try PointwiseCall(predictions: predictions, targets: targets, weights: weights)
  call.instructionSet = options.isa
  call.skipsValue = !options.mode.givesValue
  var valuesSpan = values.mutableSpan
  var gradientSpan = gradient.mutableSpan
  var curvatureSpan = curvature.mutableSpan
  if options.mode.givesValues { try call.setValues(&valuesSpan) }
  if options.mode.givesGradient {
    try call.setGradient(&gradientSpan, scale: options.scale, accumulating: options.base != nil)
  }
  if options.mode.givesCurvature { try call.setCurvature(&curvatureSpan) }
  let outcome = try call.evaluate(loss._kernelTerms, reduction: options.reduction, threads: options.threads)
  return Evaluation(
    value: outcome.value, weight: outcome.weight, threads: outcome.threads, isa: outcome.instructionSet,
    values: values, gradient: gradient, curvature: curvature)
}

/// The same for arrays.
func evaluate<S: TestScalar>(
  _ loss: any TestedLoss, _ samples: Samples<S>, weighted: Bool = false, _ options: Options = Options()
) throws -> Evaluation<S> {
  try evaluate(
    loss, predictions: samples.predictions.span, targets: samples.targets.span,
    weights: weighted ? samples.weights.span : nil, options)
}
