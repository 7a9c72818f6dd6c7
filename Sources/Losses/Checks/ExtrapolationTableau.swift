/// Difference quotients of steps that are halved from row to row, extrapolated to the step 0.
///
/// Column `j` removes the first `j` terms of the error as a power series of the step (Richardson 1911). As in Ridders
/// (1982) the entry that differs least from its neighbours is the estimate, and the difference its error.
struct ExtrapolationTableau {
  /// More columns bring more rounding errors than accuracy, and would remember steps that are far too long.
  private static let columnLimit = 8

  private let ratio: Double
  private var row: [Double] = []

  /// The estimate of the newest row.
  private(set) var value = Double.nan

  /// The error of ``value`` as far as its neighbours show it; infinite before there are two rows.
  private(set) var error = Double.infinity

  /// A tableau for quotients whose error has the even powers of the step only, as those of central differences do.
  static let central = Self(ratio: 4)

  /// A tableau for quotients whose error has all powers of the step, as those of one side do.
  static let oneSided = Self(ratio: 2)

  private init(ratio: Double) { self.ratio = ratio }

  /// Adds the quotient of half the step before.
  mutating func append(_ quotient: Double) {
    var next = [quotient]
    var best = (value: quotient, error: Double.infinity)
    var factor = ratio
    for j in row.indices.prefix(Self.columnLimit) {
      // Not (factor · next − row)/(factor − 1), which overflows sooner.
      let improvement = (next[j] - row[j]) / (factor - 1)
      let entry = next[j] + improvement
      let error = max(improvement.magnitude, (entry - row[j]).magnitude)
      if error < best.error { best = (entry, error) }
      next.append(entry)
      factor *= ratio
    }
    // Within one row a small difference may be chance: the estimate before has to be near as well.
    error = row.isEmpty ? .infinity : max(best.error, (best.value - value).magnitude)
    value = best.value
    row = next
  }
}
