import CLossKernels
import Losses
import TestSupport
import Testing

/// The forms of the verbs: all give what the call under them gives, and those for memory of the caller allocate nothing.
@Suite struct CategoricalVerbTests {
  @Test(arguments: CategoricalCase.kernels, [3, 40])
  func everyFormGivesTheSame(_ tested: CategoricalCase, classCount: Int) throws {
    let loss = tested.loss
    let samples = RowSamples<Float>.random(loss, rowCount: 20, classCount: classCount, gap: 3)
    let packed = samples.rows(Array(0..<20))
    let flat = (0..<20).flatMap { packed.row($0) }
    let (w, c) = (samples.weights, samples.classWeights)
    for targets in [TargetKind.longs, .distributions] where targets == .longs || loss.takesDistributions {
      var options = RowOptions(targets: targets, weighted: true, classWeighting: .losses, reduction: .mean)
      options.scale = 0.5
      let expected = try evaluate(loss, samples, options)
      let strided = (0..<20).flatMap { i in
        expected.gradient[i * samples.rowStride..<i * samples.rowStride + classCount]
      }
      let arrays: (value: Double, gradient: [Float], curvature: [Float])
      let (value, gradient): (Double, [Float])
      let values: [Float]
      let onlyGradient: [Float]
      if targets == .longs {
        let y = samples.classes
        arrays = try loss.valueGradientAndCurvature(
          predictions: flat, targets: y, classCount: classCount, weights: w, classWeights: c,
          classWeighting: .losses, scale: 0.5)
        (value, gradient) = try loss.valueAndGradient(
          predictions: flat, targets: y, classCount: classCount, weights: w, classWeights: c,
          classWeighting: .losses, scale: 0.5)
        values = try loss.values(
          predictions: flat, targets: y, classCount: classCount, weights: w, classWeights: c, classWeighting: .losses)
        onlyGradient = try loss.gradient(
          predictions: flat, targets: y, classCount: classCount, weights: w, classWeights: c,
          classWeighting: .losses, scale: 0.5)
      } else {
        let q = samples.distributions
        arrays = try loss.valueGradientAndCurvature(
          predictions: flat, targets: q, classCount: classCount, weights: w, classWeights: c,
          classWeighting: .losses, scale: 0.5)
        (value, gradient) = try loss.valueAndGradient(
          predictions: flat, targets: q, classCount: classCount, weights: w, classWeights: c,
          classWeighting: .losses, scale: 0.5)
        values = try loss.values(
          predictions: flat, targets: q, classCount: classCount, weights: w, classWeights: c, classWeighting: .losses)
        onlyGradient = try loss.gradient(
          predictions: flat, targets: q, classCount: classCount, weights: w, classWeights: c,
          classWeighting: .losses, scale: 0.5)
      }
      #expect(value == expected.value && arrays.value == expected.value)
      #expect(bits(gradient) == bits(strided) && bits(arrays.gradient) == bits(strided))
      #expect(bits(onlyGradient) == bits(strided) && bits(values) == bits(expected.values))
    }
  }

  @Test(
    .enabled(if: countsAllocations, "allocations are counted with glibc only"), arguments: CategoricalCase.kernels,
    ScalarKind.allCases)
  func verbsThatWriteIntoMemoryOfTheCallerAllocateNothing(_ tested: CategoricalCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<S: TestScalar>(_ loss: CategoricalLoss, _: S.Type) throws {
    for (rowCount, classCount) in [(1, 3), (400, 10), (300, 40), (3, 5000)] {
      let samples = RowSamples<S>.random(loss, rowCount: rowCount, classCount: classCount)
      let rows = try MatrixView(samples.predictions.span, rowCount: rowCount, columnCount: classCount)
      let q = try MatrixView(samples.distributions.span, rowCount: rowCount, columnCount: classCount)
      let (y, w, c) = (samples.classes.span, samples.weights.span, samples.classWeights.span)
      var (first, second, third) = (samples.predictions, samples.predictions, samples.predictions)
      var fourth = samples.weights
      var gradient = try MutableMatrixView(first.mutableSpan, rowCount: rowCount, columnCount: classCount)
      var curvature = try MutableMatrixView(second.mutableSpan, rowCount: rowCount, columnCount: classCount)
      var place = try MutableMatrixView(third.mutableSpan, rowCount: rowCount, columnCount: classCount)
      var values = fourth.mutableSpan
      // The first round looks at the machine and makes Swift's metadata.
      for round in 1...2 {
        let number = try allocations {
          _ = try loss.value(predictions: rows, targets: y, threads: 1)
          try loss.values(predictions: rows, targets: y, weights: w, threads: 1, values: &values)
          _ = try loss.valueAndGradient(
            predictions: rows, targets: y, weights: w, classWeights: c, ignoredIndex: 1, threads: 1,
            gradient: &gradient)
          _ = try loss.valueGradientAndCurvature(
            predictions: rows, targets: y, classWeights: c, classWeighting: .targets, reduction: .sum, threads: 1,
            gradient: &gradient, curvature: &curvature)
          try loss.gradient(
            predictions: rows, targets: y, scale: 2, accumulating: true, threads: 1, gradient: &gradient)
          try loss.gradient(overwriting: &place, targets: y, threads: 1)
          if loss.takesDistributions {
            _ = try loss.valueAndGradient(
              predictions: rows, targets: q, weights: w, classWeights: c, threads: 1, gradient: &gradient)
            try loss.gradient(overwriting: &place, targets: q, reduction: .sum, threads: 1)
          }
          if case .crossEntropy = loss {
            try loss.hessianVectorProduct(
              predictions: rows, targets: y, direction: rows, weights: w, threads: 1, product: &gradient)
          }
        }
        #expect(round == 1 || number == 0, "\(rowCount) × \(classCount)")
      }
    }
  }

  /// A gradient larger than the last-level cache is written past it: its rows are those of short calls, wherever it begins.
  @Test(arguments: [10, 1000, 5000], [0, 3])
  func longOutputsAreThoseOfShortCalls(classCount: Int, offset: Int) throws {
    let cache = Int(lk_last_level_cache())
    guard cache <= 64 << 20 else { return }
    let period = 40
    let rowCount = (cache / 4 / classCount / period + 1) * period
    let loss = CategoricalLoss.crossEntropy()
    let short = RowSamples<Float>.random(loss, rowCount: period, classCount: classCount)
    let expected = try loss.gradient(
      predictions: short.predictions, targets: short.classes, classCount: classCount, reduction: .sum)
    let length = rowCount * classCount
    let predictions = [Float](unsafeUninitializedCapacity: length) { buffer, count in
      for x in 0..<length { buffer[x] = short.predictions[x % (period * classCount)] }
      count = length
    }
    let labels = (0..<rowCount).map { short.classes[$0 % period] }
    var buffer = [Float](repeating: .infinity, count: length + 2 * offset + 1)
    try buffer.withUnsafeMutableBufferPointer { buffer in
      let part = UnsafeMutableBufferPointer(rebasing: buffer[offset..<offset + length])
      let rows = try MatrixView(predictions.span, rowCount: rowCount, columnCount: classCount)
      for threads: ThreadLimit in [1, 2] {
        var output = try MutableMatrixView(
          MutableSpan(_unsafeElements: part), rowCount: rowCount, columnCount: classCount)
        try loss.gradient(
          predictions: rows, targets: labels.span, reduction: .sum, threads: threads, gradient: &output)
        var wrong = 0
        for x in 0..<length where part[x] != expected[x % (period * classCount)] { wrong += 1 }
        #expect(wrong == 0)
      }
    }
    #expect(
      buffer.prefix(offset).allSatisfy { $0 == .infinity } && buffer.suffix(offset + 1).allSatisfy { $0 == .infinity })
  }
}
