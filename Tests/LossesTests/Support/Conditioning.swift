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
    break
  }
  if !(terms.value >= exact.value.magnitude) { terms.value = exact.value.magnitude }
  return ExactSample(exact: exact, terms: terms)
}

private func magnitude<Wide: ReferenceScalar>(_ factor: Wide, _ x: Wide) -> Wide {
  factor == 0 ? 0 : (factor * x).magnitude
}
