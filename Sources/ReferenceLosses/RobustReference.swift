import Losses
import RealModule
import Synchronization

/// The value, gradient and curvature of Barron's general robust loss of the residual `r`: with `v = r/c`, `b = |α − 2|`
/// and `u = v²/b`, the value is `(b/α)((1 + u)^(α/2) − 1)`.
func robustReference<T: ReferenceScalar>(residual r: T, shape: Double, scale: Double) -> ReferenceSample<T> {
  let c = T(scale)
  let v = r / c
  if shape == 2 {
    return ReferenceSample(value: v * v / 2, gradient: v / c, curvature: 1 / c / c)
  }
  if shape == -.infinity {
    let e = T.exp(-v * v / 2)
    return ReferenceSample(
      value: -T.expMinusOne(-v * v / 2), gradient: weighted(e, v / c), curvature: weighted(e, 1 - v * v) / c / c)
  }
  let α = T(shape)
  let b = (α - 2).magnitude
  let u = v * v / b
  let logarithm = T.log(onePlus: u)
  let weight = T.exp((α / 2 - 1) * logarithm)
  let share = u.isInfinite ? 1 : u / (1 + u)
  return ReferenceSample(
    value: shape == 0 ? logarithm : b / α * T.expMinusOne(α / 2 * logarithm),
    gradient: weighted(weight, v / c),
    curvature: weighted(weight, 1 + (α - 2) * share) / c / c)
}

/// `ln ∫ exp(−robust(shape: α, scale: 1))`, by the trapezoidal rule in t, where `x = sinh(½π sinh t)`.
func robustLogPartition(shape: Double) -> WidestReferenceScalar {
  partitions.withLock { known in
    if let partition = known[shape] { return partition }
    typealias Wide = WidestReferenceScalar
    let step: Wide = 1 / 128
    var sum: Wide = 0
    for k in -640...640 {
      let t = step * Wide(k)
      let inner = Wide.pi / 2 * Wide.sinh(t)
      let x = Wide.sinh(inner)
      let density = Wide.exp(-robustReference(residual: x, shape: shape, scale: 1).value)
      let width = Wide.pi / 2 * Wide.cosh(t) * Wide.cosh(inner)
      sum += weighted(density, step * width)
    }
    known[shape] = Wide.log(sum)
    return Wide.log(sum)
  }
}

/// Every sample of a test asks for the same few.
private let partitions = Mutex<[Double: WidestReferenceScalar]>([:])

extension RegressionLoss {
  /// The losses of the residual that are written with `u = (r/c)²`.
  func boundedReference<T: ReferenceScalar>(_ r: T) -> ReferenceSample<T> {
    switch self {
    case .gemanMcClure(let scale):
      let u = (r / T(scale)) * (r / T(scale))
      return ReferenceSample(
        value: r / (1 + u) * (r / 2), gradient: r / (1 + u) / (1 + u),
        curvature: (1 - 3 * u) / (1 + u) / (1 + u) / (1 + u))

    case .welsch(let scale):
      let c = T(scale)
      let u = (r / c) * (r / c)
      return ReferenceSample(
        value: -c * T.expMinusOne(-u) * (c / 2), gradient: weighted(T.exp(-u), r),
        curvature: weighted(T.exp(-u), 1 - 2 * u))

    case .tukey(let scale):
      let c = T(scale)
      if r.magnitude >= c { return ReferenceSample(value: c * c / 6, gradient: 0, curvature: 0) }
      // 1 − w³ = (1 − w)(1 + w + w²) with w = 1 − (r/c)².
      let w = (c - r.magnitude) / c * ((c + r.magnitude) / c)
      return ReferenceSample(
        value: r * r / 6 * (1 + w + w * w), gradient: r * w * w, curvature: w * (w - 4 * (r / c) * (r / c)))

    case .fair(let scale):
      let c = T(scale)
      let v = r.magnitude / c
      // v − ln(1 + v) by its series where it cancels.
      var difference = v - T.log(onePlus: v)
      if v < 0.02 {
        difference = 0
        for n in stride(from: 12, through: 2, by: -1) { difference = v * difference + (n % 2 == 0 ? 1 : -1) / T(n) }
        difference *= v * v
      }
      return ReferenceSample(
        value: c * (c * difference), gradient: r / (1 + v), curvature: 1 / (1 + v) / (1 + v))

    case .arctan(let scale):
      let c = T(scale)
      let u = (r / c) * (r / c)
      return ReferenceSample(
        value: c / 2 * c * T.atan(u), gradient: r / (1 + u * u), curvature: (1 - 3 * u * u) / (1 + u * u) / (1 + u * u))

    default:
      return reference(prediction: r, target: 0)
    }
  }
}
