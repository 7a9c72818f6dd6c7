import Losses

/// The largest error of each elementwise result, in units in the last place at the sum of the absolute terms: what
/// was measured for either scalar, rounded up to the next half or one.
struct Tolerance {
  var value: Double
  var gradient: Double
  var curvature: Double

  init(_ value: Double, _ gradient: Double, _ curvature: Double) {
    (self.value, self.gradient, self.curvature) = (value, gradient, curvature)
  }

  static func of(_ loss: some PointwiseFamily) -> Tolerance {
    guard let entry = loss.entry else {
      // Each product with a coefficient and each addition is one more rounding.
      let parts = loss.terms.map { of($0.summand) }
      func sum(_ part: KeyPath<Tolerance, Double>) -> Double {
        parts.reduce(0) { max($0, $1[keyPath: part]) } + Double(parts.count)
      }
      return Tolerance(sum(\.value), sum(\.gradient), sum(\.curvature))
    }
    return switch entry.name {
    // One or two products of an exactly rounded residual.
    case "squaredError": Tolerance(0.5, 0, 0)
    case "absoluteError": Tolerance(0, 0, 0)
    case "huber": Tolerance(1.5, 0, 0)
    case "smoothL1": Tolerance(1.5, 0.5, 0.5)
    case "quantile": Tolerance(0.5, 0, 0)
    case "expectile": Tolerance(1.5, 0.5, 0)
    case "epsilonInsensitive": Tolerance(0.5, 0, 0)
    // 1 − a is rounded once, then squared or divided.
    case "hinge": Tolerance(0.5, 0, 0)
    case "squaredHinge": Tolerance(2, 0.5, 0)
    case "smoothedHinge": Tolerance(1, 0.5, 0.5)
    case "modifiedHuber": Tolerance(2, 0.5, 0)
    case "perceptron": Tolerance(0, 0, 0)
    // The cube of a root; each of its three divisions has the root's error.
    case "pseudoHuber": Tolerance(3.5, 2, 5)
    // expm1, a division, a square and log1p in a row; the curvature is a square of an exponential's ratio.
    case "logCosh": Tolerance(5, 3, 5)
    // One exponential of error 1.
    case "poisson": Tolerance(1.5, 1, 1)
    case "exponential": Tolerance(1, 1, 1)
    // An exponential, its logarithm or reciprocal, then products with the labels.
    case "logistic": Tolerance(3.5, 4, 5.5)
    // As logistic, with an exponential of γ softplus, whose share is in the scale.
    case "focal": Tolerance(2.5, 3, 4)
    // A power by way of its logarithm, whose size is in the scale.
    case "robust", "robustLikelihood": Tolerance(5.5, 3, 2.5)
    // A power in two parts, of which only the smaller one goes through a logarithm.
    case "power": Tolerance(2, 2, 3)
    case "squaredEpsilonInsensitive": Tolerance(2, 0.5, 0)
    case "logisticDistance": Tolerance(4, 3.5, 5)
    // Quotients and, for the value, one elementary function.
    case "cauchy": Tolerance(3, 2, 5)
    case "studentT": Tolerance(3.5, 3, 5)
    case "gemanMcClure": Tolerance(2.5, 5.5, 6)
    case "welsch": Tolerance(3, 6, 6)
    case "tukey": Tolerance(3, 4.5, 4)
    case "fair": Tolerance(5.5, 2, 4)
    case "arctan": Tolerance(2.5, 4.5, 6)
    // Exponentials as squares of roots.
    case "gamma": Tolerance(3, 3, 3)
    case "tweedie": Tolerance(4, 4, 4)
    case "negativeBinomial": Tolerance(4.5, 5, 8)
    case "squaredLogError": Tolerance(4, 4, 5)
    case "absolutePercentageError": Tolerance(1.5, 0.5, 0)
    case "symmetricAbsolutePercentageError": Tolerance(2.5, 3.5, 4.5)
    case "crossEntropyOfProbabilities": Tolerance(1.5, 2, 3)
    case "poly1": Tolerance(3.5, 4, 7)
    case "asymmetric": Tolerance(13, 13, 13)
    case "generalizedCrossEntropy": Tolerance(3.5, 3.5, 4.5)
    case "sigmoid": Tolerance(2, 3.5, 5)
    case "savage": Tolerance(4.5, 5.5, 6)
    case "distanceWeightedDiscrimination": Tolerance(3.5, 4, 5)
    default: Tolerance(0, 0, 0)
    }
  }
}
