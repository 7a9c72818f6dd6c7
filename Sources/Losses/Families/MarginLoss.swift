/// A loss for two classes that depends on the margin `a = yŷ`; the prediction `ŷ` is a score, the target `y` is −1 or +1.
@nonexhaustive
public enum MarginLoss: Hashable, Sendable {
  /// `max(0, 1 − a)`. The gradient at `a = 1` is the midpoint `−y/2`.
  case hinge

  /// `max(0, 1 − a)²`.
  case squaredHinge

  /// 0 where `a ≥ 1`, `1 − a − γ/2` where `a ≤ 1 − γ`, `(1 − a)²/(2γ)` between (Shalev-Shwartz and Zhang 2013).
  /// Requires `gamma > 0`; `gamma: 1` is the smooth hinge of Rennie (2005).
  case smoothedHinge(gamma: Double = 1)

  /// `max(0, 1 − a)²` where `a ≥ −1`, `−4a` beyond (Zhang 2004).
  case modifiedHuber

  /// `max(0, −a)` (Rosenblatt 1958). The gradient at `a = 0` is the midpoint `−y/2`.
  case perceptron

  /// `exp(−a)`, the loss of AdaBoost.
  case exponential

  /// `1 − tanh a = 2/(1 + exp(2a))`, as `SigmoidLoss` of LossFunctions.jl: bounded by 2.
  case sigmoid

  /// `1/(1 + exp(a))²` (Masnadi-Shirazi and Vasconcelos 2008), bounded by 1. The authors have it at `2a`.
  case savage

  /// `1 − a` where `a ≤ q/(q + 1)`, `(1/aᵠ) qᵠ/(q + 1)^(q + 1)` beyond (Marron, Todd and Ahn 2007). `DWDMarginLoss` of
  /// LossFunctions.jl. Requires `q > 0`; the curvature at the edge is the midpoint.
  case distanceWeightedDiscrimination(q: Double = 1)

  /// A sum of losses, each times its coefficient, evaluated in one pass: `0.7 * first + 0.3 * second`.
  case combination(Combination<MarginLoss>)
}
