public import Losses
import RealModule

/// What a loss of several predictions says about one row: its value and its derivative by each prediction.
public struct RowReference<T: ReferenceScalar>: Equatable {
  /// The loss.
  public var value: T

  /// The derivatives; at a kink, the midpoint of the subdifferential.
  public var gradient: [T]

  /// Creates a row from its parts.
  public init(value: T, gradient: [T]) {
    self.value = value
    self.gradient = gradient
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
      return RowReference(value: (T.log(v) + r * (r / v)) / 2, gradient: [r / v, (1 / v - (r / v) * (r / v)) / 2])

    case .gaussianLogVariance:
      let (r, s) = (predictions[0] - y, predictions[1])
      let u = stretched(r, by: -s / 2)
      return RowReference(value: (s + u * u) / 2, gradient: [stretched(u, by: -s / 2), (1 - u * u) / 2])

    case .laplace:
      let (r, s) = (predictions[0] - y, predictions[1])
      let a = stretched(r.magnitude, by: -s)
      return RowReference(value: s + a, gradient: [stretched(sign(r), by: -s), 1 - a])

    case .continuousRankedProbability:
      let (r, s) = (predictions[0] - y, predictions[1])
      let z = stretched(r, by: -s)
      let φ = T.exp(-z * z / 2) / T.sqrt(2 * .pi)
      let slope = T.erf(z / T.sqrt(2))
      let spread = T.exp(s) * (2 * φ - 1 / T.sqrt(.pi))
      return RowReference(value: r * slope + spread, gradient: [slope, spread])

    case .intervalScore(let level):
      let (l, u) = (predictions[0], predictions[1])
      let factor = 2 / (1 - T(level))
      return RowReference(
        value: (u - l) + factor * (positivePart(l - y) + positivePart(y - u)),
        gradient: [factor * step(l - y) - 1, 1 - factor * step(y - u)])

    case .quantiles(let levels, let crossingPenalty):
      let λ = T(crossingPenalty)
      var row = RowReference(value: T(0), gradient: [])
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
