import LinearModels
import Losses
import Optimizers
import TestSupport
import Testing

/// Linear models that are trained with penalties with kinks.
@Suite struct KinkedTrainingTests {
  private func data(columns: Int = 4) throws -> (FeatureMatrix<Double>, [Double]) {
    var random = SplitMix64(seed: 3)
    let sizes = [1.0, 4, 0.5, 2]
    let x = (0..<60 * columns).map { sizes[$0 % 4] * Double.random(in: -1...2, using: &random) }
    let y = (0..<60).map { x[columns * $0] - x[columns * $0 + 1] / 3 + Double.random(in: -1...1, using: &random) }
    return (try FeatureMatrix(x, rowCount: 60, columnCount: columns), y)
  }

  // MARK: The minimum

  /// scikit-learn 1.9.1: `Lasso(alpha=λ/2)` and `ElasticNet(alpha=2.5, l1_ratio=0.6)` with `tol=1e-15`, of the columns or of
  /// those of `StandardScaler`.
  static let ofStackLoss = [
    PenalizedFit(
      penalty: .l1(strength: 3), standardize: false, value: 14.46899433761519,
      parameters: [0.7491195821978438, 0.9990715592700515, -0.05761460154326393, -43.84875202710965]),
    PenalizedFit(
      penalty: .l1(strength: 8), standardize: false, value: 22.214157408804468,
      parameters: [0.8341322728784588, 0.5053377719944198, 0, -43.54183272744248]),
    PenalizedFit(
      penalty: .elasticNet(l1: 3, l2: 2), standardize: false, value: 15.886861814049325,
      parameters: [0.7807272661938445, 0.8312267248871372, -0.04433620582606221, -43.36376833181741]),
    PenalizedFit(
      penalty: .l1(strength: 3), standardize: true, value: 36.466791283752194,
      parameters: [5.163208698472444, 3.153816464983381, 0, 17.523809523809526]),
    PenalizedFit(
      penalty: 0.5 * .l1(strength: 6) + .l2(strength: 2), standardize: true, value: 58.97879737943976,
      parameters: [2.8351828555850638, 2.4790030145440975, 0.04088323329582926, 17.523809523809526]),
  ]

  @Test(arguments: ofStackLoss, [UpdateRule.sgd(learningRate: 0.3), .nesterov(learningRate: 0.05)])
  func theLassoOfStackLoss(_ lasso: PenalizedFit, _ rule: UpdateRule) throws {
    let data = try ExampleData("stackloss.csv", target: "stackloss")
    let trained = try LinearModel.train(
      loss: RegressionLoss.squaredError, features: data.features, targets: data.targets,
      options: FitOptions(penalty: lasso.penalty, standardize: lasso.standardize),
      trainer: Trainer(rule, epochs: 1500))
    #expect(agree(trained.fit.value, lasso.value, 1e-10))
    #expect(trained.fit.gradientNorm < 1e-6)
    let model = trained.fit.model
    let columns = data.features.columnCount
    let deviations = (0..<columns).map { j in
      let column = data.targets.indices.map { data.features.elements[columns * $0 + j] }
      let mean = column.reduce(0, +) / Double(column.count)
      return (column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(column.count)).squareRoot()
    }
    for j in 0..<columns {
      let found = model.coefficients[j] * (lasso.standardize ? deviations[j] : 1)
      #expect(abs(found - lasso.parameters[j]) < 1e-6)
      #expect((found == 0) == (lasso.parameters[j] == 0))
    }
    if !lasso.standardize { #expect(abs(model.intercept - lasso.parameters[3]) < 1e-4) }
  }

  struct Sparse: Sendable, CustomTestStringConvertible {
    var strength: Double
    var value: Double
    var kept: [Int]

    var testDescription: String { "\(strength)" }
  }

  /// scikit-learn 1.9.1: `LogisticRegression(penalty="l1", C=1/(nλ), solver="saga", tol=1e-13)` of the columns of
  /// `StandardScaler`.
  @Test(arguments: [
    Sparse(strength: 0.01, value: 0.15930738045800083, kept: [1, 7, 10, 20, 21, 24, 26, 27, 28]),
    Sparse(strength: 0.03, value: 0.2614112103517423, kept: [7, 20, 21, 24, 27, 28]),
  ])
  func theSparseLogisticRegressionOfTheCancerData(_ sparse: Sparse) throws {
    let data = try ExampleData("breast_cancer.csv", target: "benign")
    func train(_ trainer: Trainer) throws -> LinearFit<LinearModel> {
      try LinearModel.train(
        loss: BinaryLoss.logistic(), features: data.features, targets: data.targets,
        options: FitOptions(penalty: .l1(strength: sparse.strength), standardize: true), trainer: trainer
      ).fit
    }
    var cases = [
      (UpdateRule.sgd(learningRate: 0.05, momentum: 0.98), 4000), (.nesterov(learningRate: 0.05, momentum: 0.98), 4000),
    ]
    // Without momentum the weaker penalty would take far longer.
    if sparse.strength > 0.02 { cases.append((.sgd(learningRate: 0.1), 8000)) }
    for (rule, epochs) in cases {
      let fit = try train(Trainer(rule, epochs: epochs))
      #expect(agree(fit.value, sparse.value, 1e-9))
      #expect(fit.model.coefficients.indices.filter { fit.model.coefficients[$0] != 0 } == sparse.kept)
    }
    let close = try train(
      Trainer(
        .nesterov(learningRate: 0.05), schedule: .cosine(steps: 600 * 18), batchSize: 32, epochs: 600, seed: 2))
    #expect(close.value <= sparse.value * (1 + 1e-4))
  }

  static let concave: [Penalty] = [.mcp(strength: 0.2, gamma: 30), .scad(strength: 0.2, a: 40)]

  static let penalties: [Penalty] =
    concave + [
      .l1(strength: 0.3), .elasticNet(l1: 0.2, l2: 0.1), .laplacePrior(means: [0, 0.5, 0, 0], scales: [2, 3, 1, 8]),
      .groupLasso(strength: 0.2, groups: [0, 1, 1, 0]),
      .sparseGroupLasso(l1: 0.1, group: 0.1, groups: [0, 1, 1, 0]), .totalVariation(strength: 0.05),
      .l1(strength: 0.1) + .l2(strength: 0.2) + .gaussianPrior(means: [1, 0, 0, 0], scales: 2),
      .totalVariation(strength: 0.02) + 0.5 * .l1(strength: 0.1) + .smoothedL1(strength: 0.1, delta: 0.5),
      .groupLasso(strength: 0.1, groups: [0, 0, 1, 1]) + .orthogonality(strength: 0.01, columns: 2),
    ]

  /// At the minimum a step against the gradient of the loss, then the proximal operator, leads back; in the coordinates of
  /// the columns as they are, or of the standardized ones.
  @Test(arguments: penalties, [false, true]) func theMinimumIsReached(_ penalty: Penalty, _ standardize: Bool) throws {
    let (features, targets) = try data()
    let loss = RegressionLoss.pseudoHuber(delta: 1)
    let trained = try LinearModel.train(
      loss: loss, features: features, targets: targets,
      options: FitOptions(penalty: penalty, standardize: standardize),
      trainer: Trainer(
        Self.concave.contains(penalty) ? .sgd(learningRate: 0.5) : .nesterov(learningRate: 0.2, momentum: 0.95),
        epochs: 4000))
    #expect(trained.fit.gradientNorm < 1e-9)
    let model = trained.fit.model
    let deviations = (0..<4).map { j in
      guard standardize else { return 1.0 }
      let column = (0..<60).map { features.elements[4 * $0 + j] }
      let mean = column.reduce(0, +) / 60
      return (column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 60).squareRoot()
    }
    let objective = try LinearObjective(loss: loss, features: features, targets: targets)
    let parameters = model.coefficients + [model.intercept]
    var gradient = parameters
    var output = gradient.mutableSpan
    let mean = try objective.valueAndGradient(at: parameters.span, gradient: &output)
    let point = zip(model.coefficients, deviations).map { $0 * $1 }
    #expect(agree(trained.fit.value, mean + (try penalty.value(at: point)), 1e-12))
    // What is differentiable in the sum has its part in the gradient.
    var kinked: Penalty?
    var slopes = zip(gradient, deviations).map { $0 / $1 }
    for term in penalty.terms {
      let summand = term.coefficient * term.summand
      if summand.isDifferentiable {
        slopes = zip(slopes, try summand.gradient(at: point)).map { $0 + $1 }
      } else {
        kinked = kinked.map { $0 + summand } ?? summand
      }
    }
    let step = 0.01
    let back = try #require(kinked).proximal(at: zip(point, slopes).map { $0 - step * $1 }, step: step)
    for (a, b) in zip(back, point) { #expect(abs(a - b) < step * 1e-6) }
    #expect(abs(gradient[4]) < 1e-8)
  }

  @Test(arguments: [Penalty.l1(strength: 0.05), .groupLasso(strength: 0.05, groups: Array(0..<12).map { $0 % 4 })])
  func classes(_ penalty: Penalty) throws {
    let (features, targets) = try data()
    let labels = targets.map { $0 < -1 ? 0 : $0 < 1 ? 1 : 2 }
    let trained = try CategoricalModel.train(
      loss: .crossEntropy(), features: features, targets: labels, classCount: 3,
      options: FitOptions(penalty: penalty, standardize: true),
      trainer: Trainer(.nesterov(learningRate: 0.1), epochs: 3000))
    #expect(trained.fit.gradientNorm < 1e-9)
    let coefficients = trained.fit.model.coefficients.flatMap(\.self)
    #expect(coefficients.contains(0) && coefficients.contains { $0 != 0 })
    if case .groupLasso = penalty {
      for j in 0..<4 { #expect(Set([0, 4, 8].map { coefficients[j + $0] == 0 }).count == 1) }
    }
  }

  // MARK: Values

  /// The value of an epoch is that of the whole objective where its step began: where the training of one epoch less ended.
  @Test func recordsIncludeThePenalty() throws {
    let (features, targets) = try data()
    func train(_ epochs: Int, validation: Double = 0) throws -> TrainedModel<LinearModel> {
      try LinearModel.train(
        loss: RegressionLoss.squaredError, features: features, targets: targets,
        options: FitOptions(penalty: .l1(strength: 0.4) + .l2(strength: 0.1)),
        trainer: Trainer(
          .sgd(learningRate: 0.1), epochs: epochs, seed: 5, validationFraction: validation,
          earlyStopping: validation > 0 ? EarlyStopping(patience: epochs) : nil))
    }
    for epochs in [1, 2, 7] {
      #expect(agree(try train(epochs).fit.value, try train(epochs + 1).training.history[epochs].value, 1e-13))
    }
    let trained = try train(9, validation: 0.25)
    let best = try #require(trained.training.bestEpoch)
    let rows = try Trainer(.sgd(), seed: 5, validationFraction: 0.25).split(sampleCount: 60).validation
    let model = trained.fit.model
    let heldBack = try FeatureMatrix(
      rows.flatMap { Array(features.elements[4 * $0..<4 * $0 + 4]) }, rowCount: rows.count, columnCount: 4)
    let loss = try RegressionLoss.squaredError.value(
      predictions: try model.predict(heldBack), targets: rows.map { targets[$0] })
    let penalty = try (Penalty.l1(strength: 0.4) + .l2(strength: 0.1)).value(at: model.coefficients)
    #expect(agree(try #require(trained.training.history[best - 1].validationValue), loss + penalty, 1e-12))
  }

  @Test func aTrainingIsResumed() throws {
    let (features, targets) = try data()
    func train(
      _ epochs: Int, _ penalty: Penalty, from checkpoint: TrainingCheckpoint<Double>? = nil
    ) throws -> TrainedModel<LinearModel> {
      try LinearModel.train(
        loss: RegressionLoss.huber(), features: features, targets: targets, options: FitOptions(penalty: penalty),
        trainer: Trainer(.sgd(learningRate: 0.05, momentum: 0.5), batchSize: 7, epochs: epochs),
        resuming: checkpoint)
    }
    let half = try train(4, .l1(strength: 0.2)).training.checkpoint
    let rest = try train(9, .l1(strength: 0.2), from: half)
    #expect(rest == (try train(9, .l1(strength: 0.2))))
    let error = #expect(throws: OptimizerError.self) { try train(9, .l1(strength: 0.3), from: half) }
    #expect(error.map { "\($0)" }?.contains("objective") == true)
  }

  // MARK: Bad input

  @Test func whatIsNotMinimisedIsRefused() throws {
    let (features, targets) = try data()
    func message(_ penalty: Penalty?, _ trainer: Trainer = Trainer(.sgd())) -> String? {
      do {
        _ = try LinearModel.train(
          loss: RegressionLoss.huber(), features: features, targets: targets, options: FitOptions(penalty: penalty),
          trainer: trainer)
        return nil
      } catch { return "\(error)" }
    }
    for rule in UpdateRule.catalogue where rule.name != "sgd" && rule.name != "nesterov" {
      let rule = try UpdateRule(rule.name)
      let expected =
        "rule is \(rule); expected sgd or nesterov with a penalty that has kinks, l1(strength: 1.0): the steps of other"
        + " rules are not in proportion to the gradient, and would come to rest elsewhere"
      #expect(message(.l1(), Trainer(rule, epochs: 1)) == expected)
      #expect(message(.l2(), Trainer(rule, epochs: 1)) == nil)
    }
    #expect(
      message(nil, Trainer(.sgd(), options: UpdateOptions(penalty: .l1())))
        == "trainer.options.penalty is l1(strength: 1.0); expected nil: the penalty of a linear model is that of its own"
        + " options")
    #expect(
      message(.mcp(), Trainer(.sgd(momentum: 0.5)))
        == "rule is sgd(learningRate: 0.001, momentum: 0.5, dampening: 0.0, weightDecay: 0.0); expected sgd without momentum"
        + " with a penalty that has kinks and is not convex, mcp(strength: 1.0, gamma: 3.0)")
    // A dampening that undoes the length of a momentum leaves its memory.
    #expect(message(.mcp(), Trainer(.sgd(momentum: 0.5, dampening: 0.5)))?.contains("without momentum") == true)
    #expect(message(.mcp(), Trainer(.nesterov(momentum: 0), epochs: 1)) == nil)
    #expect(message(.scad() + .l2(), Trainer(.nesterov()))?.contains("is not convex, 1.0 * scad") == true)
    #expect(
      message(.groupLasso(groups: [0, 0, 1, 1]) + .orthogonality(columns: 2), Trainer(.nesterov(), epochs: 1)) == nil)
    let noForm = "expected one whose proximal operator has a closed form"
    #expect(message(-1 * .l1())?.contains(noForm) == true)
    #expect(message(.l1() + .mcp())?.contains(noForm) == true)
    #expect(message(.totalVariation() + .groupLasso(groups: [0, 0, 1, 1]))?.contains(noForm) == true)
    #expect(message(.groupLasso(groups: [0, 1])) == "groups has 2 elements; expected 4")
    #expect(message(.laplacePrior(means: [0, 1])) == "means has 2 elements; expected 4")
    #expect(message(.l1(strength: -1))?.contains("l1 has strength -1.0") == true)
  }
}
