import Losses
import Optimizers
import Testing

/// What is wrong with a configuration is named, before anything is evaluated.
@Suite struct TrainerConfigurationTests {
  struct Invalid: Sendable, CustomTestStringConvertible {
    var message: String
    var trainer: Trainer
    var testDescription: String { message }

    init(_ message: String, _ change: (inout Trainer) -> Void) {
      self.message = message
      trainer = Trainer(.sgd())
      change(&trainer)
    }
  }

  static let invalid: [Invalid] = [
    Invalid("batchSize is 0; it must be ≥ 1") { $0.batchSize = 0 },
    Invalid("batchSize is -3; it must be ≥ 1") { $0.batchSize = .count(-3) },
    Invalid("epochs is -1; it must be ≥ 0") { $0.epochs = -1 },
    Invalid("validationFraction is 1.0; it must be ≥ 0 and < 1") { $0.validationFraction = 1 },
    Invalid("validationFraction is -0.1; it must be ≥ 0 and < 1") { $0.validationFraction = -0.1 },
    Invalid("validationFraction is nan; it must be ≥ 0 and < 1") { $0.validationFraction = .nan },
    Invalid(
      "validationFraction is 0.001; it must be such that of 64 samples one is held back and one is not"
    ) { $0.validationFraction = 0.001 },
    Invalid(
      "validationFraction is 0.999; it must be such that of 64 samples one is held back and one is not"
    ) { $0.validationFraction = 0.999 },
    Invalid("earlyStopping.patience is 0; it must be ≥ 1") { $0.earlyStopping = EarlyStopping(patience: 0) },
    Invalid("earlyStopping.minimumImprovement is -1.0; it must be finite and ≥ 0") {
      $0.earlyStopping = EarlyStopping(patience: 1, minimumImprovement: -1)
    },
    Invalid("earlyStopping.minimumImprovement is inf; it must be finite and ≥ 0") {
      $0.earlyStopping = EarlyStopping(patience: 1, minimumImprovement: .infinity)
    },
    Invalid("deadline is -1.0 seconds; it must be ≥ 0") { $0.deadline = .seconds(-1) },
    Invalid("checkpointInterval is 0; it must be ≥ 1") { $0.checkpointInterval = 0 },
    Invalid("threads is 0; expected at least 1") { $0.threads = 0 },
    Invalid("plateau.minimizes is false; it must be the reverse of options.maximizes") {
      $0.plateau = try? PlateauSchedule(minimizes: false)
    },
    Invalid("cosine has steps 0.0; expected a whole number from 1 to 9007199254740992") {
      $0.schedule = .cosine(steps: 0)
    },
    Invalid("sgd has learningRate -1.0; expected a finite number greater than 0") {
      $0.rule = .sgd(learningRate: -1)
    },
    Invalid("clipping has limit 0.0; expected a finite number greater than 0") { $0.options.clipping = .norm(0) },
  ]

  @Test(arguments: invalid) func anInvalidSettingIsNamed(_ invalid: Invalid) throws {
    let recorder = SampleRecorder(LeastSquares<Double>())
    let error = #expect(throws: (any Error).self) { try invalid.trainer.train(recorder, from: [0, 0, 0, 0]) }
    #expect(error.map { "\($0)" } == invalid.message)
    #expect(recorder.batches.isEmpty)
  }

  /// What the split says is what the objective is asked for.
  @Test func theSplitCanBeAskedFor() throws {
    for fraction in [0, 0.25, 0.9] {
      let recorder = SampleRecorder(LeastSquares<Double>())
      let trainer = Trainer(.sgd(), batchSize: 5, epochs: 1, seed: 8, validationFraction: fraction)
      let (training, validation) = try trainer.split(sampleCount: 64)
      _ = try trainer.train(recorder, from: [0, 0, 0, 0])
      #expect(recorder.batches.flatMap(\.self).sorted() == training)
      #expect(recorder.validations == (validation.isEmpty ? [] : [validation]))
      #expect((training + validation).sorted() == Array(0..<64) && validation.count == Int(64 * fraction + 0.5))
    }
    for (fraction, count) in [(Double.nan, 64), (-1, 64), (1, 64), (.infinity, 64), (0.1, 4), (0, 0), (0, -1)] {
      #expect(throws: OptimizerError.self) {
        try Trainer(.sgd(), validationFraction: fraction).split(sampleCount: count)
      }
    }
  }

  @Test func lengthsHaveToFit() throws {
    let problem = LeastSquares<Double>()
    #expect(
      throws: OptimizerError.invalidArgument(
        argument: "start.count", value: "3", expectation: "the objective's parameterCount, 4")
    ) { try Trainer(.sgd()).train(problem, from: [0, 0, 0]) }
    for count in [0, 3, 5] {
      let layout = try ParameterLayout(count: count)
      #expect(throws: LossError.lengthMismatch(argument: "layout", length: count, expected: 4)) {
        try Trainer(.sgd()).train(problem, from: problem.start, layout: layout)
      }
    }
    let empty = SampleFunction<Double>(parameterCount: 1, sampleCount: 0) { _, _, _ in 0 }
    #expect(throws: OptimizerError.invalidArgument(argument: "sampleCount", value: "0", expectation: "≥ 1")) {
      try Trainer(.sgd()).train(empty, from: [0])
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func theStartHasToBeFinite(parameter: Float) {
    let problem = LeastSquares<Float>()
    #expect(
      throws: OptimizerError.invalidArgument(argument: "start[2]", value: "\(parameter)", expectation: "finite")
    ) { try Trainer(.sgd()).train(problem, from: [0, 1, parameter, 0]) }
  }

  @Test func aLayoutActs() throws {
    let problem = LeastSquares<Double>()
    let layout = try ParameterLayout([
      ParameterRange(name: "frozen", range: 0..<1, isFrozen: true),
      ParameterRange(name: "slow", range: 1..<2, learningRateFactor: 0),
      ParameterRange(name: "rest", range: 2..<4),
    ])
    let result = try Trainer(.sgd(learningRate: 0.25), epochs: 100).train(problem, from: [7, 8, 9, 10], layout: layout)
    #expect(result.parameters[..<2] == [7, 8])
    #expect(maximumDistance(Array(result.parameters[2...]), Array(problem.solution[2...])) < 1e-12)
  }

  @Test func anotherPastCannotBeResumed() throws {
    let problem = LeastSquares<Double>()
    let trainer = Trainer(.adam(), batchSize: 8, epochs: 2, seed: 4, validationFraction: 0.25)
    let checkpoint = try trainer.train(problem, from: problem.start).checkpoint
    func message(_ objective: LeastSquares<Double> = problem, _ change: (inout Trainer) -> Void) -> String? {
      var other = trainer
      other.epochs = 3
      change(&other)
      do {
        _ = try other.train(objective, from: objective.start, resuming: checkpoint)
        return nil
      } catch { return "\(error)" }
    }
    func expectation(_ argument: String, _ value: String, _ old: String) -> String {
      "\(argument) is \(value); it must be that of the checkpoint, \(old)"
    }
    #expect(message { $0.rule = .adamW() } == expectation("rule", "adamW", "adam"))
    #expect(message { $0.seed = 5 } == expectation("seed", "5", "4"))
    #expect(message { $0.batchSize = 9 } == expectation("batchSize", "9", "8"))
    #expect(message { $0.batchSize = .all } == expectation("batchSize", "48", "8"))
    #expect(message { $0.validationFraction = 0.5 } == expectation("validationFraction", "0.5", "0.25"))
    #expect(message { $0.options.maximizes = true } == expectation("options.maximizes", "true", "false"))
    #expect(message(LeastSquares(sampleCount: 32)) { _ in } == expectation("sampleCount", "32", "64"))
    #expect(message(LeastSquares(parameterCount: 3)) { _ in } == expectation("parameterCount", "3", "4"))
    // The future may change.
    #expect(message { _ in } == nil)
    #expect(
      message {
        $0.rule = .adam(learningRate: 0.5)
        $0.schedule = .constant(factor: 0.5)
        $0.plateau = try? PlateauSchedule()
        $0.options.clipping = .norm(1)
        $0.earlyStopping = EarlyStopping(patience: 1)
        $0.checkpointInterval = 2
        $0.threads = 1
      } == nil)
  }

  /// The numbers of `adafactor` depend on the layout, which is no part of the setup.
  @Test func aStateOfAnotherLayoutCannotBeResumed() throws {
    let problem = LeastSquares<Double>(parameterCount: 8)
    let layout = try ParameterLayout([ParameterRange(name: "matrix", range: 0..<8, columns: 4)])
    let trainer = Trainer(.adafactor(), epochs: 2)
    let checkpoint = try trainer.train(problem, from: problem.start, layout: layout).checkpoint
    var longer = trainer
    longer.epochs = 3
    _ = try longer.train(problem, from: problem.start, layout: layout, resuming: checkpoint)
    #expect(throws: LossError.self) {
      try longer.train(problem, from: problem.start, resuming: checkpoint)
    }
  }
}
