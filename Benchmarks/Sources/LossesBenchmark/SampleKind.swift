import Foundation

/// What predictions and targets look like. Every kink of a loss has samples on both of its sides.
enum SampleKind {
  /// Real targets around the predictions.
  case real

  /// Whole targets from 0 to 5; the prediction is the logarithm of a rate.
  case count

  /// Targets 0 and 1, 1 with the probability that the logit says.
  case label

  /// Targets −1 and 1, drawn like labels.
  case sign

  /// One random prediction with its target.
  func sample(using generator: inout SplitMix64) -> (prediction: Double, target: Double) {
    let prediction = generator.uniform(from: -3, to: 3)
    switch self {
    case .real:
      let noise = (0..<3).reduce(0.0) { sum, _ in sum + generator.uniform(from: -1, to: 1) }
      return (prediction, prediction + noise)
    case .count:
      return (prediction, generator.uniform(from: 0, to: 6).rounded(.down))
    case .label, .sign:
      let isPositive = generator.uniform(from: 0, to: 1) < 1 / (1 + exp(-prediction))
      return (prediction, isPositive ? 1 : self == .label ? 0 : -1)
    }
  }
}
