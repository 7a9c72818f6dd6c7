import RealModule

/// How the losses of many samples become one number; `ℓ` is the loss of a sample and `w` its weight.
public enum ReferenceReduction: CaseIterable, Hashable, Sendable {
  /// `Σ wℓ`.
  case sum

  /// `Σ wℓ / Σ w`.
  case mean

  /// `√(Σ wℓ / Σ w)`.
  case rootMean
}

/// The reduced loss of many samples, with what each sample contributes.
public struct ReferenceEvaluation<T: ReferenceScalar>: Equatable {
  /// The reduced loss.
  public var value: T

  /// The weight times the loss of every sample; neither the reduction nor the scale enters.
  public var values: [T]

  /// The scale times the derivative of the reduced loss with respect to every prediction.
  public var gradient: [T]

  /// The scale times the second derivative of the reduced loss with respect to every prediction: the diagonal of the
  /// Hessian.
  public var curvature: [T]

  /// Creates an evaluation from its parts.
  public init(value: T, values: [T], gradient: [T], curvature: [T]) {
    self.value = value
    self.values = values
    self.gradient = gradient
    self.curvature = curvature
  }
}

extension ReferenceEvaluation: Sendable where T: Sendable {}

extension ReferenceLoss {
  /// Evaluates the loss of many samples and reduces it to one number.
  ///
  /// - A sample of weight 0 contributes nothing at all, even if its loss is NaN.
  /// - If there is no sample, or if the weights of a mean sum to 0, then the value, the gradient and the curvature are 0.
  /// - Where a root mean is 0, its gradient and curvature are 0.
  ///
  /// - Parameters:
  ///   - predictions: One prediction per sample.
  ///   - targets: One target per sample.
  ///   - weights: One weight per sample, none of them negative; `nil` stands for ones.
  ///   - reduction: How the losses become one number.
  ///   - scale: What to multiply the gradient and the curvature by; the value stays as it is.
  public func reference<T: ReferenceScalar>(
    predictions: [T], targets: [T], weights: [T]? = nil, reduction: ReferenceReduction, scale: T = 1
  ) -> ReferenceEvaluation<T> {
    let count = predictions.count
    precondition(targets.count == count, "one target per prediction")
    let weights = weights ?? Array(repeating: 1, count: count)
    precondition(weights.count == count, "one weight per prediction")

    // Every sample on its own, times its weight.
    let samples = (0..<count).map { i in
      let sample = reference(prediction: predictions[i], target: targets[i])
      return ReferenceSample(
        value: weighted(weights[i], sample.value),
        gradient: weighted(weights[i], sample.gradient),
        curvature: weighted(weights[i], sample.curvature))
    }
    let total = compensatedSum(samples.map(\.value))
    let totalWeight = compensatedSum(weights)

    var evaluation = ReferenceEvaluation(
      value: 0, values: samples.map(\.value), gradient: Array(repeating: 0, count: count),
      curvature: Array(repeating: 0, count: count))

    switch reduction {
    case .sum:
      evaluation.value = total
      evaluation.gradient = samples.map { scale * $0.gradient }
      evaluation.curvature = samples.map { scale * $0.curvature }

    case .mean:
      guard totalWeight != 0 else { return evaluation }
      evaluation.value = total / totalWeight
      evaluation.gradient = samples.map { scale * ($0.gradient / totalWeight) }
      evaluation.curvature = samples.map { scale * ($0.curvature / totalWeight) }

    case .rootMean:
      guard totalWeight != 0 else { return evaluation }
      let value = T.sqrt(total / totalWeight)
      guard value != 0 else { return evaluation }
      evaluation.value = value
      // With m the mean and v = √m: v′ = m′/(2v) and v″ = (m″/2 − v′²)/v.
      for i in 0..<count where weights[i] != 0 {
        let slope = samples[i].gradient / totalWeight / (2 * value)
        evaluation.gradient[i] = scale * slope
        evaluation.curvature[i] = scale * ((samples[i].curvature / totalWeight / 2 - slope * slope) / value)
      }
    }
    return evaluation
  }
}

/// The sum of `terms`, compensated for the rounding errors of the additions.
func compensatedSum<T: ReferenceScalar>(_ terms: [T]) -> T {
  var sum = CompensatedSum<T>()
  for term in terms { sum += term }
  return sum.value
}
