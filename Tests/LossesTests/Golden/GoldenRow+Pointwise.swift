import Losses

extension GoldenRow {
  /// A call that a loss of flat predictions and targets gives. Without a `reduction` it is the mean where the record has
  /// one value, and the sum where it has a value for each sample.
  ///
  /// - `factor`: what all numbers are multiplied by;
  /// - `offset`: what the loss of a sample there has more, of its target;
  /// - `targets`: the target here;
  /// - `predictions`, `slope`: the prediction here, and its derivative by the one there.
  static func pointwise(
    _ call: String, _ loss: any PointwiseLoss, _ reduction: Reduction? = nil, weighted: Bool = false,
    factor: @escaping @Sendable (GoldenSamples) -> Double = { _ in 1 },
    offset: @escaping @Sendable (Double) -> Double = { _ in 0 },
    targets: @escaping @Sendable (Double) -> Double = { $0 },
    predictions: (@Sendable (Double) -> Double)? = nil, slope: @escaping @Sendable (Double) -> Double = { _ in 1 }
  ) -> GoldenRow {
    GoldenRow(call: call) { record, samples in
      let there = samples.y ?? []
      let weights = weighted ? samples.w : nil
      let reduction = reduction ?? (record.isMean ? .mean : .sum)
      let x = samples.x.map { predictions?($0) ?? $0 }
      let y = there.map(targets)
      var found =
        samples.isSinglePrecision
        ? try evaluate(loss, x.map(Float.init), y.map(Float.init), weights?.map(Float.init), reduction)
        : try evaluate(loss, x, y, weights, reduction)

      let factor = factor(samples)
      let offsets = there.enumerated().map { (weights?[$0] ?? 1) * offset($1) }
      let weight = reduction == .mean ? weights?.reduce(0, +) ?? Double(there.count) : 1
      let meanOffset = weight > 0 ? offsets.reduce(0, +) / weight : 0
      found.value = found.value.map { factor * ($0 + meanOffset) }
      found.values = found.values.map { zip($0, offsets).map { factor * ($0 + $1) } }
      let slopes = samples.x.map(slope)
      found.gradient = found.gradient?.mapValues { zip($0, slopes).map { factor * $0 * $1 } }
      found.curvature = predictions == nil ? found.curvature?.map { $0.map { factor * $0 } } : nil
      return found
    }
  }
}

/// Everything that a loss gives; the curvature is that of the sum, or none where the reduction has none.
private func evaluate<S: LossScalar>(
  _ loss: any PointwiseLoss, _ x: [S], _ y: [S], _ weights: [S]?, _ reduction: Reduction
) throws -> GoldenNumbers {
  let (value, gradient) = try loss.valueAndGradient(predictions: x, targets: y, weights: weights, reduction: reduction)
  let values = try loss.values(predictions: x, targets: y, weights: weights)
  let curvature = try loss.valueGradientAndCurvature(predictions: x, targets: y, weights: weights, reduction: .sum).2
  return GoldenNumbers(
    value: value, values: values.map(\._double), gradient: ["x": gradient.map(\._double)],
    curvature: curvature.map { $0._double })
}
