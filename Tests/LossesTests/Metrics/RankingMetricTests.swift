import Losses
import TestSupport
import Testing

/// Metrics of an order, against their definitions.
@Suite struct RankingMetricTests {
  struct Ranking {
    var scores: [Double] = []
    var labels: [Double] = []
    var weights: [Double] = []

    /// Few different scores give many ties.
    init(count: Int, levels: Int, seed: UInt64) {
      var generator = SplitMix64(seed: seed)
      for _ in 0..<count {
        scores.append(Double(Int.random(in: 0..<levels, using: &generator)) - 2.5)
        labels.append(Double(Int.random(in: 0...1, using: &generator)))
        weights.append(Double(Int.random(in: 0...8, using: &generator)) / 8)
      }
    }

    /// Over all pairs.
    var areaByPairs: Double {
      var (area, total) = (0.0, 0.0)
      for i in scores.indices where labels[i] == 1 {
        for j in scores.indices where labels[j] == 0 {
          let weight = weights[i] * weights[j]
          total += weight
          area += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
        }
      }
      return total == 0 ? 0.5 : area / total
    }

    /// The mean over the positive samples of the precision at their own score.
    var averagePrecisionBySamples: Double {
      var (sum, total) = (0.0, 0.0)
      for i in scores.indices where labels[i] == 1 && weights[i] > 0 {
        let above = scores.indices.filter { scores[$0] >= scores[i] }
        let all = above.reduce(0) { $0 + weights[$1] }
        let positive = above.reduce(0) { $0 + weights[$1] * labels[$1] }
        sum += weights[i] * positive / all
        total += weights[i]
      }
      return total == 0 ? 0 : sum / total
    }
  }

  @Test(arguments: [1, 2, 3, 7, 40, 1000], [2, 10, 150])
  func areaAndAveragePrecisionOfTies(levels: Int, count: Int) throws {
    for seed in 0..<8 {
      let ranking = Ranking(count: count, levels: levels, seed: UInt64(seed))
      func value(_ metric: BinaryMetric) throws -> Double {
        try metric.value(predictions: ranking.scores, targets: ranking.labels, weights: ranking.weights)
      }
      if ranking.weights.contains(where: { $0 > 0 }) {
        #expect(abs(try value(.rocAUC) - ranking.areaByPairs) <= 1e-14)
      }
      #expect(abs(try value(.averagePrecision) - ranking.averagePrecisionBySamples) <= 1e-14)
    }
  }

  @Test func onlyTheOrderCounts() throws {
    let ranking = Ranking(count: 200, levels: 30, seed: 3)
    for metric in [BinaryMetric.rocAUC, .averagePrecision] {
      let values = try [ranking.scores, ranking.scores.map { Math.exp($0) }, ranking.scores.map { 1e300 * $0 }].map {
        try metric.value(predictions: $0, targets: ranking.labels)
      }
      #expect(values[0] == values[1] && values[0] == values[2])
      // Infinite scores have an order.
      let infinite = ranking.scores.map { $0 < -2 ? -.infinity : $0 > 20 ? .infinity : $0 }
      let clamped = ranking.scores.map { max(-2.25, min($0, 20.25)) }
      #expect(
        try metric.value(predictions: infinite, targets: ranking.labels)
          == metric.value(predictions: clamped, targets: ranking.labels))
    }
    let mirrored = try BinaryMetric.rocAUC.value(predictions: ranking.scores.map { -$0 }, targets: ranking.labels)
    #expect(
      abs(mirrored + (try BinaryMetric.rocAUC.value(predictions: ranking.scores, targets: ranking.labels)) - 1) <= 1e-15
    )
  }

  @Test func perfectAndWorthlessOrders() throws {
    let labels: [Double] = [0, 1, 0, 1, 1]
    #expect(
      try BinaryMetric.rocAUC.value(predictions: labels, targets: labels, weights: [0.1, 0.7, 0.3, 0.2, 0.4]) == 1)
    #expect(try BinaryMetric.averagePrecision.value(predictions: labels, targets: labels) == 1)
    #expect(try BinaryMetric.rocAUC.value(predictions: labels.map { -$0 }, targets: labels) == 0)
    #expect(try BinaryMetric.rocAUC.value(predictions: labels.map { _ in 3 }, targets: labels) == 0.5)
    #expect(try BinaryMetric.averagePrecision.value(predictions: labels.map { _ in 3 }, targets: labels) == 0.6)
    // A zero of either sign is one score.
    #expect(try BinaryMetric.rocAUC.value(predictions: [0.0, -0.0], targets: [1, 0]) == 0.5)
  }

  /// The greatest score wins; of several the lowest index.
  @Test func topKOfTies() throws {
    let rows: [Double] = [0.2, 0.4, 0.4, 0.0]
    let ranks = [3, 1, 2, 4]
    for target in 0..<4 {
      for k in 1...6 {
        let value = try CategoricalMetric.topK(k: k).value(predictions: rows, targets: [target], classCount: 4)
        #expect(value == (ranks[target] <= k ? 1 : 0), "class \(target), k = \(k)")
      }
    }
    #expect(try CategoricalMetric.accuracy.value(predictions: rows, targets: [1], classCount: 4) == 1)
    #expect(
      try CategoricalMetric.topK(k: 1).value(
        predictions: [1, .infinity, .infinity, -.infinity] as [Float], targets: [1], classCount: 4)
        == 1)
  }

  /// A weighted median against the median of the repeated values.
  @Test func medianOfRepeatedValues() throws {
    var generator = SplitMix64(seed: 9)
    for count in 1...40 {
      let errors = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
      let weights = errors.map { _ in Double(Int.random(in: 1...3, using: &generator)) }
      let repeated = zip(errors, weights).flatMap { Array(repeating: $0, count: Int($1)) }.sorted()
      let expected = (repeated[(repeated.count - 1) / 2] + repeated[repeated.count / 2]) / 2
      let value = try RegressionMetric.medianAbsoluteError.value(
        predictions: errors.map { -$0 }, targets: errors.map { _ in 0 }, weights: weights)
      #expect(value == expected)
    }
  }
}
