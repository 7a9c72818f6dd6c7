import Losses
import Testing

/// The public verbs: all of them give the same bits, into arrays and into memory of the caller.
@Suite struct VerbTests {
  @Test(arguments: LossCase.all, ScalarKind.allCases)
  func everyVerbGivesTheSameBits(_ tested: LossCase, _ scalar: ScalarKind) throws {
    for weighted in [false, true] {
      for reduction in Reduction.allCases {
        try check(tested.loss, scalar.type, weighted: weighted, reduction)
      }
    }
  }

  private func check<S: TestScalar>(
    _ loss: any TestedLoss, _: S.Type, weighted: Bool, _ reduction: Reduction
  ) throws {
    let samples = Samples<S>.random(loss.comparison, count: 1337, seed: 9)
    let (z, y) = (samples.predictions, samples.targets)
    let w = weighted ? samples.weights : nil
    let value = try loss.value(predictions: z, targets: y, weights: w, reduction: reduction)
    let gradient = try loss.gradient(predictions: z, targets: y, weights: w, reduction: reduction, scale: 3)
    let both = try loss.valueAndGradient(predictions: z, targets: y, weights: w, reduction: reduction, scale: 3)
    #expect(both.value.bitPattern == value.bitPattern)
    #expect(bits(both.gradient) == bits(gradient))
    if reduction != .rootMean {
      let all = try loss.valueGradientAndCurvature(
        predictions: z, targets: y, weights: w, reduction: reduction, scale: 3)
      #expect(all.value.bitPattern == value.bitPattern)
      #expect(bits(all.gradient) == bits(gradient))
      var first = [S](repeating: 99, count: z.count)
      var second = first
      var firstSpan = first.mutableSpan
      var secondSpan = second.mutableSpan
      let spanValue = try loss.valueGradientAndCurvature(
        predictions: z.span, targets: y.span, weights: w?.span, reduction: reduction, scale: 3, gradient: &firstSpan,
        curvature: &secondSpan)
      #expect(spanValue.bitPattern == value.bitPattern)
      #expect(bits(first) == bits(gradient) && bits(second) == bits(all.curvature))
    }

    // Into memory of the caller.
    #expect(
      try loss.value(predictions: z.span, targets: y.span, weights: w?.span, reduction: reduction).bitPattern
        == value.bitPattern)
    var output = [S](repeating: 99, count: z.count)
    var span = output.mutableSpan
    try loss.gradient(
      predictions: z.span, targets: y.span, weights: w?.span, reduction: reduction, scale: 3, gradient: &span)
    #expect(bits(output) == bits(gradient))
    var other = [S](repeating: 99, count: z.count)
    var otherSpan = other.mutableSpan
    let otherValue = try loss.valueAndGradient(
      predictions: z.span, targets: y.span, weights: w?.span, reduction: reduction, scale: 3, gradient: &otherSpan)
    #expect(otherValue.bitPattern == value.bitPattern && bits(other) == bits(gradient))

    // In place of the predictions.
    var replaced = z
    var replacedSpan = replaced.mutableSpan
    try loss.gradient(overwriting: &replacedSpan, targets: y.span, weights: w?.span, reduction: reduction, scale: 3)
    #expect(bits(replaced) == bits(gradient))
    var again = z
    var againSpan = again.mutableSpan
    let againValue = try loss.valueAndGradient(
      overwriting: &againSpan, targets: y.span, weights: w?.span, reduction: reduction, scale: 3)
    #expect(againValue.bitPattern == value.bitPattern && bits(again) == bits(gradient))

    let values = try loss.values(predictions: z, targets: y, weights: w)
    var valuesOutput = [S](repeating: 99, count: z.count)
    var valuesSpan = valuesOutput.mutableSpan
    try loss.values(predictions: z.span, targets: y.span, weights: w?.span, values: &valuesSpan)
    #expect(bits(valuesOutput) == bits(values))
  }

  @Test func accumulatingThroughTheVerbs() throws {
    let samples = Samples<Float>.random(.residual, count: 100)
    let plain = try RegressionLoss.huber().valueGradientAndCurvature(
      predictions: samples.predictions, targets: samples.targets)
    var gradient = [Float](repeating: 0.5, count: 100)
    var curvature = [Float](repeating: 0.25, count: 100)
    var first = gradient.mutableSpan
    var second = curvature.mutableSpan
    _ = try RegressionLoss.huber().valueGradientAndCurvature(
      predictions: samples.predictions.span, targets: samples.targets.span, accumulating: true, gradient: &first,
      curvature: &second)
    #expect(gradient == plain.gradient.map { 0.5 + $0 })
    #expect(curvature == plain.curvature.map { 0.25 + $0 })
    var third = gradient.mutableSpan
    try RegressionLoss.huber().gradient(
      predictions: samples.predictions.span, targets: samples.targets.span, accumulating: true, gradient: &third)
    #expect(gradient == plain.gradient.map { (0.5 + $0) + $0 })
  }

  @Test func theDefaultReductionIsTheMean() throws {
    #expect(try RegressionLoss.squaredError.value(predictions: [1.0, 3], targets: [0, 0]) == 5)
    #expect(try RegressionLoss.squaredError.gradient(predictions: [1.0, 3], targets: [0, 0]) == [1, 3])
    #expect(try RegressionLoss.squaredError.value(predictions: [1.0, 3], targets: [0, 0], weights: [1, 3]) == 7)
    #expect(try RegressionLoss.squaredError.value(predictions: [1.0, 3], targets: [0, 0], reduction: .sum) == 10)
  }
}
