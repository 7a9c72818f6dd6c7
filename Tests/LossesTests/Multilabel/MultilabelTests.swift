import CLossKernels
import Losses
import TestSupport
import Testing

/// Several labels for each sample, against the losses of single ones, which have a reference.
@Suite struct MultilabelTests {
  static let losses: [BinaryLoss] =
    BinaryLoss.catalogue.map(\.defaultLoss) + [
      .logistic(positiveWeight: 3, labelSmoothing: 0.1), .focal(alpha: 0.75, gamma: 0.5),
      0.7 * .logistic() + 0.3 * .focal(),
    ]

  /// The weights that a loss takes.
  static func weightings(_ loss: BinaryLoss) -> [LabelWeighting] {
    if case .logistic = loss { return LabelWeighting.allCases }
    return LabelWeighting.allCases.filter { !$0.contains(.positives) }
  }

  /// Every element has the bits of the same sample alone, and the sum is theirs.
  @Test(arguments: losses, ScalarKind.allCases)
  func elementsAreSamples(_ loss: BinaryLoss, _ scalar: ScalarKind) throws {
    try checkElements(loss, scalar.type)
  }

  private func checkElements<S: TestScalar>(_ loss: BinaryLoss, _: S.Type) throws {
    for (rows, columns) in [(1, 1), (700, 1), (301, 3), (40, 33), (7, 511), (7, 512), (3, 513), (2, 1500)] {
      let samples = LabelSamples<S>.random(loss, rows: rows, columns: columns)
      for weighting in Self.weightings(loss) {
        let found = try evaluate(loss, samples, weighting, Options(reduction: .sum, scale: 3))
        var sum = 0.0
        var size = 0.0
        for k in 0..<columns {
          var ofColumn = loss
          if weighting.contains(.positives), case .logistic(let weight, let smoothing) = loss {
            // The product as the kernel rounds it.
            let product = S.make(weight) * samples.positiveWeights[k]
            ofColumn = .logistic(positiveWeight: product._double, labelSmoothing: smoothing)
          }
          let factor = weighting.contains(.classes) ? samples.classWeights[k] : 1
          let w = (weighting.contains(.rows) ? samples.weights : samples.weights.map { _ in 1 }).map { $0 * factor }
          let (z, y) = (samples.column(k, of: samples.predictions), samples.column(k, of: samples.targets))
          let isWeighted = weighting.contains(.rows) || weighting.contains(.classes)
          let alone: Evaluation<S> = try evaluate(
            ofColumn, predictions: z.span, targets: y.span, weights: isWeighted ? w.span : nil,
            Options(reduction: .sum, scale: 3))
          #expect(bits(samples.column(k, of: found.values)) == bits(alone.values))
          #expect(bits(samples.column(k, of: found.gradient)) == bits(alone.gradient))
          #expect(bits(samples.column(k, of: found.curvature)) == bits(alone.curvature))
          sum += alone.value
          size += alone.values.reduce(0) { $0 + abs($1._double) }
        }
        #expect(abs(found.value - sum) <= 1e-14 * size + 1e-300)
      }
    }
  }

  @Test(arguments: losses, ScalarKind.allCases)
  func bitsDependOnTheElementsAlone(_ loss: BinaryLoss, _ scalar: ScalarKind) throws {
    try checkBits(loss, scalar.type)
  }

  private func checkBits<S: TestScalar>(_ loss: BinaryLoss, _: S.Type) throws {
    for (rows, columns) in [(4111, 3), (19, 700)] {
      let samples = LabelSamples<S>.random(loss, rows: rows, columns: columns)
      for weighting in [[], Self.weightings(loss)[Self.weightings(loss).count - 1]] as [LabelWeighting] {
        for reduction in [Reduction.mean, .rootMean] {
          var options = Options(mode: reduction == .rootMean ? .valueAndGradient : .everything, reduction: reduction)
          options.isa = lk_isa_baseline
          let serial = try evaluate(loss, samples, weighting, options)
          for isa in lk_isa.ofThisMachine {
            for threads in [1, 2, 5] {
              options.isa = isa
              options.threads = .atMost(threads)
              #expect(try evaluate(loss, samples, weighting, gap: threads - 1, options).isIdentical(to: serial))
            }
          }
        }
      }
    }
  }

  @Test(arguments: losses)
  func modesAgree(_ loss: BinaryLoss) throws {
    let all = LabelSamples<Double>.random(loss, rows: 403, columns: 5)
    let whole = try evaluate(loss, all)
    for weighting in Self.weightings(loss) {
      let everything = try evaluate(loss, all, weighting)
      for mode in Mode.allCases {
        let found = try evaluate(loss, all, weighting, gap: 2, Options(mode: mode))
        if mode.givesValue { #expect(found.value == everything.value) }
        if mode.givesValues { #expect(bits(found.values) == bits(everything.values)) }
        if mode.givesGradient { #expect(bits(found.gradient) == bits(everything.gradient)) }
      }
      let added = try evaluate(loss, all, weighting, Options(scale: 2, base: 0.5))
      for i in added.gradient.indices {
        #expect(added.gradient[i] == 0.5 + 2 * everything.gradient[i])
        #expect(added.curvature[i] == 0.5 + 2 * everything.curvature[i])
      }
    }
    for rows in [0, 1, 2, 3, 101, 102, 103] {
      let part = try evaluate(loss, all.prefix(rows))
      #expect(bits(part.values) == bits(Array(whole.values.prefix(rows * 5))))
      #expect(bits(part.gradient) == bits(Array(whole.gradient.prefix(rows * 5))))
    }
  }

  /// The mean divides by the sum of row weight × class weight; without weights by n × K.
  @Test func denominators() throws {
    let loss = BinaryLoss.logistic()
    let samples = LabelSamples<Double>.random(loss, rows: 50, columns: 4)
    for weighting in LabelWeighting.allCases {
      let sum = try evaluate(loss, samples, weighting, Options(reduction: .sum))
      let mean = try evaluate(loss, samples, weighting, Options(reduction: .mean))
      let ofRows = weighting.contains(.rows) ? samples.weights.reduce(0, +) : 50
      let ofClasses = weighting.contains(.classes) ? samples.classWeights.reduce(0, +) : 4
      #expect(abs(mean.weight - ofRows * ofClasses) <= 1e-12 * mean.weight)
      #expect(abs(mean.value - sum.value / mean.weight) <= 1e-14 * abs(mean.value))
      for i in mean.gradient.indices {
        #expect(abs(mean.gradient[i] - sum.gradient[i] / mean.weight) <= 1e-15)
      }
      let root = try evaluate(loss, samples, weighting, Options(mode: .valueAndGradient, reduction: .rootMean))
      #expect(abs(root.value * root.value - mean.value) <= 1e-14)
      for i in mean.gradient.indices {
        #expect(abs(root.gradient[i] - mean.gradient[i] / (2 * root.value)) <= 1e-15)
      }
    }
  }

  /// A row or a column of weight 0 is as if deleted: neither its logits nor its targets matter.
  @Test(arguments: losses) func aWeightOfZeroDeletes(_ loss: BinaryLoss) throws {
    var samples = LabelSamples<Double>.random(loss, rows: 60, columns: 4)
    samples.weights = (0..<60).map { $0 % 3 == 0 ? 0 : 1 }
    samples.classWeights = [1, 0, 1, 1]
    let clean = try evaluate(loss, samples, [.rows, .classes], Options(reduction: .mean))
    for i in 0..<60 {
      for k in 0..<4 where i % 3 == 0 || k == 1 {
        samples.predictions[4 * i + k] = [.nan, .infinity, 1e300][(i + k) % 3]
        samples.targets[4 * i + k] = [.nan, 7, -.infinity][i % 3]
      }
    }
    let spoiled = try evaluate(loss, samples, [.rows, .classes], Options(reduction: .mean))
    #expect(spoiled.isIdentical(to: clean) && clean.value.isFinite && clean.weight == 120)
    for i in 0..<60 { #expect(clean.gradient[4 * i + 1] == 0 && (i % 3 != 0 || clean.gradient[4 * i] == 0)) }
    samples.weights = samples.weights.map { _ in 0 }
    for reduction in Reduction.allCases {
      let nothing = try evaluate(
        loss, samples, [.rows, .classes], Options(mode: .valueAndGradient, reduction: reduction))
      #expect(nothing.value == 0 && nothing.gradient.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: losses) func aNaNDisturbsNoNeighbour(_ loss: BinaryLoss) throws {
    let clean = LabelSamples<Float>.random(loss, rows: 301, columns: 3)
    var spoiled = clean
    for i in [0, 450, 902] { spoiled.predictions[i] = .nan }
    let (a, b) = (try evaluate(loss, clean), try evaluate(loss, spoiled))
    for i in clean.predictions.indices {
      if [0, 450, 902].contains(i) {
        #expect(b.values[i].isNaN && b.gradient[i].isNaN)
      } else {
        #expect(bits([a.values[i], a.gradient[i]]) == bits([b.values[i], b.gradient[i]]))
      }
    }
    #expect(b.value.isNaN)
  }

  /// Weights may be of any size: their products are neither lost nor infinite.
  @Test func tinyAndHugeWeights() throws {
    func check<S: TestScalar>(_: S.Type, _ sizes: [Double]) throws {
      let (z, y): ([S], [S]) = ([1, -2, 3, 0.5, -1, 2], [1, 0, 0, 1, 1, 0])
      let ones = [S](repeating: 1, count: 3)
      let expected = try BinaryLoss.logistic().valueAndGradient(predictions: z, targets: y, classCount: 3)
      for (row, column) in sizes.flatMap({ row in sizes.map { (row, $0) } }) {
        let found = try BinaryLoss.logistic().valueAndGradient(
          predictions: z, targets: y, classCount: 3, weights: [S.make(row), S.make(row)],
          classWeights: ones.map { $0 * S.make(column) })
        #expect(abs(found.value - expected.value) < 1e-6 * expected.value, "\(row), \(column)")
        for i in 0..<6 { #expect(abs(found.gradient[i] - expected.gradient[i])._double < 1e-6) }
      }
    }
    try check(Float.self, [1e-37, 1e-30, 1, 1e30, 1e37])
    try check(Double.self, [1e-300, 1e-200, 1, 1e200, 1e300])
  }

  @Test(arguments: [BinaryLoss.logistic(), .focal(), .poly1(), .asymmetric(), .generalizedCrossEntropy()])
  func hugeLogits(_ loss: BinaryLoss) throws {
    let z: [Float] = [1e30, -1e30, 1e4, -1e4, 1e30, -1e30]
    let y: [Float] = [1, 0, 0, 1, 0, 1]
    let result = try loss.valueGradientAndCurvature(
      predictions: z, targets: y, classCount: 3, classWeights: [1, 2, 1])
    #expect(result.value.isFinite && (result.gradient + result.curvature).allSatisfy { $0.isFinite })
    // Sure and right.
    #expect(result.gradient[0] == 0 && result.gradient[1] == 0)
    #expect(try loss.values(predictions: z, targets: y, classCount: 3)[..<2] == [0, 0])
  }

  @Test func emptyMatricesAndVeryManyLabels() throws {
    let loss = BinaryLoss.logistic()
    for (rows, columns) in [(0, 3), (0, 0), (4, 0)] {
      for reduction in Reduction.allCases {
        let z: [Float] = []
        let view = try MatrixView(z.span, rowCount: rows, columnCount: columns)
        #expect(try loss.value(predictions: view, targets: view, reduction: reduction) == 0)
      }
    }
    let (z, y) = ([Float](repeating: 1, count: 1_000_003), [Float](repeating: 1, count: 1_000_003))
    let result = try loss.valueAndGradient(
      predictions: z, targets: y, classCount: 1_000_003, positiveWeights: [Float](repeating: 2, count: 1_000_003))
    #expect(abs(result.value - 2 * 0.31326168751822286) < 1e-6)
    #expect(abs(result.gradient[1_000_002] * 1_000_003 + 2 * 0.26894143) < 1e-6)
  }

  @Test func badInputIsNamed() throws {
    let (z, y) = ([1.0, 2, 3, 4, 5, 6], [0.0, 1, 0, 1, 0, 1])
    func error(
      _ loss: BinaryLoss = .logistic(), y: [Double] = [0, 1, 0, 1, 0, 1], classes: Int = 3, w: [Double]? = nil,
      c: [Double]? = nil, p: [Double]? = nil, scale: Double = 1
    ) -> String {
      do throws(LossError) {
        _ = try loss.gradient(
          predictions: z, targets: y, classCount: classes, weights: w, classWeights: c, positiveWeights: p,
          scale: scale)
        return ""
      } catch { return "\(error)" }
    }
    #expect(error() == "")
    #expect(error(classes: 0) == "classCount is 0; expected at least 1")
    #expect(error(classes: 4) == "predictions has 6 elements; expected 4")
    #expect(error(y: [0, 1]) == "targets has 2 elements; expected 6")
    #expect(error(y: [0, 1, 0, 1, 2, 1]) == "targets[4] is 2.0; expected a number from 0 to 1")
    #expect(error(w: [1]) == "weights has 1 elements; expected 2")
    #expect(error(w: [1, -1]) == "weights[1] is -1.0; expected a finite number not below 0")
    #expect(error(c: [1, 2]) == "classWeights has 2 elements; expected 3")
    #expect(error(c: [1, .infinity, 1]) == "classWeights[1] is inf; expected a finite number not below 0")
    #expect(error(p: [1, 2, 0]) == "positiveWeights[2] is 0.0; expected a finite number greater than 0")
    #expect(
      error(.focal(), p: [1, 2, 1])
        == "positiveWeights is a weight for each class; expected nil for a loss other than logistic")
    #expect(
      error(.logistic(positiveWeight: 1e300), p: [1, 1e300, 1]).hasPrefix("positiveWeights[1] is 1e+300; expected"))
    #expect(error(scale: .nan) == "scale is nan; expected a finite number")
    #expect(error(.logistic(positiveWeight: -1)).contains("positiveWeight"))
    #expect(
      throws: LossError.invalidArgument(
        argument: "reduction", value: "rootMean", expected: "sum or mean where a curvature is asked for")
    ) {
      try BinaryLoss.logistic().valueGradientAndCurvature(
        predictions: z, targets: y, classCount: 3, reduction: .rootMean)
    }
    let (wide, narrow) = (
      try MatrixView(z.span, rowCount: 2, columnCount: 3), try MatrixView(y.span, rowCount: 3, columnCount: 2)
    )
    var output = [7.0, 7, 7, 7, 7, 7]
    var gradient = try MutableMatrixView(output.mutableSpan, rowCount: 2, columnCount: 3)
    var message = ""
    do throws(LossError) {
      try BinaryLoss.logistic().gradient(predictions: wide, targets: narrow, gradient: &gradient)
    } catch { message = "\(error)" }
    #expect(message == "targets is a matrix of 3 rows of 2; expected 2 rows of 3")
    #expect(output == [7, 7, 7, 7, 7, 7])
  }

  @Test(arguments: losses, ScalarKind.allCases)
  func theFormsAgree(_ loss: BinaryLoss, _ scalar: ScalarKind) throws {
    try checkForms(loss, scalar.type)
  }

  private func checkForms<S: TestScalar>(_ loss: BinaryLoss, _: S.Type) throws {
    let (n, m) = (37, 6)
    let samples = LabelSamples<S>.random(loss, rows: n, columns: m)
    let (z, y, w, c) = (samples.predictions, samples.targets, samples.weights, samples.classWeights)
    let weighting = Self.weightings(loss).last ?? []
    let p = weighting.contains(.positives) ? samples.positiveWeights : nil
    let expected = try evaluate(loss, samples, weighting, Options(reduction: .mean, scale: 3))
    #expect(
      try loss.value(
        predictions: z, targets: y, classCount: m, weights: w, classWeights: c, positiveWeights: p) == expected.value)
    let values = try loss.values(
      predictions: z, targets: y, classCount: m, weights: w, classWeights: c, positiveWeights: p)
    #expect(bits(values) == bits(expected.values))
    let gradient = try loss.gradient(
      predictions: z, targets: y, classCount: m, weights: w, classWeights: c, positiveWeights: p, scale: 3)
    #expect(bits(gradient) == bits(expected.gradient))
    let both = try loss.valueAndGradient(
      predictions: z, targets: y, classCount: m, weights: w, classWeights: c, positiveWeights: p, scale: 3)
    #expect(both.value == expected.value && bits(both.gradient) == bits(expected.gradient))
    let all = try loss.valueGradientAndCurvature(
      predictions: z, targets: y, classCount: m, weights: w, classWeights: c, positiveWeights: p, scale: 3)
    #expect(all.value == expected.value && bits(all.gradient) == bits(expected.gradient))
    #expect(bits(all.curvature) == bits(expected.curvature))

    let (rows, targets) = (
      try MatrixView(z.span, rowCount: n, columnCount: m), try MatrixView(y.span, rowCount: n, columnCount: m)
    )
    var (output, second) = (z, z)
    var view = try MutableMatrixView(output.mutableSpan, rowCount: n, columnCount: m)
    var curvature = try MutableMatrixView(second.mutableSpan, rowCount: n, columnCount: m)
    try loss.gradient(
      overwriting: &view, targets: targets, weights: w.span, classWeights: c.span, positiveWeights: p?.span, scale: 3)
    #expect(bits(output) == bits(expected.gradient))
    output = z
    view = try MutableMatrixView(output.mutableSpan, rowCount: n, columnCount: m)
    var value = try loss.valueAndGradient(
      overwriting: &view, targets: targets, weights: w.span, classWeights: c.span, positiveWeights: p?.span, scale: 3)
    #expect(value == expected.value && bits(output) == bits(expected.gradient))
    view = try MutableMatrixView(output.mutableSpan, rowCount: n, columnCount: m)
    value = try loss.valueGradientAndCurvature(
      predictions: rows, targets: targets, weights: w.span, classWeights: c.span, positiveWeights: p?.span, scale: 3,
      gradient: &view, curvature: &curvature)
    #expect(value == expected.value && bits(output) == bits(expected.gradient))
    #expect(bits(second) == bits(expected.curvature))
  }

  @Test(.enabled(if: countsAllocations), arguments: ScalarKind.allCases)
  func verbsThatWriteIntoMemoryOfTheCallerAllocateNothing(_ scalar: ScalarKind) throws {
    try checkAllocations(scalar.type)
  }

  private func checkAllocations<S: TestScalar>(_: S.Type) throws {
    let loss = BinaryLoss.logistic()
    let samples = LabelSamples<S>.random(loss, rows: 3000, columns: 3)
    let rows = try MatrixView(samples.predictions.span, rowCount: 3000, columnCount: 3)
    let targets = try MatrixView(samples.targets.span, rowCount: 3000, columnCount: 3)
    let (w, c, p) = (samples.weights.span, samples.classWeights.span, samples.positiveWeights.span)
    var (output, place) = (samples.predictions, samples.predictions)
    var gradient = try MutableMatrixView(output.mutableSpan, rowCount: 3000, columnCount: 3)
    var overwritten = try MutableMatrixView(place.mutableSpan, rowCount: 3000, columnCount: 3)
    for round in 1...2 {
      let number = try allocations {
        _ = try loss.value(predictions: rows, targets: targets, weights: w, classWeights: c, threads: 1)
        try loss.values(predictions: rows, targets: targets, threads: 1, values: &gradient)
        _ = try loss.valueAndGradient(
          predictions: rows, targets: targets, weights: w, positiveWeights: p, threads: 1, gradient: &gradient)
        try loss.gradient(overwriting: &overwritten, targets: targets, positiveWeights: p, threads: 1)
      }
      #expect(round == 1 || number == 0)
    }
  }
}
