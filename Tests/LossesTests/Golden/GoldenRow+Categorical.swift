import Losses

extension GoldenRow {
  /// What the targets of a row of scores are.
  enum ClassTargets {
    case indices, distributions
  }

  /// A call that a loss of rows of scores gives. Without a `reduction` it is the mean where the record has one value, and the
  /// sum where it has a value for each row.
  ///
  /// - `factor`: what all numbers are multiplied by;
  /// - `predictions`, `slope`: the score here, and its derivative by the number there.
  static func categorical(
    _ call: String, _ loss: CategoricalLoss, _ reduction: Reduction? = nil, targets: ClassTargets = .indices,
    weighted: Bool = false, classWeighting: ClassWeighting? = nil, ignoredIndex: Int? = nil,
    factor: @escaping @Sendable (GoldenSamples) -> Double = { _ in 1 },
    predictions: (@Sendable (Double) -> Double)? = nil, slope: @escaping @Sendable (Double) -> Double = { _ in 1 }
  ) -> GoldenRow {
    GoldenRow(call: call) { record, samples in
      let call = CategoricalGoldenCall(
        loss: loss, targets: targets, weighted: weighted, classWeighting: classWeighting, ignoredIndex: ignoredIndex,
        reduction: reduction ?? (record.isMean ? .mean : .sum))
      let x = samples.x.map { predictions?($0) ?? $0 }
      var found = samples.isSinglePrecision ? try call(x.map(Float.init), samples) : try call(x, samples)
      let factor = factor(samples)
      let slopes = samples.x.map(slope)
      found.value = found.value.map { factor * $0 }
      found.values = found.values.map { $0.map { factor * $0 } }
      found.gradient = found.gradient?.mapValues { zip($0, slopes).map { factor * $0 * $1 } }
      found.curvature = predictions == nil ? found.curvature?.map { $0.map { factor * $0 } } : nil
      return found
    }
  }
}

private struct CategoricalGoldenCall {
  var loss: CategoricalLoss
  var targets: GoldenRow.ClassTargets
  var weighted: Bool
  var classWeighting: ClassWeighting?
  var ignoredIndex: Int?
  var reduction: Reduction

  /// Everything that the loss gives; the curvature is that of the sum.
  func callAsFunction<S: LossScalar>(_ x: [S], _ samples: GoldenSamples) throws -> GoldenNumbers {
    let classCount = samples.columns ?? 1
    let weights: [S]? = weighted ? samples.w?.map { S($0) } : nil
    let classWeights: [S]? = classWeighting == nil ? nil : samples.c?.map { S($0) }
    let weighting = classWeighting ?? .samples
    let result: (value: Double, gradient: [S])
    let values: [S]
    let curvature: [S]
    switch targets {
    case .indices:
      let y = (samples.y ?? []).map { Int64($0) }
      result = try loss.valueAndGradient(
        predictions: x, targets: y, classCount: classCount, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignoredIndex, reduction: reduction)
      values = try loss.values(
        predictions: x, targets: y, classCount: classCount, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignoredIndex)
      curvature = try loss.valueGradientAndCurvature(
        predictions: x, targets: y, classCount: classCount, weights: weights, classWeights: classWeights,
        classWeighting: weighting, ignoredIndex: ignoredIndex, reduction: .sum
      ).curvature
    case .distributions:
      let q = (samples.q ?? []).map { S($0) }
      result = try loss.valueAndGradient(
        predictions: x, targets: q, classCount: classCount, weights: weights, classWeights: classWeights,
        classWeighting: weighting, reduction: reduction)
      values = try loss.values(
        predictions: x, targets: q, classCount: classCount, weights: weights, classWeights: classWeights,
        classWeighting: weighting)
      curvature = try loss.valueGradientAndCurvature(
        predictions: x, targets: q, classCount: classCount, weights: weights, classWeights: classWeights,
        classWeighting: weighting, reduction: .sum
      ).curvature
    }
    return GoldenNumbers(
      value: result.value, values: values.map(\._double), gradient: ["x": result.gradient.map(\._double)],
      curvature: curvature.map { $0._double })
  }
}
