import CLossKernels

/// A loss for K ordered classes: the prediction is one score `s`, the target a class index `y` from 0 to K − 1, and K − 1
/// increasing thresholds `θ` cut the line of scores into the classes. The thresholds are learned like any parameter: the
/// gradient with respect to them comes with that of the scores.
@nonexhaustive
public enum OrdinalLoss: Hashable, Sendable {
  /// `−ln(σ(θ_y − s) − σ(θ_{y−1} − s))` with `θ_{−1} = −∞` and `θ_{K−1} = ∞`: the proportional-odds model (McCullagh 1980),
  /// in which `P(target ≤ k) = σ(θ_k − s)`.
  ///
  /// It is evaluated as `softplus(s − θ_y) + softplus(θ_{y−1} − s) − ln(1 − exp(θ_{y−1} − θ_y))`, in which nothing cancels,
  /// and in `Double` whatever the scalar.
  case cumulativeLogit
}

extension OrdinalLoss: RowLossFamily {
  /// `ordinal`.
  public static var familyName: String { "ordinal" }

  /// What the loss compares, in a few words.
  public static var inputs: String {
    "prediction s: a score; target: a class y below K; θ: K − 1 increasing thresholds"
  }

  /// The place of the loss in the catalogue. An implementation detail.
  public var _kernelIndex: UInt32 { 0 }

  /// There are no parameters: the thresholds are arguments.
  public var parameterValues: [Double] { [] }

  /// Every loss of the family.
  public static let catalogue: [LossEntry<Self>] = [
    LossEntry(
      "cumulativeLogit", id: 0, [:], [], formula: "−ln(σ(θ_y − s) − σ(θ_{y−1} − s))",
      properties: { _ in LossProperties(lipschitzConstant: 1, curvatureBound: 0.5) },
      make: { _ in .cumulativeLogit })
  ]
}
