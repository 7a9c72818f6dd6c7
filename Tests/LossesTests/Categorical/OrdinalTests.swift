import CLossKernels
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// The cumulative-link loss and its gradient by scores and thresholds.
@Suite struct OrdinalTests {
  private let loss = OrdinalLoss.cumulativeLogit

  /// −ln(σ(b) − σ(a)) as a textbook has it, in a wide type.
  private func textbook<T: ReferenceScalar>(_ s: T, _ y: Int, _ θ: [T]) -> (value: T, below: T, above: T, gap: T) {
    let a = y == 0 ? -T.infinity : θ[y - 1] - s
    let b = y == θ.count ? T.infinity : θ[y] - s
    func σ(_ x: T) -> T { x > 0 ? 1 / (1 + T.exp(-x)) : T.exp(x) / (1 + T.exp(x)) }
    // σ(b) − σ(a) = σ(−a) − σ(−b): the smaller pair does not cancel.
    let p = a > 0 ? σ(-a) - σ(-b) : σ(b) - σ(a)
    return (-T.log(p), σ(a), σ(-b), b - a)
  }

  private func samples(_ count: Int) -> (scores: [Double], classes: [Int], weights: [Double], thresholds: [Double]) {
    var random = SplitMix64(seed: 8)
    return (
      (0..<count).map { _ in Double.random(in: -4...4, using: &random) },
      (0..<count).map { _ in Int.random(in: 0..<5, using: &random) },
      (0..<count).map { _ in max(0, Double.random(in: -0.3..<2, using: &random)) }, [-2, -0.5, 0.25, 3]
    )
  }

  @Test func valuesAndGradientsAreThoseOfTheFormula() throws {
    let (s, y, w, θ) = samples(700)
    let total = w.reduce(0, +)
    var (value, slopes) = (0.0, [Double](repeating: 0, count: 4))
    let result = try loss.valueAndGradient(predictions: s, targets: y, thresholds: θ, weights: w, scale: 2)
    for i in s.indices {
      let (exact, below, above, gap) = textbook(WidestReferenceScalar(s[i]), y[i], θ.map { WidestReferenceScalar($0) })
      value += w[i] * Double(exact) / total
      let ratio = gap.isFinite ? 1 / WidestReferenceScalar.expMinusOne(gap) : 0
      if y[i] > 0 { slopes[y[i] - 1] += 2 * w[i] * Double(below + ratio) / total }
      if y[i] < 4 { slopes[y[i]] -= 2 * w[i] * Double(above + ratio) / total }
      #expect(abs(result.gradient[i] - 2 * w[i] * Double(above - below) / total) < 1e-17)
    }
    #expect(abs(result.value - value) < 1e-13)
    for k in 0..<4 { #expect(abs(result.thresholdGradient[k] - slopes[k]) < 1e-13) }
    let single = try loss.value(predictions: s.map { Float($0) }, targets: y, thresholds: θ.map { Float($0) })
    let double = try loss.value(predictions: s.map { Double(Float($0)) }, targets: y, thresholds: θ)
    #expect(single == double)
  }

  @Test func derivativesAreThoseOfTheValue() throws {
    let (s, y, w, θ) = samples(40)
    let h = 0x1p-14
    var gradient = s
    var curvature = s
    var first = gradient.mutableSpan
    var second = curvature.mutableSpan
    _ = try loss.valueGradientAndCurvature(
      predictions: s.span, targets: y.span, thresholds: θ.span, weights: w.span, reduction: .sum, gradient: &first,
      curvature: &second)
    func moved(_ shift: Double, _ threshold: Int?) throws -> (value: Double, gradient: [Double], [Double]) {
      var cuts = θ
      if let threshold { cuts[threshold] += shift }
      return try loss.valueAndGradient(
        predictions: threshold == nil ? s.map { $0 + shift } : s, targets: y, thresholds: cuts, weights: w,
        reduction: .sum)
    }
    let slopes = try loss.valueAndGradient(predictions: s, targets: y, thresholds: θ, weights: w, reduction: .sum)
    for k in 0..<4 {
      let difference = (try moved(h, k).value - moved(-h, k).value) / (2 * h)
      #expect(abs(slopes.thresholdGradient[k] - difference) < 1e-6)
    }
    let (up, down) = (try moved(h, nil), try moved(-h, nil))
    let difference = (up.value - down.value) / (2 * h)
    #expect(abs(gradient.reduce(0, +) - difference) < 1e-6)
    for i in s.indices {
      let difference = (up.gradient[i] - down.gradient[i]) / (2 * h)
      #expect(abs(curvature[i] - difference) < 1e-7)
    }
    // Moving every score and every threshold together changes nothing.
    let sum = slopes.gradient.reduce(0, +) + slopes.thresholdGradient.reduce(0, +)
    #expect(abs(sum) < 1e-12)
  }

  /// Every verb gives what the largest of them give, for each reduction, and over the scores in place.
  @Test(arguments: Reduction.allCases) func verbsAgree(_ reduction: Reduction) throws {
    // More rows than a tile has, and not a multiple of a vector.
    let (s, y, w, θ) = samples(1301)
    let whole = try loss.valueAndGradient(
      predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3)
    #expect(
      try loss.gradient(
        predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3)
        == whole.gradient)
    for hasSlopes in [false, true] {
      for hasValue in [false, true] {
        for overwrites in [false, true] {
          var (gradient, slopes) = (overwrites ? s : [Double](repeating: 7, count: s.count), θ)
          var first = gradient.mutableSpan
          var second = slopes.mutableSpan
          let value = try run(
            (s, y, w, θ), reduction, (hasSlopes, hasValue, overwrites), gradient: &first, slopes: &second)
          #expect(gradient == whole.gradient)
          #expect(slopes == (hasSlopes ? whole.thresholdGradient : θ))
          #expect(value == (hasValue ? whole.value : nil))
        }
      }
    }
    guard reduction != .rootMean else {
      #expect(throws: LossError.self) {
        try loss.valueGradientAndCurvature(predictions: s, targets: y, thresholds: θ, reduction: reduction)
      }
      return
    }
    let second = try loss.valueGradientAndCurvature(
      predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3)
    #expect(second.value == whole.value && second.gradient == whole.gradient)
    // h = σ(a)σ(−a) + σ(b)σ(−b) is at most ½, and 0 where the row does not count.
    let sum = s.indices.filter { y[$0] != 3 }.map { w[$0] }.reduce(0, +)
    let total = reduction == .sum ? 1 : sum
    for i in s.indices {
      let counts = w[i] > 0 && y[i] != 3
      let bound = 1.5 * w[i] / total
      #expect(second.curvature[i] <= bound * 1.000001)
      #expect((second.curvature[i] > 0) == counts)
    }
  }

  /// One of the verbs that write into memory of the caller.
  private func run(
    _ samples: (s: [Double], y: [Int], w: [Double], θ: [Double]), _ reduction: Reduction,
    _ verb: (hasSlopes: Bool, hasValue: Bool, overwrites: Bool), gradient: inout MutableSpan<Double>,
    slopes: inout MutableSpan<Double>
  ) throws -> Double? {
    let (scores, classes, rowWeights, thresholds) = samples
    let s = scores.span
    let y = classes.span
    let w = rowWeights.span
    let θ = thresholds.span
    switch verb {
    case (false, false, false):
      try loss.gradient(
        predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3,
        gradient: &gradient)
    case (true, false, false):
      try loss.gradient(
        predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3,
        gradient: &gradient, thresholdGradient: &slopes)
    case (false, true, false):
      return try loss.valueAndGradient(
        predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3,
        gradient: &gradient)
    case (true, true, false):
      return try loss.valueAndGradient(
        predictions: s, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3,
        gradient: &gradient, thresholdGradient: &slopes)
    case (false, false, true):
      try loss.gradient(
        overwriting: &gradient, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3)
    case (true, false, true):
      try loss.gradient(
        overwriting: &gradient, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3,
        thresholdGradient: &slopes)
    case (false, true, true):
      return try loss.valueAndGradient(
        overwriting: &gradient, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3)
    case (true, true, true):
      return try loss.valueAndGradient(
        overwriting: &gradient, targets: y, thresholds: θ, weights: w, ignoredIndex: 3, reduction: reduction, scale: 3,
        thresholdGradient: &slopes)
    }
    return nil
  }

  @Test(arguments: Reduction.allCases) func noRows(_ reduction: Reduction) throws {
    let (none, labels): ([Double], [Int]) = ([], [])
    let result = try loss.valueAndGradient(
      predictions: none, targets: labels, thresholds: [-1, 2], weights: none, reduction: reduction)
    #expect(result.value == 0 && result.gradient.isEmpty && result.thresholdGradient == [0, 0])
    #expect(try loss.value(predictions: none, targets: labels, thresholds: [-1, 2], reduction: reduction) == 0)
    #expect(try loss.values(predictions: none, targets: labels, thresholds: [-1, 2]).isEmpty)
    #expect(try loss.gradient(predictions: none, targets: labels, thresholds: none, reduction: reduction).isEmpty)
    let thresholds = [-1.0, 2]
    var (scores, slopes) = (none, [5.0, 5])
    var first = scores.mutableSpan
    var second = slopes.mutableSpan
    let value = try loss.valueAndGradient(
      overwriting: &first, targets: labels.span, thresholds: thresholds.span, reduction: reduction,
      thresholdGradient: &second)
    #expect(value == 0 && slopes == [0, 0])
    guard reduction != .rootMean else { return }
    let curved = try loss.valueGradientAndCurvature(
      predictions: none, targets: labels, thresholds: [-1, 2], reduction: reduction)
    #expect(curved.value == 0 && curved.gradient.isEmpty && curved.curvature.isEmpty)
  }

  @Test func tailsKeepTheirAccuracy() throws {
    for distance in [30.0, 200, 700] {
      let result = try loss.valueAndGradient(
        predictions: [distance, -distance], targets: [2, 0], thresholds: [-1, 0], reduction: .sum)
      // The last class from its threshold 0, the first one from its threshold −1.
      let (high, low) = (Math.exp(-distance), Math.exp(1 - distance))
      #expect(abs(result.value - (high + low)) < 1e-12 * low)
      #expect(abs(result.gradient[0] + high) < 1e-12 * high && abs(result.gradient[1] - low) < 1e-12 * low)
    }
    // A narrow class far away: a difference of two σ would be 0.
    let far = try loss.value(predictions: [800.0], targets: [1], thresholds: [0, 1e-9], reduction: .sum)
    #expect(abs(far - (800 - Math.log(1e-9))) < 1e-6)
    let infinite = try loss.valueAndGradient(
      predictions: [.infinity, -.infinity, .nan, 0], targets: [2, 0, 1, 1], thresholds: [-1.0, 1], reduction: .sum)
    #expect(infinite.gradient[0] == 0 && infinite.gradient[1] == 0 && infinite.gradient[2].isNaN)
    #expect(infinite.gradient[3] == 0 && infinite.value.isNaN)
  }

  /// The nearest thresholds are all that matters, however many there are and however far they are.
  @Test func hugeScoresAndAMillionClasses() throws {
    for score in [1e4, 1e30] {
      let result = try loss.valueGradientAndCurvature(
        predictions: [score, -score, score, -score], targets: [2, 0, 0, 2], thresholds: [-1, 1], reduction: .sum)
      #expect(result.gradient == [0, 0, 1, -1] && result.curvature == [0, 0, 0, 0])
      #expect(abs(result.value / (2 * score) - 1) < 1e-3)
    }
    let classCount = 1_000_003
    let θ = (0..<classCount - 1).map(Double.init)
    let label = 500_000
    var slopes = θ
    var slopeSpan = slopes.mutableSpan
    var gradient: [Double] = [0]
    var gradientSpan = gradient.mutableSpan
    let value = try loss.valueAndGradient(
      predictions: [Double(label) - 0.25].span, targets: [label].span, thresholds: θ.span, gradient: &gradientSpan,
      thresholdGradient: &slopeSpan)
    let exact = textbook(Double(label) - 0.25, label, θ)
    #expect(abs(value - exact.value) < 1e-9)
    let others = slopes.indices.filter { $0 != label && $0 != label - 1 }
    #expect(others.allSatisfy { slopes[$0] == 0 } && slopes[label] < 0 && slopes[label - 1] > 0)
    #expect(abs(gradient[0] + slopes[label] + slopes[label - 1]) < 1e-12)
  }

  /// Of more than 262 144 rows several blocks share their sums of the thresholds.
  @Test(arguments: [50_000, 600_011]) func resultsDoNotDependOnThreadsOrInstructionSets(count: Int) throws {
    let (s, y, w, θ) = samples(count)
    func result(_ isa: lk_isa, _ threads: ThreadLimit) throws -> ([Double], [Double], Double) {
      var (gradient, slopes) = (s, θ)
      var first = gradient.mutableSpan
      var second = slopes.mutableSpan
      var call = try OrdinalCall(s.span, targets: y.span, thresholds: θ.span, weights: w.span, ignoredIndex: nil)
      call.instructionSet = isa
      try call.setGradient(&first, scale: 1, accumulating: false)
      try call.setThresholdGradient(&second)
      let value = try call.value(.mean, threads)
      return (gradient, slopes, value)
    }
    let first = try result(lk_isa_baseline, 1)
    // The rows of each class, one threshold after the other.
    let total = w.reduce(0, +)
    for k in θ.indices {
      var exact = 0.0
      for i in s.indices where w[i] != 0 && (y[i] == k || y[i] == k + 1) {
        let row = textbook(s[i], y[i], θ)
        let narrow = 1 / Math.expm1(row.gap)
        exact += w[i] / total * (y[i] == k ? -row.above - narrow : row.below + narrow)
      }
      #expect(abs(first.1[k] - exact) < 1e-11)
    }
    for isa in lk_isa.ofThisMachine {
      for threads: ThreadLimit in [1, 2, 5] {
        let other = try result(isa, threads)
        #expect(bits(other.0) == bits(first.0) && bits(other.1) == bits(first.1) && other.2 == first.2)
      }
    }
  }

  @Test func weightsIgnoredRowsAndReductions() throws {
    let (s, y, _, θ) = samples(60)
    let w = (0..<60).map { [0.0, 2, 1][$0 % 3] }
    let kept = (0..<60).flatMap { row in [Int](repeating: row, count: Int(w[row])) }
    var poisoned = s
    for i in stride(from: 0, to: 60, by: 3) { poisoned[i] = .nan }
    for reduction in Reduction.allCases {
      let weighted = try loss.valueAndGradient(
        predictions: poisoned, targets: y, thresholds: θ, weights: w, reduction: reduction)
      let twice = try loss.valueAndGradient(
        predictions: kept.map { s[$0] }, targets: kept.map { y[$0] }, thresholds: θ, reduction: reduction)
      #expect(abs(weighted.value - twice.value) < 1e-12)
      #expect(zip(weighted.thresholdGradient, twice.thresholdGradient).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(weighted.gradient[0] == 0)
      let ignored = try loss.valueAndGradient(
        predictions: [Double.nan, .nan], targets: [9, 9], thresholds: θ, ignoredIndex: 9, reduction: reduction)
      #expect(ignored.value == 0 && ignored.gradient == [0, 0] && ignored.thresholdGradient == [0, 0, 0, 0])
    }
    let none: [Double] = []
    let one = try loss.valueAndGradient(predictions: [1.5], targets: [0], thresholds: none)
    #expect(one.value == 0 && one.gradient == [0] && one.thresholdGradient.isEmpty)
  }

  @Test func whatIsRefused() throws {
    func message(_ body: () throws -> Double) -> String? {
      do {
        _ = try body()
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      message { try loss.value(predictions: [1.0, 2], targets: [0, 3], thresholds: [0, 1]) }
        == "targets[1] is 3; expected a class from 0 to 2")
    #expect(
      message { try loss.value(predictions: [1.0], targets: [0], thresholds: [0, 0]) }
        == "thresholds[1] is 0.0; expected a number greater than the one before it")
    #expect(
      message { try loss.value(predictions: [1.0], targets: [0], thresholds: [.infinity]) }
        == "thresholds[0] is inf; expected a finite number")
    #expect(
      message { try loss.value(predictions: [1.0], targets: [0], thresholds: [0], weights: [-1]) }
        == "weights[0] is -1.0; expected a finite number not below 0")
    #expect(
      message { try loss.value(predictions: [1.0], targets: [0, 1], thresholds: [0]) }
        == "targets has 2 elements; expected 1")
    #expect(try OrdinalLoss("cumulativeLogit") == loss && loss.description == "cumulativeLogit")
    #expect(try LossCatalogue.loss("ordinal.cumulativeLogit") as? OrdinalLoss == loss)
  }

  @Test(.enabled(if: countsAllocations, "allocations are counted with glibc only"))
  func spansAllocateNothing() throws {
    let (s, y, w, θ) = samples(5000)
    var (gradient, slopes) = (s, θ)
    var first = gradient.mutableSpan
    var second = slopes.mutableSpan
    for round in 1...2 {
      let number = try allocations {
        _ = try loss.valueAndGradient(
          predictions: s.span, targets: y.span, thresholds: θ.span, weights: w.span, threads: 1, gradient: &first,
          thresholdGradient: &second)
        _ = try loss.value(predictions: s.span, targets: y.span, thresholds: θ.span, threads: 1)
      }
      #expect(round == 1 || number == 0)
    }
  }
}
