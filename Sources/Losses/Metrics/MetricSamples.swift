/// The predictions, targets and weights of one evaluation of a metric. An implementation detail.
///
/// Whoever makes one keeps the spans alive until the metric is evaluated.
public struct _MetricSamples {
  let predictions: NumberView
  let targets: NumberView
  let weights: WeightView

  /// The number of samples, those of weight 0 included.
  var count: Int { predictions.count }

  init<S: LossScalar>(predictions: Span<S>, targets: Span<S>, weights: Span<S>?) throws(LossError) {
    self.predictions = NumberView(predictions)
    self.targets = NumberView(targets)
    guard targets.count == predictions.count else {
      throw .lengthMismatch(argument: "targets", length: targets.count, expected: predictions.count)
    }
    self.weights = try WeightView(weights, count: predictions.count)
  }

  /// Calls `body` with each sample that counts, in order.
  func forEach(
    _ body: (_ index: Int, _ prediction: Double, _ target: Double, _ weight: Double) throws(LossError) -> Void
  ) throws(LossError) {
    for index in 0..<count {
      let weight = try weights.weight(at: index)
      if weight != 0 { try body(index, predictions[index], targets[index], weight) }
    }
  }

  /// The weighted mean of what `body` gives for each sample; 0 where no sample counts.
  func mean(
    _ body: (_ index: Int, _ prediction: Double, _ target: Double) throws(LossError) -> Double
  ) throws(LossError) -> Double {
    var sum = CompensatedSum()
    var total = CompensatedSum()
    try forEach { (index, prediction, target, weight) throws(LossError) in
      sum.add(weight * (try body(index, prediction, target)))
      total.add(weight)
    }
    return total.value == 0 ? 0 : sum.value / total.value
  }

  /// The mean of a loss, from its own kernels.
  func mean(of loss: RegressionLoss, reduction: Reduction = .mean) throws(LossError) -> Double {
    predictions.isFloat
      ? try mean(of: loss, reduction, as: Float.self) : try mean(of: loss, reduction, as: Double.self)
  }

  private func mean<S: LossScalar>(
    of loss: RegressionLoss, _ reduction: Reduction, as type: S.Type
  ) throws(LossError) -> Double {
    let predictions = predictions.elements(as: type)
    let targets = targets.elements(as: type)
    guard let weights = weights.numbers?.elements(as: type) else {
      return try loss.value(predictions: predictions.span, targets: targets.span, reduction: reduction, threads: 1)
    }
    return try loss.value(
      predictions: predictions.span, targets: targets.span, weights: weights.span, reduction: reduction, threads: 1)
  }
}

/// Numbers of a caller, read as `Double` whatever their type is, so that a metric is compiled once.
struct NumberView {
  private let bytes: UnsafeRawBufferPointer
  let count: Int
  let isFloat: Bool

  init<S: LossScalar>(_ numbers: Span<S>) {
    bytes = numbers.withUnsafeBufferPointer { UnsafeRawBufferPointer($0) }
    count = numbers.count
    isFloat = S._kind == Float._kind
  }

  subscript(index: Int) -> Double {
    isFloat
      ? Double(bytes.load(fromByteOffset: 4 * index, as: Float.self))
      : bytes.load(fromByteOffset: 8 * index, as: Double.self)
  }

  /// The numbers in their own type, which has to be `S`.
  func elements<S: LossScalar>(as type: S.Type) -> UnsafeBufferPointer<S> { bytes.assumingMemoryBound(to: type) }
}

/// The weights of the samples, each checked when it is read.
struct WeightView {
  let numbers: NumberView?

  init<S: LossScalar>(_ weights: Span<S>?, count: Int) throws(LossError) {
    guard let weights else {
      numbers = nil
      return
    }
    guard weights.count == count else {
      throw .lengthMismatch(argument: "weights", length: weights.count, expected: count)
    }
    numbers = NumberView(weights)
  }

  func weight(at index: Int) throws(LossError) -> Double {
    guard let weight = numbers?[index] else { return 1 }
    let domain = ParameterDomain.nonnegative
    guard domain.contains(weight) else {
      throw .invalidElement(argument: "weights", index: index, value: weight, expected: domain.description)
    }
    return weight
  }
}
