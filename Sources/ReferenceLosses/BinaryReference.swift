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

    case .crossEntropyOfProbabilities:
      guard (0...1).contains(z) else { return ReferenceSample(value: .nan, gradient: .nan, curvature: .nan) }
      let positive = logLoss(ofProbability: z, logarithm: T.log(z))
      let negative = logLoss(ofProbability: 1 - z, logarithm: T.log(onePlus: -z))
      return ReferenceSample(
        value: weighted(y, positive.value) + weighted(1 - y, negative.value),
        gradient: y * positive.gradient - (1 - y) * negative.gradient,
        curvature: y * positive.curvature + (1 - y) * negative.curvature)

    case .poly1(let epsilon):
      let ε = T(epsilon)
      let (p, q) = (sigmoid(z), sigmoid(-z))
      return ReferenceSample(
        value: weighted(y, softplus(-z) + ε * q) + weighted(1 - y, softplus(z) + ε * p),
        gradient: (1 - y) * p * (1 + ε * q) - y * q * (1 + ε * p),
        curvature: p * q * (p * (1 + ε * (2 * y - 1)) + q * (1 - ε * (2 * y - 1))))

    case .asymmetric(let gammaPositive, let gammaNegative, let clip):
      let whenPositive = focalTerm(z, gamma: T(gammaPositive))
      let whenNegative = clippedTerm(z, gamma: T(gammaNegative), clip: T(clip))
      return ReferenceSample(
        value: weighted(y, whenPositive.value) + weighted(1 - y, whenNegative.value),
        gradient: weighted(y, whenPositive.gradient) + weighted(1 - y, whenNegative.gradient),
        curvature: weighted(y, whenPositive.curvature) + weighted(1 - y, whenNegative.curvature))

    case .generalizedCrossEntropy(let q):
      let whenPositive = generalizedTerm(z, q: T(q))
      let whenNegative = generalizedTerm(-z, q: T(q))
      return ReferenceSample(
        value: weighted(y, whenPositive.value) + weighted(1 - y, whenNegative.value),
        gradient: y * whenPositive.gradient - (1 - y) * whenNegative.gradient,
        curvature: y * whenPositive.curvature + (1 - y) * whenNegative.curvature)

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

/// `−ln p`, below 1e-12 its tangent.
private func logLoss<T: ReferenceScalar>(ofProbability p: T, logarithm: T) -> ReferenceSample<T> {
  let floor = T(0x1p-40)
  if p < floor {
    return ReferenceSample(value: -T.log(floor) + (floor - p) / floor, gradient: -1 / floor, curvature: 0)
  }
  return ReferenceSample(value: -logarithm, gradient: -1 / p, curvature: step(p - floor) / p / p)
}

/// `N(z) = −s^γ ln(1 − s)` with `s = max(σ(z) − m, 0)`, and its first two derivatives.
private func clippedTerm<T: ReferenceScalar>(_ z: T, gamma γ: T, clip m: T) -> ReferenceSample<T> {
  if m == 0 {
    let mirrored = focalTerm(-z, gamma: γ)
    return ReferenceSample(value: mirrored.value, gradient: -mirrored.gradient, curvature: mirrored.curvature)
  }
  let p = sigmoid(z)
  let q = sigmoid(-z)
  let s = p - m
  let u = q + m  // 1 − s
  if s < 0 { return ReferenceSample(value: 0, gradient: 0, curvature: 0) }
  let w = p * q  // σ′
  if s == 0 {
    return ReferenceSample(
      value: 0, gradient: γ == 0 ? w / u / 2 : 0,
      curvature: γ == 0 ? (w * (q - p) / u + w * w / u / u) / 2 : γ == 1 ? w * w : 0)
  }
  let logLoss = s < 0.5 ? -T.log(onePlus: -s) : -T.log(u)
  let power = γ == 0 ? 1 : T.pow(s, γ)
  let inner = power * (γ * logLoss / s + 1 / u)  // dN/ds
  // Apart, because together they take the compiler minutes.
  let (bend, cross, rest): (T, T, T) = (γ * (γ - 1) * logLoss / s / s, 2 * γ / s / u, 1 / u / u)
  let outer = power * (bend + cross + rest)
  return ReferenceSample(value: power * logLoss, gradient: inner * w, curvature: inner * w * (q - p) + outer * w * w)
}

/// `(1 − p^q)/q` with `p = σ(z)`, and its first two derivatives.
private func generalizedTerm<T: ReferenceScalar>(_ z: T, q: T) -> ReferenceSample<T> {
  let logLoss = softplus(-z)
  let (p, rest) = (sigmoid(z), sigmoid(-z))
  let power = q == 0 ? 1 : T.exp(-q * logLoss)
  return ReferenceSample(
    value: q == 0 ? logLoss : -T.expMinusOne(-q * logLoss) / q, gradient: -power * rest,
    curvature: power * rest * (p - q * rest))
}
