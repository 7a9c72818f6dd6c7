/// A sum whose error does not grow with the number of its terms (Neumaier 1974), so that it hardly depends on their
/// order.
struct CompensatedSum {
  private var sum = 0.0
  private var correction = 0.0

  mutating func add(_ term: Double) {
    let next = sum + term
    correction += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  /// The correction of a sum that is not finite is not a number.
  var value: Double { sum.isFinite ? sum + correction : sum }
}
