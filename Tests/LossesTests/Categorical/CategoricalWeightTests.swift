import CLossKernels
import Losses
import TestSupport
import Testing

/// Weights of rows and classes, ignored rows, scale and accumulation.
@Suite struct CategoricalWeightTests {
  private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-13) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(a), abs(b))
  }

  @Test(arguments: CategoricalCase.all, [3, 40])
  func weightTwoIsARowTwice(_ tested: CategoricalCase, classCount: Int) throws {
    var samples = RowSamples<Double>.random(tested.loss, rowCount: 30, classCount: classCount)
    samples.weights = (0..<30).map { $0 % 3 == 0 ? 2 : 1 }
    let twice = samples.rows((0..<30).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] })
    // Log-probabilities of any sign have a mean of any sign, and no root.
    let hasRoot = tested.loss != .negativeLogLikelihood
    for reduction in Reduction.allCases where hasRoot || reduction != .rootMean {
      var options = RowOptions(mode: .valueAndGradient, weighted: true, reduction: reduction)
      let weighted = try evaluate(tested.loss, samples, options)
      options.weighted = false
      let doubled = try evaluate(tested.loss, twice, options)
      #expect(close(weighted.value, doubled.value) && weighted.weight == (reduction == .sum ? 40 : doubled.weight))
      // The gradient of the weighted row is that of both of its copies.
      #expect(close(weighted.gradient[0], 2 * doubled.gradient[0]))
      #expect(close(weighted.gradient[classCount], doubled.gradient[2 * classCount]))
    }
  }

  @Test(arguments: CategoricalCase.all, [3, 40])
  func weightZeroDeletesARow(_ tested: CategoricalCase, classCount: Int) throws {
    var samples = RowSamples<Float>.random(tested.loss, rowCount: 30, classCount: classCount)
    samples.weights = (0..<30).map { $0 % 4 == 1 ? 0 : 1 }
    let kept = samples.rows((0..<30).filter { $0 % 4 != 1 })
    var poisoned = samples
    for i in stride(from: 1, to: 30, by: 4) {
      for k in 0..<classCount { poisoned.predictions[i * classCount + k] = .nan }
      poisoned.classes[i] = 255
      for k in 0..<classCount { poisoned.distributions[i * classCount + k] = -1 }
    }
    for targets in [TargetKind.ints, .distributions] where targets == .ints || tested.loss.takesDistributions {
      var options = RowOptions(mode: .everything, targets: targets, weighted: true, reduction: .mean)
      let result = try evaluate(tested.loss, poisoned, options)
      options.weighted = false
      let deleted = try evaluate(tested.loss, kept, options)
      #expect(close(result.value, deleted.value, 1e-6) && result.weight == deleted.weight)
      for (j, i) in (0..<30).filter({ $0 % 4 != 1 }).enumerated() {
        let (a, b) = (i * classCount..<(i + 1) * classCount, j * classCount..<(j + 1) * classCount)
        #expect(bits(Array(result.gradient[a])) == bits(Array(deleted.gradient[b])))
        #expect(bits(Array(result.curvature[a])) == bits(Array(deleted.curvature[b])))
      }
      #expect(result.gradient[classCount..<2 * classCount].allSatisfy { $0 == 0 } && result.values[1] == 0)
      #expect(result.curvature[classCount..<2 * classCount].allSatisfy { $0 == 0 })
    }
    // An ignored label is the same thing.
    let ignored = try evaluate(
      tested.loss, poisoned, RowOptions(mode: .everything, ignoredIndex: 255, reduction: .mean))
    let weighted = try evaluate(
      tested.loss, poisoned, RowOptions(mode: .everything, weighted: true, reduction: .mean))
    #expect(ignored.value == weighted.value && bits(ignored.gradient) == bits(weighted.gradient))
  }

  @Test(arguments: CategoricalCase.all, [3, 40, 5000])
  func accumulationAddsAndScaleMultiplies(_ tested: CategoricalCase, classCount: Int) throws {
    let samples = RowSamples<Double>.random(tested.loss, rowCount: 6, classCount: classCount)
    var options = RowOptions(weighted: true)
    let plain = try evaluate(tested.loss, samples, options)
    options.scale = -0.5
    let scaled = try evaluate(tested.loss, samples, options)
    options.base = 3
    let added = try evaluate(tested.loss, samples, options)
    #expect(plain.value == scaled.value && plain.value == added.value)
    for x in plain.gradient.indices {
      #expect(scaled.gradient[x] == -0.5 * plain.gradient[x] && scaled.curvature[x] == -0.5 * plain.curvature[x])
      #expect(added.gradient[x] == 3 + scaled.gradient[x] && added.curvature[x] == 3 + scaled.curvature[x])
    }
  }

  /// With class weights the three ways to weigh are these sums.
  @Test(arguments: [4, 40], [0.0, 0.1])
  func classWeightsMeetSmoothing(classCount: Int, smoothing: Double) throws {
    let loss = CategoricalLoss.crossEntropy(labelSmoothing: smoothing)
    let samples = RowSamples<Double>.random(loss, rowCount: 20, classCount: classCount)
    let (w, s) = (samples.classWeights, samples.weights)
    func logs(_ i: Int) -> [Double] {
      let z = samples.row(i)
      let max = z.max()!
      let log = max + Math.log(z.reduce(0) { $0 + Math.exp($1 - max) })
      return z.map { log - $0 }
    }
    var (total, inner, plain, labelWeight, weight) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for i in 0..<20 {
      let (y, nll) = (samples.classes[i], logs(i))
      let spread = smoothing / Double(classCount)
      total += s[i] * w[y] * ((1 - smoothing) * nll[y] + spread * nll.reduce(0, +))
      let weighted = (1 - smoothing) * w[y] * nll[y] + spread * zip(w, nll).reduce(0) { $0 + $1.0 * $1.1 }
      inner += s[i] * weighted
      plain += s[i] * weighted
      labelWeight += s[i] * w[y]
      weight += s[i]
    }
    for (weighting, expected) in [
      (ClassWeighting.samples, total / labelWeight), (.targets, inner / labelWeight), (.losses, plain / weight),
    ] {
      let value = try loss.value(
        predictions: samples.predictions, targets: samples.classes, classCount: classCount, weights: s,
        classWeights: w, classWeighting: weighting)
      #expect(close(value, expected), "\(weighting)")
      // A class index is the distribution that has only it.
      let oneHot = (0..<20).flatMap { i in (0..<classCount).map { samples.classes[i] == $0 ? 1.0 : 0 } }
      let soft = try loss.valueAndGradient(
        predictions: samples.predictions, targets: oneHot, classCount: classCount, weights: s, classWeights: w,
        classWeighting: weighting)
      let hard = try loss.valueAndGradient(
        predictions: samples.predictions, targets: samples.classes, classCount: classCount, weights: s,
        classWeights: w, classWeighting: weighting)
      #expect(close(soft.value, value))
      #expect(zip(soft.gradient, hard.gradient).allSatisfy { close($0, $1, 1e-14) })
    }
  }
}
