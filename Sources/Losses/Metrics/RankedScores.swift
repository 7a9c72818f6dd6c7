/// Weighted samples of two classes in the order of their scores.
struct RankedScores {
  /// The weight of the samples of one score, by class.
  private struct Level {
    var positive = CompensatedSum()
    var negative = CompensatedSum()
  }

  /// From the greatest score to the least.
  private let levels: [Level]

  init(_ samples: [(score: Double, isPositive: Bool, weight: Double)]) {
    // Samples of one score are ordered by weight, so that the order in which they are given does not count.
    let sorted = samples.sorted { $0.score == $1.score ? $0.weight < $1.weight : $0.score > $1.score }
    var levels: [Level] = []
    var score: Double?
    for sample in sorted {
      if sample.score != score { levels.append(Level()) }
      score = sample.score
      if sample.isPositive {
        levels[levels.count - 1].positive.add(sample.weight)
      } else {
        levels[levels.count - 1].negative.add(sample.weight)
      }
    }
    self.levels = levels
  }

  private func total(_ class: KeyPath<Level, CompensatedSum>) -> Double {
    var sum = CompensatedSum()
    for level in levels { sum.add(level[keyPath: `class`].value) }
    return sum.value
  }

  /// The share of pairs of a positive and a negative sample in which the positive one has the greater score, ties ½.
  var rocAUC: Double {
    guard !levels.isEmpty else { return 0 }
    let (positives, negatives) = (total(\.positive), total(\.negative))
    guard positives > 0, negatives > 0 else { return 0.5 }
    var above = CompensatedSum()
    var area = CompensatedSum()
    for level in levels {
      let tied = level.positive.value
      area.add(level.negative.value * ((above.value + tied / 2) / positives))
      above.add(tied)
    }
    return area.value / negatives
  }

  /// The mean over the positive samples of the precision at their score.
  var averagePrecision: Double {
    var positives = CompensatedSum()
    var negatives = CompensatedSum()
    var sum = CompensatedSum()
    for level in levels {
      positives.add(level.positive.value)
      negatives.add(level.negative.value)
      sum.add(level.positive.value * (positives.value / (positives.value + negatives.value)))
    }
    return positives.value > 0 ? sum.value / positives.value : 0
  }
}

extension _MetricSamples {
  /// The samples that count, in the order of their scores.
  func rankedScores() throws(LossError) -> RankedScores {
    var samples: [(score: Double, isPositive: Bool, weight: Double)] = []
    samples.reserveCapacity(count)
    try forEachOrdered { score, isPositive, weight in samples.append((score, isPositive, weight)) }
    return RankedScores(samples)
  }
}
