import CLossKernels
import Losses
import TestSupport
import Testing

/// Results of distribution losses depend on the rows alone, and each row's on itself.
@Suite struct DistributionInvarianceTests {
  @Test(arguments: DistributionCase.defaults, ScalarKind.allCases)
  func bitsDoNotDependOnTheThreads(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkThreads(tested.loss, scalar.type)
  }

  private func checkThreads<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    // Many blocks, the last of them cut short.
    let rows = Rows<S>.random(loss, count: 50_003)
    for mode in Mode.allCases {
      for weighted in [false, true] {
        var options = Options(mode: mode, reduction: .mean)
        let serial = try evaluate(loss, rows, weighted: weighted, options)
        for threads in [2, 3, 7] {
          options.threads = .atMost(threads)
          let parallel = try evaluate(loss, rows, weighted: weighted, options)
          #expect(parallel.isIdentical(to: serial), "\(mode), weighted: \(weighted)")
        }
      }
    }
  }

  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func bitsDoNotDependOnTheInstructionSet(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkInstructionSets(tested.loss, scalar.type)
  }

  private func checkInstructionSets<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    for rows in [.difficult(loss), Rows<S>.random(loss, count: 5003)] {
      for weighted in [false, true] {
        var options = Options(mode: .everything, reduction: .mean, scale: 3, isa: lk_isa_baseline)
        let baseline = try evaluate(loss, rows, weighted: weighted, options)
        for isa in lk_isa.ofThisMachine.dropFirst() {
          options.isa = isa
          #expect(try evaluate(loss, rows, weighted: weighted, options).agrees(with: baseline), "\(isa)")
        }
      }
    }
  }

  /// Every mode gives the same numbers, whatever stands between the rows; a prefix of the rows a prefix of the results.
  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func strideAndLengthDoNotMatter(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkStrides(tested.loss, scalar.type)
  }

  private func checkStrides<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let m = loss.columnCount
    let all = Rows<S>.random(loss, count: 1100, seed: 4)
    let whole = try evaluate(loss, all)
    for weighted in [false, true] {
      let valueAndGradient = try evaluate(loss, all, weighted: weighted, Options(mode: .valueAndGradient))
      let gradient = try evaluate(loss, all, weighted: weighted, gap: 1, Options(mode: .gradient))
      let values = try evaluate(loss, all, weighted: weighted, gap: 3, Options(mode: .values))
      let value = try evaluate(loss, all, weighted: weighted, gap: 2, Options(mode: .value))
      #expect(bits(gradient.gradient) == bits(valueAndGradient.gradient))
      #expect(value.outcome.value == valueAndGradient.outcome.value && values.outcome.value == value.outcome.value)
      // What is accumulated is added.
      let added = try evaluate(loss, all, weighted: weighted, gap: 2, Options(mode: .gradient, scale: 2, base: 0.5))
      #expect(added.gradient.indices.allSatisfy { added.gradient[$0] == 0.5 + 2 * gradient.gradient[$0] })
      let everything = try evaluate(loss, all, weighted: weighted, gap: 1)
      let twice = try evaluate(loss, all, weighted: weighted, Options(scale: 2, base: 0.5))
      #expect(bits(everything.gradient) == bits(gradient.gradient))
      #expect(twice.curvature.indices.allSatisfy { twice.curvature[$0] == 0.5 + 2 * everything.curvature[$0] })
    }
    for count in [0, 1, 2, 15, 16, 17, 31, 33, 511, 512, 513, 1024, 1025] {
      let part = Rows<S>(
        columns: m, predictions: Array(all.predictions[..<(count * m)]), targets: Array(all.targets[..<count]),
        weights: Array(all.weights[..<count]))
      for gap in [0, 1, 5] {
        let result = try evaluate(loss, part, gap: gap)
        #expect(bits(result.values) == bits(Array(whole.values[..<count])))
        #expect(bits(result.gradient) == bits(Array(whole.gradient[..<(count * m)])))
        #expect(bits(result.curvature) == bits(Array(whole.curvature[..<(count * m)])))
      }
    }
  }

  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func aWeightOfTwoIsARowGivenTwice(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkDuplicates(tested.loss, scalar.type)
  }

  private func checkDuplicates<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let m = loss.columnCount
    var once = Rows<S>.random(loss, count: 600, seed: 5)
    var twice = once
    once.weights = (0..<600).map { $0 % 3 == 0 ? 2 : 1 }
    for i in stride(from: 0, to: 600, by: 3) {
      twice.predictions += once.row(i)
      twice.targets.append(once.targets[i])
    }
    for reduction in [Reduction.sum, .mean] {
      let a = try evaluate(loss, once, weighted: true, Options(reduction: reduction))
      let b = try evaluate(loss, twice, Options(reduction: reduction))
      #expect(a.outcome.weight == 800 && b.outcome.weight == 800)
      let size = b.values.reduce(0) { $0 + abs($1._double) } / (reduction == .mean ? 800 : 1)
      #expect(abs(a.outcome.value - b.outcome.value) <= 64 * 0x1p-53 * size)
      for i in 0..<600 * m {
        // Doubling is exact.
        #expect(a.gradient[i] == (i / m % 3 == 0 ? 2 : 1) * b.gradient[i])
        #expect(a.curvature[i] == (i / m % 3 == 0 ? 2 : 1) * b.curvature[i])
      }
    }
  }

  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func aWeightOfZeroDeletesTheRow(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkDeletion(tested.loss, scalar.type)
  }

  private func checkDeletion<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let m = loss.columnCount
    var all = Rows<S>.random(loss, count: 900, seed: 6)
    // Sums of eighths are exact, so that both calls divide by the same weight.
    all.weights = all.weights.map { ($0 * 8).rounded() / 8 }
    let kept = all.weights.indices.filter { all.weights[$0] != 0 }
    let rest = Rows(
      columns: m, predictions: kept.flatMap(all.row), targets: kept.map { all.targets[$0] },
      weights: kept.map { all.weights[$0] })
    #expect(kept.count < 880)
    for (k, i) in all.weights.indices.filter({ all.weights[$0] == 0 }).enumerated() {
      for j in 0..<m { all.predictions[i * m + j] = [.nan, .infinity, -.infinity, 1e30][(k + j) % 4] }
      all.targets[i] = [.nan, .infinity, 0][k % 3]
    }
    for reduction in [Reduction.sum, .mean] {
      let a = try evaluate(loss, all, weighted: true, Options(reduction: reduction))
      let b = try evaluate(loss, rest, weighted: true, Options(reduction: reduction))
      let size = b.values.reduce(0) { $0 + abs($1._double) } / (reduction == .sum ? 1 : b.outcome.weight)
      #expect(a.outcome.weight == b.outcome.weight)
      #expect(abs(a.outcome.value - b.outcome.value) <= 64 * 0x1p-53 * size)
      #expect(bits(kept.map { a.values[$0] }) == bits(b.values))
      #expect(bits(kept.flatMap { Array(a.gradient[$0 * m..<$0 * m + m]) }) == bits(b.gradient))
      #expect(bits(kept.flatMap { Array(a.curvature[$0 * m..<$0 * m + m]) }) == bits(b.curvature))
      #expect(a.gradient.indices.allSatisfy { all.weights[$0 / m] != 0 || a.gradient[$0] == 0 && a.curvature[$0] == 0 })
    }
    // Without weight everything is 0.
    all.weights = all.weights.map { _ in 0 }
    for reduction in Reduction.allCases {
      for rows in [all, Rows<S>(columns: m)] {
        let nothing = try evaluate(
          loss, rows, weighted: true,
          Options(mode: reduction == .rootMean ? .valueAndGradient : .everything, reduction: reduction))
        #expect(nothing.outcome.value == 0 && (nothing.gradient + nothing.curvature).allSatisfy { $0 == 0 })
      }
    }
  }

  /// A NaN or an infinity stays in its own row.
  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func aNaNDisturbsNoNeighbour(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkNeighbours(tested.loss, scalar.type)
  }

  private func checkNeighbours<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let m = loss.columnCount
    let clean = Rows<S>.random(loss, count: 603, seed: 8)
    var spoiled = clean
    let bad = [0, 5, 31, 32, 511, 512, 602]
    for i in bad { spoiled.predictions[i * m] = .nan }
    let a = try evaluate(loss, clean)
    let b = try evaluate(loss, spoiled)
    for i in 0..<603 {
      let (x, y) = (Array(a.gradient[i * m..<i * m + m]), Array(b.gradient[i * m..<i * m + m]))
      if bad.contains(i) {
        #expect(b.values[i].isNaN && y[0].isNaN)
      } else {
        #expect(bits([a.values[i]] + x) == bits([b.values[i]] + y))
        #expect(bits(Array(a.curvature[i * m..<i * m + m])) == bits(Array(b.curvature[i * m..<i * m + m])))
      }
    }
    #expect(b.outcome.value.isNaN)
  }

  /// Every verb gives what the shared call gives.
  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func theFormsAgree(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkForms(tested.loss, scalar.type)
  }

  private func checkForms<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let rows = Rows<S>.random(loss, count: 37, seed: 9)
    let (z, y, w, m) = (rows.predictions, rows.targets, rows.weights, rows.columns)
    let expected = try evaluate(loss, rows, weighted: true, Options(reduction: .mean, scale: 3))
    let values = try evaluate(loss, rows, weighted: true).values
    #expect(try loss.value(predictions: z, targets: y, weights: w) == expected.outcome.value)
    #expect(try bits(loss.values(predictions: z, targets: y, weights: w)) == bits(values))
    #expect(try bits(loss.gradient(predictions: z, targets: y, weights: w, scale: 3)) == bits(expected.gradient))
    let both = try loss.valueAndGradient(predictions: z, targets: y, weights: w, scale: 3)
    #expect(both.value == expected.outcome.value && bits(both.gradient) == bits(expected.gradient))
    let all = try loss.valueGradientAndCurvature(predictions: z, targets: y, weights: w, scale: 3)
    #expect(all.value == expected.outcome.value && bits(all.gradient) == bits(expected.gradient))
    #expect(bits(all.curvature) == bits(expected.curvature))

    let view = try MatrixView(z.span, rowCount: 37, columnCount: m)
    var output = [S](repeating: 0, count: 37 * m)
    var valueOutput = [S](repeating: 0, count: 37)
    let value = try loss.value(predictions: view, targets: y.span, weights: w.span)
    #expect(value == expected.outcome.value)
    var valueSpan = valueOutput.mutableSpan
    try loss.values(predictions: view, targets: y.span, weights: w.span, values: &valueSpan)
    #expect(bits(valueOutput) == bits(values))
    var second = output
    do {
      var slopes = try MutableMatrixView(output.mutableSpan, rowCount: 37, columnCount: m)
      var bends = try MutableMatrixView(second.mutableSpan, rowCount: 37, columnCount: m)
      let found = try loss.valueGradientAndCurvature(
        predictions: view, targets: y.span, weights: w.span, scale: 3, gradient: &slopes, curvature: &bends)
      #expect(found == value)
      #expect(throws: LossError.self) {
        try loss.valueGradientAndCurvature(predictions: z, targets: y, reduction: .rootMean)
      }
    }
    #expect(bits(output) == bits(expected.gradient) && bits(second) == bits(expected.curvature))
    for overwrites in [false, true] {
      for givesValue in [false, true] {
        output = overwrites ? z : output
        var matrix = try MutableMatrixView(output.mutableSpan, rowCount: 37, columnCount: m)
        var found = expected.outcome.value
        switch (overwrites, givesValue) {
        case (false, false):
          try loss.gradient(predictions: view, targets: y.span, weights: w.span, scale: 3, gradient: &matrix)
        case (false, true):
          found = try loss.valueAndGradient(
            predictions: view, targets: y.span, weights: w.span, scale: 3, gradient: &matrix)
        case (true, false):
          try loss.gradient(overwriting: &matrix, targets: y.span, weights: w.span, scale: 3)
        case (true, true):
          found = try loss.valueAndGradient(overwriting: &matrix, targets: y.span, weights: w.span, scale: 3)
        }
        #expect(found == expected.outcome.value && bits(output) == bits(expected.gradient))
      }
    }
  }

  @Test(.enabled(if: countsAllocations), arguments: DistributionCase.all, ScalarKind.allCases)
  func verbsThatWriteIntoMemoryOfTheCallerAllocateNothing(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try checkAllocations(tested.loss, scalar.type)
  }

  private func checkAllocations<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let rows = Rows<S>.random(loss, count: 9000)
    let view = try MatrixView(rows.predictions.span, rowCount: 9000, columnCount: rows.columns)
    let (y, w) = (rows.targets.span, rows.weights.span)
    var (output, place, values, bends) = (rows.predictions, rows.predictions, rows.targets, rows.predictions)
    var curvature = try MutableMatrixView(bends.mutableSpan, rowCount: 9000, columnCount: rows.columns)
    var gradient = try MutableMatrixView(output.mutableSpan, rowCount: 9000, columnCount: rows.columns)
    var overwritten = try MutableMatrixView(place.mutableSpan, rowCount: 9000, columnCount: rows.columns)
    var valuesSpan = values.mutableSpan
    for round in 1...2 {
      let number = try allocations {
        _ = try loss.value(predictions: view, targets: y, weights: w, threads: 1)
        try loss.values(predictions: view, targets: y, threads: 1, values: &valuesSpan)
        try loss.gradient(predictions: view, targets: y, weights: w, threads: 1, gradient: &gradient)
        _ = try loss.valueAndGradient(
          predictions: view, targets: y, reduction: .sum, scale: 2, accumulating: true, threads: 1,
          gradient: &gradient)
        _ = try loss.valueGradientAndCurvature(
          predictions: view, targets: y, weights: w, threads: 1, gradient: &gradient, curvature: &curvature)
        try loss.gradient(overwriting: &overwritten, targets: y, threads: 1)
        _ = try loss.valueAndGradient(overwriting: &overwritten, targets: y, threads: 1)
      }
      #expect(round == 1 || number == 0)
    }
  }
}
