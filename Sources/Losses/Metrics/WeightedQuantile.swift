/// A value and the weight that it counts with.
struct WeightedValue {
  var value: Double
  var weight: Double
}

/// The quantile of a weighted sample: `lower` is the least value up to which at least the share `level` of the weight
/// lies. Where it is exactly that share, every number up to the next value, `upper`, is a quantile as well.
///
/// With whole weights this is the quantile of a sample in which each value is repeated. O(n log n).
func weightedQuantile(_ values: [WeightedValue], level: Double) -> (lower: Double, upper: Double) {
  // Equal values are ordered by weight, so that the order in which they are given does not count.
  let sorted = values.sorted { $0.value == $1.value ? $0.weight < $1.weight : $0.value < $1.value }
  var total = CompensatedSum()
  for element in sorted { total.add(element.weight) }
  let share = level * total.value
  var sum = CompensatedSum()
  for (index, element) in sorted.enumerated() {
    sum.add(element.weight)
    guard sum.value >= share else { continue }
    let next = index + 1
    return (element.value, sum.value == share && next < sorted.count ? sorted[next].value : element.value)
  }
  let last = sorted.last?.value ?? 0
  return (last, last)
}

extension _MetricSamples {
  /// The weighted median of `|ŷ − y|`.
  func medianAbsoluteError() throws(LossError) -> Double {
    var errors: [WeightedValue] = []
    errors.reserveCapacity(count)
    try forEach { (index, prediction, target, weight) throws(LossError) in
      for (argument, value) in [("predictions", prediction), ("targets", target)] where !value.isFinite {
        throw .invalidElement(argument: argument, index: index, value: value, expected: "a finite number")
      }
      errors.append(WeightedValue(value: abs(prediction - target), weight: weight))
    }
    let (lower, upper) = weightedQuantile(errors, level: 0.5)
    return lower == upper ? lower : lower + (upper - lower) / 2
  }
}
