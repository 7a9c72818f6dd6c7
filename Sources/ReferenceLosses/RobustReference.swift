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
