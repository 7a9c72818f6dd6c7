import CLossKernels
import Foundation
import LinearModels
import Losses
import Optimizers
import TestSupport
import Testing

/// Linear models of several classes.
@Suite struct CategoricalFitTests {
  static let losses: [CategoricalLoss] = [
    .crossEntropy(), .crossEntropy(labelSmoothing: 0.1), .focal(), .generalizedCrossEntropy(), .westonWatkins(power: 2),
    .crammerSinger(), .sparsemax,
  ]

  /// Rows, columns and classes around the widths of vectors, tiles and blocks.
  static let shapes = [
    (1, 1, 1), (3, 2, 3), (4, 4, 2), (5, 7, 5), (65, 9, 4), (257, 3, 33), (1000, 100, 10), (20, 3000, 3), (17, 0, 3),
    (70, 5, 1100),
  ]

  struct Data<S: LossScalar> {
    var features: FeatureMatrix<S>
    var targets: [Int]
    var weights: [S]
    var parameters: [Double]
    let classCount: Int

    init(rows: Int, columns: Int, classes: Int, seed: UInt64 = 1) throws {
      var random = SplitMix64(seed: seed)
      features = try FeatureMatrix(
        (0..<rows * columns).map { _ in S(Double.random(in: -1...1, using: &random)) }, rowCount: rows,
        columnCount: columns)
      targets = (0..<rows).map { _ in Int.random(in: 0..<classes, using: &random) }
      weights = (0..<rows).map { S($0 % 7 == 3 ? 0 : Double.random(in: 0.5...2, using: &random)) }
      let size = 1 / Double(max(1, columns)).squareRoot()
      parameters = (0..<classes * (columns + 1)).map { _ in Double.random(in: -size...size, using: &random) }
      classCount = classes
    }
  }

  /// The same from scores that are written out, by the loss that has tests of its own.
  private func expected<S: LossScalar>(
    _ loss: CategoricalLoss, _ data: Data<S>, _ weights: [S]?, _ options: ClassOptions, _ strength: Double
  ) throws -> (Double, [Double]) {
    let (n, p, k) = (data.features.rowCount, data.features.columnCount, data.classCount)
    func x(_ row: Int, _ column: Int) -> Double { data.features.elements[row * p + column]._double }
    var scores: [Double] = []
    for row in 0..<n {
      for c in 0..<k {
        scores.append((0..<p).reduce(data.parameters[k * p + c]) { $0 + data.parameters[c * p + $1] * x(row, $1) })
      }
    }
    let (value, slopes) = try loss.valueAndGradient(
      predictions: scores, targets: data.targets, classCount: k, weights: weights?.map(\._double),
      classWeights: options.weights, classWeighting: options.weighting, ignoredIndex: options.ignoredIndex)
    var gradient = [Double](repeating: 0, count: k * (p + 1))
    for row in 0..<n {
      for c in 0..<k {
        for j in 0..<p { gradient[c * p + j] += slopes[row * k + c] * x(row, j) }
        gradient[k * p + c] += slopes[row * k + c]
      }
    }
    let coefficients = data.parameters[..<(k * p)]
    for index in coefficients.indices { gradient[index] += strength * data.parameters[index] }
    return (value + strength / 2 * coefficients.reduce(0) { $0 + $1 * $1 }, gradient)
  }

  @Test(arguments: losses) func agreesWithScoresThatAreWrittenOut(_ loss: CategoricalLoss) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      for (rows, columns, classes) in Self.shapes {
        for weighted in [false, true] {
          let data = try Data<S>(rows: rows, columns: columns, classes: classes)
          let options =
            weighted
            ? ClassOptions(weights: (0..<classes).map { 0.5 + Double($0 % 3) }, weighting: .targets, ignoredIndex: 0)
            : ClassOptions()
          let weights = weighted ? data.weights : nil
          let objective = try CategoricalObjective(
            loss: loss, features: data.features, targets: data.targets, classCount: classes, weights: weights,
            classOptions: options, penalty: .l2(strength: 0.25))
          var gradient = data.parameters
          var output = gradient.mutableSpan
          let value = try objective.valueAndGradient(at: data.parameters.span, gradient: &output)
          let (exact, slopes) = try expected(loss, data, weights, options, 0.25)
          #expect(abs(value - exact) <= 1e-13 * max(1, abs(exact)), "\(rows)×\(columns)×\(classes)")
          let size = slopes.map(abs).max() ?? 0
          #expect(size > 0 || columns == 0 || rows < 4)
          for (found, slope) in zip(gradient, slopes) {
            #expect(abs(found - slope) <= 1e-13 * max(1e-3, size), "\(rows)×\(columns)×\(classes)")
          }
        }
      }
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test(arguments: losses) func sameBitsForAnyThreadsAndInstructionSet(_ loss: CategoricalLoss) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      let data = try Data<S>(rows: 5003, columns: 21, classes: 7)
      func bits(_ threads: ThreadLimit, _ isa: lk_isa) throws -> [UInt64] {
        let objective = try CategoricalObjective(
          loss: loss, features: data.features, targets: data.targets, classCount: 7, weights: data.weights,
          threads: threads)
        var gradient = data.parameters
        var output = gradient.mutableSpan
        let value = try objective.evaluate(at: data.parameters.span, gradient: &output, instructionSet: isa).value
        return [value.bitPattern] + gradient.map(\.bitPattern)
      }
      let expected = try bits(1, lk_isa_best)
      for threads in [2, 3, 7] { #expect(try bits(.atMost(threads), lk_isa_best) == expected) }
      for isa in [lk_isa_baseline, lk_isa_avx2, lk_isa_avx512] { #expect(try bits(1, isa) == expected) }
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test func gradientPassesTheCheck() throws {
    let data = try Data<Double>(rows: 40, columns: 4, classes: 3)
    for loss in [CategoricalLoss.crossEntropy(labelSmoothing: 0.1), .focal()] {
      let objective = try CategoricalObjective(
        loss: loss, features: data.features, targets: data.targets, classCount: 3,
        penalty: .smoothedL1(strength: 0.1, delta: 0.01) + .gaussianPrior(means: 1, scales: 3))
      let check = try objective.checkGradient(at: data.parameters)
      #expect(check.passed, "\(check)")
    }
  }

  /// `LogisticRegression(C=1/(0.01·n), tol=1e-12)` of scikit-learn 1.9.1: value and coefficients of its objective.
  @Test func multinomialFitOfDigitsAgreesWithScikitLearn() throws {
    let data = try ExampleData("digits.csv", target: "digit")
    let fit = try CategoricalModel.fit(
      loss: .crossEntropy(), features: data.features, targets: data.targets.map { Int($0) }, classCount: 10,
      options: FitOptions(penalty: .l2(strength: 0.01), maximumIterations: 5000))
    #expect(fit.converged, "\(fit.stopReason)")
    #expect(agree(fit.value, 0.053668269354971765, 1e-9))
    #expect(abs(fit.model.coefficients[3][20] - 0.045728718756001124) < 1e-5)
    #expect(abs(fit.model.coefficients[0][36] - -0.2235065193875809) < 1e-5)
    let predicted = try fit.model.predict(data.features)
    let correct = zip(predicted, data.targets).count { Double($0) == $1 }
    #expect(correct == 1794)  // 0.99833 of 1797
    let probabilities = try fit.model.probabilities(for: data.features)
    let metric = try CategoricalMetric.logLoss.value(
      predictions: probabilities, targets: data.targets.map { Int($0) }, classCount: 10)
    let penalty = fit.model.coefficients.joined().reduce(0) { $0 + $1 * $1 } * 0.005
    #expect(agree(metric + penalty, fit.value, 1e-12))
  }

  /// Scaling the columns, and penalising them as they are, does not move the minimum; a penalty of standardized ones does
  /// not see their units.
  @Test func scalesOfColumns() throws {
    let data = try Data<Double>(rows: 200, columns: 3, classes: 3, seed: 5)
    let factors = [1000.0, 1, 0.01]
    let scaled = try FeatureMatrix(
      data.features.elements.enumerated().map { $1 * factors[$0 % 3] }, rowCount: 200, columnCount: 3)
    func fit(_ features: FeatureMatrix<Double>) throws -> LinearFit<CategoricalModel> {
      try CategoricalModel.fit(
        loss: .crossEntropy(), features: features, targets: data.targets, classCount: 3,
        options: FitOptions(penalty: .l2(strength: 0.05), standardize: true))
    }
    let (a, b) = (try fit(data.features), try fit(scaled))
    #expect(a.converged && b.converged && agree(a.value, b.value, 1e-9))
    for c in 0..<3 {
      for j in 0..<3 { #expect(abs(a.model.coefficients[c][j] - b.model.coefficients[c][j] * factors[j]) < 1e-5) }
    }
  }

  @Test func rowsThatDoNotCountAreDeleted() throws {
    var data = try Data<Double>(rows: 120, columns: 4, classes: 3)
    let deleted = data.weights.indices.filter { data.weights[$0] == 0 }
    let kept = data.weights.indices.filter { data.weights[$0] != 0 }
    let clean = try FeatureMatrix(
      kept.flatMap { data.features.elements[4 * $0..<4 * $0 + 4] }, rowCount: kept.count, columnCount: 4)
    let options = FitOptions(penalty: .l2(strength: 0.1))
    let expected = try CategoricalModel.fit(
      loss: .crossEntropy(), features: clean, targets: kept.map { data.targets[$0] }, classCount: 3,
      weights: kept.map { data.weights[$0] }, options: options)
    var elements = data.features.elements
    for row in deleted {
      elements[4 * row] = .nan
      data.targets[row] = 99
    }
    let spoiled = try FeatureMatrix(elements, rowCount: 120, columnCount: 4)
    let byWeight = try CategoricalModel.fit(
      loss: .crossEntropy(), features: spoiled, targets: data.targets, classCount: 3, weights: data.weights,
      options: options)
    let byIndex = try CategoricalModel.fit(
      loss: .crossEntropy(), features: spoiled, targets: data.targets, classCount: 3,
      weights: data.weights.map { $0 == 0 ? 1 : $0 }, classOptions: ClassOptions(ignoredIndex: 99), options: options)
    for fit in [byWeight, byIndex] {
      #expect(fit.converged && agree(fit.value, expected.value, 1e-9))
    }
  }

  /// Classes of weight 2 are classes whose rows are there twice.
  @Test func weightsOfClassesCountRows() throws {
    let data = try Data<Double>(rows: 60, columns: 3, classes: 2)
    let twice = data.targets.indices.flatMap { data.targets[$0] == 1 ? [$0, $0] : [$0] }
    let doubled = try FeatureMatrix(
      twice.flatMap { data.features.elements[3 * $0..<3 * $0 + 3] }, rowCount: twice.count, columnCount: 3)
    let options = FitOptions(penalty: .l2(strength: 0.1))
    let a = try CategoricalModel.fit(
      loss: .crossEntropy(), features: data.features, targets: data.targets, classCount: 2,
      classOptions: ClassOptions(weights: [1, 2]), options: options)
    let b = try CategoricalModel.fit(
      loss: .crossEntropy(), features: doubled, targets: twice.map { data.targets[$0] }, classCount: 2,
      options: options)
    #expect(agree(a.value, b.value, 1e-12))
  }

  /// Two classes are a logistic model of the difference of their scores.
  @Test func twoClassesAreALogisticModel() throws {
    let data = try Data<Double>(rows: 80, columns: 3, classes: 2)
    let two = try CategoricalModel.fit(
      loss: .crossEntropy(), features: data.features, targets: data.targets, classCount: 2,
      options: FitOptions(penalty: .l2(strength: 0.2)))
    // ½λ(‖v‖² + ‖−v‖²) with v = w/2.
    let one = try LinearModel.fit(
      loss: BinaryLoss.logistic(), features: data.features, targets: data.targets.map(Double.init),
      options: FitOptions(penalty: .l2(strength: 0.1)))
    #expect(agree(one.value, two.value, 1e-10))
    for j in 0..<3 {
      let difference = two.model.coefficients[1][j] - two.model.coefficients[0][j]
      #expect(abs(difference - one.model.coefficients[j]) < 1e-5)
    }
  }

  @Test func badInput() throws {
    let features = try FeatureMatrix([1.0, 2, 3, 4], rowCount: 2, columnCount: 2)
    func fit(
      _ targets: [Int], _ classCount: Int = 3, weights: [Double]? = nil, classes: ClassOptions = ClassOptions(),
      penalty: Penalty? = nil, loss: CategoricalLoss = .crossEntropy()
    ) throws {
      _ = try CategoricalModel.fit(
        loss: loss, features: features, targets: targets, classCount: classCount, weights: weights,
        classOptions: classes, options: FitOptions(penalty: penalty))
    }
    #expect(
      throws: LossError.invalidLabel(
        argument: "targets", index: 1, value: 3, expected: "a class from 0 to 2")
    ) { try fit([0, 3]) }
    #expect(
      throws: LossError.invalidLabel(
        argument: "targets", index: 0, value: -1, expected: "a class from 0 to 2")
    ) { try fit([-1, 3]) }
    #expect(throws: LossError.lengthMismatch(argument: "targets", length: 1, expected: 2)) { try fit([0]) }
    #expect(throws: LossError.lengthMismatch(argument: "weights", length: 3, expected: 2)) {
      try fit([0, 1], weights: [1, 1, 1])
    }
    #expect(
      throws: LossError.invalidElement(
        argument: "weights", index: 1, value: -1, expected: "a finite number not below 0")
    ) { try fit([0, 1], weights: [1, -1]) }
    #expect(throws: LossError.lengthMismatch(argument: "classWeights", length: 1, expected: 3)) {
      try fit([0, 1], classes: ClassOptions(weights: [1]))
    }
    #expect(
      throws: LossError.invalidElement(
        argument: "classWeights", index: 2, value: -1, expected: "a finite number not below 0")
    ) { try fit([0, 1], classes: ClassOptions(weights: [1, 1, -1])) }
    #expect(throws: LossError.invalidArgument(argument: "classCount", value: "0", expected: "at least 1")) {
      try fit([0, 0], 0)
    }
    #expect(
      throws: LossError.invalidArgument(
        argument: "loss", value: "negativeLogLikelihood",
        expected: "a loss of scores, such as crossEntropy, not of log-probabilities")
    ) { try fit([0, 1], loss: .negativeLogLikelihood) }
    #expect(throws: LossError.self) { try fit([0, 1], loss: .crossEntropyOfProbabilities) }
    let most = CategoricalObjective<Double>.maximumParameterCount / 3
    for count in [most + 1, 1 << 53, 1 << 62, .max] {
      #expect(
        throws: LossError.invalidArgument(
          argument: "classCount", value: "\(count)", expected: "at most \(most) with 2 columns")
      ) { try fit([0, 1], count) }
    }
    #expect(throws: Never.self) {
      let objective = try CategoricalObjective(
        loss: .crossEntropy(), features: features, targets: [0, 1], classCount: most)
      #expect(objective.parameterCount == 3 * most)
    }
    #expect(throws: LossError.self) { try fit([0, 1], penalty: .l1()) }
    #expect(throws: LossError.self) { try fit([0, 1], penalty: .gaussianPrior(means: [0, 1])) }
    #expect(throws: LossError.self) { try fit([0, 1], loss: .focal(gamma: -1)) }
    let model = try CategoricalModel(loss: .crossEntropy(), intercepts: [0, 1], coefficients: [[1, 2], [3, 4]])
    #expect(throws: LossError.lengthMismatch(argument: "features", length: 3, expected: 2)) {
      _ = try model.predict(try FeatureMatrix([1.0, 2, 3], rowCount: 1, columnCount: 3))
    }
    #expect(throws: LossError.lengthMismatch(argument: "coefficients[1]", length: 1, expected: 2)) {
      _ = try CategoricalModel(loss: .crossEntropy(), intercepts: [0, 1], coefficients: [[1, 2], [3]])
    }
  }

  @Test func modelsAreCoded() throws {
    let model = try CategoricalModel(
      loss: .focal(gamma: 1), intercepts: [0, 1, -2], coefficients: [[1, 2], [3, 4], [5, 6]], columnNames: ["a", "b"])
    let data = try JSONEncoder().encode(model)
    #expect(try JSONDecoder().decode(CategoricalModel.self, from: data) == model)
    let broken = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "[1,2]", with: "[1]")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(CategoricalModel.self, from: Foundation.Data(broken.utf8))
    }
    let features = try FeatureMatrix([1.0, 1, 0, -1], rowCount: 2, columnCount: 2)
    #expect(try model.scores(for: features) == [3, 8, 9, -2, -3, -8])
    #expect(try model.predict(features) == [2, 0])
  }
}
