public import Losses
import RealModule

extension BinaryLoss: ReferenceLoss {
  /// The value, gradient and curvature of the loss at one sample.
  public func reference<T: ReferenceScalar>(prediction: T, target: T) -> ReferenceSample<T> {
    let z = prediction
    let y = target

    switch self {
    case .logistic(let positiveWeight, let labelSmoothing):
      let π = T(positiveWeight)
      let s = T(labelSmoothing)
      let positive = π * ((1 - s) * y + s / 2)  // π y′
      let negative = (1 - s) * (1 - y) + s / 2  // 1 − y′
      return ReferenceSample(
        value: weighted(positive, softplus(-z)) + weighted(negative, softplus(z)),
        gradient: negative * sigmoid(z) - positive * sigmoid(-z),
        curvature: (positive + negative) * sigmoid(z) * sigmoid(-z))

    case .focal(let alpha, let gamma):
      let α = T(alpha)
      let positive = α * y
      let negative = (1 - α) * (1 - y)
      let whenPositive = focalTerm(z, gamma: T(gamma))
      let whenNegative = focalTerm(-z, gamma: T(gamma))
      return ReferenceSample(
        value: weighted(positive, whenPositive.value) + weighted(negative, whenNegative.value),
        gradient: weighted(positive, whenPositive.gradient) - weighted(negative, whenNegative.gradient),
        curvature: weighted(positive, whenPositive.curvature) + weighted(negative, whenNegative.curvature))

    case .combination(let combination):
      return combination.reference(prediction: prediction, target: target)
    }
  }
}

/// `P(z) = −(1 − p)^γ ln p` with `p = σ(z)`, and its first two derivatives.
private func focalTerm<T: ReferenceScalar>(_ z: T, gamma γ: T) -> ReferenceSample<T> {
  if z == -.infinity { return ReferenceSample(value: .infinity, gradient: -1, curvature: 0) }

  let p = sigmoid(z)
  let q = sigmoid(-z)  // 1 − p
  let logLoss = softplus(-z)  // −ln p
  let pLogLoss = p * logLoss
  // (1 − p)^γ = exp(−γ softplus(z)), where softplus(z) = max(0, z) + ln(1 + exp(−|z|)).
  let modulation = expOfProduct(-γ, positivePart(z)) * T.exp(-γ * T.log(onePlus: T.exp(-z.magnitude)))
  return ReferenceSample(
    value: modulation * logLoss,
    gradient: -modulation * (γ * pLogLoss + q),
    curvature: modulation * (γ * γ * p * pLogLoss + (2 * γ + 1) * p * q - γ * q * pLogLoss))
}
