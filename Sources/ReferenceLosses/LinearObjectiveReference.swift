import RealModule

/// The objective of a linear model at one point, with its gradient.
public struct ReferenceObjective<T: ReferenceScalar>: Equatable {
  /// The objective.
  public var value: T

  /// The derivatives with respect to the coefficients, followed by the derivative with respect to the intercept.
  public var gradient: [T]

  /// Creates an objective from its parts.
  public init(value: T, gradient: [T]) {
    self.value = value
    self.gradient = gradient
  }
}

extension ReferenceObjective: Sendable where T: Sendable {}

extension ReferenceLoss {
  /// The regularised empirical risk of a linear model: `(1/Σs) Σ sᵢ ℓ(xᵢᵀw + b, yᵢ) + ½λ‖w‖²`.
  ///
  /// The intercept is free: the penalty leaves it out. A sample of weight 0 contributes nothing at all; if there is no
  /// other sample, then the penalty is all that is left.
  ///
  /// - Parameters:
  ///   - features: The n × p matrix of the xᵢᵀ, row after row.
  ///   - targets: The n targets y.
  ///   - weights: The n sample weights s, none of them negative; `nil` stands for ones.
  ///   - coefficients: The p coefficients w.
  ///   - intercept: The intercept b.
  ///   - penalty: The strength λ of the penalty.
  public func linearReference<T: ReferenceScalar>(
    features: [T], targets: [T], weights: [T]? = nil, coefficients: [T], intercept: T, penalty: T
  ) -> ReferenceObjective<T> {
    let (n, p) = (targets.count, coefficients.count)
    precondition(features.count == n * p, "one row of features per target, one column per coefficient")

    let predictions = (0..<n).map { i in
      compensatedSum((0..<p).map { j in features[i * p + j] * coefficients[j] } + [intercept])
    }
    let risk = reference(predictions: predictions, targets: targets, weights: weights, reduction: .mean)

    // The intercept is the coefficient of a feature that is 1 everywhere. A sample without weight has no part in the
    // gradient, whatever its features.
    func riskGradient(_ feature: (_ row: Int) -> T) -> T {
      compensatedSum((0..<n).map { i in weights?[i] == 0 ? 0 : risk.gradient[i] * feature(i) })
    }
    let coefficientGradient = (0..<p).map { j in
      riskGradient { i in features[i * p + j] } + penalty * coefficients[j]
    }
    let squaredNorm = compensatedSum(coefficients.map { $0 * $0 })
    return ReferenceObjective(
      value: risk.value + penalty / 2 * squaredNorm,
      gradient: coefficientGradient + [riskGradient { _ in 1 }])
  }
}
