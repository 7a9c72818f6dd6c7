public import Losses
import RealModule

/// What a loss of several predictions says about one row: its value and its derivatives by each prediction.
public struct RowReference<T: ReferenceScalar>: Equatable {
  /// The loss.
  public var value: T

  /// The derivatives; at a kink, the midpoint of the subdifferential.
  public var gradient: [T]

  /// The second derivatives, the diagonal of the Hessian; at a kink, those of the pieces.
  public var curvature: [T]

  /// Creates a row from its parts.
  public init(value: T, gradient: [T], curvature: [T]) {
    self.value = value
    self.gradient = gradient
    self.curvature = curvature
  }
}

extension RowReference: Sendable where T: Sendable {}

extension DistributionLoss {
  /// The value of the loss at one row of predictions, and its gradient.
  public func reference<T: ReferenceScalar>(predictions: [T], target: T) -> RowReference<T> {
    let y = target

    switch self {
    case .gaussian(let varianceFloor):
      let r = predictions[0] - y
      // Not max, which would lose a NaN. The derivative by the variance goes through the floor.
      let v = predictions[1] < T(varianceFloor) ? T(varianceFloor) : predictions[1]
      let u = r / v
      return RowReference(
        value: (T.log(v) + r * u) / 2, gradient: [u, (1 / v - u * u) / 2],
        curvature: [1 / v, (u * u - 1 / (2 * v)) / v])

    case .gaussianLogVariance:
      let (r, s) = (predictions[0] - y, predictions[1])
      let u = stretched(r, by: -s / 2)
      return RowReference(
        value: (s + u * u) / 2, gradient: [stretched(u, by: -s / 2), (1 - u * u) / 2],
        curvature: [T.exp(-s), u * u / 2])

    case .laplace:
      let (r, s) = (predictions[0] - y, predictions[1])
      let a = stretched(r.magnitude, by: -s)
      return RowReference(value: s + a, gradient: [stretched(sign(r), by: -s), 1 - a], curvature: [0, a])

    case .continuousRankedProbability:
      let (r, s) = (predictions[0] - y, predictions[1])
      let z = stretched(r, by: -s)
      let φ = T.exp(-z * z / 2) / T.sqrt(2 * .pi)
      let slope = T.erf(z / T.sqrt(2))
      let spread = T.exp(s) * (2 * φ - 1 / T.sqrt(.pi))
      let bend = T.exp(s) * (2 * weighted(φ, 1 + z * z) - 1 / T.sqrt(.pi))
      return RowReference(
        value: r * slope + spread, gradient: [slope, spread], curvature: [2 * stretched(φ, by: -s), bend])

    case .intervalScore(let level):
      let (l, u) = (predictions[0], predictions[1])
      let factor = 2 / (1 - T(level))
      return RowReference(
        value: (u - l) + factor * (positivePart(l - y) + positivePart(y - u)),
        gradient: [factor * step(l - y) - 1, 1 - factor * step(y - u)], curvature: [0, 0])

    case .quantiles(let levels, let crossingPenalty):
      let λ = T(crossingPenalty)
      var row = RowReference(value: T(0), gradient: [], curvature: levels.map { _ in 0 })
      for (q, level) in zip(predictions, levels) {
        let τ = T(level)
        row.value += (1 - τ) * positivePart(q - y) + τ * positivePart(y - q)
        row.gradient.append(step(q - y) - τ)
      }
      for j in levels.indices.dropFirst() where λ != 0 {
        let crossing = predictions[j - 1] - predictions[j]
        row.value += λ * positivePart(crossing)
        row.gradient[j - 1] += λ * step(crossing)
        row.gradient[j] -= λ * step(crossing)
      }
      return row
    }
  }
}

/// `x exp(exponent)`, 0 where x is, even if the exponential is infinite.
private func stretched<T: ReferenceScalar>(_ x: T, by exponent: T) -> T {
  x == 0 && !exponent.isNaN ? 0 : x * T.exp(exponent)
}
