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
    self.range = range ?? -max(3, reach)...max(3, reach)
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
    case let loss as RegressionLoss where Self.isOfRates(loss): [(0, "y = 0"), (1, "y = 1"), (3, "y = 3")]
    default: [(0, nil)]
    }
  }

  /// Whether the loss depends on more than the residual.
  private static func isOfRates(_ loss: RegressionLoss) -> Bool {
    loss.terms.contains { $0.summand == .poisson }
  }

  private var axisLabel: String {
    switch loss {
    case is BinaryLoss: "logit z"
    case is MarginLoss: "margin a = yŷ"
    case let loss as RegressionLoss where Self.isOfRates(loss): "linear predictor ŷ, the logarithm of the mean"
    default: "residual r = ŷ − y"
    }
  }

  private var likelihoodLabel: String {
    switch loss.noiseModel {
    case nil: "exp(−loss), not normalised"
    case .poisson?: "probability exp(−loss)/y!"
    case .bernoulli?: "probability exp(−loss)"
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
  private func result(_ prediction: Double, _ target: Double) -> Evaluation<Double>.Result? {
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
    case .squaredError, .pseudoHuber, .logCosh, .poisson, .robust, .robustLikelihood: []
    case .combination(let sum): sum.terms.flatMap { breaks(of: $0.summand) }
    }
  }

  private static func breaks(of loss: MarginLoss) -> [Double] {
    switch loss {
    case .hinge, .squaredHinge: [1]
    case .smoothedHinge(let gamma): [1 - gamma, 1]
    case .modifiedHuber: [-1, 1]
    case .perceptron: [0]
    case .exponential: []
    case .combination(let sum): sum.terms.flatMap { breaks(of: $0.summand) }
    }
  }
}
