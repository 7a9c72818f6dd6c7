import Charts
import Losses

/// The curves of a loss: its value, its gradient and, where asked for, its likelihood.
struct LossCurves {
  private let loss: any PointwiseLoss
  private let range: ClosedRange<Double>
  private let showsLikelihood: Bool

  init(_ loss: any PointwiseLoss, range: ClosedRange<Double>?, likelihood: Bool) {
    self.loss = loss
    showsLikelihood = likelihood
    let reach = Self.breaks(of: loss).map { abs($0) * 1.5 }.max() ?? 0
    self.range = range ?? (Self.isOfProbabilities(loss) ? 0...1 : -max(3, reach)...max(3, reach))
  }

  var figure: Figure {
    var panels = [
      panel("loss", value, isNamed: true), panel("gradient", gradient),
    ]
    if showsLikelihood { panels.append(panel(likelihoodLabel, likelihood)) }
    return Figure(
      title: loss.description, subtitle: subtitle, panels: panels, arrangement: .stackedSharingX,
      width: 720, height: 120 + 220 * Double(panels.count))
  }

  private var subtitle: String {
    let convex = loss.isConvex ? "convex" : "not convex"
    let smooth = loss.isDifferentiable ? "differentiable" : "not differentiable"
    return "\(convex), \(smooth)"
  }

  // MARK: Curves

  /// The targets of the curves, and their names where there are several.
  private var targets: [(value: Double, name: String?)] {
    switch loss {
    case is BinaryLoss: [(1, "y = 1"), (0, "y = 0")]
    case is MarginLoss: [(1, nil)]
    case let loss as RegressionLoss where loss.terms.contains(where: { $0.summand.isOfMean }):
      [(1, "y = 1"), (3, "y = 3")]
    case let loss as RegressionLoss where loss.terms.contains(where: { $0.summand.isOfRate }):
      [(0, "y = 0"), (1, "y = 1"), (3, "y = 3")]
    case let loss as RegressionLoss where loss.terms.contains(where: { $0.summand.isRelative }):
      [(0.5, "y = 0.5"), (1, "y = 1"), (2, "y = 2")]
    default: [(0, nil)]
    }
  }

  private static func isOfProbabilities(_ loss: any PointwiseLoss) -> Bool {
    (loss as? BinaryLoss)?.terms.contains { $0.summand == .crossEntropyOfProbabilities } ?? false
  }

  private var axisLabel: String {
    switch loss {
    case is BinaryLoss: Self.isOfProbabilities(loss) ? "probability p" : "logit z"
    case is MarginLoss: "margin a = yŷ"
    case let loss as RegressionLoss where loss.terms.contains(where: { $0.summand.isOfMean || $0.summand.isOfRate }):
      "linear predictor ŷ, the logarithm of the mean"
    case let loss as RegressionLoss where loss.terms.contains(where: { $0.summand.isRelative }): "prediction ŷ"
    default: "residual r = ŷ − y"
    }
  }

  private var likelihoodLabel: String {
    switch loss.noiseModel {
    case nil: "exp(−loss), not normalised"
    case .poisson?: "probability exp(−loss)/y!"
    case .bernoulli?: "probability exp(−loss)"
    case .negativeBinomial?: "probability of the target"
    case .gamma?, .inverseGaussian?, .logNormal?: "density of the target"
    default: "density exp(−loss)/Z"
    }
  }

  /// One legend, in the first panel, does for all.
  private func panel(_ label: String, _ function: (Double, Double) -> Double, isNamed: Bool = false) -> Panel {
    let series = targets.map { target, name in
      Series.curve(isNamed ? name : nil, over: range, breaks: Self.breaks(of: loss)) { function($0, target) }
    }
    return Panel(x: Axis(axisLabel), y: Axis(label), series: series, references: [.horizontal(0)])
  }

  private func value(_ prediction: Double, _ target: Double) -> Double {
    result(prediction, target)?.outcome.value ?? .nan
  }

  private func gradient(_ prediction: Double, _ target: Double) -> Double {
    result(prediction, target)?.gradient.first ?? .nan
  }

  // The targets are ones that the loss allows; `nil` would leave a gap in the curve.
  private func result(_ prediction: Double, _ target: Double) -> EvaluationResult<Double>? {
    try? Evaluation(predictions: [prediction], targets: [target]).run(
      loss, reduction: .sum, threads: 1, values: false, gradient: true, curvature: false)
  }

  private func likelihood(_ prediction: Double, _ target: Double) -> Double {
    let logarithm = loss.noiseModel?.logDensity(target: target, prediction: prediction)
    return Math.exp(logarithm ?? -value(prediction, target))
  }

  // MARK: Breaks

  /// Where the loss or its gradient has a kink or a jump, as a residual or a margin.
  private static func breaks(of loss: any PointwiseLoss) -> [Double] {
    switch loss {
    case let loss as RegressionLoss: breaks(of: loss)
    case let loss as MarginLoss: breaks(of: loss)
    default: []
    }
  }

  private static func breaks(of loss: RegressionLoss) -> [Double] {
    switch loss {
    case .absoluteError, .quantile, .expectile: [0]
    case .huber(let delta): [-delta, delta]
    case .smoothL1(let beta): [-beta, beta]
    case .epsilonInsensitive(let epsilon): [-epsilon, epsilon]
    case .squaredEpsilonInsensitive(let epsilon): [-epsilon, epsilon]
    case .tukey(let scale): [-scale, scale]
    case .power: [0]
    case .absolutePercentageError: [0.5, 1, 2]
    case .symmetricAbsolutePercentageError: [0, 0.5, 1, 2]
    case .squaredError, .pseudoHuber, .logCosh, .logisticDistance, .robust, .robustLikelihood, .cauchy, .gemanMcClure,
      .welsch, .fair, .arctan, .studentT, .poisson, .gamma, .tweedie, .negativeBinomial, .squaredLogError:
      []
    case .combination(let sum): sum.terms.flatMap { breaks(of: $0.summand) }
    }
  }

  private static func breaks(of loss: MarginLoss) -> [Double] {
    switch loss {
    case .hinge, .squaredHinge: [1]
    case .smoothedHinge(let gamma): [1 - gamma, 1]
    case .modifiedHuber: [-1, 1]
    case .perceptron: [0]
    case .distanceWeightedDiscrimination(let q): [q / (q + 1)]
    case .exponential, .sigmoid, .savage: []
    case .combination(let sum): sum.terms.flatMap { breaks(of: $0.summand) }
    }
  }
}

extension RegressionLoss {
  /// Whether the prediction is the logarithm of a mean that may not be of a target of 0.
  fileprivate var isOfMean: Bool {
    switch self {
    case .gamma: true
    case .tweedie(let power): power >= 2
    default: false
    }
  }

  /// Whether the prediction is the logarithm of a mean.
  fileprivate var isOfRate: Bool {
    switch self {
    case .poisson, .negativeBinomial: true
    case .tweedie(let power): power < 2
    default: false
    }
  }

  /// Whether the loss depends on prediction and target by themselves, not only on the residual.
  fileprivate var isRelative: Bool {
    switch self {
    case .squaredLogError, .absolutePercentageError, .symmetricAbsolutePercentageError: true
    default: false
    }
  }
}
