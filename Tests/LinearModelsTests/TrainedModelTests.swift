import LinearModels
import Losses
import Optimizers
import TestSupport
import Testing

/// Linear models that are trained with update rules.
@Suite struct TrainedModelTests {
  private func data<S: LossScalar>(_ rows: Int, _: S.Type) throws -> (FeatureMatrix<S>, [S], [S]) {
    var random = SplitMix64(seed: 6)
    let numbers = (0..<3 * rows).map { _ in S(Double.random(in: -2...2, using: &random)) }
    let targets = (0..<rows).map { row in
      S(numbers[3 * row]._double - 0.5 * numbers[3 * row + 2]._double + Double.random(in: -1...1, using: &random))
    }
    let weights = (0..<rows).map { S(Double($0 % 4)) }
    return (try FeatureMatrix(numbers, rowCount: rows, columnCount: 3), targets, weights)
  }

  /// A batch is the objective of its rows, with losses as large as their weights are; rows of weight 0 are no samples.
  @Test func batchesAreObjectivesOfTheirRows() throws {
    let (features, targets, weights) = try data(50, Float.self)
    let whole = try LinearObjective(
      loss: RegressionLoss.huber(), features: features, targets: targets, weights: weights, penalty: .l2(strength: 0.1))
    let batches = BatchObjective(whole)
    // Every fourth row has the weight 0.
    let counted = (0..<50).filter { $0 % 4 != 0 }
    #expect(batches.sampleCount == counted.count && batches.parameterCount == 4)
    let meanWeight = counted.reduce(0) { $0 + Double(weights[$1]) } / Double(counted.count)
    let point = [0.5, -1, 2, 0.25]
    for samples in [[3, 17, 36], [0], Array(0..<37), Array((0..<37).reversed())] {
      let rows = samples.map { counted[$0] }
      var (first, second) = (point, point)
      var found = first.mutableSpan
      let value = try batches.valueAndGradient(at: point.span, samples: samples.span, gradient: &found)
      let size = rows.reduce(0) { $0 + Double(weights[$1]) } / Double(rows.count) / meanWeight
      let part = try LinearObjective(
        loss: size * RegressionLoss.huber(),
        features: FeatureMatrix(
          rows.flatMap { Array(features.elements[3 * $0..<3 * $0 + 3]) }, rowCount: rows.count, columnCount: 3),
        targets: rows.map { targets[$0] }, weights: rows.map { weights[$0] }, penalty: .l2(strength: 0.1))
      var expected = second.mutableSpan
      let exact = try part.valueAndGradient(at: point.span, gradient: &expected)
      #expect(abs(value - exact) <= 1e-15 * exact && zip(first, second).allSatisfy { abs($0 - $1) <= 1e-14 })
    }
    var gradient = point
    var span = gradient.mutableSpan
    #expect(throws: LossError.invalidLabel(argument: "samples", index: 1, value: 37, expected: "a sample from 0 to 36"))
    {
      try batches.valueAndGradient(at: point.span, samples: [0, 37].span, gradient: &span)
    }
  }

  /// With the full batch and enough steps every kind of descent ends at the minimum.
  @Test(arguments: [BatchSize.all, 10]) func trainingReachesTheMinimum(_ batchSize: BatchSize) throws {
    let (features, targets, _) = try data(200, Double.self)
    let options = FitOptions(penalty: .l2(strength: 0.05))
    let exact = try LinearModel.fit(
      loss: RegressionLoss.pseudoHuber(), features: features, targets: targets, options: options)
    let steps = batchSize == .all ? 400 : 8000
    let trained = try LinearModel.train(
      loss: RegressionLoss.pseudoHuber(), features: features, targets: targets, options: options,
      trainer: Trainer(
        .adam(learningRate: 0.05), schedule: .cosine(steps: steps), batchSize: batchSize, epochs: 400, seed: 2))
    #expect(abs(trained.fit.value / exact.value - 1) < 1e-5 && trained.fit.value >= exact.value * (1 - 1e-12))
    #expect(trained.training.history.count == 400 && trained.fit.iterations == 400)
    for (a, b) in zip(trained.fit.model.coefficients, exact.model.coefficients) { #expect(abs(a - b) < 1e-2) }
  }

  /// Logistic regression on the breast cancer data, 32 rows at a time, comes to the minimum that L-BFGS finds.
  @Test func aMiniBatchFitReachesTheMinimum() throws {
    let data = try ExampleData("breast_cancer.csv", target: "benign")
    let (features, targets) = (data.features, data.targets)
    let options = FitOptions(penalty: .l2(strength: 0.001), standardize: true)
    let exact = try LinearModel.fit(
      loss: BinaryLoss.logistic(), features: features, targets: targets, options: options)
    let trained = try LinearModel.train(
      loss: BinaryLoss.logistic(), features: features, targets: targets, options: options,
      trainer: Trainer(
        .adam(learningRate: 0.05), schedule: .cosine(steps: 18_000), batchSize: 32, epochs: 1000, seed: 1))
    #expect(exact.converged && trained.fit.value <= exact.value * (1 + 1e-4))
  }

  /// A loss with kinks, and several classes.
  @Test func otherObjectives() throws {
    let (features, targets, _) = try data(300, Float.self)
    let exact = try LinearModel.fit(loss: RegressionLoss.absoluteError, features: features, targets: targets)
    let trained = try LinearModel.train(
      loss: RegressionLoss.absoluteError, features: features, targets: targets,
      trainer: Trainer(.adam(learningRate: 0.02), schedule: .cosine(steps: 6000), batchSize: 20, epochs: 400))
    #expect(trained.fit.value <= exact.value * 1.001)
    let classes = targets.map { $0 < -1 ? 0 : $0 < 1 ? 1 : 2 }
    let best = try CategoricalModel.fit(
      loss: .crossEntropy(), features: features, targets: classes, classCount: 3,
      options: FitOptions(penalty: .l2(strength: 0.01)))
    let other = try CategoricalModel.train(
      loss: .crossEntropy(), features: features, targets: classes, classCount: 3,
      options: FitOptions(penalty: .l2(strength: 0.01)),
      trainer: Trainer(.adam(learningRate: 0.05), schedule: .cosine(steps: 6000), batchSize: 20, epochs: 400))
    #expect(other.fit.value <= best.value * 1.0001)
  }
}
