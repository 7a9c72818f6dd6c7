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
    ]).map(LossCase.init)

  /// Sums: of two, with a sign, with a term of coefficient 0, of one term, of families' hardest members.
  static let combinations: [LossCase] =
    [
      0.75 * RegressionLoss.squaredError + 0.25 * .absoluteError,
      RegressionLoss.huber(delta: 0.5) - 0.125 * .squaredError + 3 * .quantile(level: 0.25),
      0 * RegressionLoss.robust(shape: 0.5) + 2 * .logCosh,
      2 * RegressionLoss.poisson,
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
    switch Self.familyName {
    case "binary": .logit
    case "margin": .margin
    default: terms.contains { $0.summand.entry?.name == "poisson" } ? .logOfRate : .residual
    }
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
  case residual, logOfRate, logit, margin

  /// Legal targets.
  var targets: [Double] {
    switch self {
    case .residual: [0, 0.5, -3, 1.1]
    case .logOfRate: [0, 0.5, 1, 7, 1000]
    case .logit: [0, 1, 0.25, 0.9, 0.001]
    case .margin: [-1, 1]
    }
  }

  /// A legal target for a random number in 0..<1.
  func target(_ u: Double) -> Double {
    switch self {
    case .residual: 4 * u - 2
    case .logOfRate: (8 * u).rounded(.down)
    case .logit: u < 0.4 ? 0 : u < 0.8 ? 1 : u
    case .margin: u < 0.5 ? -1 : 1
    }
  }
}
