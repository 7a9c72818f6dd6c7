import Losses
import ReferenceLosses
import Testing

typealias TestedLoss = PointwiseFamily & ReferenceLoss

/// A loss as an argument of tests.
struct LossCase: Sendable, CustomTestStringConvertible {
  let loss: any TestedLoss
  var testDescription: String { loss.description }

  init(_ loss: any TestedLoss) { self.loss = loss }

  /// Every loss of every catalogue, by itself: with its defaults, and with more choices of its parameters. Powers of two let
  /// predictions hit a kink exactly in either scalar; the others are what people use.
  static let singles: [LossCase] =
    (defaults(RegressionLoss.self) + defaults(BinaryLoss.self) + defaults(MarginLoss.self) + [
      RegressionLoss.huber(delta: 0.25), RegressionLoss.huber(delta: 1.35), RegressionLoss.huber(delta: 1024),
      RegressionLoss.smoothL1(beta: 0.125), RegressionLoss.smoothL1(beta: 3),
      RegressionLoss.pseudoHuber(delta: 0.25), RegressionLoss.pseudoHuber(delta: 10),
      RegressionLoss.quantile(level: 0.25), RegressionLoss.quantile(level: 0.9),
      RegressionLoss.expectile(level: 0.125), RegressionLoss.expectile(level: 0.9),
      RegressionLoss.epsilonInsensitive(epsilon: 0), RegressionLoss.epsilonInsensitive(epsilon: 0.5),
      BinaryLoss.logistic(positiveWeight: 4, labelSmoothing: 0),
      BinaryLoss.logistic(positiveWeight: 1, labelSmoothing: 0.125),
      BinaryLoss.logistic(positiveWeight: 0.3, labelSmoothing: 0.001),
      BinaryLoss.logistic(positiveWeight: 1, labelSmoothing: 1),
      BinaryLoss.focal(alpha: 0.5, gamma: 0), BinaryLoss.focal(alpha: 0.25, gamma: 0.5),
      BinaryLoss.focal(alpha: 0.75, gamma: 5), BinaryLoss.focal(alpha: 0, gamma: 2),
      BinaryLoss.focal(alpha: 1, gamma: 1),
      MarginLoss.smoothedHinge(gamma: 0.25), MarginLoss.smoothedHinge(gamma: 3),
      RegressionLoss.robust(shape: -.infinity, scale: 0.5), RegressionLoss.robust(shape: -2, scale: 2),
      RegressionLoss.robust(shape: 0, scale: 1), RegressionLoss.robust(shape: 0.5, scale: 1),
      RegressionLoss.robust(shape: 1.5, scale: 1), RegressionLoss.robust(shape: 2, scale: 0.5),
      RegressionLoss.robust(shape: 3, scale: 2), RegressionLoss.robust(shape: 1e-9, scale: 1),
      RegressionLoss.robustLikelihood(shape: 0, scale: 0.5), RegressionLoss.robustLikelihood(shape: 0.01, scale: 1),
      RegressionLoss.robustLikelihood(shape: 1.9, scale: 2),
    ] + further).map(LossCase.init)

  private static let further: [any TestedLoss] = [
    RegressionLoss.power(p: 1), RegressionLoss.power(p: 2), RegressionLoss.power(p: 3.25),
    RegressionLoss.squaredEpsilonInsensitive(epsilon: 0), RegressionLoss.squaredEpsilonInsensitive(epsilon: 0.5),
    RegressionLoss.cauchy(scale: 0.5), RegressionLoss.cauchy(scale: 3),
    RegressionLoss.gemanMcClure(scale: 0.5), RegressionLoss.gemanMcClure(scale: 3),
    RegressionLoss.welsch(scale: 0.5), RegressionLoss.welsch(scale: 3), RegressionLoss.tukey(scale: 1),
    RegressionLoss.fair(scale: 0.5), RegressionLoss.fair(scale: 1.4),
    RegressionLoss.arctan(scale: 0.5), RegressionLoss.arctan(scale: 3),
    RegressionLoss.studentT(degreesOfFreedom: 1, scale: 0.5), RegressionLoss.studentT(degreesOfFreedom: 30, scale: 2),
    RegressionLoss.tweedie(power: -0.25), RegressionLoss.tweedie(power: 0), RegressionLoss.tweedie(power: 1),
    RegressionLoss.tweedie(power: 1.875), RegressionLoss.tweedie(power: 2), RegressionLoss.tweedie(power: 3),
    RegressionLoss.negativeBinomial(dispersion: 1e-6), RegressionLoss.negativeBinomial(dispersion: 4),
    RegressionLoss.absolutePercentageError(floor: 0.75),
    BinaryLoss.poly1(epsilon: -0.5), BinaryLoss.poly1(epsilon: 3),
    BinaryLoss.asymmetric(gammaPositive: 0, gammaNegative: 0, clip: 0),
    BinaryLoss.asymmetric(gammaPositive: 1, gammaNegative: 2, clip: 0),
    BinaryLoss.asymmetric(gammaPositive: 0.5, gammaNegative: 1.5, clip: 0.25),
    BinaryLoss.asymmetric(gammaPositive: 0, gammaNegative: 0, clip: 0.5),
    BinaryLoss.generalizedCrossEntropy(q: 0),
    BinaryLoss.generalizedCrossEntropy(q: 1),
    MarginLoss.distanceWeightedDiscrimination(q: 3), MarginLoss.distanceWeightedDiscrimination(q: 0.5),
  ]

  /// Sums: of two, with a sign, with a term of coefficient 0, of one term, of families' hardest members.
  static let combinations: [LossCase] =
    [
      0.75 * RegressionLoss.squaredError + 0.25 * .absoluteError,
      RegressionLoss.huber(delta: 0.5) - 0.125 * .squaredError + 3 * .quantile(level: 0.25),
      0 * RegressionLoss.robust(shape: 0.5) + 2 * .logCosh,
      2 * RegressionLoss.poisson, 0.5 * RegressionLoss.tukey(scale: 2) + .cauchy(scale: 0.5),
    ].map(LossCase.init)
    + [
      BinaryLoss.logistic() + 2 * .focal(alpha: 0.5, gamma: 1),
      BinaryLoss.logistic(labelSmoothing: 0.125) - 0.25 * .focal(),
    ].map(LossCase.init)
    + [0.5 * MarginLoss.hinge + 0.5 * .squaredHinge, 1 * MarginLoss.exponential].map(LossCase.init)

  static let all = singles + combinations

  private static func defaults<Family: TestedLoss>(_ family: Family.Type) -> [any TestedLoss] {
    family.catalogue.map(\.defaultLoss)
  }

  /// One row per kernel.
  static let kernels: [LossCase] =
    (defaults(RegressionLoss.self) + defaults(BinaryLoss.self) + defaults(MarginLoss.self)).map(LossCase.init)
}

extension LossFamily where Self: PointwiseLoss & Combinable {
  /// What the loss compares: it decides which targets are legal.
  var comparison: Comparison {
    let names = Set(terms.compactMap { $0.summand.entry?.name })
    if names.contains("crossEntropyOfProbabilities") { return .probability }
    if Self.familyName == "binary" { return .logit }
    if Self.familyName == "margin" { return .margin }
    if names.contains("squaredLogError") { return .aboveMinusOne }
    if !names.isDisjoint(with: ["absolutePercentageError", "symmetricAbsolutePercentageError"]) { return .level }
    let power = terms.compactMap {
      $0.summand.entry?.name == "tweedie" ? $0.summand._kernelTerms.first.parameterValues[0] : nil
    }.max()
    if names.contains("gamma") || power ?? 0 >= 2 { return .logOfMean }
    return power != nil || !names.isDisjoint(with: ["poisson", "negativeBinomial"]) ? .logOfRate : .residual
  }

  /// The same loss with its parameters rounded to `S`, which is what the kernels of `S` compute with.
  func rounded<S: TestScalar>(to scalar: S.Type) throws -> Self {
    let text = terms.map { term in
      let values = term.summand._kernelTerms.first.parameterValues
      let parameters = zip(term.summand.entry!.parameters, values).map { "\($0.name): \(S.make($1)._double)" }
      let summand = "\(term.summand.entry!.name)(\(parameters.joined(separator: ", ")))"
      let coefficient = S.make(term.coefficient)._double
      return combination == nil ? summand : "\(coefficient < 0 ? "-" : "+") \(abs(coefficient)) * \(summand)"
    }.joined(separator: " ")
    return try Self(text.hasPrefix("+") ? String(text.dropFirst()) : text)
  }
}

enum Comparison {
  case residual, logOfRate, logOfMean, level, aboveMinusOne, logit, probability, margin

  /// Whether the loss changes most where the prediction is the target.
  var isAroundTarget: Bool { self == .residual || self == .level || self == .aboveMinusOne }

  /// Legal targets.
  var targets: [Double] {
    switch self {
    case .residual: [0, 0.5, -3, 1.1]
    case .logOfRate: [0, 0.5, 1, 7, 1000]
    case .logOfMean: [0.5, 1, 7, 1000, 0.01]
    case .level: [0, 0.5, -3, 1.1, 0.001]
    case .aboveMinusOne: [0, 0.5, -0.5, 7, 1000]
    case .logit, .probability: [0, 1, 0.25, 0.9, 0.001]
    case .margin: [-1, 1]
    }
  }

  /// A legal prediction for a number in −4...4.
  func prediction(_ x: Double) -> Double {
    switch self {
    case .probability: (x + 4) / 8
    case .aboveMinusOne: (x + 3) / 2
    default: x
    }
  }

  /// A legal target for a random number in 0..<1.
  func target(_ u: Double) -> Double {
    switch self {
    case .residual: 4 * u - 2
    case .logOfRate: (8 * u).rounded(.down)
    case .logOfMean: 0.125 + 8 * u
    case .level: 4 * u - 2
    case .aboveMinusOne: 4 * u - 0.5
    case .logit, .probability: u < 0.4 ? 0 : u < 0.8 ? 1 : u
    case .margin: u < 0.5 ? -1 : 1
    }
  }
}
