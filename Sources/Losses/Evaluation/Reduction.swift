/// How the losses of the samples become one value.
///
/// A sample of weight 0 counts as deleted, even where its own loss is not a number. With no samples, or with weights
/// that sum to 0, value and gradient are 0.
public enum Reduction: String, Hashable, Codable, Sendable, CaseIterable {
  /// `Σ sᵢℓᵢ`.
  case sum

  /// `Σ sᵢℓᵢ / Σ sᵢ`: the sum of the weights divides, or the count where there are no weights.
  case mean

  /// `√mean`, for losses whose mean is not negative. Its gradient is that of the mean divided by twice the value, 0
  /// where the value is 0; it takes a pass over the inputs for the value and another one for the gradient.
  case rootMean
}
