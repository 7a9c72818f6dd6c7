public import Losses
import RealModule

extension MarginLoss: ReferenceLoss {
  /// The value, gradient and curvature of the loss at one sample.
  public func reference<T: ReferenceScalar>(prediction: T, target: T) -> ReferenceSample<T> {
    let y = target
    let ofMargin = reference(margin: y * prediction)
    // The chain rule: the margin is yŷ.
    return ReferenceSample(
      value: ofMargin.value,
      gradient: y * ofMargin.gradient,
      curvature: y * y * ofMargin.curvature)
  }

  /// The value of the loss at the margin `a`, and its first two derivatives with respect to the margin.
  private func reference<T: ReferenceScalar>(margin a: T) -> ReferenceSample<T> {
    let shortfall = positivePart(1 - a)

    switch self {
    case .hinge:
      return ReferenceSample(value: shortfall, gradient: -step(1 - a), curvature: 0)

    case .squaredHinge:
      return ReferenceSample(value: shortfall * shortfall, gradient: -2 * shortfall, curvature: 2 * step(1 - a))

    case .smoothedHinge(let gamma):
      let γ = T(gamma)
      let isLinear = shortfall >= γ
      return ReferenceSample(
        value: isLinear ? shortfall - γ / 2 : (shortfall / γ) * (shortfall / 2),
        gradient: isLinear ? -1 : -shortfall / γ,
        curvature: step(1 - a) * step(γ - shortfall) / γ)

    case .modifiedHuber:
      let isLinear = a < -1
      return ReferenceSample(
        value: isLinear ? -4 * a : shortfall * shortfall,
        gradient: isLinear ? -4 : -2 * shortfall,
        curvature: 2 * step(1 - a) * step(1 + a))

    case .perceptron:
      return ReferenceSample(value: positivePart(-a), gradient: -step(-a), curvature: 0)

    case .exponential:
      let e = T.exp(-a)
      return ReferenceSample(value: e, gradient: -e, curvature: e)

    case .sigmoid:
      let sech = 1 / T.cosh(a)
      return ReferenceSample(
        value: 2 * ReferenceLosses.sigmoid(-2 * a), gradient: -sech * sech, curvature: 2 * T.tanh(a) * sech * sech)

    case .savage:
      let n: T = ReferenceLosses.sigmoid(-a)
      let p: T = ReferenceLosses.sigmoid(a)
      let slope: T = 2 * n * n * p
      return ReferenceSample(value: n * n, gradient: -slope, curvature: slope * (2 * p - n))

    case .distanceWeightedDiscrimination(let exponent):
      let q = T(exponent)
      let edge = q / (q + 1)
      if a.isNaN { return ReferenceSample(value: a, gradient: a, curvature: a) }
      if a < edge { return ReferenceSample(value: 1 - a, gradient: -1, curvature: 0) }
      let fall: T = T.pow(edge / a, q + 1)
      let bend: T = step(a - edge) * (q + 1) / a
      return ReferenceSample(value: T.pow(edge / a, q) / (q + 1), gradient: -fall, curvature: bend * fall)

    case .combination(let combination):
      // The chain rule through the margin holds for every term.
      return combination.reference(prediction: a, target: 1)
    }
  }
}
