import Losses
import RealModule

extension RegressionLoss {
  /// The losses of the logarithm `η` of a mean.
  func rateReference<T: ReferenceScalar>(_ η: T, _ y: T) -> ReferenceSample<T> {
    switch self {
    case .gamma:
      let share = y * T.exp(-η)
      return ReferenceSample(value: share.isInfinite ? share : η + share, gradient: 1 - share, curvature: share)

    case .tweedie(let power):
      if η.isNaN { return ReferenceSample(value: η, gradient: η, curvature: η) }
      let p = T(power)
      let first = weighted(y, powerMean(1 - p, η))
      let second = powerMean(2 - p, η)
      let pull = weighted(y, T.exp((1 - p) * η))
      let rise = T.exp((2 - p) * η)
      return ReferenceSample(
        value: dominantSum(second, -first, η), gradient: dominantSum(rise, -pull, η),
        curvature: dominantSum(weighted(2 - p, rise), -weighted(1 - p, pull), η))

    case .negativeBinomial(let dispersion):
      let α = T(dispersion)
      let x = α * T.exp(η)
      // ln(1 + x), and ln(1 + x) − η.
      let logarithm = x > 1 ? η + T.log(α) + T.log(onePlus: 1 / x) : T.log(onePlus: x)
      let rest = x > 1 ? T.log(α) + T.log(onePlus: 1 / x) : T.log(onePlus: x) - η
      let share = x > 1 ? 1 / (1 + 1 / x) / α : T.exp(η) / (1 + x)
      return ReferenceSample(
        value: logarithm / α + weighted(y, rest), gradient: share - y / (1 + x),
        curvature: share / (1 + x) * (1 + α * y))

    default:
      return reference(prediction: η, target: y)
    }
  }

  /// The losses that compare prediction and target with the size of either.
  func relativeReference<T: ReferenceScalar>(_ prediction: T, _ y: T) -> ReferenceSample<T> {
    let r = prediction - y
    switch self {
    case .squaredLogError:
      let d = T.log(onePlus: r / (1 + y))
      if prediction.isInfinite { return ReferenceSample(value: d * d, gradient: 0, curvature: 0) }
      return ReferenceSample(
        value: d * d, gradient: 2 * d / (1 + prediction), curvature: 2 * (1 - d) / (1 + prediction) / (1 + prediction))

    case .absolutePercentageError(let floor):
      let base = max(y.magnitude, T(floor))
      return ReferenceSample(value: r.magnitude / base, gradient: sign(r) / base, curvature: 0)

    default:
      let sum = prediction.magnitude + y.magnitude
      if y == 0 { return ReferenceSample(value: r.isNaN ? r : sum == 0 ? 0 : 2, gradient: r - r, curvature: r - r) }
      // On the target's side of 0 the loss is 2(|ŷ| − |y|)/(|ŷ| + |y|) or its negative.
      let side = step(sign(y) * prediction)
      let slope = 4 * y.magnitude / sum / sum
      return ReferenceSample(
        value: 2 * r.magnitude / sum, gradient: side * sign(r) * slope,
        curvature: -side * sign(prediction.magnitude - y.magnitude) * 2 * slope / sum)
    }
  }
}

/// `(exp(aη) − 1)/a`, η where a is 0.
private func powerMean<T: ReferenceScalar>(_ a: T, _ η: T) -> T {
  a == 0 ? η : T.expMinusOne(a * η) / a
}

/// `a + b`, of which `a` outgrows `b` where η is positive, and `b` outgrows `a` where it is negative.
private func dominantSum<T: ReferenceScalar>(_ a: T, _ b: T, _ η: T) -> T {
  a.isInfinite && b.isInfinite ? (η > 0 ? a : b) : a + b
}
