import Foundation
import Losses
import Optimizers
import Testing

/// What is resumed ends, bit for bit, as what was never interrupted.
@Suite struct TrainingCheckpointTests {
  /// 12 samples to train with: 3 steps in each of 6 epochs, the last one short.
  static func trainer(_ rule: UpdateRule) throws -> Trainer {
    Trainer(
      rule, schedule: .cosine(steps: 30, minimum: 0.01), plateau: try PlateauSchedule(factor: 0.5, patience: 0),
      options: UpdateOptions(clipping: .norm(5)), batchSize: 5, epochs: 6, seed: 12, validationFraction: 0.25,
      earlyStopping: EarlyStopping(patience: 4), checkpointInterval: 1)
  }

  private func coded<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test(arguments: UpdateRule.catalogue.map(\.name), [BatchSize.all, 5, 1])
  func resumesAtEveryStep(rule: String, batchSize: BatchSize) throws {
    try check(rule, batchSize, Float.self)
    try check(rule, batchSize, Double.self)
  }

  private func check<S: LossScalar & BinaryFloatingPoint>(_ rule: String, _ batchSize: BatchSize, _: S.Type) throws {
    let problem = LeastSquares<S>(sampleCount: 16)
    var trainer = try Self.trainer(UpdateRule(rule))
    trainer.batchSize = batchSize
    var checkpoints: [TrainingCheckpoint<S>] = []
    let whole = try trainer.train(problem, from: problem.start, checkpointing: { checkpoints.append($0) })
    let perEpoch = batchSize == .all ? 1 : batchSize == 1 ? 12 : 3
    #expect(checkpoints.map(\.steps) == Array(1...whole.steps))
    #expect(checkpoints.map(\.stepOfEpoch) == (1...whole.steps).map { $0 % perEpoch })
    #expect(checkpoints.last == whole.checkpoint)
    for checkpoint in checkpoints {
      let decoded = try coded(checkpoint)
      #expect(decoded == checkpoint && decoded.hashValue == checkpoint.hashValue)
      #expect(decoded.duration == checkpoint.duration)
      var later: [TrainingCheckpoint<S>] = []
      let resumed = try trainer.train(
        problem, from: problem.start, resuming: decoded, checkpointing: { later.append($0) })
      #expect(resumed == whole)
      #expect(resumed.parameters.map { $0._double.bitPattern } == whole.parameters.map { $0._double.bitPattern })
      #expect(later == Array(checkpoints[checkpoint.steps...]))
    }
  }

  /// An interval counts steps over all epochs; without one there is a checkpoint after each epoch.
  @Test(arguments: [
    (Int?.none, [3, 6, 9, 12, 15, 18]), (2, [2, 4, 6, 8, 10, 12, 14, 16, 18]), (7, [7, 14]), (19, []),
  ])
  func checkpointsComeAtTheirInterval(interval: Int?, steps: [Int]) throws {
    var trainer = try Self.trainer(.adam())
    trainer.checkpointInterval = interval
    trainer.earlyStopping = nil
    let problem = LeastSquares<Double>(sampleCount: 16)
    var found: [Int] = []
    var epochs = 0
    _ = try trainer.train(
      problem, from: problem.start,
      checkpointing: {
        found.append($0.steps)
        #expect($0.epoch == epochs)
      },
      progress: {
        epochs = $0.epoch
        return .proceed
      })
    #expect(found == steps)
  }

  /// A plateau and early stopping may come, go and change at an interruption; the plateau keeps its state.
  @Test func whatWatchesMayChange() throws {
    let flat = SampleFunction<Double>(parameterCount: 1, sampleCount: 3) { _, _, gradient in
      gradient[0] = 1
      return 7
    }
    var trainer = Trainer(
      .sgd(), plateau: try PlateauSchedule(factor: 0.5, patience: 0), epochs: 3,
      earlyStopping: EarlyStopping(patience: 9))
    let first = try trainer.train(flat, from: [0])
    #expect(first.checkpoint.plateau?.currentFactor == 0.25 && first.bestEpoch == 1)
    trainer.epochs = 4
    trainer.plateau = try PlateauSchedule(factor: 0.25, patience: 0)
    #expect(
      try trainer.train(flat, from: [0], resuming: first.checkpoint).checkpoint.plateau?.currentFactor == 0.0625)
    trainer.plateau = nil
    trainer.earlyStopping = nil
    let plain = try trainer.train(flat, from: [0], resuming: first.checkpoint)
    #expect(plain.history[3].learningRateFactor == 1)
    #expect(plain.bestEpoch == nil && plain.checkpoint.bestParameters == nil && plain.checkpoint.plateau == nil)
    #expect(plain.parameters == plain.checkpoint.parameters)
    trainer.epochs = 5
    trainer.earlyStopping = EarlyStopping(patience: 1)
    let watched = try trainer.train(flat, from: [0], resuming: plain.checkpoint)
    #expect(watched.bestEpoch == 5 && watched.stopReason == .epochLimit)
  }

  /// Numbers that JSON does not have survive.
  @Test func whatIsNotFiniteSurvives() throws {
    let wild = SampleFunction<Double>(parameterCount: 1, sampleCount: 1) { w, _, gradient in
      gradient[0] = w[0] == 0 ? 1 : .infinity
      return w[0] == 0 ? 1 : -.infinity
    }
    var trainer = Trainer(.sgd(), epochs: 3)
    trainer.options.skipsNonFiniteGradients = false
    let result = try trainer.train(wild, from: [0])
    #expect(result.parameters == [-.infinity])
    #expect(result.history.map(\.value) == [1, -.infinity, -.infinity])
    #expect(try coded(result) == result)
    #expect(try coded(result).history == result.history)
  }

  /// Parts that do not fit together, and those of another scalar, are not decoded.
  @Test(arguments: [
    ("\"epoch\":2", "\"epoch\":-1"), ("\"epoch\":2", "\"epoch\":3"),
    ("\"steps\":7", "\"steps\":-7"), ("\"steps\":7", "\"steps\":9223372036854775807"),
    ("\"duration\":[0,", "\"duration\":[-1,"), ("\"duration\":[0,", "\"duration\":[9223372036854775807,"),
    ("\"stepOfEpoch\":1", "\"stepOfEpoch\":-1"),
    ("\"parameterCount\":4", "\"parameterCount\":5"), ("\"parameters\":4", "\"parameters\":5"),
    ("\"scalar\":\"Double\"", "\"scalar\":\"Float\""), ("\"bestParameters\":[", "\"otherParameters\":["),
    ("\"best\":{", "\"other\":{"), ("\"value\":\"", "\"value\":\"x"),
  ])
  func whatIsWrongIsNotDecoded(part: String, wrong: String) throws {
    var trainer = try Self.trainer(.adam())
    trainer.epochs = 3
    let problem = LeastSquares<Double>(sampleCount: 16)
    var seventh: TrainingCheckpoint<Double>?
    _ = try trainer.train(
      problem, from: problem.start, checkpointing: { if $0.steps == 7 { seventh = $0 } })
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(try #require(seventh)), as: UTF8.self)
    // Keys are in alphabetical order: the first duration is that of the checkpoint, and the last of another key is not that of
    // a record.
    let options: String.CompareOptions = part.hasPrefix("\"duration") ? [] : .backwards
    let range = try #require(text.range(of: part, options: options), "\(text)")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        TrainingCheckpoint<Double>.self, from: Data(text.replacingCharacters(in: range, with: wrong).utf8))
    }
  }

  /// A step that an epoch does not have cannot be gone on from.
  @Test func aStepBeyondTheEpochIsAnError() throws {
    let trainer = try Self.trainer(.adam())
    let problem = LeastSquares<Double>(sampleCount: 16)
    var first: TrainingCheckpoint<Double>?
    _ = try trainer.train(problem, from: problem.start, checkpointing: { if $0.steps == 1 { first = $0 } })
    let text = String(decoding: try JSONEncoder().encode(first), as: UTF8.self)
    let wrong = text.replacing("\"stepOfEpoch\":1", with: "\"stepOfEpoch\":3")
    let checkpoint = try JSONDecoder().decode(TrainingCheckpoint<Double>.self, from: Data(wrong.utf8))
    #expect(
      throws: OptimizerError.invalidArgument(
        argument: "the checkpoint's stepOfEpoch", value: "3", expectation: "less than the 3 steps of an epoch")
    ) { try trainer.train(problem, from: problem.start, resuming: checkpoint) }
  }
}
