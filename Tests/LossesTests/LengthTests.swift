import Losses
import Testing

/// Lengths around the kernels' lanes (32), tiles (512), chunks (2048) and blocks (4096), at every alignment.
@Suite struct LengthTests {
  static let lengths =
    Array(0...34) + [
      63, 64, 65, 511, 512, 513, 543, 544, 545, 2047, 2048, 2049, 2560, 4095, 4096, 4097, 8191, 8192, 8193,
    ]

  /// One loss of each kind of kernel suffices for every length: plain and heavy, with each domain of targets.
  static let losses = [
    LossCase(RegressionLoss.huber()), LossCase(RegressionLoss.poisson), LossCase(BinaryLoss.logistic()),
    LossCase(MarginLoss.hinge), LossCase(MarginLoss.exponential),
  ]

  @Test(arguments: losses, ScalarKind.allCases)
  func resultsOfAPrefixArePrefixesOfResults(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkPrefixes(tested.loss, scalar.type)
  }

  private func checkPrefixes<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: Self.lengths.max()!)
    for weighted in [false, true] {
      for mode in Mode.allCases {
        let whole = try evaluate(loss, samples, weighted: weighted, Options(mode: mode))
        for length in Self.lengths {
          let part = Samples(
            predictions: Array(samples.predictions[..<length]), targets: Array(samples.targets[..<length]),
            weights: Array(samples.weights[..<length]))
          let result = try evaluate(loss, part, weighted: weighted, Options(mode: mode))
          #expect(bits(result.values) == bits(Array(whole.values.prefix(length))))
          #expect(bits(result.gradient) == bits(Array(whole.gradient.prefix(length))))
          #expect(bits(result.curvature) == bits(Array(whole.curvature.prefix(length))))
        }
      }
    }
  }

  @Test(arguments: losses, ScalarKind.allCases)
  func alignmentDoesNotMatterAndNothingIsWrittenOutside(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkAlignment(tested.loss, scalar.type)
  }

  private func checkAlignment<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    for length in [0, 1, 2, 31, 32, 33, 511, 513, 2049, 4097] {
      let samples = Samples<S>.random(loss.comparison, count: length)
      for weighted in [false, true] {
        let aligned = try evaluate(loss, samples, weighted: weighted, Options(reduction: .mean))
        let fused = try evaluate(loss, samples, weighted: weighted, Options(mode: .valueAndGradient, reduction: .mean))
        for offset in 0...16 {
          let moved = Guarded(samples, offset: offset)
          #expect(try moved.evaluate(loss, weighted: weighted, everything: true).isIdentical(to: aligned))
          #expect(try moved.evaluate(loss, weighted: weighted, everything: false).isIdentical(to: fused))
        }
      }
    }
  }
}

/// Samples that start `offset` elements into an array, and outputs with guards around them.
private struct Guarded<S: TestScalar> {
  static var guardValue: S { S.make(-12345) }
  static var margin: Int { 40 }
  let count: Int
  let offset: Int
  let predictions: [S]
  let targets: [S]
  let weights: [S]

  init(_ samples: Samples<S>, offset: Int) {
    count = samples.predictions.count
    self.offset = offset
    // Around the samples stands what would spoil a result, and be refused as a target or a weight.
    func move(_ values: [S]) -> [S] {
      Array(repeating: S.nan, count: offset) + values + Array(repeating: S.nan, count: Self.margin)
    }
    predictions = move(samples.predictions)
    targets = move(samples.targets)
    weights = move(samples.weights)
  }

  func evaluate(_ loss: any TestedLoss, weighted: Bool, everything: Bool) throws -> Evaluation<S> {
    let range = offset..<(offset + count)
    let size = predictions.count + Self.margin
    // One array for all outputs; each has an alignment of its own.
    let places = [range, shift(range, size + 3), shift(range, 2 * size + 7)]
    let wanted = [everything, true, everything]
    var outputs = [S](repeating: Self.guardValue, count: 3 * size)
    let outcome = try outputs.withUnsafeMutableBufferPointer { memory in
      var call = try PointwiseCall(
        predictions: predictions.span.extracting(range), targets: targets.span.extracting(range),
        weights: weighted ? weights.span.extracting(range) : nil)
      let spans = places.map { UnsafeMutableBufferPointer(rebasing: memory[$0]) }
      var values = MutableSpan(_unsafeElements: spans[0])
      var gradient = MutableSpan(_unsafeElements: spans[1])
      var curvature = MutableSpan(_unsafeElements: spans[2])
      try call.setGradient(&gradient, scale: 1, accumulating: false)
      if everything {
        try call.setValues(&values)
        try call.setCurvature(&curvature)
      }
      return try call.evaluate(loss._kernelTerms, reduction: .mean, threads: 1)
    }
    let written = zip(places, wanted).filter(\.1).map(\.0)
    let outside = outputs.indices.filter { i in !written.contains { $0.contains(i) } }
    #expect(outside.allSatisfy { outputs[$0] == Self.guardValue }, "a write outside of the output")
    let results = zip(places, wanted).map { $1 ? Array(outputs[$0]) : [] }
    return Evaluation(
      value: outcome.value, weight: outcome.weight, threads: outcome.threads, isa: outcome.instructionSet,
      values: results[0], gradient: results[1], curvature: results[2])
  }

  private func shift(_ range: Range<Int>, _ distance: Int) -> Range<Int> {
    (range.lowerBound + distance)..<(range.upperBound + distance)
  }
}
