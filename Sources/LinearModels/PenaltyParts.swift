import Losses
import Optimizers

/// A penalty in two parts: one that a gradient is taken of, and one with kinks, which a proximal step applies.
struct PenaltyParts {
  /// The differentiable summands.
  private(set) var smooth: Penalty?

  /// The others.
  private(set) var kinked: Penalty?

  /// All of it is differentiable, or is to be.
  init(smooth penalty: Penalty?) { smooth = penalty }

  /// Splits a sum.
  init(splitting penalty: Penalty?) {
    guard let penalty, !penalty.isDifferentiable else {
      smooth = penalty
      return
    }
    guard penalty.combination != nil else {
      kinked = penalty
      return
    }
    for term in penalty.terms {
      let summand = term.coefficient * term.summand
      if summand.isDifferentiable {
        smooth = smooth.map { $0 + summand } ?? summand
      } else {
        kinked = kinked.map { $0 + summand } ?? summand
      }
    }
  }

  /// Throws ``Losses/LossError`` where a part with kinks has no proximal operator, or is not one of `count` coefficients.
  func checkProximal(count: Int) throws(LossError) {
    try kinked?.validate(count: count)
    try kinked?.checkProximal()
  }
}

extension Trainer {
  /// Throws ``Losses/LossError`` where training would not minimise the loss plus this penalty with kinks.
  func check(penalty kinked: Penalty?) throws(LossError) {
    if let other = options.penalty {
      throw .invalidArgument(
        argument: "trainer.options.penalty", value: other.description,
        expected: "nil: the penalty of a linear model is that of its own options")
    }
    guard let kinked else { return }
    guard rule.reach != nil else {
      throw .invalidArgument(
        argument: "rule", value: rule.description,
        expected:
          "sgd or nesterov with a penalty that has kinks, \(kinked): the steps of other rules are not in proportion"
          + " to the gradient, and would come to rest elsewhere")
    }
    // A momentum is of gradients without the penalty, and cannot hold what a concave penalty drives apart.
    let hasMomentum =
      switch rule {
      case .sgd(_, momentum: 0, _, _), .nesterov(_, momentum: 0, _): false
      default: true
      }
    guard !hasMomentum || kinked.isConvex else {
      throw .invalidArgument(
        argument: "rule", value: rule.description,
        expected: "sgd without momentum with a penalty that has kinks and is not convex, \(kinked)")
    }
  }
}

/// A mean over samples, plus a penalty with kinks of its first parameters. The gradient is without the penalty: the
/// proximal step sees to that.
struct KinkedSamples<Smooth: SampleObjective<Double>>: SampleObjective {
  let smooth: Smooth
  let kinked: Penalty?
  /// The number of parameters that the penalty sees.
  let coefficientCount: Int
  /// The penalty as it was given.
  let name: String?

  var parameterCount: Int { smooth.parameterCount }
  var sampleCount: Int { smooth.sampleCount }
  var fingerprint: String { smooth.fingerprint + (name.map { ", kinks \($0)" } ?? "") }

  func valueAndGradient(
    at parameters: Span<Double>, samples: Span<Int>, gradient: inout MutableSpan<Double>
  ) throws -> Double {
    try smooth.valueAndGradient(at: parameters, samples: samples, gradient: &gradient) + penalty(at: parameters)
  }

  func value(at parameters: Span<Double>, samples: Span<Int>) throws -> Double {
    try smooth.value(at: parameters, samples: samples) + penalty(at: parameters)
  }

  private func penalty(at parameters: Span<Double>) throws(LossError) -> Double {
    try kinked?.value(at: parameters.extracting(0..<coefficientCount)) ?? 0
  }
}
