public import Losses

/// The targets of rows.
public enum ReferenceTargets<T: ReferenceScalar> {
  /// One class for each row.
  case classes([Int])
  /// One distribution for each row.
  case distributions([[T]])
}

/// The reduced loss of many rows, with what each row contributes.
public struct ReferenceRows<T: ReferenceScalar> {
  /// The reduced loss.
  public var value: T = 0
  /// The size of the terms of the value.
  public var valueTerms: T = 0
  /// The denominator of the mean.
  public var weight: T = 0
  /// The rows, each times its share: `value` times the weight, `gradient` and `curvature` times the derivative of the
  /// reduction as well.
  public var rows: [ReferenceRow<T>] = []
}

extension CategoricalLoss {
  /// Evaluates rows of scores. A row of weight 0, or whose class is the ignored one, contributes nothing at all.
  public func reference<T: ReferenceScalar>(
    predictions: [[T]], targets: ReferenceTargets<T>, weights: [T]? = nil, classWeights: [T]? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil, reduction: ReferenceReduction = .mean,
    scale: T = 1
  ) -> ReferenceRows<T> {
    var result = ReferenceRows<T>()
    for (i, z) in predictions.enumerated() {
      let zero = ReferenceRow<T>(count: z.count)
      var label: Int?
      var q = [T](repeating: 0, count: z.count)
      switch targets {
      case .classes(let classes):
        label = classes[i]
        if classes[i] != ignoredIndex { q[classes[i]] = 1 }
      case .distributions(let distributions):
        q = distributions[i]
      }
      let weight = weights?[i] ?? 1
      guard weight != 0, label == nil || label != ignoredIndex else {
        result.rows.append(zero)
        continue
      }
      let share = classWeights.map { w in compensatedSum(w.indices.map { w[$0] * q[$0] }) } ?? 1
      result.weight += classWeighting == .losses ? weight : weight * share
      let factor = classWeighting == .samples ? weight * share : weight
      guard factor != 0 else {
        result.rows.append(zero)
        continue
      }
      // A loss that knows classes only takes the weight of the class as a factor.
      var t = effectiveTarget(row: z, q, classWeights: classWeights, weighting: classWeighting)
      var labelFactor: T = 1
      if let label, !isSmoothed, classWeighting != .samples, let classWeights {
        labelFactor = classWeights[label]
        t = q
      }
      let total = factor * labelFactor
      guard total != 0 else {
        result.rows.append(zero)
        continue
      }
      result.rows.append(reference(row: z, target: t, label: label).times(total, total))
    }
    result.value = compensatedSum(result.rows.map(\.value))
    result.valueTerms = compensatedSum(result.rows.map(\.terms.value))
    var slope = scale
    if reduction != .sum {
      guard result.weight != 0 else { return result.cleared }
      result.value /= result.weight
      result.valueTerms /= result.weight
      slope /= result.weight
    }
    if reduction == .rootMean {
      let root = result.value.squareRoot()
      result.valueTerms = root == 0 ? 0 : result.valueTerms / root
      result.value = root
      slope = root == 0 ? 0 : slope / (2 * root)
    }
    result.rows = result.rows.map { $0.times(1, slope) }
    return result
  }

  private var isSmoothed: Bool {
    if case .crossEntropy(let smoothing) = self { smoothing != 0 } else { false }
  }
}

extension ReferenceRows {
  fileprivate var cleared: Self {
    var result = self
    result.value = 0
    result.valueTerms = 0
    result.rows = rows.map { ReferenceRow(count: $0.gradient.count) }
    return result
  }
}

extension ReferenceRow {
  /// The value times one factor, the derivatives times another.
  func times(_ factor: T, _ slope: T) -> Self {
    var row = self
    row.value *= factor
    row.terms.value *= factor.magnitude
    row.gradient = gradient.map { $0 * slope }
    row.curvature = curvature.map { $0 * slope }
    row.terms.gradient = terms.gradient.map { $0 * slope.magnitude }
    row.terms.curvature = terms.curvature.map { $0 * slope.magnitude }
    return row
  }
}
