import CLossKernels
import LinearModels
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// The linear objective against the pure-Swift reference, and its determinism.
@Suite struct LinearObjectiveTests {
  static let losses: [any PointwiseLoss & ReferenceLoss] = [
    RegressionLoss.squaredError, RegressionLoss.huber(delta: 0.5), RegressionLoss.poisson,
    RegressionLoss.quantile(level: 0.3), BinaryLoss.logistic(positiveWeight: 2, labelSmoothing: 0.1),
    BinaryLoss.focal(), MarginLoss.hinge, MarginLoss.exponential,
  ]

  /// Rows and columns around the widths of vectors, tiles and blocks.
  static let shapes = [
    (1, 1), (3, 2), (4, 4), (5, 7), (31, 8), (64, 9), (65, 13), (257, 3), (1000, 100), (20, 5000), (17, 0),
  ]

  struct Data<S: LossScalar> {
    var features: FeatureMatrix<S>
    var targets: [S]
    var weights: [S]
    var parameters: [Double]

    init(rows: Int, columns: Int, loss: any PointwiseLoss, seed: UInt64 = 1) throws {
      var random = SplitMix64(seed: seed)
      features = try FeatureMatrix(
        (0..<rows * columns).map { _ in S(Double.random(in: -1...1, using: &random)) }, rowCount: rows,
        columnCount: columns)
      targets = (0..<rows).map { _ in
        let label: Double = Bool.random(using: &random) ? 1 : 0
        return S(loss is MarginLoss ? 2 * label - 1 : label)
      }
      weights = (0..<rows).map { S($0 % 7 == 3 ? 0 : Double.random(in: 0.5...2, using: &random)) }
      let size = 1 / Double(max(1, columns)).squareRoot()
      parameters = (0...columns).map { _ in Double.random(in: -size...size, using: &random) }
    }
  }

  private func agreement<L: PointwiseLoss & ReferenceLoss, S: LossScalar>(
    _ loss: L, _ type: S.Type, tolerance: Double
  ) throws {
    for (rows, columns) in Self.shapes {
      for weighted in [false, true] {
        for intercept in [true, false] {
          let data = try Data<S>(rows: rows, columns: columns, loss: loss)
          let objective = try LinearObjective(
            loss: loss, features: data.features, targets: data.targets,
            weights: weighted ? data.weights : nil, penalty: .l2(strength: 0.25), intercept: intercept)
          let parameters = Array(data.parameters.prefix(objective.parameterCount))
          var gradient = parameters
          var output = gradient.mutableSpan
          let value = try objective.valueAndGradient(at: parameters.span, gradient: &output)
          let reference = loss.linearReference(
            features: data.features.elements.map(\._double), targets: data.targets.map(\._double),
            weights: weighted ? data.weights.map(\._double) : nil,
            coefficients: Array(parameters.prefix(columns)), intercept: intercept ? parameters[columns] : 0,
            penalty: 0.25)
          #expect(agree(value, reference.value, tolerance), "\(loss) \(rows)×\(columns)")
          let size = max(1e-3, reference.gradient.map(abs).max() ?? 0)
          for (found, expected) in zip(gradient, reference.gradient) {
            #expect(abs(found - expected) <= tolerance * size, "\(loss) \(rows)×\(columns)")
          }
        }
      }
    }
  }

  @Test(arguments: losses) func agreesWithReference(_ loss: any PointwiseLoss & ReferenceLoss) throws {
    func check<L: PointwiseLoss & ReferenceLoss>(_ loss: L) throws {
      try agreement(loss, Double.self, tolerance: 1e-13)
      try agreement(loss, Float.self, tolerance: 1e-13)
    }
    try check(loss)
  }

  @Test(arguments: losses) func sameBitsForAnyThreadsAndInstructionSet(
    _ loss: any PointwiseLoss & ReferenceLoss
  ) throws {
    func check<L: PointwiseLoss, S: LossScalar>(_ loss: L, _ type: S.Type) throws {
      let data = try Data<S>(rows: 20_011, columns: 21, loss: loss)
      func bits(_ threads: ThreadLimit, _ isa: lk_isa) throws -> [UInt64] {
        let objective = try LinearObjective(
          loss: loss, features: data.features, targets: data.targets, weights: data.weights, threads: threads)
        var gradient = data.parameters
        var output = gradient.mutableSpan
        let value = try objective.evaluate(
          at: data.parameters.span, gradient: &output, instructionSet: isa
        ).value
        return [value.bitPattern] + gradient.map(\.bitPattern)
      }
      let expected = try bits(1, lk_isa_best)
      for threads in [2, 3, 4, 7] { #expect(try bits(.atMost(threads), lk_isa_best) == expected) }
      for isa in [lk_isa_baseline, lk_isa_avx2, lk_isa_avx512] { #expect(try bits(1, isa) == expected) }
    }
    try check(loss, Double.self)
    try check(loss, Float.self)
  }

  /// Features in Float converge to the tolerance for Double: the loss is evaluated in Double.
  @Test(arguments: [RegressionLoss.squaredError, .huber(delta: 0.5), .poisson, .absoluteError])
  func floatFeaturesConverge(_ loss: RegressionLoss) throws {
    let features = try FeatureMatrix([1, 0.5, 2, -1, 3, 0.25, 4, 2] as [Float], rowCount: 4, columnCount: 2)
    let fit = try LinearModel.fit(loss: loss, features: features, targets: [1, 2, 2.5, 7])
    #expect(fit.converged)
  }

  @Test(
    arguments: [
      BinaryLoss.logistic(), MarginLoss.hinge, RegressionLoss.absoluteError, RegressionLoss.huber(delta: 0.2),
      RegressionLoss.epsilonInsensitive(epsilon: 0.1),
    ] as [any PointwiseLoss])
  func rowsOfWeightZeroAreDeleted(_ loss: any PointwiseLoss) throws {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      var data = try Data<Double>(rows: 100, columns: 6, loss: loss)
      let kept = data.weights.indices.filter { data.weights[$0] != 0 }
      let rows = kept.flatMap { data.features.elements[6 * $0..<6 * $0 + 6] }
      var elements = data.features.elements
      for row in data.weights.indices where data.weights[row] == 0 {
        for j in 0..<6 { elements[6 * row + j] = row % 2 == 0 ? .nan : .infinity }
        data.targets[row] = 17
      }
      let spoiled = try FeatureMatrix(elements, rowCount: 100, columnCount: 6)
      let clean = try FeatureMatrix(rows, rowCount: kept.count, columnCount: 6)
      let options = FitOptions(penalty: .l2(strength: 0.1))
      let a = try LinearModel.fit(
        loss: loss, features: spoiled, targets: data.targets, weights: data.weights, options: options)
      let b = try LinearModel.fit(
        loss: loss, features: clean, targets: kept.map { data.targets[$0] }, weights: kept.map { data.weights[$0] },
        options: options)
      #expect(a.converged && b.converged)
      #expect(agree(a.value, b.value, 1e-7))
      #expect(agree(a.model.intercept, b.model.intercept, 1e-3))
    }
    try check(loss)
  }

  /// A certified fit runs on the Gram matrix too.
  @Test(arguments: [MarginLoss.hinge, RegressionLoss.absoluteError] as [any PointwiseLoss])
  func fitsAreTheSameBitsForAnyThreads(_ loss: any PointwiseLoss) throws {
    func check<L: PointwiseLoss>(_ loss: L) throws {
      let data = try Data<Double>(rows: 5000, columns: 7, loss: loss)
      func model(_ threads: ThreadLimit) throws -> LinearModel {
        try LinearModel.fit(
          loss: loss, features: data.features, targets: data.targets, weights: data.weights,
          options: FitOptions(threads: threads)
        ).model
      }
      let expected = try model(1)
      for threads in [2, 3, 7] { #expect(try model(.atMost(threads)) == expected) }
    }
    try check(loss)
  }

  @Test func weightTwoIsADuplicatedRow() throws {
    let data = try Data<Double>(rows: 30, columns: 3, loss: RegressionLoss.absoluteError)
    let weights = (0..<30).map { $0 % 3 == 0 ? 2.0 : 1.0 }
    var rows: [Double] = []
    var targets: [Double] = []
    for i in 0..<30 {
      for _ in 0..<Int(weights[i]) {
        rows += data.features.elements[3 * i..<3 * i + 3]
        targets.append(data.targets[i] + data.features.elements[3 * i])
      }
    }
    let shifted = (0..<30).map { data.targets[$0] + data.features.elements[3 * $0] }
    let duplicated = try FeatureMatrix(rows, rowCount: targets.count, columnCount: 3)
    for loss in [RegressionLoss.huber(delta: 0.2), .absoluteError] {
      let a = try LinearModel.fit(loss: loss, features: data.features, targets: shifted, weights: weights)
      let b = try LinearModel.fit(loss: loss, features: duplicated, targets: targets)
      #expect(agree(a.value, b.value, 1e-7))
    }
  }

  @Test func badInputIsNamed() throws {
    let features = try FeatureMatrix([1.0, 2, 3, 4], rowCount: 2, columnCount: 2)
    #expect(throws: LossError.lengthMismatch(argument: "elements", length: 3, expected: 4)) {
      try FeatureMatrix([1.0, 2, 3], rowCount: 2, columnCount: 2)
    }
    #expect(throws: LossError.lengthMismatch(argument: "elements", length: 1, expected: .max)) {
      try FeatureMatrix([1.0], rowCount: .max, columnCount: 3)
    }
    #expect(throws: LossError.lengthMismatch(argument: "targets", length: 3, expected: 2)) {
      try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: [1, 2, 3])
    }
    #expect(throws: LossError.lengthMismatch(argument: "weights", length: 1, expected: 2)) {
      try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: [1, 2], weights: [1])
    }
    #expect(
      throws: LossError.invalidElement(
        argument: "targets", index: 1, value: 0.5, expected: "-1 or 1")
    ) {
      try LinearModel.fit(loss: MarginLoss.hinge, features: features, targets: [1, 0.5])
    }
    #expect(throws: LossError.self) {
      try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: [1, .nan])
    }
    let infinite = try FeatureMatrix([1.0, 2, .infinity, 4], rowCount: 2, columnCount: 2)
    #expect(
      throws: LossError.invalidElement(
        argument: "features", index: 2, value: .infinity, expected: "a finite number")
    ) {
      try LinearModel.fit(loss: RegressionLoss.absoluteError, features: infinite, targets: [1, 2])
    }
    #expect(throws: LossError.self) {
      try LinearModel.fit(
        loss: RegressionLoss.huber(delta: -1), features: features, targets: [1, 2])
    }
    #expect(throws: LossError.self) {
      try LinearModel.fit(
        loss: RegressionLoss.squaredError, features: features, targets: [1, 2],
        options: FitOptions(penalty: .l2(strength: -1)))
    }
    for options in [
      FitOptions(tolerance: 0), FitOptions(tolerance: .nan), FitOptions(maximumIterations: -1), FitOptions(threads: 0),
    ] {
      #expect(throws: LossError.self) {
        try LinearModel.fit(
          loss: RegressionLoss.squaredError, features: features, targets: [1, 2], options: options)
      }
    }
  }

  @Test func noRowsNoColumnsOneRow() throws {
    let empty = try FeatureMatrix([Double](), rowCount: 0, columnCount: 2)
    let narrow = try FeatureMatrix([Double](), rowCount: 3, columnCount: 0)
    let single = try FeatureMatrix([4.0, 5], rowCount: 1, columnCount: 2)
    for loss in [RegressionLoss.squaredError, .absoluteError] {
      #expect(try LinearModel.fit(loss: loss, features: empty, targets: []).value == 0)
      let constant = try LinearModel.fit(loss: loss, features: narrow, targets: [1, 2, 9])
      #expect(abs(constant.model.intercept - (loss == .squaredError ? 4 : 2)) < 1e-6)
      let one = try LinearModel.fit(loss: loss, features: single, targets: [7])
      #expect(abs(one.value) < 1e-12)
    }
  }

  @Test func progressCanStopAndCountsIterations() throws {
    let data = try Data<Double>(rows: 200, columns: 5, loss: BinaryLoss.logistic())
    for loss in [RegressionLoss.logCosh, .absoluteError] {
      var seen: [Int] = []
      let fit = try LinearModel.fit(loss: loss, features: data.features, targets: data.targets) { record in
        seen.append(record.iteration)
        return record.iteration == 2 ? .stop : .proceed
      }
      #expect(seen == [0, 1, 2])
      #expect(fit.stopReason == .stoppedByProgress && !fit.converged)
    }
  }

  @Test func predictAppliesTheLink() throws {
    let features = try FeatureMatrix([0.0, 1, -2], rowCount: 3, columnCount: 1)
    let model = try LinearModel(loss: BinaryLoss.logistic(), intercept: 0.5, coefficients: [2])
    #expect(try model.linearPredictor(for: features) == [0.5, 2.5, -3.5])
    let probabilities = try model.predict(features)
    for (found, z) in zip(probabilities, [0.5, 2.5, -3.5]) {
      #expect(agree(found, BinaryLoss.logistic().link.response(z), 1e-15))
    }
    #expect(throws: LossError.lengthMismatch(argument: "features", length: 1, expected: 2)) {
      try LinearModel(loss: RegressionLoss.poisson, intercept: 0, coefficients: [1, 2]).predict(features)
    }
    #expect(throws: LossError.lengthMismatch(argument: "columnNames", length: 1, expected: 2)) {
      try LinearModel(loss: RegressionLoss.poisson, intercept: 0, coefficients: [1, 2], columnNames: ["a"])
    }
  }
}
