import Losses
import Testing

/// A fit of `stackloss.csv` with a penalty as another system has it.
struct PenalizedFit: Sendable, CustomTestStringConvertible {
  var penalty: Penalty
  var standardize: Bool
  var value: Double
  /// The coefficients, then the intercept.
  var parameters: [Double]

  var testDescription: String { "\(penalty), standardize \(standardize)" }
}
