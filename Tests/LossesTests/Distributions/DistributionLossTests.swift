import Foundation
import Losses
import TestSupport
import Testing

/// Texts, claims, identities and errors of distribution losses.
@Suite struct DistributionLossTests {
  private func error(_ body: () throws -> Void) -> LossError? {
    do {
      try body()
      return nil
    } catch { return error as? LossError }
  }

  // MARK: Texts

  @Test(arguments: DistributionCase.all)
  func theTextIsReadAgain(_ tested: DistributionCase) throws {
    let loss = tested.loss
    #expect(try DistributionLoss(loss.description) == loss)
    #expect(try DistributionLoss("distribution.\(loss)") == loss)
    #expect(try JSONDecoder().decode([DistributionLoss].self, from: JSONEncoder().encode([loss])) == [loss])
    #expect(loss.columnNames.count == loss.columnCount)
  }

  @Test(arguments: DistributionLoss.catalogue.map(\.name))
  func aNameTakesTheDefaults(name: String) throws {
    let entry = try #require(DistributionLoss.catalogue.first { $0.name == name })
    #expect(entry.defaultLoss.name == name && !entry.formula.isEmpty)
    #expect(try DistributionLoss(name) == entry.defaultLoss && DistributionLoss("\(name)()") == entry.defaultLoss)
    // The enum's own reflection knows the case's name.
    #expect(Mirror(reflecting: entry.defaultLoss).children.first?.label ?? name == name)
  }

  @Test func textsOfParameters() throws {
    #expect(
      try DistributionLoss("quantiles(levels: [0.1, 0.9], crossingPenalty: 2)")
        == .quantiles(levels: [0.1, 0.9], crossingPenalty: 2))
    #expect(try DistributionLoss("quantiles(levels: [0.5])") == .quantiles(levels: [0.5]))
    #expect(try DistributionLoss(" intervalScore( level : 0.5 )") == .intervalScore(level: 0.5))
    #expect(DistributionLoss.quantiles().description == "quantiles(levels: [0.1, 0.5, 0.9], crossingPenalty: 1.0)")
    #expect(DistributionLoss.laplace.description == "laplace")
  }

  static let invalid: [(String, String)] = [
    ("gausian", "there is no 'gausian'; did you mean 'gaussian'?"),
    ("gaussian(varianceFloor: 0)", "gaussian has varianceFloor 0.0; expected a finite number greater than 0"),
    ("intervalScore(level: 1)", "intervalScore has level 1.0; expected a number strictly between 0 and 1"),
    ("quantiles(levels: [])", "levels is 0 numbers; expected 1 to 256 numbers"),
    ("quantiles(levels: [0.5, 0.5])", "levels[1] is 0.5; expected a number greater than the one before it"),
    ("quantiles(levels: [0.5, 1])", "levels[1] is 1.0; expected a number strictly between 0 and 1"),
    ("quantiles(crossingPenalty: -1)", "quantiles has crossingPenalty -1.0; expected a finite number not below 0"),
    (
      "quantiles(levels: 0.5)",
      "'quantiles(levels: 0.5)' cannot be read: levels is not a list; expected one such as [0.1, 0.9]"
    ),
    (
      "laplace(scale: 1)",
      "'laplace(scale: 1)' cannot be read: laplace has no parameter scale; its parameters: none"
    ),
    ("laplace + gaussian", "'laplace + gaussian' cannot be read: expected a single name, not a sum"),
  ]

  @Test(arguments: invalid.indices)
  func whatIsNotATextFormIsRefused(index: Int) {
    let (text, message) = Self.invalid[index]
    #expect(error { _ = try DistributionLoss(text) }?.description == message)
    let data = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([DistributionLoss].self, from: data) }
  }

  // MARK: Errors

  @Test(arguments: [
    (
      DistributionLoss.gaussian(varianceFloor: 1e-50),
      "gaussian has varianceFloor 1e-50; expected a finite number greater than 0, even when rounded to Float"
    ),
    (.gaussian(varianceFloor: .nan), "gaussian has varianceFloor nan; expected a finite number greater than 0"),
    (.quantiles(levels: [0.9, 0.1]), "levels[1] is 0.1; expected a number greater than the one before it"),
    (
      .intervalScore(level: 1 - 1e-9),
      "intervalScore has level \(1 - 1e-9); expected a number strictly between 0 and 1, even when rounded to Float"
    ),
    (.quantiles(levels: (1...257).map { Double($0) / 258 }), "levels is 257 numbers; expected 1 to 256 numbers"),
  ])
  func parametersAreCheckedWhenEvaluated(loss: DistributionLoss, message: String) {
    let predictions = [Float](repeating: 0, count: loss.columnCount)
    #expect(error { _ = try loss.value(predictions: predictions, targets: [0]) }?.description == message)
    #expect(error { _ = try loss.gradient(predictions: [Float](), targets: []) }?.description == message)
  }

  @Test func shapesMustMatch() throws {
    let loss = DistributionLoss.gaussianLogVariance
    let numbers = [Double](repeating: 0, count: 12)
    #expect(
      error { _ = try loss.value(predictions: numbers, targets: [1, 2, 3]) }
        == .lengthMismatch(argument: "predictions", length: 12, expected: 6))
    let view = try MatrixView(numbers.span, rowCount: 4, columnCount: 3)
    let found = error { _ = try loss.value(predictions: view, targets: numbers.span.extracting(..<4)) }
    #expect(found?.description == "predictions is a matrix of 3 columns; expected 2: mean, log-variance")
    let narrow = try MatrixView(numbers.span, rowCount: 6, columnCount: 2)
    let targets = numbers.span.extracting(..<6)
    let errors = [
      error { _ = try loss.value(predictions: narrow, targets: numbers.span.extracting(..<5)) },
      error { _ = try loss.value(predictions: narrow, targets: targets, weights: numbers.span) },
    ]
    #expect(
      errors == [
        .lengthMismatch(argument: "targets", length: 5, expected: 6),
        .lengthMismatch(argument: "weights", length: 12, expected: 6),
      ])
    var output = [Double](repeating: 7, count: 12)
    var short = [Double](repeating: 7, count: 5)
    var gradient = try MutableMatrixView(output.mutableSpan, rowCount: 4, columnCount: 3)
    var values = short.mutableSpan
    let wrongGradient = error { try loss.gradient(predictions: narrow, targets: targets, gradient: &gradient) }
    let wrongValues = error { try loss.values(predictions: narrow, targets: targets, values: &values) }
    #expect(wrongGradient?.description == "gradient is a matrix of 4 rows of 3; expected 6 rows of 2")
    #expect(wrongValues == .lengthMismatch(argument: "values", length: 5, expected: 6))
    #expect(output == [Double](repeating: 7, count: 12) && short == [7, 7, 7, 7, 7])
  }

  @Test func badWeightsScalesAndThreads() {
    let loss = DistributionLoss.laplace
    var weights = [Float](repeating: 1, count: 9000)
    weights[7001] = -2
    weights[8000] = .nan
    let (z, y) = ([Float](repeating: 0, count: 18000), [Float](repeating: 0, count: 9000))
    #expect(
      error { _ = try loss.gradient(predictions: z, targets: y, weights: weights) }
        == .invalidElement(argument: "weights", index: 7001, value: -2, expected: "a finite number not below 0"))
    #expect(
      error { _ = try loss.gradient(predictions: z, targets: y, scale: .nan) }
        == .invalidArgument(argument: "scale", value: "nan", expected: "a finite number"))
    #expect(
      error { _ = try loss.value(predictions: z, targets: y, threads: 0) }
        == .invalidArgument(argument: "threads", value: "0", expected: "at least 1"))
    #expect(
      error { _ = try loss.value(predictions: [0, -2], targets: [0.0], reduction: .rootMean) }
        == .negativeMean(value: -2))
  }

  // MARK: Reductions

  @Test(arguments: DistributionCase.defaults)
  func theRootOfAMean(_ tested: DistributionCase) throws {
    let loss = tested.loss
    var rows = Rows<Double>.random(loss, count: 40, seed: 12)
    // Wide enough for a likelihood whose mean is positive.
    if loss.columnCount == 2 { for i in 0..<40 { rows.predictions[2 * i + 1] = 2 + abs(rows.predictions[2 * i + 1]) } }
    let (z, y) = (rows.predictions, rows.targets)
    let mean = try loss.valueAndGradient(predictions: z, targets: y)
    let root = try loss.valueAndGradient(predictions: z, targets: y, reduction: .rootMean)
    #expect(mean.value > 0 && root.value == mean.value.squareRoot())
    for (a, b) in zip(root.gradient, mean.gradient) {
      #expect(abs(a - b / (2 * root.value)) <= 4 * a.ulp)
    }
  }

  // MARK: Claims

  @Test(arguments: DistributionCase.all)
  func convexityHoldsOrHasACounterexample(_ tested: DistributionCase) throws {
    let loss = tested.loss
    var isViolated = false
    let (a, b) = (Rows<Double>.random(loss, count: 3000, seed: 21), Rows<Double>.random(loss, count: 3000, seed: 22))
    let middle = zip(a.predictions, b.predictions).map { ($0 + $1) / 2 }
    let left = try loss.values(predictions: a.predictions, targets: a.targets)
    let right = try loss.values(predictions: b.predictions, targets: a.targets)
    for (i, value) in try loss.values(predictions: middle, targets: a.targets).enumerated() {
      if value > (left[i] + right[i]) / 2 + 1e-11 { isViolated = true }
    }
    #expect(isViolated == !loss.isConvex)
  }

  @Test(arguments: DistributionCase.all)
  func theLipschitzConstantHolds(_ tested: DistributionCase) throws {
    let loss = tested.loss
    let rows = Rows<Double>.difficult(loss)
    let gradient = try loss.gradient(predictions: rows.predictions, targets: rows.targets, reduction: .sum)
    let m = loss.columnCount
    let norms = (0..<rows.count).map { i in gradient[i * m..<i * m + m].reduce(0) { $0 + $1 * $1 }.squareRoot() }
      .filter(\.isFinite)
    if let bound = loss.lipschitzConstant {
      #expect(norms.max()! <= bound && norms.max()! > 0.4 * bound)
    } else {
      #expect(norms.max()! > 500)
    }
    #expect(loss.curvatureBound == nil)
  }

  @Test func whereTheGradientJumps() throws {
    let h = 1e-9
    func jump(_ loss: DistributionLoss, _ low: [Double], _ high: [Double]) throws -> Double {
      let a = try loss.gradient(predictions: low, targets: [0.0])
      let b = try loss.gradient(predictions: high, targets: [0.0])
      return zip(a, b).map { abs($0 - $1) }.max()!
    }
    #expect(try jump(.laplace, [-h, 0], [h, 0]) > 1.9 && !DistributionLoss.laplace.isDifferentiable)
    #expect(
      try jump(.gaussianLogVariance, [-h, 0], [h, 0]) < 1e-8 && DistributionLoss.gaussianLogVariance.isDifferentiable)
    #expect(try jump(.continuousRankedProbability, [-h, 0], [h, 0]) < 1e-8)
    #expect(DistributionLoss.continuousRankedProbability.isDifferentiable)
    #expect(try jump(.intervalScore(), [-h, 1], [h, 1]) > 30 && !DistributionLoss.intervalScore().isDifferentiable)
  }

  // MARK: Identities

  /// The score is the integral of the squared distance of the distribution functions.
  @Test(arguments: [(0.0, 0.0, 0.3), (1.5, -1, 1.0), (-2, 0.7, 1.4), (0, -3, 2)])
  func theScoreIsTheIntegralOfItsDefinition(mean: Double, logDeviation: Double, target: Double) throws {
    let deviation = exp(logDeviation)
    let (low, high) = (min(mean - 12 * deviation, target), max(mean + 12 * deviation, target))
    func integral(_ a: Double, _ b: Double, _ indicator: Double) -> Double {
      // Simpson's rule on a smooth integrand.
      let n = 20_000
      let step = (b - a) / Double(n)
      return (0...n).reduce(0.0) { sum, k in
        let x = a + step * Double(k)
        let distance = 0.5 * erfc((mean - x) / deviation / 2.0.squareRoot()) - indicator
        return sum + (k == 0 || k == n ? 1 : k % 2 == 1 ? 4 : 2) * distance * distance
      } * step / 3
    }
    let expected = integral(low, target, 0) + integral(target, high, 1)
    let value = try DistributionLoss.continuousRankedProbability.value(
      predictions: [mean, logDeviation], targets: [target])
    #expect(abs(value - expected) <= 1e-10)
  }

  /// An interval score is two quantile losses times 2/α (Gneiting and Raftery 2007, section 6.2).
  @Test func anIntervalIsTwoQuantiles() throws {
    let rows = Rows<Double>.random(.intervalScore(), count: 500, seed: 31)
    let interval = try DistributionLoss.intervalScore(level: 0.75).values(
      predictions: rows.predictions, targets: rows.targets)
    let quantiles = try DistributionLoss.quantiles(levels: [0.125, 0.875], crossingPenalty: 0).values(
      predictions: rows.predictions, targets: rows.targets)
    for (a, b) in zip(interval, quantiles) { #expect(abs(a - 8 * b) <= 1e-14) }
  }

  /// Each column is the pointwise loss of its level, bit for bit.
  @Test func everyLevelIsAQuantileLoss() throws {
    let levels = [0.1, 0.25, 0.9]
    let loss = DistributionLoss.quantiles(levels: levels, crossingPenalty: 0)
    let rows = Rows<Float>.random(loss, count: 700, seed: 32)
    let gradient = try loss.gradient(predictions: rows.predictions, targets: rows.targets)
    for j in 0..<3 {
      let column = (0..<700).map { rows.predictions[3 * $0 + j] }
      let single = try RegressionLoss.quantile(level: levels[j]).gradient(predictions: column, targets: rows.targets)
      #expect(bits((0..<700).map { gradient[3 * $0 + j] }) == bits(single))
    }
  }

  /// Both parametrisations of a normal distribution, and that of Laplace at a fixed width.
  @Test func parametrisationsAgree() throws {
    let rows = Rows<Double>.random(.laplace, count: 300, seed: 33)
    var variances = rows.predictions
    for i in 0..<300 { variances[2 * i + 1] = exp(variances[2 * i + 1]) }
    let a = try DistributionLoss.gaussianLogVariance.values(predictions: rows.predictions, targets: rows.targets)
    let b = try DistributionLoss.gaussian().values(predictions: variances, targets: rows.targets)
    for (x, y) in zip(a, b) { #expect(abs(x - y) <= 1e-14 * (1 + abs(x))) }
    let means = (0..<300).map { rows.predictions[2 * $0] }
    let unit = means.flatMap { [$0, 0.0] }
    let absolute = try RegressionLoss.absoluteError.values(predictions: means, targets: rows.targets)
    #expect(try DistributionLoss.laplace.values(predictions: unit, targets: rows.targets) == absolute)
  }
}
