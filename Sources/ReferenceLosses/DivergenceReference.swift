public import Losses
import RealModule

extension DivergenceLoss {
  /// The value of the loss at one row of predictions, and its gradient by the numbers that they are.
  public func reference<T: ReferenceScalar>(predictions: [T], targets: [T]?) -> RowReference<T> {
    var temperature: T = 1
    if case .distillation(let t) = self { temperature = T(t) }
    let p = distribution(predictions, input, temperature: temperature)
    let q = targets.map { distribution($0, target, temperature: temperature) } ?? p
    let terms = p.indices.map { term(q: q[$0], p: p[$0]) }
    let factor = temperature * temperature
    let value = factor * compensatedSum(terms.map(\.value))
    switch input {
    case .probabilities:
      let curvature = p.indices.map { c in
        let bend = terms[c].bend / p[c].value / p[c].value
        // At 0 a slope that is infinite is a bend that is.
        return factor * (p[c].value != 0 ? bend : terms[c].slope.isInfinite ? .infinity : 0)
      }
      return RowReference(value: value, gradient: terms.map { factor * $0.slope }, curvature: curvature)
    case .logProbabilities:
      return RowReference(
        value: value, gradient: terms.map { factor * $0.pull },
        curvature: zip(terms, p).map { factor * ($0.turn + T(shift) * $1.value) })
    case .logits:
      // ∂p_c/∂z_c = p_c(1 − p_c), ∂p_j/∂z_c = −p_j p_c elsewhere, and ∂²p_j/∂z_c² = (1 − 2p_c) ∂p_j/∂z_c. The sums over
      // the others are apart: 1 − p_c may cancel.
      let rest = sumsOfOthers(p.map(\.value))
      let pulls = sumsOfOthers(terms.map(\.shifted))
      let turns = sumsOfOthers(terms.map(\.turn))
      let gradient = p.indices.map { c in terms[c].shifted * rest[c] - p[c].value * pulls[c] }
      let curvature = p.indices.map { c in
        let own = p[c].value
        return rest[c] * (rest[c] * terms[c].turn - own * terms[c].shifted) + own
          * (own * turns[c] - rest[c] * pulls[c])
      }
      let slope = factor / temperature
      return RowReference(
        value: value, gradient: gradient.map { slope * $0 }, curvature: curvature.map { slope / temperature * $0 })
    }
  }

  /// What the derivative by the logarithm of a probability has beside its `shifted` form, in units of the probability.
  private var shift: Double {
    switch self {
    case .kullbackLeibler, .distillation, .jeffreys: 1
    case .hellinger: 0.5
    case .entropy: -1
    case .reverseKullbackLeibler, .jensenShannon, .totalVariation: 0
    }
  }

  /// The value of one class, the derivative by its probability and by the logarithm of that; the latter up to a multiple
  /// of the probability, which does not matter for logits; the derivative of that by the logarithm; and p² times the second
  /// derivative by the probability.
  private func term<T: ReferenceScalar>(
    q: (value: T, log: T), p: (value: T, log: T)
  ) -> (value: T, slope: T, pull: T, shifted: T, turn: T, bend: T) {
    let (q, lnq) = q
    let (p, lnp) = p
    // ln(p/q), without cancellation where both are close.
    let t = (p - q) / q
    let log = t.magnitude < 0.25 ? T.log(onePlus: t) : lnp - lnq
    let forward = q == 0 ? p : t.magnitude < 0.25 ? q * excess(t) : (p - q) - q * log
    let backward = p == 0 ? q : t.magnitude < 0.25 ? q * reverseExcess(t) : p * log - (p - q)
    let pull = weighted(p, log)
    switch self {
    case .kullbackLeibler, .distillation:
      return (forward, q == 0 ? 1 : (p - q) / p, p - q, -q, 0, q)
    case .reverseKullbackLeibler:
      return (backward, p + q == 0 ? 0 : log, pull, pull, pull + p, p)
    case .jeffreys:
      return (forward + backward, p + q == 0 ? 0 : log + (p - q) / p, pull + (p - q), pull - q, pull + p, p + q)
    case .jensenShannon:
      if p + q == 0 { return (0, 0, 0, 0, 0, 0) }
      let s = (p - q) / (p + q)
      let up = s < -0.5 ? T.log(2 * p / (p + q)) : T.log(onePlus: s)
      let value = (p + q) / 4 * (s.magnitude < 0.1 ? mixtureExcess(s) : mixture(s))
      let (half, bend) = (weighted(p, up) / 2, p * (q / (p + q)) / 2)
      return (value, up / 2, half, half, half + bend, bend)
    case .totalVariation:
      return ((p - q).magnitude / 2, sign(p - q) / 2, p * sign(p - q) / 2, p * sign(p - q) / 2, p * sign(p - q) / 2, 0)
    case .hellinger:
      if p + q == 0 { return (0, 0, 0, 0, 0, 0) }
      let (a, b) = (T.sqrt(p), T.sqrt(q))
      let d = (p - q) / (a + b)
      return (d * d / 2, d == 0 ? 0 : d / a / 2, a * d / 2, -a * b / 2, -a * b / 4, a * b / 4)
    case .entropy:
      let value = -weighted(p, lnp)
      return (value, -lnp - 1, value - p, value, value - p, -p)
    }
  }
}

/// The probabilities of a row, and their logarithms.
private func distribution<T: ReferenceScalar>(
  _ row: [T], _ form: DistributionForm, temperature: T
) -> [(value: T, log: T)] {
  switch form {
  case .probabilities: return row.map { ($0, T.log($0)) }
  case .logProbabilities: return row.map { (T.exp($0), $0) }
  case .logits:
    let top = row.indices.max { row[$0] < row[$1] } ?? 0
    let shifted = row.map { ($0 - row[top]) / temperature }
    let rest = compensatedSum(shifted.indices.filter { $0 != top }.map { T.exp(shifted[$0]) })
    return shifted.map { (T.exp($0) / (1 + rest), $0 - T.log(onePlus: rest)) }
  }
}

/// For each term the sum of all others, without a difference.
private func sumsOfOthers<T: ReferenceScalar>(_ terms: [T]) -> [T] {
  var sums = terms
  var (before, after) = (CompensatedSum<T>(), CompensatedSum<T>())
  for i in terms.indices {
    sums[i] = before.value
    before += terms[i]
  }
  for i in terms.indices.reversed() {
    sums[i] += after.value
    after += terms[i]
  }
  return sums
}

/// `t − ln(1 + t)`, by its series where that would cancel.
private func excess<T: ReferenceScalar>(_ t: T) -> T {
  t.magnitude < 0.01 ? series(t) { k in 1 / T(k) } : t - T.log(onePlus: t)
}

/// `(1 + t) ln(1 + t) − t`.
private func reverseExcess<T: ReferenceScalar>(_ t: T) -> T {
  t.magnitude < 0.01 ? series(t) { k in 1 / T(k * (k - 1)) } : (1 + t) * T.log(onePlus: t) - t
}

/// `Σ c_k (−t)^k` from k = 2.
private func series<T: ReferenceScalar>(_ t: T, _ coefficient: (Int) -> T) -> T {
  var sum: T = 0
  for k in stride(from: 14, through: 2, by: -1) { sum = coefficient(k) - t * sum }
  return t * t * sum
}

/// `(1 + s) ln(1 + s) + (1 − s) ln(1 − s)`.
private func mixture<T: ReferenceScalar>(_ s: T) -> T {
  weighted(1 + s, T.log(onePlus: s)) + weighted(1 - s, T.log(onePlus: -s))
}

/// The same by its series `Σ s^2k/(k(2k − 1))`.
private func mixtureExcess<T: ReferenceScalar>(_ s: T) -> T {
  var sum: T = 0
  for k in stride(from: 14, through: 1, by: -1) { sum = 1 / T(k * (2 * k - 1)) + s * s * sum }
  return s * s * sum
}
