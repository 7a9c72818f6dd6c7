import Foundation
import Losses
import Optimizers
import Testing

@Suite struct MultiTaskObjectiveTests {
  typealias Task = MultiTaskObjective.Task

  /// `½ Σ (xᵢ − center)² + offset`.
  private func bowl(_ count: Int, center: Double, offset: Double = 0) -> some Objective {
    FunctionObjective(parameterCount: count) { x, gradient in
      var value = offset
      for i in x.indices {
        gradient[i] = x[i] - center
        value += 0.5 * gradient[i] * gradient[i]
      }
      return value
    }
  }

  private func constant(_ value: Double) -> some Objective { FunctionObjective(parameterCount: 0) { _, _ in value } }

  private func evaluate(_ objective: some Objective, at x: [Double]) throws -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: .nan, count: x.count)
    var output = gradient.mutableSpan
    let value = try objective.valueAndGradient(at: x.span, gradient: &output)
    return (value, gradient)
  }

  @Test func theSumOfItsParts() throws {
    let (first, second) = (TestProblem.beale, TestProblem.wood)
    let objective = try MultiTaskObjective(
      parameterCount: 6,
      tasks: [
        Task(first, parameters: 4..<6, weight: .fixed(0.25)), Task(second, parameters: 0..<4, weight: .fixed(3)),
      ])
    let x = [0.5, -1, 2, 0.25, 1.5, -0.75]
    let (a, b) = (try evaluate(first, at: Array(x[4...])), try evaluate(second, at: Array(x[..<4])))
    let whole = try evaluate(objective, at: x)
    #expect(whole.value == 0.25 * a.value + 3 * b.value)
    let gradients: (first: [Double], second: [Double]) = (a.gradient.map { 0.25 * $0 }, b.gradient.map { 3 * $0 })
    #expect(whole.gradient == gradients.second + gradients.first)
    // The derivative with respect to the weights.
    #expect(try objective.taskValues(at: x) == [a.value, b.value])
    #expect(try objective.weights(at: x) == [0.25, 3] && objective.parameterCount == 6)
    #expect(try objective.checkGradient(at: x).passed)
  }

  @Test func theGradientOfTheWeights() throws {
    let x = [0.3, -2.0]
    func objective(_ weights: [Double]) throws -> MultiTaskObjective {
      try MultiTaskObjective(
        parameterCount: 2,
        tasks: [
          Task(bowl(2, center: 1), parameters: 0..<2, weight: .fixed(weights[0])),
          Task(bowl(1, center: -3), parameters: 1..<2, weight: .fixed(weights[1])),
        ])
    }
    let check = try GradientCheck(at: [0.7, 2], gradient: try objective([0.7, 2]).taskValues(at: x)) { weights in
      try evaluate(try objective(weights), at: x).value
    }
    #expect(check.passed)
  }

  @Test func sharedParametersAccumulate() throws {
    let objective = try MultiTaskObjective(
      parameterCount: 4,
      tasks: [
        Task(bowl(2, center: 1), parameters: [0, 1]), Task(bowl(2, center: -1), parameters: [2, 0], weight: .fixed(2)),
        // Twice the same parameter.
        Task(bowl(2, center: 5), parameters: [1, 1], weight: .fixed(0.5)),
      ])
    let (_, gradient) = try evaluate(objective, at: [0.5, 2, 3, 7])
    #expect(gradient == [2.5, -2, 8, 0])
    #expect(try objective.checkGradient(at: [0.5, 2, 3, 7]).passed)
  }

  @Test func aTaskOfWeightZeroIsDeleted() throws {
    let broken = FunctionObjective(parameterCount: 1) { _, gradient in
      gradient[0] = .nan
      return .nan
    }
    let objective = try MultiTaskObjective(
      parameterCount: 1,
      tasks: [Task(bowl(1, center: 1), parameters: [0]), Task(broken, parameters: [0], weight: .fixed(0))])
    let whole = try evaluate(objective, at: [3])
    #expect(whole.value == 2 && whole.gradient == [2])
    #expect(try objective.taskValues(at: [3])[1].isNaN)
  }

  // MARK: Learned weights

  @Test func learnedWeightsByTheFormula() throws {
    let objective = try MultiTaskObjective(
      parameterCount: 1,
      tasks: [
        Task(bowl(1, center: 1, offset: 0.5), parameters: [0], weight: .learnedClassification),
        Task(bowl(1, center: 4), parameters: [0], weight: .fixed(2)),
        Task(bowl(1, center: -1), parameters: [0], weight: .learnedRegression),
      ])
    #expect(objective.parameterCount == 3 && objective.taskParameterCount == 1)
    #expect(objective.logVarianceIndices == [1, nil, 2])
    let x = [2, 0.3, -0.4]
    let f = [1.0, 2, 4.5]
    #expect(try objective.taskValues(at: x) == f)
    let weights: [Double] = [exp(-0.3), 2, 0.5 * exp(0.4)]
    #expect(try objective.weights(at: x) == weights)
    let terms: [Double] = [exp(-0.3) * f[0] + 0.15, 2 * f[1], 0.5 * exp(0.4) * f[2] - 0.2]
    let value = try evaluate(objective, at: x).value
    #expect(abs(value - terms.reduce(0, +)) < 1e-14)
    for point in [x, [0, 0, 0], [-3, 2, 5], [1, -4, 1]] {
      let check = try objective.checkGradient(at: point)
      #expect(check.passed && check.inconclusive == [], "\(check)")
    }
  }

  @Test(arguments: [0.01, 1, 7, 1e4]) func learnedWeightsConverge(value: Double) throws {
    let objective = try MultiTaskObjective(
      parameterCount: 0,
      tasks: [
        Task(constant(value), parameters: [], weight: .learnedRegression),
        Task(constant(value), parameters: [], weight: .learnedClassification),
      ])
    let result = try LBFGS().minimize(objective, from: [0, 0])
    #expect(result.converged)
    #expect(abs(exp(result.parameters[0]) / value - 1) < 1e-6)
    #expect(abs(exp(result.parameters[1]) / (2 * value) - 1) < 1e-6)
  }

  // MARK: Errors

  @Test func badTasksAreNamed() throws {
    func expect(_ argument: String, count: Int = 2, _ tasks: [Task], sourceLocation: SourceLocation = #_sourceLocation)
    {
      let error = #expect(throws: OptimizerError.self, sourceLocation: sourceLocation) {
        try MultiTaskObjective(parameterCount: count, tasks: tasks)
      }
      guard case .invalidArgument(argument, _, _)? = error else {
        Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
        return
      }
    }
    let good = Task(bowl(1, center: 0), parameters: [0])
    expect("tasks", [])
    expect("parameterCount", count: -1, [Task(constant(1), parameters: [])])
    expect("tasks[1].parameters[1]", [good, Task(bowl(2, center: 0), parameters: 1..<3)])
    expect("tasks[0].parameters[0]", [Task(bowl(1, center: 0), parameters: [-1])])
    expect("tasks[1].parameters.count", [good, Task(bowl(2, center: 0), parameters: [0])])
    for weight: Double in [-1, .nan, .infinity, -.infinity] {
      expect("tasks[1].weight", [good, Task(bowl(1, center: 0), parameters: [0], weight: .fixed(weight))])
    }
    let objective = try MultiTaskObjective(parameterCount: 2, tasks: [good])
    let x = [1.0, 2]
    #expect(throws: OptimizerError.self) { try objective.taskValues(at: [1]) }
    #expect(throws: OptimizerError.self) { try objective.weights(at: [1, 2, 3]) }
    #expect(throws: OptimizerError.self) {
      var (gradient, values) = ([0.0, 0], [0.0, 0])
      var output = gradient.mutableSpan
      var valuesOutput = values.mutableSpan
      _ = try objective.valueAndGradient(at: x.span, gradient: &output, taskValues: &valuesOutput)
    }
    struct Refusal: Error {}
    let refusing = FunctionObjective(parameterCount: 1) { _, _ in throw Refusal() }
    #expect(throws: Refusal.self) {
      try MultiTaskObjective(parameterCount: 1, tasks: [Task(refusing, parameters: [0])]).taskValues(at: [1])
    }
  }
}
