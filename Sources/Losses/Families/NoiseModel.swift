/// A distribution of the target, given the prediction, whose negative log-likelihood is a loss up to a term free of
/// the prediction. With `Z` the integral of `exp(−loss)` over the target, the density is `exp(−loss)/Z`.
///
/// `x` is the target minus the prediction.
@nonexhaustive
public enum NoiseModel: Hashable, Sendable {
  /// Normal, of this variance.
  case gaussian(variance: Double)
  /// `∝ exp(−|x|/scale)`.
  case laplace(scale: Double)
  /// `∝ exp(−τx)` above the prediction, `∝ exp(−(1 − τ)|x|)` below: the prediction is the τ-quantile.
  case asymmetricLaplace(level: Double)
  /// `∝ exp(−τx²)` above the prediction, `∝ exp(−(1 − τ)x²)` below.
  case asymmetricGaussian(level: Double)
  /// Huber's least favourable distribution: normal in the middle, exponential beyond `delta`, `x` in units of `scale`.
  case huber(delta: Double, scale: Double)
  /// The symmetric hyperbolic distribution `∝ exp(−δ²√(1 + (x/δ)²))`.
  case hyperbolic(delta: Double)
  /// `1/(π cosh x)`.
  case hyperbolicSecant
  /// Uniform within `epsilon`, exponential beyond.
  case epsilonInsensitive(epsilon: Double)
  /// `∝ exp(−robust)`, Barron's family, with `shape ≥ 0`: 0 is a Cauchy distribution, 2 a normal one.
  case robust(shape: Double, scale: Double)
  /// `∝ exp(−|x|^power)`: 1 is a Laplace distribution, 2 a normal one of variance ½.
  case generalizedNormal(power: Double)
  /// Uniform within `epsilon`, normal of variance ½ beyond.
  case squaredEpsilonInsensitive(epsilon: Double)
  /// The logistic distribution of scale 1.
  case logistic
  /// Student's t, `x` in units of `scale`.
  case studentT(degreesOfFreedom: Double, scale: Double)
  /// `∝ exp(−c|x|)(1 + |x|/c)^(c²)`, c being `scale`.
  case fair(scale: Double)
  /// `1 + target` is log-normal: its logarithm is normal around `ln(1 + prediction)`, of this variance.
  case logNormal(variance: Double)
  /// A Gamma distribution of this shape and of mean `exp(prediction)`; of shape 1 it is the exponential distribution.
  case gamma(shape: Double)
  /// The inverse Gaussian distribution of mean `exp(prediction)` and shape 1.
  case inverseGaussian
  /// Counts of mean μ = `exp(prediction)` and variance μ + `dispersion`·μ².
  case negativeBinomial(dispersion: Double)
  /// Counts of mean `exp(prediction)`.
  case poisson
  /// 0 or 1, the latter with probability `σ(prediction)`.
  case bernoulli

  /// The logarithm of the density (for counts and labels, of the probability) of a target, given the prediction.
  public func logDensity(target: Double, prediction: Double) -> Double {
    let x = target - prediction
    switch self {
    case .gaussian(let variance):
      return -0.5 * (x * x / variance + Math.log(2 * .pi * variance))
    case .laplace(let scale):
      return -abs(x) / scale - Math.log(2 * scale)
    case .asymmetricLaplace(let level):
      return -(x > 0 ? level * x : (level - 1) * x) + Math.log(level * (1 - level))
    case .asymmetricGaussian(let level):
      let width = (Double.pi.squareRoot() / 2) * (1 / level.squareRoot() + 1 / (1 - level).squareRoot())
      return -(x > 0 ? level : 1 - level) * x * x - Math.log(width)
    case .huber(let delta, let scale):
      let u = abs(x) / scale
      let middle = (2 * Double.pi).squareRoot() * Math.erf(delta / 2.0.squareRoot())
      let tails = 2 / delta * Math.exp(-0.5 * delta * delta)
      return -(u > delta ? delta * (u - 0.5 * delta) : 0.5 * u * u) - Math.log(scale * (middle + tails))
    case .hyperbolic(let delta):
      // Z = 2δ e^{δ²} K₁(δ²).
      let u = x / delta
      let loss = delta * delta * (u * u / ((1 + u * u).squareRoot() + 1))
      return -loss - Math.log(2 * delta * scaledBesselK1(delta * delta))
    case .hyperbolicSecant:
      return -(abs(x) + Math.log1p(Math.exp(-2 * abs(x))) - Math.log(2)) - Math.log(.pi)
    case .epsilonInsensitive(let epsilon):
      return -max(0, abs(x) - epsilon) - Math.log(2 * (1 + epsilon))
    case .robust(let shape, let scale):
      let loss = RegressionLoss.robustLikelihood(shape: shape, scale: scale)
      return (try? -loss.value(predictions: [x], targets: [0], threads: 1)) ?? .nan
    case .generalizedNormal(let power):
      return -Math.pow(abs(x), power) - Math.log(2) - Math.logGamma(1 + 1 / power)
    case .squaredEpsilonInsensitive(let epsilon):
      let excess = max(0, abs(x) - epsilon)
      return -excess * excess - Math.log(2 * epsilon + Double.pi.squareRoot())
    case .logistic:
      return -abs(x) - 2 * Math.log1p(Math.exp(-abs(x)))
    case .studentT(let degrees, let scale):
      let u = x / scale
      return -(degrees + 1) / 2 * Math.log1p(u * u / degrees) - Math.log(scale * (degrees * .pi).squareRoot())
        - (Math.logGamma(degrees / 2) - Math.logGamma((degrees + 1) / 2))
    case .fair(let scale):
      let v = abs(x) / scale
      return -scale * scale * (v - Math.log1p(v)) - logFairPartition(scale)
    case .logNormal(let variance):
      let logarithm = Math.log1p(target) - Math.log1p(prediction)
      return -0.5 * (logarithm * logarithm / variance + Math.log(2 * .pi * variance)) - Math.log1p(target)
    case .gamma(let shape):
      return shape * (Math.log(shape) - prediction - target * Math.exp(-prediction))
        + (shape - 1) * Math.log(target) - Math.logGamma(shape)
    case .inverseGaussian:
      let deviation = target * Math.exp(-prediction) - 1
      return -0.5 * (deviation * deviation / target + Math.log(2 * .pi) + 3 * Math.log(target))
    case .negativeBinomial(let dispersion):
      let shape = 1 / dispersion
      let loss = RegressionLoss.negativeBinomial(dispersion: dispersion)
      let value = (try? loss.value(predictions: [prediction], targets: [target], threads: 1)) ?? .nan
      // ln(αʸ Γ(y + 1/α)/Γ(1/α)), for a count the sum of ln(1 + αk) over k below it, which does not cancel.
      let isCount = target == target.rounded() && target <= 4096
      let rise =
        isCount
        ? (0..<Int(target)).reduce(0.0) { $0 + Math.log1p(dispersion * Double($1)) }
        : target * Math.log(dispersion) + Math.logGamma(target + shape) - Math.logGamma(shape)
      return -value + rise - Math.logGamma(target + 1)
    case .poisson:
      return target * prediction - Math.exp(prediction) - Math.logGamma(target + 1)
    case .bernoulli:
      return -max(0, prediction) - Math.log1p(Math.exp(-abs(prediction))) + target * prediction
    }
  }
}

extension NoiseModel {
  /// The model of `factor` times the loss, where it is one of these.
  func tempered(by factor: Double) -> NoiseModel? {
    guard factor > 0 else { return nil }
    return switch self {
    case .gaussian(let variance): .gaussian(variance: variance / factor)
    case .laplace(let scale): .laplace(scale: scale / factor)
    case .gamma(let shape): .gamma(shape: shape * factor)
    case .logNormal(let variance): .logNormal(variance: variance / factor)
    default: factor == 1 ? self : nil
    }
  }
}

/// `e^x K₁(x)`, by the trapezoidal rule on `∫₀^∞ exp(−x(cosh t − 1)) cosh t dt`, which converges geometrically
/// because the integrand decays doubly exponentially (Trefethen and Weideman 2014). Relative error below 1e-13.
private func scaledBesselK1(_ x: Double) -> Double {
  // The integrand is below 1e-20 of its peak where x (cosh t − 1) − t exceeds 46.
  var end = min(1, (92 / x).squareRoot())
  while x * (Math.cosh(end) - 1) - end < 46 { end *= 1.1 }
  let steps = 400
  let h = end / Double(steps)
  var sum = 0.5
  for k in 1...steps {
    let t = h * Double(k)
    let s = Math.sinh(t / 2)
    sum += Math.exp(-2 * x * s * s) * Math.cosh(t)
  }
  return sum * h
}

/// `ln ∫ exp(−c²(|x|/c − ln(1 + |x|/c))) dx`, by the double-exponential rule on the half line, `|x|/c = exp(½π sinh t)`
/// (Takahasi and Mori 1974). Relative error of the integral below 1e-13.
private func logFairPartition(_ scale: Double) -> Double {
  let (step, weight) = (1.0 / 64, scale * scale)
  var sum = 0.0
  for k in -320...320 {
    let t = step * Double(k)
    let v = Math.exp(.pi / 2 * Math.sinh(t))
    // Where v is small the difference cancels, but is no part of the integral's digits.
    let density = Math.exp(-weight * (v - Math.log1p(v)))
    if density > 0 { sum += density * .pi / 2 * Math.cosh(t) * v }
  }
  return Math.log(2 * scale * step * sum)
}
