import CLossKernels
import Synchronization

/// The normaliser of Barron's family: `Z(α) = ∫ exp(−ρ(x)) dx` with ρ = `robust(shape: α, scale: 1)`, for `α ≥ 0`.
struct RobustPartition {
  /// `ln Z(α)`; NaN for a shape without a density.
  let logarithm: Double

  /// `d ln Z(α)/dα`, the negative mean of `∂ρ/∂α` under the density.
  let slope: Double

  /// The relative error is below 1e-12; a shape that was asked for last costs nothing.
  init(shape: Double) {
    self = Self.latest.withLock { latest in
      if latest.shape != shape { latest = (shape, Self(integrating: shape)) }
      return latest.partition
    }
  }

  private static let latest = Mutex<(shape: Double, partition: RobustPartition)>((.nan, Self(integrating: .nan)))

  /// By the double-exponential rule on the half line, `x = exp(½π sinh t)`: its trapezoids converge geometrically even
  /// where the density falls no faster than `1/x²` (Takahasi and Mori 1974).
  private init(integrating shape: Double) {
    guard shape >= 0, shape.isFinite else {
      logarithm = .nan
      slope = .nan
      return
    }
    let step = 1.0 / 32
    let loss = RegressionLoss.robust(shape: shape, scale: 1)
    var points: [Double] = []
    var widths: [Double] = []
    for k in -128...128 {
      let t = step * Double(k)
      let x = Math.exp(.pi / 2 * Math.sinh(t))
      points.append(x)
      widths.append(step * .pi / 2 * Math.cosh(t) * x)
    }
    let center = [Double](repeating: 0, count: points.count)
    // Neither call can fail: the lengths agree and the shape is in its domain.
    let exponents = (try? loss.values(predictions: points, targets: center, threads: 1)) ?? []
    let masses = zip(widths, exponents).map { $0 * Math.exp(-$1) }
    let means = try? loss.valueAndParameterGradient(
      predictions: points, targets: center, weights: masses, threads: 1)
    logarithm = Math.log(2 * masses.reduce(0, +))
    slope = means.map { -$0.parameterGradient[0] } ?? .nan
  }

  /// The likelihood as the kernels know it, with what they do not compute themselves.
  func terms(shape: Double, scale: Double) -> _KernelTerms {
    _KernelTerms(lk_loss_robust_likelihood, shape, scale, Math.log(scale) + logarithm, slope)
  }
}
