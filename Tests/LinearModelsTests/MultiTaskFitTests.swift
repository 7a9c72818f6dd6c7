import Foundation
import LinearModels
import Losses
import Optimizers
import TestSupport
import Testing

/// A regression and a classification that share coefficients, from the data to the minimum.
@Suite struct MultiTaskFitTests {
  private let features: FeatureMatrix<Double>
  private let price: [Double]
  private let sold: [Double]

  /// Both targets depend on `x₀ − 2x₁ + ½x₂`; the noise of the first has variance 1/12.
  init() throws {
    let rows = 400
    var random = SplitMix64(seed: 11)
    let elements = (0..<3 * rows).map { _ in Double.random(in: -1...1, using: &random) }
    features = try FeatureMatrix(elements, rowCount: rows, columnCount: 3)
    let truth = [1, -2, 0.5]
    let score = (0..<rows).map { row in (0..<3).reduce(0.0) { $0 + truth[$1] * elements[3 * row + $1] } }
    price = score.map { $0 + 3 + Double.random(in: -0.5...0.5, using: &random) }
    sold = score.map { Double.random(in: 0..<1, using: &random) < 1 / (1 + exp(1 - $0)) ? 1 : 0 }
  }

  private func objective(
    _ first: MultiTaskObjective.Weight, _ second: MultiTaskObjective.Weight
  ) throws -> MultiTaskObjective {
    let regression = try LinearObjective(loss: RegressionLoss.squaredError, features: features, targets: price)
    let classification = try LinearObjective(loss: BinaryLoss.logistic(), features: features, targets: sold)
    return try MultiTaskObjective(
      parameterCount: 5,
      tasks: [
        .init(regression, parameters: [0, 1, 2, 3], weight: first),
        .init(classification, parameters: [0, 1, 2, 4], weight: second),
      ])
  }

  private func minimize(_ objective: MultiTaskObjective) throws -> [Double] {
    let start = [Double](repeating: 0, count: objective.parameterCount)
    #expect(try objective.checkGradient(at: start).passed)
    let result = try LBFGS().minimize(objective, from: start)
    #expect(result.converged)
    let check = try objective.checkGradient(at: result.parameters.map { $0 + 0.01 })
    #expect(check.passed && check.inconclusive == [], "\(check)")
    return result.parameters
  }

  @Test func fixedWeights() throws {
    let found = try minimize(try objective(.fixed(1), .fixed(0.5)))
    for (x, truth) in zip(found, [1, -2, 0.5, 3, -1]) { #expect(abs(x - truth) < 0.35) }
    // With one task alone, its fit.
    let fit = try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: price)
    let alone = try minimize(try objective(.fixed(1), .fixed(0)))
    for (x, y) in zip(alone, fit.model.coefficients + [fit.model.intercept]) { #expect(abs(x - y) < 1e-5) }
  }

  @Test func learnedWeights() throws {
    let objective = try objective(.learnedRegression, .learnedClassification)
    let found = try minimize(objective)
    let values = try objective.taskValues(at: found)
    #expect(abs(exp(found[5]) / values[0] - 1) < 1e-4)
    #expect(abs(exp(found[6]) / (2 * values[1]) - 1) < 1e-4)
    // The variance of the noise.
    #expect(abs(exp(found[5]) - 1.0 / 12) < 0.02)
    // The certain task leads: its fit alone is nearly the shared one.
    let fit = try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: price)
    for (x, y) in zip(found, fit.model.coefficients) { #expect(abs(x - y) < 0.05) }
  }
}
