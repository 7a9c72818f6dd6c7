public import Losses
import RealModule

/// What a categorical loss says about one row, and the sums of the absolute values of the terms that each number is the
/// sum of: rounding errors are relative to these.
public struct ReferenceRow<T: ReferenceScalar> {
  /// The loss.
  public var value: T
  /// The derivatives of the loss with respect to the scores.
  public var gradient: [T]
  /// The diagonal of the Hessian.
  public var curvature: [T]
  /// The sizes of the terms of the value, the gradient and the curvature.
  public var terms: (value: T, gradient: [T], curvature: [T])

  init(count: Int) {
    let zeros = [T](repeating: 0, count: count)
    value = 0
    gradient = zeros
    curvature = zeros
    terms = (0, zeros, zeros)
  }
}

extension CategoricalLoss {
  /// The loss of one row of scores against a target `t`, which is smoothed and weighted already. `label` is the class where
  /// the target is a single one.
  public func reference<T: ReferenceScalar>(row z: [T], target t: [T], label: Int?) -> ReferenceRow<T> {
    switch self {
    case .crossEntropy, .focal, .poly1, .generalizedCrossEntropy:
      softmaxReference(z, t)
    case .negativeLogLikelihood:
      separableReference(z, t) { (-$0, -1, 0, $0.magnitude) }
    case .crossEntropyOfProbabilities:
      separableReference(z, t) { (-T.log($0), -1 / $0, 1 / ($0 * $0), T.log($0).magnitude) }
    case .crammerSinger(let margin):
      rivalReference(z, label ?? 0, T(margin))
    case .perceptron:
      rivalReference(z, label ?? 0, 0)
    case .westonWatkins(let power, let margin):
      everyRivalReference(z, label ?? 0, power: power, T(margin))
    case .sparsemax:
      sparsemaxReference(z, t)
    }
  }

  /// The target of a row after smoothing, times the weights of the classes where these are a factor of the target.
  public func effectiveTarget<T: ReferenceScalar>(
    row z: [T], _ q: [T], classWeights: [T]?, weighting: ClassWeighting
  ) -> [T] {
    var t = q
    if case .crossEntropy(let smoothing) = self, smoothing != 0 {
      let count = z.count { $0 != -.infinity }
      let spread = count == 0 ? 0 : T(smoothing) / T(count)
      t = t.indices.map { (1 - T(smoothing)) * q[$0] + (z[$0] == -.infinity ? 0 : spread) }
    }
    if let classWeights, weighting != .samples { t = t.indices.map { t[$0] * classWeights[$0] } }
    return t
  }

  /// f(ln p), −f′ and −f″, and how much the errors of p and of 1 − p are magnified.
  private func classTerm<T: ReferenceScalar>(log: T, p: T, other u: T) -> (f: T, c: T, bend: T, growth: T) {
    switch self {
    case .focal(let gamma) where gamma > 0:
      let γ = T(gamma)
      guard u > 0 else { return (0, 0, 0, 1) }
      let power = T.pow(u, γ)
      // One expression for all of this takes the compiler two minutes.
      let slope: T = γ * power / u * p
      let second: T = γ * (γ - 1) * power / (u * u) * p * p
      let bend: T = second * log - slope * (2 + log)
      return (f: -power * log, c: power - slope * log, bend: bend, growth: 1 + γ * (1 + T.log(u).magnitude))
    case .poly1(let epsilon):
      let ε = T(epsilon)
      // A negative ε makes the value a difference of terms that cancel where p is near 1.
      return (-log + ε * u, (1 + ε) - ε * u, ε * p, ε < 0 && u > 0 ? 2 + 2 / (u + (1 + ε)) : 1)
    case .generalizedCrossEntropy(let exponent) where exponent > 0:
      let q = T(exponent)
      let power = T.exp(q * log)
      return (-T.expMinusOne(q * log) / q, power, q * power, 1 + q * log.magnitude)
    default:
      return (-log, 1, 0, 1)
    }
  }

  private func softmaxReference<T: ReferenceScalar>(_ z: [T], _ t: [T]) -> ReferenceRow<T> {
    var row = ReferenceRow<T>(count: z.count)
    let max = z.reduce(-T.infinity) { $1.isNaN ? $0 : Swift.max($0, $1) }
    let top = z.firstIndex(of: max) ?? 0
    let e = z.map { T.exp($0 - max) }
    let rest = compensatedSum(e.indices.filter { $0 != top }.map { e[$0] })
    let classes = z.indices.map { k in
      let p = e[k] / (1 + rest)
      let log = (z[k] - max) - T.log(onePlus: rest)
      let other = k == top ? rest / (1 + rest) : 1 - p
      return (p: p, other: other, term: classTerm(log: log, p: p, other: other))
    }
    func sum(without k: Int?, _ part: (Int) -> T) -> T {
      compensatedSum(z.indices.filter { $0 != k && t[$0] != 0 }.map { t[$0] * part($0) })
    }
    row.value = sum(without: nil) { classes[$0].term.f }
    row.terms.value = sum(without: nil) { classes[$0].term.f.magnitude * classes[$0].term.growth }
    let total = sum(without: nil) { classes[$0].term.c }
    let totalSize = sum(without: nil) { classes[$0].term.c.magnitude * classes[$0].term.growth }
    let bends = sum(without: nil) { classes[$0].term.bend }
    let bendSize = sum(without: nil) { classes[$0].term.bend.magnitude * classes[$0].term.growth }
    let topTotal = sum(without: top) { classes[$0].term.c }
    let topBends = sum(without: top) { classes[$0].term.bend }
    for k in z.indices {
      let (p, other, term) = classes[k]
      let own = t[k] == 0 ? 0 : t[k] * term.c
      let ownBend = t[k] == 0 ? 0 : t[k] * term.bend
      let beside = k == top ? topTotal : total - own
      let besideBend = k == top ? topBends : bends - ownBend
      row.gradient[k] = p * beside - own * other
      row.terms.gradient[k] =
        p * Swift.max(totalSize - own.magnitude * term.growth, beside.magnitude)
        + own.magnitude * other * term.growth
      row.curvature[k] = p * other * total - p * p * besideBend - ownBend * other * other
      row.terms.curvature[k] =
        p * other * totalSize + p * p * bendSize + 4 * ownBend.magnitude * other * other * term.growth
    }
    return row
  }

  private func separableReference<T: ReferenceScalar>(
    _ z: [T], _ t: [T], _ f: (T) -> (T, T, T, T)
  ) -> ReferenceRow<T> {
    var row = ReferenceRow<T>(count: z.count)
    for k in z.indices where t[k] != 0 {
      let (value, slope, bend, size) = f(z[k])
      row.value += t[k] * value
      row.terms.value += t[k] * size
      row.gradient[k] = t[k] * slope
      row.terms.gradient[k] = (t[k] * slope).magnitude
      row.curvature[k] = t[k] * bend
      row.terms.curvature[k] = t[k] * bend
    }
    return row
  }

  private func rivalReference<T: ReferenceScalar>(_ z: [T], _ y: Int, _ margin: T) -> ReferenceRow<T> {
    var row = ReferenceRow<T>(count: z.count)
    guard let rival = z.indices.filter({ $0 != y }).max(by: { z[$0] < z[$1] }) else { return row }
    // `max` gives the last of several: the first is what counts.
    let first = z.indices.first { $0 != y && z[$0] == z[rival] } ?? rival
    let distance = margin + (z[first] - z[y])
    row.value = positivePart(distance)
    row.gradient[first] = step(distance)
    row.gradient[y] = -step(distance)
    row.terms = (row.value, row.gradient.map(\.magnitude), row.curvature)
    return row
  }

  private func everyRivalReference<T: ReferenceScalar>(
    _ z: [T], _ y: Int, power: Double, _ margin: T
  ) -> ReferenceRow<T> {
    var row = ReferenceRow<T>(count: z.count)
    for k in z.indices where k != y {
      let distance = margin + (z[k] - z[y])
      let part = positivePart(distance)
      row.value += power == 2 ? part * part : part
      let slope = power == 2 ? 2 * part : step(distance)
      row.gradient[k] = slope
      row.gradient[y] -= slope
      let bend: T = power == 2 ? 2 * step(distance) : 0
      row.curvature[k] = bend
      row.curvature[y] += bend
    }
    row.terms = (row.value, row.gradient.map(\.magnitude), row.curvature)
    return row
  }

  /// The projection by sorting (Held, Wolfe and Crowder 1974), and the loss as a Fenchel–Young loss has it.
  private func sparsemaxReference<T: ReferenceScalar>(_ z: [T], _ q: [T]) -> ReferenceRow<T> {
    var row = ReferenceRow<T>(count: z.count)
    let max = z.max() ?? 0
    let sorted = z.map { $0 - max }.sorted(by: >)
    var (sum, τ, support): (T, T, Int) = (0, -1, 0)
    for (count, x) in sorted.enumerated() {
      sum += x
      let candidate = (sum - 1) / T(count + 1)
      guard x > candidate else { break }
      (τ, support) = (candidate, count + 1)
    }
    let p = z.map { positivePart($0 - max - τ) }
    for k in z.indices {
      let d = z[k] - max
      row.value += (p[k] - q[k]) * (p[k] - q[k]) / 2 + weighted(q[k], positivePart(τ - d))
      row.gradient[k] =
        k < q.count && q[k] == 1 ? -compensatedSum(z.indices.filter { $0 != k }.map { p[$0] }) : p[k] - q[k]
      row.curvature[k] = p[k] > 0 ? 1 - 1 / T(support) : 0
      row.terms.gradient[k] = Swift.max(p[k], q[k]) + (p[k] > 0 ? 1 : 0)
    }
    let surplus = 1 - compensatedSum(q)
    row.value += surplus == 0 ? 0 : surplus * (τ + max)
    row.terms.value = row.value + 2 + surplus.magnitude * (τ + max).magnitude
    row.terms.curvature = row.curvature
    return row
  }
}
