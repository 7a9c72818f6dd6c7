import Losses
import ReferenceLosses
import TestSupport
import Testing

/// Derivatives of categorical losses against differences of what they are derivatives of.
@Suite struct CategoricalDerivativeTests {
  /// The extrapolated central difference of f at 0.
  private func derivative(_ f: (Double) throws -> Double) rethrows -> Double {
    func difference(_ h: Double) throws -> Double { (try f(h) - f(-h)) / (2 * h) }
    let (coarse, middle, fine) = (try difference(0x1p-6), try difference(0x1p-7), try difference(0x1p-8))
    let (first, second) = ((4 * middle - coarse) / 3, (4 * fine - middle) / 3)
    return (16 * second - first) / 15
  }

  @Test(arguments: CategoricalCase.all, [5, 37])
  func slopesAreThoseOfTheValue(_ tested: CategoricalCase, classCount: Int) throws {
    let loss = tested.loss
    for targets in [TargetKind.ints, .distributions] where targets == .ints || loss.takesDistributions {
      var samples = RowSamples<Double>.random(loss, rowCount: 3, classCount: classCount, spread: 3, seed: 9)
      // Away from kinks: a score is a multiple of 2⁻⁸ plus its own irrational share.
      if loss != .crossEntropyOfProbabilities {
        samples.predictions = samples.predictions.enumerated().map { $1 + 0.001 * Double($0 * 7 % 11) }
      } else {
        samples.predictions = samples.predictions.map { $0 / 2 + 0.5 }
      }
      let options = RowOptions(mode: .everything, targets: targets, weighted: true)
      let result = try evaluate(loss, samples, options)
      for x in samples.predictions.indices where x % 3 == 0 || classCount < 10 {
        func moved(_ h: Double) throws -> Evaluation<Double> {
          var other = samples
          other.predictions[x] += h
          return try evaluate(loss, other, options)
        }
        let slope = try derivative { try moved($0).value }
        let bend = try derivative { try moved($0).gradient[x] }
        // A kink may lie within the steps: then nothing can be told.
        let sides = try [moved(0x1p-6).gradient[x], moved(-0x1p-6).gradient[x]]
        if !loss.isDifferentiable, abs(sides[0] - sides[1]) > 0.2 { continue }
        let smooth = loss.isDifferentiable && loss != .sparsemax && !loss.description.hasPrefix("westonWatkins")
        #expect(abs(result.gradient[x] - slope) < (smooth ? 1e-9 : 2e-2), "\(targets), element \(x)")
        if smooth { #expect(abs(result.curvature[x] - bend) < 1e-8 * max(1, abs(bend)), "\(targets), element \(x)") }
      }
    }
  }

  @Test(arguments: [4, 32, 50, 600], [0.0, 0.2])
  func theHessianTimesADirection(classCount: Int, smoothing: Double) throws {
    let loss = CategoricalLoss.crossEntropy(labelSmoothing: smoothing)
    let samples = RowSamples<Double>.random(loss, rowCount: 5, classCount: classCount, spread: 3)
    var random = SplitMix64(seed: 3)
    let direction = samples.predictions.map { _ in Double.random(in: -1...1, using: &random) }
    let rows = try MatrixView(samples.predictions.span, rowCount: 5, columnCount: classCount)
    let v = try MatrixView(direction.span, rowCount: 5, columnCount: classCount)
    let q = try MatrixView(samples.distributions.span, rowCount: 5, columnCount: classCount)
    var product = [Double](repeating: 1, count: direction.count)
    var soft = product
    var productView = try MutableMatrixView(product.mutableSpan, rowCount: 5, columnCount: classCount)
    try loss.hessianVectorProduct(
      predictions: rows, targets: samples.classes.span, direction: v, weights: samples.weights.span,
      classWeights: samples.classWeights.span, scale: 2, accumulating: true, product: &productView)
    var softView = try MutableMatrixView(soft.mutableSpan, rowCount: 5, columnCount: classCount)
    try loss.hessianVectorProduct(
      predictions: rows, targets: q, direction: v, reduction: .sum, threads: 2, product: &softView)
    let array = try loss.hessianVectorProduct(
      predictions: samples.predictions, targets: samples.classes, direction: direction, classCount: classCount,
      weights: samples.weights, classWeights: samples.classWeights, scale: 2)
    #expect(array.indices.allSatisfy { 1 + array[$0] == product[$0] })
    let softArray = try loss.hessianVectorProduct(
      predictions: samples.predictions, targets: samples.distributions, direction: direction, classCount: classCount,
      reduction: .sum)
    #expect(bits(softArray) == bits(soft))
    #expect(throws: LossError.lengthMismatch(argument: "direction", length: 1, expected: direction.count)) {
      try loss.hessianVectorProduct(
        predictions: samples.predictions, targets: samples.classes, direction: [0], classCount: classCount)
    }
    func gradients(_ h: Double) throws -> (hard: [Double], soft: [Double]) {
      let moved = zip(samples.predictions, direction).map { $0 + h * $1 }
      return (
        try loss.gradient(
          predictions: moved, targets: samples.classes, classCount: classCount, weights: samples.weights,
          classWeights: samples.classWeights),
        try loss.gradient(
          predictions: moved, targets: samples.distributions, classCount: classCount, reduction: .sum)
      )
    }
    let h = 0x1p-12
    let (up, down) = (try gradients(h), try gradients(-h))
    for x in product.indices {
      let hard = (up.hard[x] - down.hard[x]) / (2 * h)
      #expect(abs(product[x] - (1 + 2 * hard)) < 1e-7)
      #expect(abs(soft[x] - (up.soft[x] - down.soft[x]) / (2 * h)) < 1e-7)
    }
    #expect(throws: LossError.self) {
      var view = try MutableMatrixView(product.mutableSpan, rowCount: 5, columnCount: classCount)
      try CategoricalLoss.focal().hessianVectorProduct(
        predictions: rows, targets: samples.classes.span, direction: v, product: &view)
    }
  }

  /// Where p is nearly 1 the product keeps its accuracy, and rows of the Hessian sum to 0.
  @Test func theHessianOfASureRow() throws {
    func product<S: TestScalar>(_ row: [S], _ direction: [S]) throws -> [S] {
      var output = row
      var view = try MutableMatrixView(output.mutableSpan, rowCount: 1, columnCount: row.count)
      try CategoricalLoss.crossEntropy().hessianVectorProduct(
        predictions: MatrixView(row.span, rowCount: 1, columnCount: row.count), targets: [1].span,
        direction: MatrixView(direction.span, rowCount: 1, columnCount: row.count), product: &view)
      return output
    }
    let short: [Float] = try product([20, 0], [1, 0])
    #expect(short[0] > 0 && short[0] == -short[1] && abs(Double(short[0]) / Math.exp(-20) - 1) < 1e-6)
    let long: [Double] = try product([40, 0, 0], [1, 0, 0.5])
    let expected = 1.5 * Math.exp(-40)
    #expect(abs(long[0] / expected - 1) < 1e-14 && abs(long.reduce(0, +)) <= 1e-15 * expected)
  }

  /// At a kink the slope is the midpoint; of several greatest scores the first counts.
  @Test func kinksAndTies() throws {
    func gradient(_ loss: CategoricalLoss, _ row: [Double], _ y: Int) throws -> [Double] {
      try loss.gradient(predictions: row, targets: [y], classCount: row.count, reduction: .sum)
    }
    #expect(try gradient(.crammerSinger(), [2, 1, 0], 0) == [-0.5, 0.5, 0])
    #expect(try gradient(.crammerSinger(), [0, 1, 1], 0) == [-1, 1, 0])
    #expect(try gradient(.crammerSinger(), [1, 1, 0], 2) == [1, 0, -1])
    #expect(try gradient(.perceptron, [1, 1, 0], 1) == [0.5, -0.5, 0])
    #expect(try gradient(.westonWatkins(), [1, 0, 3], 0) == [-1.5, 0.5, 1])
    #expect(try gradient(.westonWatkins(power: 2), [1, 0, 3], 0) == [-6, 0, 6])
    #expect(try gradient(.sparsemax, [1, 0, -3], 0) == [0, 0, 0])
  }

  /// Where the margin of Weston and Watkins is PyTorch's: its mean over rows of Σ/K.
  @Test func publishedNumbers() throws {
    // torch.nn.functional.multi_margin_loss(tensor([[0.1, 0.2, 0.4, 0.8]]), tensor([3])) is 0.3250, as its page has it.
    let row = [0.1, 0.2, 0.4, 0.8]
    let value = try CategoricalLoss.westonWatkins().value(predictions: row, targets: [3], classCount: 4)
    #expect(abs(value / 4 - 0.325) < 1e-12)
    // Martins and Astudillo 2016, two classes: 0 from t = 1 on, (1 − t)²/4 between, −t below −1.
    for t in [-2.0, -0.5, 0, 0.25, 1, 3] {
      let expected = t >= 1 ? 0 : t <= -1 ? -t : (t - 1) * (t - 1) / 4
      let loss = try CategoricalLoss.sparsemax.value(predictions: [t, 0], targets: [0], classCount: 2)
      #expect(abs(loss - expected) < 1e-15)
    }
  }
}
