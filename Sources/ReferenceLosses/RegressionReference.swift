public import Losses
import RealModule

extension RegressionLoss: ReferenceLoss {
  /// The value, gradient and curvature of the loss at one sample.
  public func reference<T: ReferenceScalar>(prediction: T, target: T) -> ReferenceSample<T> {
    let r = prediction - target

    switch self {
    case .squaredError:
      return ReferenceSample(value: r * r, gradient: 2 * r, curvature: 2)

    case .absoluteError:
      return ReferenceSample(value: r.magnitude, gradient: sign(r), curvature: 0)

    case .huber(let delta):
      let δ = T(delta)
      let isQuadratic = r.magnitude <= δ
      return ReferenceSample(
        value: isQuadratic ? (r / 2) * r : δ * (r.magnitude - δ / 2),
        gradient: isQuadratic ? r : δ * sign(r),
        curvature: step(δ - r.magnitude))

    case .smoothL1(let beta):
      let β = T(beta)
      let isQuadratic = r.magnitude < β
      return ReferenceSample(
        value: isQuadratic ? (r / β) * (r / 2) : r.magnitude - β / 2,
        gradient: isQuadratic ? r / β : sign(r),
        curvature: step(β - r.magnitude) / β)

    case .pseudoHuber(let delta):
      // With r = δ tan θ, the loss is δ²(1/cos θ − 1) = r·δ sin θ/(1 + cos θ), and δ sin θ = r cos θ is the gradient.
      let δ = T(delta)
      let hypotenuse = T.hypot(δ, r)
      let sine = r.isInfinite ? sign(r) : r / hypotenuse
      let cosine = δ / hypotenuse
      let gradient = r.magnitude <= δ ? r * cosine : δ * sine
      return ReferenceSample(
        value: gradient / (1 + cosine) * r,
        gradient: gradient,
        curvature: cosine * cosine * cosine)

    case .logCosh:
      return logCoshReference(r)

    case .logisticDistance:
      // 2 ln cosh(r/2).
      let half = logCoshReference(r / 2)
      return ReferenceSample(value: 2 * half.value, gradient: half.gradient, curvature: half.curvature / 2)

    case .power(let exponent):
      return powerReference(r, exponent: T(exponent))

    case .squaredEpsilonInsensitive(let epsilon):
      let excess = positivePart(r.magnitude - T(epsilon))
      return ReferenceSample(
        value: excess * excess, gradient: 2 * sign(r) * excess,
        curvature: epsilon == 0 ? 2 : 2 * step(r.magnitude - T(epsilon)))

    case .quantile(let level):
      let τ = T(level)
      let slope = (1 - τ) * step(r) - τ * step(-r)
      return ReferenceSample(value: slope * r, gradient: slope, curvature: 0)

    case .expectile(let level):
      let τ = T(level)
      let factor = (1 - τ) * step(r) + τ * step(-r)
      return ReferenceSample(value: (factor * r) * r, gradient: 2 * factor * r, curvature: 2 * factor)

    case .epsilonInsensitive(let epsilon):
      let excess = r.magnitude - T(epsilon)
      return ReferenceSample(value: positivePart(excess), gradient: sign(r) * step(excess), curvature: 0)

    case .poisson:
      let rate = T.exp(prediction)
      if rate.isInfinite {
        // exp ŷ outgrows yŷ; while √(exp ŷ) is finite, factoring it out keeps ∞ − ∞ away.
        let root = T.exp(prediction / 2)
        guard root.isFinite else {
          return ReferenceSample(value: .infinity, gradient: .infinity, curvature: .infinity)
        }
        return ReferenceSample(
          value: root * (root - (target / root) * prediction),
          gradient: root * (root - target / root),
          curvature: .infinity)
      }
      return ReferenceSample(
        value: rate - weighted(target, prediction),
        gradient: rate - target,
        curvature: rate)

    case .robust(let shape, let scale):
      return robustReference(residual: r, shape: shape, scale: scale)

    case .robustLikelihood(let shape, let scale):
      var sample = robustReference(residual: r, shape: shape, scale: scale)
      sample.value += T.log(T(scale)) + T(robustLogPartition(shape: shape))
      return sample

    case .cauchy(let scale):
      return logSquareReference(r, scale: T(scale), weight: 1)

    case .studentT(let degreesOfFreedom, let scale):
      let ν = T(degreesOfFreedom)
      let s = T(scale)
      return logSquareReference(r, scale: s * T.sqrt(ν), weight: (ν + 1) / ν / s / s)

    case .gemanMcClure, .welsch, .tukey, .fair, .arctan:
      return boundedReference(r)

    case .gamma, .tweedie, .negativeBinomial:
      return rateReference(prediction, target)

    case .squaredLogError, .absolutePercentageError, .symmetricAbsolutePercentageError:
      return relativeReference(prediction, target)

    case .combination(let combination):
      return combination.reference(prediction: prediction, target: target)
    }
  }
}

private func logCoshReference<T: ReferenceScalar>(_ r: T) -> ReferenceSample<T> {
  // cosh r = 1 + 2 sinh²(r/2) = ½ exp|r| (1 + exp(−2|r|)): the first is exact near 0, the second cannot overflow.
  let sinhOfHalf = T.sinh(r / 2)
  let sech = 1 / T.cosh(r)
  return ReferenceSample(
    value: r.magnitude < 1
      ? T.log(onePlus: 2 * sinhOfHalf * sinhOfHalf)
      : r.magnitude + T.log(onePlus: T.exp(-2 * r.magnitude)) - T.log(2),
    gradient: T.tanh(r),
    curvature: sech * sech)
}

/// `|r|^p`.
private func powerReference<T: ReferenceScalar>(_ r: T, exponent p: T) -> ReferenceSample<T> {
  let x = r.magnitude
  if p == 1 { return ReferenceSample(value: x, gradient: sign(r), curvature: 0) }
  if p == 2 { return ReferenceSample(value: x * x, gradient: 2 * r, curvature: 2) }
  if r.isNaN { return ReferenceSample(value: r, gradient: r, curvature: r) }
  if x == 0 { return ReferenceSample(value: 0, gradient: 0, curvature: p < 2 ? .infinity : 0) }
  return ReferenceSample(
    value: T.pow(x, p), gradient: p * T.pow(x, p - 1) * sign(r), curvature: p * (p - 1) * T.pow(x, p - 2))
}

/// `weight · (c²/2) ln(1 + (r/c)²)`.
private func logSquareReference<T: ReferenceScalar>(_ r: T, scale c: T, weight: T) -> ReferenceSample<T> {
  let u = (r / c) * (r / c)
  return ReferenceSample(
    value: weight * c / 2 * c * T.log(onePlus: u),
    gradient: r.isInfinite ? 0 * sign(r) : weight * r / (1 + u),
    curvature: r.isInfinite ? 0 : weight * ((1 - u) / (1 + u)) / (1 + u))
}
