import CLossKernels
import Losses
import TestSupport
import Testing

/// Results of divergences depend on the rows alone, and each row's on itself.
@Suite struct DivergenceInvarianceTests {
  @Test(arguments: DivergenceCase.defaults, ScalarKind.allCases)
  func bitsDoNotDependOnTheThreads(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkThreads(tested.loss, scalar.type)
  }

  private func checkThreads<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    for (classes, count) in [(3, 20_011), (700, 61)] {
      let rows = DivergenceRows<S>.random(loss, classes: classes, count: count)
      for mode in Mode.allCases {
        for weighted in [false, true] {
          var options = Options(mode: mode, reduction: .mean)
          let serial = try evaluate(loss, rows, weighted: weighted, options)
          for threads in [2, 5] {
            options.threads = .atMost(threads)
            let parallel = try evaluate(loss, rows, weighted: weighted, options)
            #expect(parallel.isIdentical(to: serial), "\(mode), weighted: \(weighted)")
          }
        }
      }
    }
  }

  @Test(arguments: DivergenceCase.all, ScalarKind.allCases)
  func bitsDoNotDependOnTheInstructionSet(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkInstructionSets(tested.loss, scalar.type)
  }

  private func checkInstructionSets<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    for classes in [1, 7, 33, 530] {
      let rows = DivergenceRows<S>.difficult(loss, classes: classes)
      var options = Options(mode: .everything, reduction: .mean, scale: 3, isa: lk_isa_baseline)
      let baseline = try evaluate(loss, rows, weighted: true, options)
      for isa in lk_isa.ofThisMachine.dropFirst() {
        options.isa = isa
        #expect(try evaluate(loss, rows, weighted: true, options).agrees(with: baseline), "\(isa)")
      }
    }
  }

  @Test(arguments: DivergenceCase.all, ScalarKind.allCases)
  func strideAndModeDoNotMatter(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkStrides(tested.loss, scalar.type)
  }

  private func checkStrides<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    for (classes, count) in [(5, 40), (16, 9), (600, 5), (3, 0)] {
      let rows = DivergenceRows<S>.random(loss, classes: classes, count: count, seed: 4)
      let both = try evaluate(loss, rows, weighted: true, Options(mode: .valueAndGradient, scale: 2))
      let gradient = try evaluate(loss, rows, weighted: true, gap: 3, Options(mode: .gradient, scale: 2))
      let values = try evaluate(loss, rows, weighted: true, gap: 1, Options(mode: .values))
      let added = try evaluate(loss, rows, weighted: true, gap: 2, Options(mode: .gradient, scale: 2, base: 0.5))
      #expect(bits(gradient.gradient) == bits(both.gradient) && values.outcome.value == both.outcome.value)
      #expect(added.gradient.indices.allSatisfy { added.gradient[$0] == 0.5 + both.gradient[$0] })
      let all = try evaluate(loss, rows, weighted: true, gap: 1, Options(scale: 2))
      let twice = try evaluate(loss, rows, weighted: true, Options(scale: 2, base: 0.5))
      #expect(bits(all.gradient) == bits(both.gradient) && all.outcome.value == both.outcome.value)
      #expect(twice.curvature.indices.allSatisfy { twice.curvature[$0] == 0.5 + all.curvature[$0] })
    }
  }

  @Test(arguments: DivergenceCase.all, ScalarKind.allCases)
  func weightsCountRows(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkWeights(tested.loss, scalar.type)
  }

  private func checkWeights<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    let k = 5
    var weighted = DivergenceRows<S>.random(loss, classes: k, count: 90, seed: 5)
    var plain = DivergenceRows<S>(classes: k)
    // 0, 1 or 2: deleted, once or twice.
    weighted.weights = (0..<90).map { S.make(Double($0 % 3)) }
    for i in 0..<90 {
      for _ in 0..<i % 3 {
        plain.predictions += weighted.prediction(i)
        plain.targets += weighted.target(i)
      }
    }
    for i in stride(from: 0, to: 90, by: 3) {
      for c in 0..<k {
        weighted.predictions[i * k + c] = [.nan, .infinity, -.infinity, 1][(i + c) % 4]
        weighted.targets[i * k + c] = [.nan, -5, .infinity][(i + c) % 3]
      }
    }
    for reduction in [Reduction.sum, .mean] {
      let a = try evaluate(loss, weighted, weighted: true, Options(reduction: reduction))
      let b = try evaluate(loss, plain, Options(reduction: reduction))
      #expect(a.outcome.weight == 90 && b.outcome.weight == 90)
      #expect(abs(a.outcome.value - b.outcome.value) <= 1e-13 * b.outcome.value)
      var next = 0
      for i in 0..<90 {
        let row = a.gradient[i * k..<i * k + k]
        let bends = a.curvature[i * k..<i * k + k]
        if i % 3 == 0 {
          #expect((row + bends).allSatisfy { $0 == 0 } && a.values[i] == 0)
        } else {
          // Doubling is exact.
          #expect(zip(row, b.gradient[next * k..<next * k + k]).allSatisfy { $0 == (i % 3 == 2 ? 2 : 1) * $1 })
          #expect(zip(bends, b.curvature[next * k..<next * k + k]).allSatisfy { $0 == (i % 3 == 2 ? 2 : 1) * $1 })
        }
        next += i % 3
      }
    }
    weighted.weights = weighted.weights.map { _ in 0 }
    for reduction in Reduction.allCases {
      for rows in [weighted, DivergenceRows<S>(classes: k)] {
        let nothing = try evaluate(
          loss, rows, weighted: true,
          Options(mode: reduction == .rootMean ? .valueAndGradient : .everything, reduction: reduction))
        #expect(nothing.outcome.value == 0 && (nothing.gradient + nothing.curvature).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test(arguments: DivergenceCase.all, ScalarKind.allCases)
  func aNaNDisturbsNoOtherRow(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkNeighbours(tested.loss, scalar.type)
  }

  private func checkNeighbours<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    for k in [3, 40, 520] {
      let clean = DivergenceRows<S>.random(loss, classes: k, count: 9, seed: 8)
      var spoiled = clean
      for i in [1, 2, 8] { spoiled.predictions[i * k + i % k] = .nan }
      let a = try evaluate(loss, clean)
      let b = try evaluate(loss, spoiled)
      for i in 0..<9 {
        let (x, y) = (Array(a.gradient[i * k..<i * k + k]), Array(b.gradient[i * k..<i * k + k]))
        if [1, 2, 8].contains(i) {
          #expect(b.values[i].isNaN && y[i % k].isNaN)
          if loss.input == .logits { #expect((y + b.curvature[i * k..<i * k + k]).allSatisfy { $0.isNaN }) }
        } else {
          #expect(bits([a.values[i]] + x) == bits([b.values[i]] + y))
          #expect(bits(Array(a.curvature[i * k..<i * k + k])) == bits(Array(b.curvature[i * k..<i * k + k])))
        }
      }
    }
  }

  /// Every verb gives what the shared call gives.
  @Test(arguments: DivergenceCase.defaults, ScalarKind.allCases)
  func theFormsAgree(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkForms(tested.loss, scalar.type)
  }

  private func checkForms<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    let k = 6
    let rows = DivergenceRows<S>.random(loss, classes: k, count: 37, seed: 9)
    let (z, w) = (rows.predictions, rows.weights)
    let y: [S]? = loss.hasTargets ? rows.targets : nil
    let expected = try evaluate(loss, rows, weighted: true, Options(reduction: .mean, scale: 3))
    let values = try evaluate(loss, rows, weighted: true).values
    #expect(try loss.value(predictions: z, targets: y, classCount: k, weights: w) == expected.outcome.value)
    #expect(try bits(loss.values(predictions: z, targets: y, classCount: k, weights: w)) == bits(values))
    #expect(
      try bits(loss.gradient(predictions: z, targets: y, classCount: k, weights: w, scale: 3))
        == bits(expected.gradient))
    let both = try loss.valueAndGradient(predictions: z, targets: y, classCount: k, weights: w, scale: 3)
    #expect(both.value == expected.outcome.value && bits(both.gradient) == bits(expected.gradient))
    let all = try loss.valueGradientAndCurvature(predictions: z, targets: y, classCount: k, weights: w, scale: 3)
    #expect(all.value == expected.outcome.value && bits(all.gradient) == bits(expected.gradient))
    #expect(bits(all.curvature) == bits(expected.curvature))
    #expect(throws: LossError.self) {
      try loss.valueGradientAndCurvature(predictions: z, targets: y, classCount: k, reduction: .rootMean)
    }

    let view = try MatrixView(z.span, rowCount: 37, columnCount: k)
    let targetMatrix = try MatrixView(rows.targets.span, rowCount: 37, columnCount: k)
    let targets = loss.hasTargets ? targetMatrix : nil
    var output = [S](repeating: 0, count: 37 * k)
    var valueOutput = [S](repeating: 0, count: 37)
    let value = try loss.value(predictions: view, targets: targets, weights: w.span)
    #expect(value == expected.outcome.value)
    var valueSpan = valueOutput.mutableSpan
    try loss.values(predictions: view, targets: targets, weights: w.span, values: &valueSpan)
    #expect(bits(valueOutput) == bits(values))
    var second = output
    do {
      var slopes = try MutableMatrixView(output.mutableSpan, rowCount: 37, columnCount: k)
      var bends = try MutableMatrixView(second.mutableSpan, rowCount: 37, columnCount: k)
      let found = try loss.valueGradientAndCurvature(
        predictions: view, targets: targets, weights: w.span, scale: 3, gradient: &slopes, curvature: &bends)
      #expect(found == value)
    }
    #expect(bits(output) == bits(expected.gradient) && bits(second) == bits(expected.curvature))
    for overwrites in [false, true] {
      for givesValue in [false, true] {
        output = overwrites ? z : output
        var matrix = try MutableMatrixView(output.mutableSpan, rowCount: 37, columnCount: k)
        var found = expected.outcome.value
        switch (overwrites, givesValue) {
        case (false, false):
          try loss.gradient(predictions: view, targets: targets, weights: w.span, scale: 3, gradient: &matrix)
        case (false, true):
          found = try loss.valueAndGradient(
            predictions: view, targets: targets, weights: w.span, scale: 3, gradient: &matrix)
        case (true, false):
          try loss.gradient(overwriting: &matrix, targets: targets, weights: w.span, scale: 3)
        case (true, true):
          found = try loss.valueAndGradient(overwriting: &matrix, targets: targets, weights: w.span, scale: 3)
        }
        #expect(found == expected.outcome.value && bits(output) == bits(expected.gradient))
      }
    }
  }

  /// A row that does not fit into a tile is read again while its gradient overwrites it.
  @Test(arguments: DivergenceCase.defaults, ScalarKind.allCases)
  func longRowsAreOverwritten(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkLongRows(tested.loss, scalar.type)
  }

  private func checkLongRows<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    let k = 1300
    let rows = DivergenceRows<S>.random(loss, classes: k, count: 3, seed: 10)
    let expected = try evaluate(loss, rows, Options(reduction: .mean))
    var output = rows.predictions
    let targetMatrix = try MatrixView(rows.targets.span, rowCount: 3, columnCount: k)
    var matrix = try MutableMatrixView(output.mutableSpan, rowCount: 3, columnCount: k)
    let value = try loss.valueAndGradient(overwriting: &matrix, targets: loss.hasTargets ? targetMatrix : nil)
    #expect(value == expected.outcome.value && bits(output) == bits(expected.gradient))
  }

  @Test(.enabled(if: countsAllocations), arguments: DivergenceCase.defaults, ScalarKind.allCases)
  func verbsThatWriteIntoMemoryOfTheCallerAllocateNothing(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try checkAllocations(tested.loss, scalar.type)
  }

  private func checkAllocations<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type) throws {
    let rows = DivergenceRows<S>.random(loss, classes: 10, count: 900)
    let view = try MatrixView(rows.predictions.span, rowCount: 900, columnCount: 10)
    let targetMatrix = try MatrixView(rows.targets.span, rowCount: 900, columnCount: 10)
    let y = loss.hasTargets ? targetMatrix : nil
    let w = rows.weights.span
    var (output, place, values, bends) = (rows.predictions, rows.predictions, rows.weights, rows.predictions)
    var curvature = try MutableMatrixView(bends.mutableSpan, rowCount: 900, columnCount: 10)
    var gradient = try MutableMatrixView(output.mutableSpan, rowCount: 900, columnCount: 10)
    var overwritten = try MutableMatrixView(place.mutableSpan, rowCount: 900, columnCount: 10)
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
