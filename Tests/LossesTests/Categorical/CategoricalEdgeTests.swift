import CLossKernels
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// Rows of scores where a plain implementation goes wrong.
@Suite struct CategoricalEdgeTests {
  private let softmaxLosses: [CategoricalLoss] = [
    .crossEntropy(), .crossEntropy(labelSmoothing: 0.1), .focal(), .focal(gamma: 0.5), .poly1(),
    .generalizedCrossEntropy(),
  ]

  /// Values, gradient and curvature of rows that are given one by one.
  private func evaluate<S: TestScalar>(
    _ loss: CategoricalLoss, _ rows: [[S]], _ classes: [Int]
  ) throws -> Evaluation<S> {
    let count = rows[0].count
    let samples = RowSamples<S>(
      rowCount: rows.count, classCount: count, rowStride: count, predictions: rows.flatMap { $0 }, classes: classes,
      distributions: [S](repeating: 0, count: rows.count * count), weights: [], classWeights: [])
    return try LossesTests.evaluate(loss, samples, RowOptions(targets: .longs))
  }

  /// The component of the label is minus the sum of the others where p rounds to 1, accurate relative to itself: in either
  /// kernel, for every softmax loss, for a distribution as for a class.
  @Test(arguments: [3, 32, 33, 600])
  func theLabelsOwnSlopeKeepsItsAccuracy(classCount: Int) throws {
    func check<S: TestScalar>(_: S.Type, _ loss: CategoricalLoss, _ distance: Double) throws {
      var row = [S](repeating: S.make(-distance), count: classCount)
      row[1] = S.make(0)
      row[classCount - 1] = S.make(-distance - 1)
      let gradient = try evaluate(loss, [row], [1]).gradient
      let others = gradient.enumerated().filter { $0.offset != 1 }.reduce(0.0) { $0 + $1.element._double }
      let size = Double(classCount) * distance * S.ulpOfOne._double
      #expect(gradient[1]._double < 0 && abs(gradient[1]._double + others) <= max(4e-7, size) * others, "\(loss)")
      var distribution = [S](repeating: 0, count: classCount)
      distribution[1] = 1
      let soft = try loss.gradient(
        predictions: row, targets: distribution, classCount: classCount, reduction: .sum)
      #expect(abs(soft[1]._double - gradient[1]._double) <= 1e-6 * others)
    }
    for distance in [20.0, 60, 80] { try check(Float.self, .crossEntropy(), distance) }
    for distance in [40.0, 300, 700] { try check(Double.self, .crossEntropy(), distance) }
    for loss in [CategoricalLoss.poly1(), .generalizedCrossEntropy()] {
      try check(Float.self, loss, 60)
      try check(Double.self, loss, 300)
    }
  }

  /// Logits of ±1e4 with a rival 30 below the maximum: what p − 1 would lose.
  @Test func logitsOfTenThousand() throws {
    let result = try evaluate(.crossEntropy(), [[1e4, 1e4 - 30, -1e4], [-1e4, 1e4, 0]] as [[Float]], [0, 0])
    let p = Math.exp(-30)
    #expect(abs(result.gradient[0]._double / -p - 1) < 3e-7 && abs(result.gradient[1]._double / p - 1) < 3e-7)
    #expect(result.gradient[2] == 0 && abs(result.values[0]._double / p - 1) < 3e-7)
    #expect(result.values[1] == 2e4 && Array(result.gradient[3...]) == [-1, 1, 0])
  }

  @Test(arguments: ScalarKind.allCases)
  func hugeLogitsAreFinite(_ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_: S.Type) throws {
      for loss in CategoricalLoss.catalogue.map(\.defaultLoss) where loss != .crossEntropyOfProbabilities {
        let result = try evaluate(
          loss, [[1e30, -1e30, 0], [-1e30, 1e30, 1e30], [1e4, -1e4, 1e4]].map { $0.map(S.make) }, [0, 0, 2])
        let mayOverflow = loss.description.hasPrefix("westonWatkins")
        #expect(mayOverflow || result.gradient.allSatisfy { $0.isFinite }, "\(loss)")
        #expect(result.values.allSatisfy { !$0.isNaN }, "\(loss)")
      }
    }
    if scalar == .float { try check(Float.self) } else { try check(Double.self) }
  }

  /// The exponentials are taken around the label, and around the maximum where the label is too far below it: on both sides
  /// of that limit, with all that a call may be asked for.
  @Test(arguments: [8, 32, 33, 1000, 5000], ScalarKind.allCases)
  func labelsBelowTheGreatestLogit(classCount: Int, _ scalar: ScalarKind) throws {
    if scalar == .float { try checkLabels(Float.self, classCount) } else { try checkLabels(Double.self, classCount) }
  }

  private func checkLabels<S: TestScalar>(_: S.Type, _ classCount: Int) throws {
    var random = SplitMix64(seed: 11)
    for size in [0.0, 15, 19.9, 20.1, 41, 42.9, 43.1, 60, 100, 599, 601, 5000] {
      let distance = S.make(size)._double
      var row = (0..<classCount).map { _ in S.make(Double.random(in: -4...4, using: &random)) }
      (row[3], row[7]) = (0, S.make(distance))
      let wide = row.map(\._double)
      typealias Wide = WidestReferenceScalar
      let exponentials = wide.map { Wide.exp(Wide($0) - Wide(distance)) }
      let sum: Wide = exponentials.reduce(0, +)
      for loss in [CategoricalLoss.crossEntropy(), .focal(), .generalizedCrossEntropy()] {
        let all = try evaluate(loss, [row], [3])
        let (value, gradient) = try loss.valueAndGradient(predictions: row, targets: [3], classCount: classCount)
        #expect(value == all.value && bits(gradient) == bits(all.gradient), "\(loss), \(distance)")
        #expect(try loss.value(predictions: row, targets: [3], classCount: classCount) == value)
        var place = row
        var view = try MutableMatrixView(place.mutableSpan, rowCount: 1, columnCount: classCount)
        try loss.gradient(overwriting: &view, targets: [3].span)
        #expect(bits(place) == bits(gradient), "\(loss), \(distance)")
        guard loss == .crossEntropy() else { continue }
        let expected = distance + Double(Wide.log(sum))
        let ulp = S.ulpOfOne._double
        #expect(abs(value - expected) <= 4 * ulp * expected)
        for k in 0..<classCount where k != 3 {
          let p = Double(exponentials[k] / sum)
          // Errors of the argument count as often as it is large.
          let allowed = (8 + abs(wide[k] - distance)) * ulp
          #expect(abs(gradient[k]._double - p) <= allowed * p + S.leastNonzeroMagnitude._double)
        }
        let others = Double((sum - exponentials[3]) / sum)
        #expect(abs(gradient[3]._double + others) <= 8 * ulp * others)
      }
    }
  }

  @Test(arguments: [1, 2, 32, 33, 1000])
  func equalLogitsGiveTheUniformDistribution(classCount: Int) throws {
    for level in [0.0, 1e4, -1e30] {
      let result = try evaluate(.crossEntropy(), [[Double](repeating: level, count: classCount)], [classCount / 2])
      #expect(abs(result.values[0] - Math.log(Double(classCount))) < 1e-15 * Double(classCount))
      for (k, slope) in result.gradient.enumerated() {
        let expected = 1 / Double(classCount) - (k == classCount / 2 ? 1 : 0)
        #expect(abs(slope - expected) < 1e-15)
      }
    }
  }

  /// Equal logits of any level, and of as many classes as there may be: every loss has its closed form.
  @Test(arguments: [1, 2, 32, 33, 1_000_003], [0, 1e4, -1e30])
  func equalLogitsOfEveryLoss(classCount: Int, level: Double) throws {
    let (k, label) = (Double(classCount), classCount / 3)
    let row = [Double](repeating: level, count: classCount)
    let p = 1 / k
    let expected: [(CategoricalLoss, Double)] = [
      (.crossEntropy(labelSmoothing: 0.1), Math.log(k)), (.focal(gamma: 2), (1 - p) * (1 - p) * Math.log(k)),
      (.poly1(epsilon: 0.5), Math.log(k) + 0.5 * (1 - p)),
      (.generalizedCrossEntropy(q: 0.5), (1 - p.squareRoot()) / 0.5), (.crammerSinger(margin: 2), k > 1 ? 2 : 0),
      (.westonWatkins(power: 2, margin: 2), 4 * (k - 1)), (.perceptron, 0), (.sparsemax, 0.5 * (1 - p)),
    ]
    for (loss, value) in expected {
      let result = try loss.valueAndGradient(predictions: row, targets: [label], classCount: classCount)
      #expect(abs(result.value - value) <= 1e-15 * k.squareRoot() * max(1, value), "\(loss)")
      // What the label gains the others lose.
      let others = result.gradient.indices.reduce(0.0) { $0 + ($1 == label ? 0 : result.gradient[$1]) }
      #expect(abs(result.gradient[label] + others) <= (1e-15 + 4e-17 * k) * abs(others), "\(loss)")
      #expect(k == 1 || result.gradient[label] < 0, "\(loss)")
    }
  }

  /// Of one class alone nothing can be learned.
  @Test func oneClass() throws {
    for loss in softmaxLosses + [.crammerSinger(), .westonWatkins(), .perceptron, .sparsemax] {
      let result = try evaluate(loss, [[7], [-1e30], [0]] as [[Float]], [0, 0, 0])
      #expect(result.values == [0, 0, 0] && result.gradient == [0, 0, 0] && result.curvature == [0, 0, 0], "\(loss)")
    }
  }

  @Test(arguments: [1_000_003])
  func aMillionClasses(classCount: Int) throws {
    var random = SplitMix64(seed: 5)
    let row = (0..<2 * classCount).map { _ in Float.random(in: -8...8, using: &random) }
    let classes = [17, classCount - 1]
    let loss = CategoricalLoss.crossEntropy()
    let result = try loss.valueAndGradient(predictions: row, targets: classes, classCount: classCount, reduction: .sum)
    var expected = 0.0
    for i in 0..<2 {
      let z = row[i * classCount..<(i + 1) * classCount].map(Double.init)
      let max = z.max()!
      let sum = z.reduce(0) { $0 + Math.exp($1 - max) }
      expected += max + Math.log(sum) - z[classes[i]]
      let worst = z.indices.reduce(0.0) { worst, k in
        let p = Math.exp(z[k] - max) / sum
        let slope = k == classes[i] ? p - 1 : p
        return Swift.max(worst, abs(Double(result.gradient[i * classCount + k]) / slope - 1))
      }
      #expect(worst < 2e-6)
    }
    #expect(abs(result.value / expected - 1) < 1e-7)
    var place = row
    var view = try MutableMatrixView(place.mutableSpan, rowCount: 2, columnCount: classCount)
    #expect(try loss.valueAndGradient(overwriting: &view, targets: classes.span, reduction: .sum) == result.value)
    #expect(bits(place) == bits(result.gradient))
    // Added to what is there, the exponentials are computed a second time.
    var sum = [Float](repeating: 0, count: 2 * classCount)
    var output = try MutableMatrixView(sum.mutableSpan, rowCount: 2, columnCount: classCount)
    try loss.gradient(
      predictions: MatrixView(row.span, rowCount: 2, columnCount: classCount), targets: classes.span, reduction: .sum,
      accumulating: true, gradient: &output)
    #expect(bits(sum) == bits(result.gradient))
  }

  /// A logit of −∞ masks its class: it has no probability, no slope and no part in the smoothing.
  @Test(arguments: [4, 40])
  func maskedClasses(classCount: Int) throws {
    var row = (0..<classCount).map { Double($0 % 3) }
    row[2] = -.infinity
    var shorter = row
    shorter.remove(at: 2)
    for loss in softmaxLosses + [.sparsemax, .crammerSinger(), .westonWatkins(), .perceptron] {
      let masked = try evaluate(loss, [row], [1])
      let without = try evaluate(loss, [shorter], [1])
      #expect(abs(masked.values[0] - without.values[0]) <= 4e-15 * abs(without.values[0]), "\(loss)")
      #expect(masked.gradient[2] == 0 && masked.curvature[2] == 0, "\(loss)")
      for (k, slope) in without.gradient.enumerated() {
        let other = masked.gradient[k < 2 ? k : k + 1]
        #expect(abs(other - slope) <= 1e-15, "\(loss)")
      }
    }
    let target = try evaluate(.crossEntropy(labelSmoothing: 0.1), [row], [2])
    #expect(target.values[0] == .infinity && target.gradient.allSatisfy { !$0.isNaN } && target.gradient[2] < 0)
    let nothing = try evaluate(.crossEntropy(), [[Double](repeating: -.infinity, count: classCount)], [1])
    #expect(nothing.values[0].isNaN)
  }

  /// Whatever is in one row, the others have the bits that they have without it.
  @Test(arguments: CategoricalCase.all, [3, 40, 5000])
  func aRowThatIsNotANumberDisturbsNoOther(_ tested: CategoricalCase, classCount: Int) throws {
    let samples = RowSamples<Float>.random(tested.loss, rowCount: 40, classCount: classCount)
    let clean = try LossesTests.evaluate(tested.loss, samples)
    for poison in [Float.nan, .infinity, -.infinity] {
      var dirty = samples
      for k in 0..<classCount where k == 1 || !poison.isNaN { dirty.predictions[7 * classCount + k] = poison }
      let result = try LossesTests.evaluate(tested.loss, dirty)
      for i in 0..<40 where i != 7 {
        let row = i * classCount..<(i + 1) * classCount
        #expect(result.values[i] == clean.values[i])
        #expect(bits(Array(result.gradient[row])) == bits(Array(clean.gradient[row])))
      }
    }
    // A NaN anywhere in the row shows, if its loss looks at the whole row.
    if tested.loss != .negativeLogLikelihood && tested.loss != .crossEntropyOfProbabilities {
      let looksAtAll = softmaxLosses.contains(tested.loss) || tested.loss == .sparsemax
      for k in classCount > 40 ? [0, 31, 2500, classCount - 1] : Array(0..<classCount) {
        var dirty = samples
        dirty.predictions[7 * classCount + k] = .nan
        let result = try LossesTests.evaluate(tested.loss, dirty)
        #expect(result.values[7].isNaN && result.value.isNaN)
        let gradient = result.gradient[7 * classCount..<8 * classCount]
        #expect(looksAtAll ? gradient.allSatisfy { $0.isNaN } : gradient.contains { $0.isNaN })
      }
    }
  }

  @Test(arguments: CategoricalCase.all)
  func noRows(_ tested: CategoricalCase) throws {
    for classCount in [1, 3, 100] {
      for reduction in Reduction.allCases {
        let none: [Int] = []
        let empty: [Double] = []
        let result = try tested.loss.valueAndGradient(
          predictions: empty, targets: none, classCount: classCount, weights: empty, reduction: reduction)
        #expect(result.value == 0 && result.gradient.isEmpty)
      }
    }
  }

  @Test(arguments: CategoricalCase.all, [3, 40])
  func allRowsIgnored(_ tested: CategoricalCase, classCount: Int) throws {
    var samples = RowSamples<Double>.random(tested.loss, rowCount: 5, classCount: classCount)
    samples.classes = [-100, -100, -100, -100, -100]
    samples.predictions = samples.predictions.map { _ in .nan }
    for reduction in Reduction.allCases {
      for classWeighting in [nil, ClassWeighting.samples, .targets, .losses] {
        let options = RowOptions(
          mode: .valueAndGradient, classWeighting: classWeighting, ignoredIndex: -100, reduction: reduction)
        let result = try LossesTests.evaluate(tested.loss, samples, options)
        #expect(result.value == 0 && result.gradient.allSatisfy { $0 == 0 })
      }
    }
  }

  /// The policy for a probability of 0: the tangent at the least normal number.
  @Test func probabilitiesOfZero() throws {
    let loss = CategoricalLoss.crossEntropyOfProbabilities
    let result = try evaluate(
      loss, [[0, 1], [0, 1], [.leastNonzeroMagnitude, 1], [-1, 1]] as [[Float]], [0, 1, 0, 0])
    #expect(abs(result.values[0] - 88.33654) < 1e-4 && result.values[1] == 0)
    #expect(result.gradient[0] == -0x1p126 && Array(result.gradient[2...3]) == [0, -1])
    #expect(result.values[2] <= result.values[0] && result.values[3].isFinite && result.values[3] > 1e37)
    #expect(result.curvature[0] == 0)
  }

  /// Rows that do not sum to one: Σ q f(p), with its exact gradient.
  @Test(
    arguments: [CategoricalLoss.crossEntropy(), .focal(), .poly1(), .generalizedCrossEntropy(), .sparsemax], [4, 50])
  func distributionsThatDoNotSumToOne(loss: CategoricalLoss, classCount: Int) throws {
    var samples = RowSamples<Double>.random(loss, rowCount: 6, classCount: classCount)
    samples.distributions = samples.distributions.enumerated().map { $0 % 7 == 0 ? $1 + 0.5 : $1 * 0.75 }
    let options = RowOptions(targets: .distributions)
    let exact = try samples.reference(loss, options)
    let result = try LossesTests.evaluate(loss, samples, options)
    for i in 0..<6 {
      #expect(abs(result.values[i] - Double(exact.rows[i].value)) <= 1e-13)
      for k in 0..<classCount {
        #expect(abs(result.gradient[i * classCount + k] - Double(exact.rows[i].gradient[k])) <= 1e-13)
      }
    }
  }
}
