import Losses
import Optimizers
import Testing

/// Why training ends, and what is returned then.
@Suite struct TrainerStopTests {
  /// Each step moves the parameter up by the learning rate; the validation value is least at 3.
  private struct Passing: SampleObjective {
    let parameterCount = 1
    let sampleCount = 10

    func valueAndGradient(
      at parameters: Span<Double>, samples: Span<Int>, gradient: inout MutableSpan<Double>
    ) -> Double {
      gradient[0] = -1
      return value(at: parameters, samples: samples)
    }

    func value(at parameters: Span<Double>, samples: Span<Int>) -> Double {
      (parameters[0] - 3) * (parameters[0] - 3)
    }
  }

  @Test(arguments: 1...5) func earlyStoppingReturnsTheBestEpoch(patience: Int) throws {
    let trainer = Trainer(
      .sgd(learningRate: 0.5), epochs: 50, validationFraction: 0.5, earlyStopping: EarlyStopping(patience: patience))
    let result = try trainer.train(Passing(), from: [0])
    #expect(result.stopReason == .earlyStopping)
    #expect(result.parameters == [3] && result.bestEpoch == 6)
    #expect(result.history.count == 6 + patience)
    #expect(result.history[5].validationValue == 0)
    #expect(result.checkpoint.parameters == [0.5 * Double(6 + patience)])
    #expect(result.checkpoint.bestParameters == [3] && result.checkpoint.bestEpoch == 6)
    // What has stopped stops again, at once; more patience goes on.
    let again = try trainer.train(Passing(), from: [0], resuming: result.checkpoint)
    #expect(again == result)
    var patient = trainer
    patient.earlyStopping?.patience = patience + 2
    #expect(try patient.train(Passing(), from: [0], resuming: result.checkpoint).history.count == 8 + patience)
  }

  /// Without samples that are held back the training value counts, which is that before the step.
  /// After the sixth epoch the parameter is at the minimum; the batch of the seventh one is the first to see it there.
  @Test func earlyStoppingWatchesAllSamplesOtherwise() throws {
    let trainer = Trainer(.sgd(learningRate: 0.5), epochs: 50, earlyStopping: EarlyStopping(patience: 2))
    let result = try trainer.train(Passing(), from: [0])
    #expect(result.stopReason == .earlyStopping)
    #expect(result.bestEpoch == 6 && result.parameters == [3] && result.history.count == 8)
  }

  /// From 2.25 to 1 and to 0.25: only what is better by more than the minimum is an improvement.
  @Test(arguments: [(0, 6), (0.25, 5), (0.75, 4), (1.25, 3), (2.75, 1), (6.25, 1)])
  func improvementsHaveToBeLargeEnough(minimum: Double, best: Int) throws {
    let trainer = Trainer(
      .sgd(learningRate: 0.5), epochs: 50, validationFraction: 0.5,
      earlyStopping: EarlyStopping(patience: 1, minimumImprovement: minimum))
    let result = try trainer.train(Passing(), from: [0])
    #expect(result.bestEpoch == best && result.history.count == best + 1)
  }

  @Test func theBestEpochIsReturnedWhereAllAreDone() throws {
    let trainer = Trainer(
      .sgd(learningRate: 0.5), epochs: 8, validationFraction: 0.5, earlyStopping: EarlyStopping(patience: 5))
    let result = try trainer.train(Passing(), from: [0])
    #expect(result.stopReason == .epochLimit && result.parameters == [3] && result.checkpoint.parameters == [4])
  }

  private static let trainer = Trainer(
    .adam(learningRate: 0.1), schedule: .cosine(steps: 40), batchSize: 10, epochs: 6, seed: 9, validationFraction: 0.2)
  private static let problem = LeastSquares<Double>()

  private func expectTheWholeRun(resuming checkpoint: TrainingCheckpoint<Double>) throws {
    let whole = try Self.trainer.train(Self.problem, from: Self.problem.start)
    let resumed = try Self.trainer.train(Self.problem, from: Self.problem.start, resuming: checkpoint)
    #expect(resumed == whole)
    #expect(resumed.parameters.map(\.bitPattern) == whole.parameters.map(\.bitPattern))
  }

  @Test func aDeadlineOfZeroLeavesOneStep() throws {
    var hurried = Self.trainer
    hurried.deadline = .zero
    var result = try hurried.train(Self.problem, from: Self.problem.start)
    for step in 1..<36 {
      #expect(result.stopReason == .deadlineReached)
      #expect(result.steps == step && result.checkpoint.stepOfEpoch == step % 6 && result.history.count == step / 6)
      try expectTheWholeRun(resuming: result.checkpoint)
      result = try hurried.train(Self.problem, from: Self.problem.start, resuming: result.checkpoint)
    }
    // The deadline is looked at before the number of epochs is.
    #expect(result.steps == 36 && result.stopReason == .deadlineReached)
    try expectTheWholeRun(resuming: result.checkpoint)
  }

  @Test(arguments: [0, 2, 5, 6, 20]) func cancellationStops(batch: Int) async throws {
    let task = Task {
      let recorder = SampleRecorder(Self.problem)
      recorder.onBatch = { if $0 == batch { withUnsafeCurrentTask { $0?.cancel() } } }
      return try Self.trainer.train(recorder, from: Self.problem.start)
    }
    let result = try await task.value
    #expect(result.stopReason == .taskCancelled)
    #expect(result.steps == batch + 1 && result.history.count == (batch + 1) / 6)
    try expectTheWholeRun(resuming: result.checkpoint)
  }

  @Test(arguments: [1, 3, 6]) func progressStops(epoch: Int) throws {
    var shown: [TrainingRecord] = []
    let result = try Self.trainer.train(
      Self.problem, from: Self.problem.start,
      progress: {
        shown.append($0)
        return $0.epoch == epoch ? .stop : .proceed
      })
    #expect(result.stopReason == .stoppedByProgress)
    #expect(result.history == shown && shown.map(\.epoch) == Array(1...epoch))
    #expect(result.checkpoint.stepOfEpoch == 0 && result.checkpoint.epoch == epoch)
    try expectTheWholeRun(resuming: result.checkpoint)
  }

  @Test func moreEpochsGoOnFromTheEnd() throws {
    var short = Self.trainer
    short.epochs = 4
    let first = try short.train(Self.problem, from: Self.problem.start)
    #expect(first.stopReason == .epochLimit && first.history.count == 4)
    try expectTheWholeRun(resuming: first.checkpoint)
    // What has more epochs than it may is left as it is.
    short.epochs = 2
    #expect(try short.train(Self.problem, from: Self.problem.start, resuming: first.checkpoint) == first)
  }

  @Test func durationsGrow() throws {
    let result = try Self.trainer.train(Self.problem, from: Self.problem.start)
    let durations = result.history.map(\.duration)
    #expect(durations == durations.sorted() && durations[0] > .zero)
    #expect(result.duration >= durations[5])
    var longer = Self.trainer
    longer.epochs = 7
    let resumed = try longer.train(Self.problem, from: Self.problem.start, resuming: result.checkpoint)
    #expect(resumed.history[6].duration > result.duration)
  }
}
