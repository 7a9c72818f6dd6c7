/// Differences between outcomes and probabilities, summed over bins `[j/B, (j + 1)/B)` of equal width; 1 falls into the
/// last one.
struct CalibrationBins {
  private var differences: [CompensatedSum]
  private var total = CompensatedSum()

  init(count: Int) {
    differences = Array(repeating: CompensatedSum(), count: count)
  }

  /// Adds a sample; `probability` is in [0, 1], `outcome` 0 or 1.
  mutating func add(probability: Double, outcome: Double, weight: Double) {
    let bin = min(Int(probability * Double(differences.count)), differences.count - 1)
    differences[bin].add(weight * (outcome - probability))
    total.add(weight)
  }

  /// The mean over the samples of the difference in their bin, without its sign; 0 where there are none.
  var error: Double {
    var sum = CompensatedSum()
    for difference in differences { sum.add(abs(difference.value)) }
    return total.value == 0 ? 0 : sum.value / total.value
  }
}
