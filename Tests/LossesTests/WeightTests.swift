import Losses
import Testing

/// What a weight means.
@Suite struct WeightTests {
  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func aWeightOfTwoIsARowGivenTwice(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkDuplicates(tested.loss, scalar.type)
  }

  private func checkDuplicates<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    var once = Samples<S>.random(loss.comparison, count: 600, seed: 5)
    var twice = once
    once.weights = (0..<600).map { $0 % 3 == 0 ? 2 : 1 }
    for i in stride(from: 0, to: 600, by: 3) {
      twice.predictions.append(once.predictions[i])
      twice.targets.append(once.targets[i])
    }
    for reduction in [Reduction.sum, .mean] {
      let a = try evaluate(loss, once, weighted: true, Options(reduction: reduction))
      let b = try evaluate(loss, twice, Options(reduction: reduction))
      #expect(a.weight == 800 && b.weight == 800)
      // Values of different signs (poisson) cancel: the error is relative to their size.
      let size = b.values.reduce(0) { $0 + abs($1._double) } / (reduction == .mean ? 800 : 1)
      #expect(abs(a.value - b.value) <= 64 * 0x1p-53 * size)
      for i in 0..<600 {
        // Doubling is exact.
        let factor: S = i % 3 == 0 ? 2 : 1
        #expect(a.values[i] == factor * b.values[i])
        #expect(a.gradient[i] == factor * b.gradient[i])
        #expect(a.curvature[i] == factor * b.curvature[i])
      }
    }
  }

  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func aWeightOfZeroDeletesTheRow(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkDeletion(tested.loss, scalar.type)
  }

  private func checkDeletion<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    var all = Samples<S>.random(loss.comparison, count: 1100, seed: 6)
    // Sums of eighths are exact, so that both calls divide by the same weight.
    all.weights = all.weights.map { ($0 * 8).rounded() / 8 }
    let kept = all.weights.indices.filter { all.weights[$0] != 0 }
    let rest = Samples(
      predictions: kept.map { all.predictions[$0] }, targets: kept.map { all.targets[$0] },
      weights: kept.map { all.weights[$0] })
    let poison: [(S, S)] = [
      (.nan, .nan), (.infinity, -5), (-.infinity, .infinity), (1e30, 17), (0, -.infinity), (.nan, 0.3),
    ]
    for (k, i) in all.weights.indices.filter({ all.weights[$0] == 0 }).enumerated() {
      (all.predictions[i], all.targets[i]) = poison[k % poison.count]
    }
    #expect(kept.count < 1070)
    for reduction in Reduction.allCases {
      for mode in Mode.allCases where !(mode.givesCurvature && reduction == .rootMean) {
        let a = try evaluate(loss, all, weighted: true, Options(mode: mode, reduction: reduction))
        let b = try evaluate(loss, rest, weighted: true, Options(mode: mode, reduction: reduction))
        #expect(a.weight == b.weight)
        let size =
          try evaluate(loss, rest, weighted: true, Options(mode: .values)).values
          .reduce(0) { $0 + abs($1._double) } / (reduction == .sum ? 1 : b.weight)
        let scale = reduction == .rootMean ? size / max(b.value, .leastNormalMagnitude) : size
        if mode.givesValue { #expect(abs(a.value - b.value) <= 64 * 0x1p-53 * scale) }
        for (x, y) in [(a.values, b.values), (a.gradient, b.gradient), (a.curvature, b.curvature)] where !x.isEmpty {
          if reduction == .rootMean {
            // The values, and with them the factors, differ by a rounding.
            #expect(zip(kept, y).allSatisfy { abs(x[$0] - $1) <= 16 * $1.ulp })
          } else {
            #expect(bits(kept.map { x[$0] }) == bits(y))
          }
          #expect(x.indices.allSatisfy { all.weights[$0] != 0 || x[$0] == 0 }, "a deleted row has a result")
        }
      }
    }
  }

  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func withoutWeightEverythingIsZero(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkNothing(tested.loss, scalar.type)
  }

  private func checkNothing<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let empty = Samples<S>()
    let ignored = Samples<S>(
      predictions: Array(repeating: .nan, count: 50), targets: Array(repeating: -.infinity, count: 50),
      weights: Array(repeating: 0, count: 50))
    for reduction in Reduction.allCases {
      for mode in Mode.allCases where !(mode.givesCurvature && reduction == .rootMean) {
        let options = Options(mode: mode, reduction: reduction)
        for result in [
          try evaluate(loss, empty, options), try evaluate(loss, empty, weighted: true, options),
          try evaluate(loss, ignored, weighted: true, options),
        ] {
          #expect(result.value == 0 && result.weight == 0)
          #expect((result.values + result.gradient + result.curvature).allSatisfy { $0 == 0 })
        }
      }
      #expect(try loss.value(predictions: [S](), targets: [], reduction: reduction) == 0)
      #expect(try loss.gradient(predictions: [S](), targets: [], weights: [], reduction: reduction) == [])
    }
    #expect(try loss.values(predictions: [S](), targets: []) == [])
  }

  @Test(arguments: LossCase.kernels)
  func theOrderOfTheRowsDoesNotMatter(_ tested: LossCase) throws {
    let samples = Samples<Double>.random(tested.loss.comparison, count: 9000, seed: 7)
    let order = (0..<9000).map { ($0 * 3517) % 9000 }
    let shuffled = Samples(
      predictions: order.map { samples.predictions[$0] }, targets: order.map { samples.targets[$0] },
      weights: order.map { samples.weights[$0] })
    #expect(Set(order).count == 9000)
    let a = try evaluate(tested.loss, samples, weighted: true)
    let b = try evaluate(tested.loss, shuffled, weighted: true)
    let size = a.values.reduce(0) { $0 + abs($1) }
    #expect(abs(a.value - b.value) <= 320 * 0x1p-53 * size)
    #expect(bits(order.map { a.gradient[$0] }) == bits(b.gradient))
    #expect(bits(order.map { a.values[$0] }) == bits(b.values))
    #expect(bits(order.map { a.curvature[$0] }) == bits(b.curvature))
  }

  /// A NaN or an infinity stays in its own row.
  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func aNaNDisturbsNoNeighbour(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkNeighbours(tested.loss, scalar.type)
  }

  private func checkNeighbours<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let clean = Samples<S>.random(loss.comparison, count: 1003, seed: 8)
    var spoiled = clean
    let bad = [0, 5, 31, 32, 511, 512, 600, 1002]
    for (k, i) in bad.enumerated() { spoiled.predictions[i] = [.nan, .infinity, -.infinity][k % 3] }
    for mode in Mode.allCases {
      let a = try evaluate(loss, clean, Options(mode: mode))
      let b = try evaluate(loss, spoiled, Options(mode: mode))
      for (x, y) in [(a.values, b.values), (a.gradient, b.gradient), (a.curvature, b.curvature)] {
        #expect(
          bits(x.indices.map { bad.contains($0) ? 0 : x[$0] }) == bits(y.indices.map { bad.contains($0) ? 0 : y[$0] }))
      }
      if mode.givesValue { #expect(b.value.isNaN) }
      for (k, i) in bad.enumerated() where k % 3 == 0 {
        if mode.givesValues { #expect(b.values[i].isNaN) }
        if mode.givesGradient { #expect(b.gradient[i].isNaN) }
      }
    }
  }
}
