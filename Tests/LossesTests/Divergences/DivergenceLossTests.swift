import Foundation
import Losses
import TestSupport
import Testing

/// Texts, claims and errors of divergences.
@Suite struct DivergenceLossTests {
  private func error(_ body: () throws -> Void) -> LossError? {
    do {
      try body()
      return nil
    } catch { return error as? LossError }
  }

  @Test(arguments: DivergenceCase.all)
  func theTextIsReadAgain(_ tested: DivergenceCase) throws {
    let loss = tested.loss
    #expect(try DivergenceLoss(loss.description) == loss)
    #expect(try DivergenceLoss("divergence.\(loss)") == loss)
    #expect(try JSONDecoder().decode([DivergenceLoss].self, from: JSONEncoder().encode([loss])) == [loss])
  }

  @Test(arguments: DivergenceLoss.catalogue.map(\.name))
  func aNameTakesTheDefaults(name: String) throws {
    let entry = try #require(DivergenceLoss.catalogue.first { $0.name == name })
    #expect(entry.defaultLoss.name == name && !entry.formula.isEmpty)
    #expect(try DivergenceLoss(name) == entry.defaultLoss && DivergenceLoss("\(name)()") == entry.defaultLoss)
    #expect(Mirror(reflecting: entry.defaultLoss).children.first?.label ?? name == name)
  }

  @Test func textsOfParameters() throws {
    #expect(
      try DivergenceLoss("jeffreys(input: logProbabilities, target: logits)")
        == .jeffreys(input: .logProbabilities, target: .logits))
    #expect(try DivergenceLoss("hellinger( target : logits )") == .hellinger(input: .logits, target: .logits))
    #expect(DivergenceLoss.hellinger().description == "hellinger(input: logits, target: probabilities)")
    #expect(DivergenceLoss.entropy.description == "entropy")
  }

  static let invalid: [(String, String)] = [
    ("jefreys", "there is no 'jefreys'; did you mean 'jeffreys'?"),
    ("distillation(temperature: 0)", "distillation has temperature 0.0; expected a finite number greater than 0"),
    (
      "distillation(temperature: hot)", "'distillation(temperature: hot)' cannot be read: 'hot' is not a number"
    ),
    (
      "jeffreys(input: logit)",
      "'jeffreys(input: logit)' cannot be read: input must be one of logits, logProbabilities, probabilities"
    ),
    (
      "jeffreys(input: 1)",
      "'jeffreys(input: 1)' cannot be read: input must be one of logits, logProbabilities, probabilities"
    ),
    (
      "entropy(input: logits)",
      "'entropy(input: logits)' cannot be read: entropy has no parameter input; its parameters: none"
    ),
  ]

  @Test(arguments: invalid.indices)
  func whatIsNotATextFormIsRefused(index: Int) {
    let (text, message) = Self.invalid[index]
    #expect(error { _ = try DivergenceLoss(text) }?.description == message)
    let data = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([DivergenceLoss].self, from: data) }
  }

  /// A word where a number belongs gets the message that it always had.
  @Test func wordsAreNoNumbers() {
    #expect(
      error { _ = try RegressionLoss("huber(delta: one)") }?.description
        == "'huber(delta: one)' cannot be read: 'one' is not a number")
    #expect(error { _ = try Penalty("l2(strength: one)") } != nil)
    #expect(error { _ = try Penalty("gaussianPrior(means: one)") } != nil)
  }

  @Test func shapesMustMatch() throws {
    let loss = DivergenceLoss.kullbackLeibler()
    let numbers = [Double](repeating: 0.5, count: 12)
    #expect(
      error { _ = try loss.value(predictions: numbers, targets: [1.0, 2], classCount: 3) }
        == .lengthMismatch(argument: "targets", length: 2, expected: 12))
    #expect(
      error { _ = try loss.value(predictions: numbers, targets: numbers, classCount: 5) }
        == .lengthMismatch(argument: "predictions", length: 12, expected: 10))
    #expect(
      error { _ = try loss.gradient(predictions: numbers, targets: numbers, classCount: 0) }
        == .invalidArgument(argument: "classCount", value: "0", expected: "at least 1"))
    #expect(
      error { _ = try loss.value(predictions: numbers, targets: nil, classCount: 3) }
        == .invalidArgument(argument: "targets", value: "nil", expected: "a matrix"))
    #expect(
      error { _ = try DivergenceLoss.entropy.value(predictions: numbers, targets: numbers, classCount: 3) }
        == .invalidArgument(argument: "targets", value: "a matrix", expected: "nil: entropy has no targets"))
    let view = try MatrixView(numbers.span, rowCount: 4, columnCount: 3)
    let other = try MatrixView(numbers.span, rowCount: 3, columnCount: 4)
    let empty = try MatrixView(numbers.span.extracting(..<0), rowCount: 4, columnCount: 0)
    let errors = [
      error { _ = try loss.value(predictions: view, targets: other) },
      error { _ = try loss.value(predictions: empty, targets: empty) },
    ]
    #expect(errors[0]?.description == "targets is a matrix of 3 rows of 4; expected 4 rows of 3")
    #expect(errors[1]?.description == "predictions is a matrix of 0 columns; expected at least 1")
  }

  @Test(arguments: [
    (DistributionForm.probabilities, -0.5, "a finite number not below 0"),
    (.probabilities, .infinity, "a finite number not below 0"),
    (.logProbabilities, .nan, "a number below infinity, or -inf"),
    (.logits, .infinity, "a number below infinity, or -inf"),
  ])
  func theFirstBadTargetIsNamed(form: DistributionForm, bad: Double, expected: String) throws {
    // In a matrix with gaps; the index counts the elements of the rows.
    let loss = DivergenceLoss.jensenShannon(target: form)
    var targets = [Float](repeating: 0.25, count: 4000 * 5)
    targets[3001 * 5 + 2] = Float(bad)
    targets[3900 * 5] = Float(bad)
    targets[7 * 5 + 4] = .nan
    let predictions = [Float](repeating: 0, count: 4000 * 4)
    let view = try MatrixView(targets.span, rowCount: 4000, columnCount: 4, rowStride: 5)
    let input = try MatrixView(predictions.span, rowCount: 4000, columnCount: 4)
    let found = error { _ = try loss.value(predictions: input, targets: view) }
    guard case .invalidElement("targets", 12006, let value, expected)? = found else {
      Issue.record("\(String(describing: found))")
      return
    }
    #expect(value == bad || value.isNaN && bad.isNaN)
  }

  @Test func badWeightsAndTemperatures() {
    let z = [Float](repeating: 0, count: 30)
    var weights = [Float](repeating: 1, count: 10)
    weights[7] = .infinity
    #expect(
      error { _ = try DivergenceLoss.entropy.gradient(predictions: z, targets: nil, classCount: 3, weights: weights) }
        == .invalidElement(argument: "weights", index: 7, value: .infinity, expected: "a finite number not below 0"))
    #expect(
      error { _ = try DivergenceLoss.distillation(temperature: -1).value(predictions: z, targets: z, classCount: 3) }?
        .description == "distillation has temperature -1.0; expected a finite number greater than 0")
  }

  @Test(arguments: DivergenceCase.all)
  func convexityHoldsOrHasACounterexample(_ tested: DivergenceCase) throws {
    let loss = tested.loss
    var isViolated = false
    var random = SplitMix64(seed: 21)
    func rows(_ form: DistributionForm, _ size: Double) -> [Double] {
      (0..<2000).flatMap { _ in
        DivergenceRows<Double>.row((0..<3).map { _ in Double.random(in: -size...size, using: &random) }, form)
      }
    }
    let (a, b) = (rows(loss.input, 4), rows(loss.input, 4))
    let q: [Double]? = loss.hasTargets ? rows(loss.target, 3) : nil
    let middle = zip(a, b).map { ($0 + $1) / 2 }
    let left = try loss.values(predictions: a, targets: q, classCount: 3)
    let right = try loss.values(predictions: b, targets: q, classCount: 3)
    for (i, value) in try loss.values(predictions: middle, targets: q, classCount: 3).enumerated() {
      if value > (left[i] + right[i]) / 2 + 1e-12 { isViolated = true }
    }
    #expect(isViolated == !loss.isConvex)
  }

  @Test(arguments: DivergenceCase.all)
  func theLipschitzConstantHolds(_ tested: DivergenceCase) throws {
    guard let bound = tested.loss.lipschitzConstant else { return }
    let rows = DivergenceRows<Double>.difficult(tested.loss, classes: 2)
    let gradient = try tested.loss.gradient(
      predictions: rows.predictions, targets: rows.targets, classCount: 2, reduction: .sum)
    let norm = (0..<rows.count).map { hypot(gradient[2 * $0], gradient[2 * $0 + 1]) }.max()!
    #expect(norm <= bound && norm > 0.3 * bound)
  }
}
