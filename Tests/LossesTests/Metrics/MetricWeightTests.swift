import Losses
import TestSupport
import Testing

/// What a weight means to every metric.
@Suite struct MetricWeightTests {
  private func expectClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-14) {
    #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(a) and \(b)")
  }

  @Test(arguments: MetricCase.all, ScalarKind.allCases)
  func aWeightIsANumberOfRows(_ tested: MetricCase, _ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_: S.Type) throws {
      for seed in 0..<10 {
        let samples = MetricRows<S>.random(count: 60, seed: UInt64(seed))
        let repeated = samples.selecting(
          (0..<60).flatMap { Array(repeating: $0, count: Int(samples.weights[$0]._double)) })
        // A mean of a loss is computed in the precision of its scalar.
        expectClose(
          try tested.value(samples), try tested.value(repeated, weighted: false), S.self == Float.self ? 1e-6 : 1e-14)
      }
    }
    try check(scalar.type)
  }

  @Test(arguments: MetricCase.all, ScalarKind.allCases)
  func aWeightOfZeroDeletesTheRow(_ tested: MetricCase, _ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_: S.Type) throws {
      var samples = MetricRows<S>.random(count: 60, seed: 4)
      let kept = samples.selecting((0..<60).filter { samples.weights[$0] != 0 })
      #expect(kept.count < 60)
      for i in 0..<60 where samples.weights[i] == 0 {
        samples.estimates[i] = [.nan, .infinity, -3][i % 3]
        samples.targets[i] = [.nan, -1, .infinity][i % 3]
        samples.labels[i] = [.nan, 7, -1][i % 3]
        samples.classes[i] = [-1, 3, 100][i % 3]
        for j in 0..<3 { samples.rows[3 * i + j] = [.nan, -2, .infinity][(i + j) % 3] }
      }
      let (all, rest) = (try tested.value(samples), try tested.value(kept))
      expectClose(all, rest)
      #expect(all.isFinite)
    }
    try check(scalar.type)
  }

  @Test(arguments: MetricCase.all)
  func theOrderOfTheRowsAndTheUnitOfTheWeightsDoNotCount(_ tested: MetricCase) throws {
    var samples = MetricRows<Double>.random(count: 400, seed: 5)
    var generator = SplitMix64(seed: 6)
    samples.weights = samples.weights.map { $0 * Double.random(in: 0.1...1, using: &generator) }
    let value = try tested.value(samples)
    expectClose(try tested.value(samples.selecting((0..<400).shuffled(using: &generator))), value)
    for unit in [1e-100, 0x1p-40, 1e100] {
      var scaled = samples
      scaled.weights = samples.weights.map { $0 * unit }
      expectClose(try tested.value(scaled), value)
    }
    // Equal weights are none.
    samples.weights = samples.weights.map { _ in 0.375 }
    expectClose(try tested.value(samples), try tested.value(samples, weighted: false))
  }

  @Test(arguments: MetricCase.all, ScalarKind.allCases)
  func withoutWeightItIsZero(_ tested: MetricCase, _ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_: S.Type) throws {
      let empty = MetricRows<S>()
      #expect(try tested.value(empty) == 0)
      #expect(try tested.value(empty, weighted: false) == 0)
      var samples = MetricRows<S>.random(count: 5, seed: 1)
      samples.weights = samples.weights.map { _ in 0 }
      #expect(try tested.value(samples) == 0)
    }
    try check(scalar.type)
  }

  @Test(arguments: MetricCase.all)
  func bothScalarsAgree(_ tested: MetricCase) throws {
    let wide = MetricRows<Double>.random(count: 300, seed: 2)
    let narrow = MetricRows<Float>.random(count: 300, seed: 2)
    expectClose(try tested.value(narrow), try tested.value(wide), 1e-5)
  }
}
