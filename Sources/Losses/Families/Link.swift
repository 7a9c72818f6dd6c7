/// What connects the mean of the target with the prediction: `link(mean) = prediction`.
@nonexhaustive
public enum Link: String, Hashable, Codable, Sendable, CaseIterable {
  /// The prediction estimates the target itself, or is a score.
  case identity
  /// `ln(mean) = prediction`.
  case log
  /// `ln(p/(1 − p)) = prediction`.
  case logit

  /// The estimate of the target for a prediction: the inverse of the link.
  public func response(_ prediction: Double) -> Double {
    switch self {
    case .identity: prediction
    case .log: Math.exp(prediction)
    case .logit: prediction > 0 ? 1 / (1 + Math.exp(-prediction)) : Math.exp(prediction) / (1 + Math.exp(prediction))
    }
  }

  /// The prediction for an estimate of the target.
  public func prediction(_ response: Double) -> Double {
    switch self {
    case .identity: response
    case .log: Math.log(response)
    case .logit: Math.log(response) - Math.log1p(-response)
    }
  }
}
