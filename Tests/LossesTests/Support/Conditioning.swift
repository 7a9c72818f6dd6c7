import Losses
import ReferenceLosses

/// The exact result at one sample, and the sum of the absolute values of the terms that it is the sum of: rounding
/// errors are relative to the latter.
struct ExactSample<Wide: ReferenceScalar> {
  var exact: ReferenceSample<Wide>
  var terms: ReferenceSample<Wide>
}

/// The loss of the sample in the wide type. The residual, and the distance of a margin from the kink of the smoothed
/// hinge, are rounded to `S` first, as the kernels round them: a kink would magnify half a unit without bound.
func exactSample<Loss: TestedLoss, S: TestScalar>(
  _ loss: Loss, prediction: S, target: S
) -> ExactSample<S.Wide> {
  if let combination = loss.combination {
    let zero = ReferenceSample<S.Wide>(value: 0, gradient: 0, curvature: 0)
    return combination.terms.reduce(into: ExactSample(exact: zero, terms: zero)) { sum, term in
      let part = exactSample(term.summand, prediction: prediction, target: target)
      let c = S.Wide(term.coefficient)
      guard c != 0 else { return }
      for field in [\ReferenceSample<S.Wide>.value, \.gradient, \.curvature] {
        sum.exact[keyPath: field] += c * part.exact[keyPath: field]
        sum.terms[keyPath: field] += c.magnitude * part.terms[keyPath: field]
      }
    }
  }
  var z = loss.comparison == .residual ? (prediction - target).wide : prediction.wide
  let y: S.Wide = loss.comparison == .residual ? 0 : target.wide
  if case MarginLoss.smoothedHinge? = loss as? MarginLoss { z = y * (1 - (1 - target * prediction).wide) }
  let exact = loss.reference(prediction: z, target: y)
  var terms = ReferenceSample<S.Wide>(
    value: exact.value.magnitude, gradient: exact.gradient.magnitude, curvature: exact.curvature.magnitude)
  guard z.isFinite else { return ExactSample(exact: exact, terms: terms) }

  switch loss as any TestedLoss {
  case RegressionLoss.poisson:
    // exp ŷ − yŷ and exp ŷ − y.
    terms.value = S.Wide.exp(z) + (y * z).magnitude
    terms.gradient = S.Wide.exp(z) + y
  case BinaryLoss.logistic(let positiveWeight, let labelSmoothing):
    // The gradient is the difference of what the two classes pull: (1 − y′) σ(z) − π y′ σ(−z).
    let s = S.Wide(labelSmoothing)
    let positive = S.Wide(positiveWeight) * ((1 - s) * y + s / 2)
    let negative = (1 - s) * (1 - y) + s / 2
    terms.gradient = positive / (1 + S.Wide.exp(z)) + negative / (1 + S.Wide.exp(-z))
  case RegressionLoss.robust(let shape, let scale), RegressionLoss.robustLikelihood(let shape, let scale):
    // exp magnifies the error of its exponent. The curvature is a difference, and Welsch's exponent a square.
    let v = (z / S.Wide(scale)).magnitude
    let b = (S.Wide(shape) - 2).magnitude
    let log = shape == 2 ? 0 : shape == -.infinity ? v * v : S.Wide.log(onePlus: v * v / b)
    let power = shape == -.infinity ? 1 : (S.Wide(shape) / 2).magnitude
    terms.value *= 1 + power * log
    terms.gradient *= 1 + (power + 1) * log
    let weight = v == 0 ? 1 : exact.gradient.magnitude * S.Wide(scale) / v
    let bend = shape == -.infinity ? 1 + v * v : 1 + b
    terms.curvature = weight / S.Wide(scale) * bend * (1 + (power + 1) * log)
    if case RegressionLoss.robustLikelihood? = loss as? RegressionLoss {
      let offset = S.Wide.log(S.Wide(scale)).magnitude + 3
      terms.value = (terms.value + offset) * (1 + power * log)
    }
  case BinaryLoss.focal(_, let gamma):
    // exp(−γ softplus) magnifies the error of its exponent: the relative error grows with the exponent's size.
    let γ = S.Wide(gamma)
    let rest = { (z: S.Wide) -> S.Wide in z > 0 ? 0 : -z }
    let growth = { (z: S.Wide) -> S.Wide in 1 + γ * (rest(-z) + 1) }
    let positive = loss.reference(prediction: z, target: 1)
    let negative = loss.reference(prediction: z, target: 0)
    let (p, n) = (y * growth(z), (1 - y) * growth(-z))
    terms.value = magnitude(p, positive.value) + magnitude(n, negative.value)
    terms.gradient = magnitude(p, positive.gradient) + magnitude(n, negative.gradient)
    // The curvature of one class is itself a difference, 2γpq − γqb·p being one of its terms.
    let bound = { (z: S.Wide, slope: S.Wide) -> S.Wide in
      (slope * S.Wide.exp(-rest(z))).magnitude * (3 * γ + 1 + γ * rest(z))
    }
    terms.curvature =
      magnitude(p, bound(z, positive.gradient)) + magnitude(n, bound(-z, negative.gradient))
    // σ is a factor of it: the error of a subnormal σ is as large as that of the least normal number.
    terms.curvature += (1 + γ * z.magnitude) * S.leastNormalMagnitude.wide
  default:
    terms = furtherTerms(loss, terms, z, y, S.self)
  }
  if !(terms.value >= exact.value.magnitude) { terms.value = exact.value.magnitude }
  return ExactSample(exact: exact, terms: terms)
}

private func magnitude<Wide: ReferenceScalar>(_ factor: Wide, _ x: Wide) -> Wide {
  factor == 0 ? 0 : (factor * x).magnitude
}

/// The terms of the losses of the residual and of rates.
private func furtherTerms<Loss: TestedLoss, S: TestScalar>(
  _ loss: Loss, _ exact: ReferenceSample<S.Wide>, _ z: S.Wide, _ y: S.Wide, _: S.Type
) -> ReferenceSample<S.Wide> {
  typealias Wide = S.Wide
  var terms = exact
  func square(_ scale: Double) -> Wide { (z / Wide(scale)) * (z / Wide(scale)) }
  switch loss as any TestedLoss {
  // The curvature of a robust loss is a difference.
  case RegressionLoss.cauchy(let scale): terms.curvature = 1 / (1 + square(scale))
  case RegressionLoss.studentT(let degrees, let scale):
    let weight = Wide(degrees + 1) / Wide(degrees) / Wide(scale) / Wide(scale)
    terms.curvature = weight / (1 + square(scale * degrees.squareRoot()))
  case RegressionLoss.gemanMcClure(let scale):
    let u = square(scale)
    terms.curvature = (1 + 3 * u) / (1 + u) / (1 + u) / (1 + u)
  case RegressionLoss.arctan(let scale):
    let u = square(scale) * square(scale)
    terms.curvature = (1 + 3 * u) / (1 + u) / (1 + u)
  case RegressionLoss.tukey(let scale):
    let u = square(scale)
    if u < 1 { terms.curvature = (1 - u) * (1 + 3 * u) }
  case RegressionLoss.welsch(let scale):
    // exp magnifies the error of its exponent.
    let u = square(scale)
    terms.gradient *= 1 + u
    terms.curvature = S.Wide.exp(-u) == 0 ? 0 : S.Wide.exp(-u) * (1 + 2 * u) * (1 + u)
  case RegressionLoss.gamma:
    terms.value = z.magnitude + y * Wide.exp(-z)
    terms.gradient = 1 + y * Wide.exp(-z)
  case RegressionLoss.tweedie(let power):
    let (a, b) = (Wide(1 - power), Wide(2 - power))
    let (grow, rise) = (1 + (a * z).magnitude, 1 + (b * z).magnitude)
    let (pull, push) = (magnitude(y * grow, Wide.exp(a * z)), rise * Wide.exp(b * z))
    func mean(_ a: Wide) -> Wide { a == 0 ? z : Wide.expMinusOne(a * z) / a }
    terms.value = magnitude(y * grow, mean(a)) + magnitude(rise, mean(b))
    terms.gradient = pull + push
    terms.curvature = magnitude(a, pull) + magnitude(b, push)
  case RegressionLoss.negativeBinomial(let dispersion):
    let α = Wide(dispersion)
    let x = α * Wide.exp(z)
    let rest = x > 1 ? Wide.log(α).magnitude + 1 / x : x + z.magnitude
    terms.value = exact.value.magnitude + 2 * magnitude(y, rest)
    terms.gradient = exact.gradient.magnitude + 2 * y / (1 + x)
  case RegressionLoss.squaredLogError:
    let d = exact.value.squareRoot()
    terms.curvature = 2 * (1 + d) / (1 + z) / (1 + z)
  case is BinaryLoss, is MarginLoss: return binaryTerms(loss, exact, z, y, S.self)
  default: break
  }
  return terms
}

/// The terms of the losses of two classes.
private func binaryTerms<Loss: TestedLoss, S: TestScalar>(
  _ loss: Loss, _ exact: ReferenceSample<S.Wide>, _ z: S.Wide, _ y: S.Wide, _: S.Type
) -> ReferenceSample<S.Wide> {
  typealias Wide = S.Wide
  var terms = exact
  let (p, q) = (1 / (1 + Wide.exp(-z)), 1 / (1 + Wide.exp(z)))
  let positive = loss.reference(prediction: z, target: 1)
  let negative = loss.reference(prediction: z, target: loss.comparison == .margin ? -1 : 0)
  switch loss as any TestedLoss {
  case BinaryLoss.crossEntropyOfProbabilities:
    terms.gradient = magnitude(y, positive.gradient) + magnitude(1 - y, negative.gradient)
  case BinaryLoss.poly1(let epsilon):
    let ε = Wide(epsilon).magnitude
    let d = 2 * y - 1
    let loss = { (z: Wide) -> Wide in Swift.max(z, 0) + Wide.log(onePlus: Wide.exp(-z.magnitude)) }
    terms.value = magnitude(y, loss(-z) + ε * q) + magnitude(1 - y, loss(z) + ε * p)
    let ofOther: Wide = (1 - y) * p * (1 + ε * q)
    let ofOne: Wide = y * q * (1 + ε * p)
    terms.gradient = ofOther + ofOne
    let up: Wide = (1 - Wide(epsilon)).magnitude + 2 * ε * y
    let down: Wide = (1 - Wide(epsilon)).magnitude + 2 * ε * (1 - y)
    terms.curvature = p * q * (p * up + q * down)
    if epsilon.magnitude != 1 { terms.curvature = Swift.max(terms.curvature, p * q * (1 + (ε * d).magnitude)) }
  case BinaryLoss.generalizedCrossEntropy(let exponent):
    let g = Wide(exponent)
    let a: Wide = z < -700 ? 1 - g * z : 1 + g * Wide.log(onePlus: Wide.exp(-z))
    let b: Wide = z > 700 ? 1 + g * z : 1 + g * Wide.log(onePlus: Wide.exp(z))
    let growth = (a: a, b: b)
    terms.gradient = magnitude(y * growth.a, positive.gradient) + magnitude((1 - y) * growth.b, negative.gradient)
    let left: Wide = magnitude(y * growth.a, positive.gradient)
    let right: Wide = magnitude((1 - y) * growth.b, negative.gradient)
    terms.curvature = left * (p + g * q)
    terms.curvature += right * (q + g * p)
    terms.curvature += (1 + g * z.magnitude) * S.leastNormalMagnitude.wide
  case BinaryLoss.asymmetric(let gammaPositive, let gammaNegative, let clip):
    // s − m magnifies the error of s, and the power that of its base.
    let (γ, δ, m) = (Wide(gammaPositive), Wide(gammaNegative), Wide(clip))
    let gap = (p - m).magnitude
    let ratio: Wide = clip == 0 ? 1 : 1 + p / gap
    let size: Wide = clip == 0 ? (z < 0 ? -z : 0) : -Wide.log(gap)
    let grow: Wide = 1 + δ * (Swift.max(size, 0) + 1)
    let n: Wide = (1 - y) * grow * (1 + δ) * ratio
    let k: Wide = y * (1 + γ * (Swift.max(z, 0) + 1))
    let slope: Wide = clip == 0 ? q : p * q / gap
    terms.value = magnitude(k, positive.value) + magnitude(n, negative.value)
    terms.gradient = magnitude(k, positive.gradient) + magnitude(n, negative.gradient)
    let bend: Wide = k * (3 * γ + 1 + γ * Swift.max(-z, 0)) * p
    let steep: Wide = n * (1 + 2 * δ) * (slope + p)
    terms.curvature = magnitude(bend, positive.gradient)
    terms.curvature += magnitude(n, negative.curvature)
    terms.curvature += magnitude(steep, negative.gradient)
    terms.curvature += (1 + (γ + δ) * z.magnitude) * S.leastNormalMagnitude.wide
    // Which side of the kink a sample is on depends on the rounding of s.
    if clip > 0, gap < 8 * S.make(clip).ulp.wide {
      terms = ReferenceSample(value: .infinity, gradient: .infinity, curvature: .infinity)
    }
  case MarginLoss.savage:
    let a = y * z
    let (n, r) = (1 / (1 + Wide.exp(a)), 1 / (1 + Wide.exp(-a)))
    terms.curvature = 2 * n * n * r * (2 * r + n)
  default: break
  }
  return terms
}
