import Losses
import Optimizers
import TestSupport
import Testing

@Suite struct TrainerTests {
  /// Batch, mini-batch and stochastic gradient descent.
  @Test(arguments: [
    (BatchSize.all, 100, 1e-10), (.count(64), 100, 1e-10), (.count(16), 300, 1e-2), (.count(1), 300, 2e-2),
  ])
  func reachesTheKnownMinimum(batchSize: BatchSize, epochs: Int, tolerance: Double) throws {
    let problem = LeastSquares<Double>()
    let steps = epochs * (batchSize == .count(1) ? 64 : batchSize == .count(16) ? 4 : 1)
    let rate = batchSize == .count(1) ? 0.01 : 0.125
    // A constant rate would keep the noise of the batches; one that falls to 0 along a line averages it.
    let constant = batchSize == .all || batchSize == .count(64)
    let trainer = Trainer(
      .sgd(learningRate: rate), schedule: constant ? .constant() : .polynomial(steps: steps),
      batchSize: batchSize, epochs: epochs, seed: 3)
    let result = try trainer.train(problem, from: problem.start)
    #expect(maximumDistance(result.parameters, problem.solution) <= tolerance)
    #expect(result.stopReason == .epochLimit)
    #expect(!result.stopReason.isConvergence)
    #expect(result.steps == steps && result.history.count == epochs)
    #expect(result.history.last?.steps == steps)
  }

  /// With all samples in each batch training is the loop that one would write.
  @Test(arguments: UpdateRule.catalogue.map(\.name)) func batchTrainingIsTheLoop(rule name: String) throws {
    func check<S: LossScalar & BinaryFloatingPoint>(_: S.Type) throws {
      let problem = LeastSquares<S>()
      let rule = try UpdateRule(name)
      let schedule = LearningRateSchedule.cosine(steps: 30, minimum: 0.1)
      let trainer = Trainer(rule, schedule: schedule, options: UpdateOptions(clipping: .norm(3)), epochs: 40)
      let result = try trainer.train(problem, from: problem.start)

      var optimizer = try Optimizer<S>(rule, parameterCount: 4, options: UpdateOptions(clipping: .norm(3)))
      var (parameters, gradient) = (problem.start, problem.start)
      for step in 0..<40 {
        var span = gradient.mutableSpan
        let value = problem.valueAndGradient(at: parameters.span, samples: Array(0..<64).span, gradient: &span)
        try optimizer.update(&parameters, gradient: gradient, learningRateFactor: schedule.factor(at: step))
        #expect(result.history[step].value.bitPattern == value.bitPattern)
        #expect(result.history[step].learningRateFactor == schedule.factor(at: step))
      }
      #expect(result.parameters == parameters)
      #expect(result.checkpoint.optimizerState == optimizer.state)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: UpdateRule.catalogue.map(\.name), [BatchSize.all, 8])
  func everyRuleLeadsDownhill(name: String, batchSize: BatchSize) throws {
    // `rprop` is for full batches.
    if name == "rprop", batchSize != .all { return }
    let problem = LeastSquares<Double>()
    let trainer = Trainer(try UpdateRule(name), batchSize: batchSize, epochs: 60)
    let result = try trainer.train(problem, from: problem.start)
    let values = result.history.map(\.value)
    #expect(problem.value(at: result.parameters) < problem.value(at: problem.start))
    #expect(try #require(values.last) < values[0])
  }

  @Test func uphillWhereTheOptionsSaySo() throws {
    let hill = SampleFunction<Double>(parameterCount: 1, sampleCount: 2) { w, _, gradient in
      gradient[0] = 2 - 2 * w[0]
      return 2 * w[0] - w[0] * w[0]
    }
    let trainer = Trainer(
      .sgd(learningRate: 0.25), options: UpdateOptions(maximizes: true), epochs: 50,
      earlyStopping: EarlyStopping(patience: 3))
    let result = try trainer.train(hill, from: [5])
    #expect(abs(result.parameters[0] - 1) < 1e-7)
    #expect(result.stopReason == .earlyStopping)
  }

  @Test(arguments: [1, 2, 3, 7, 10, 21])
  func anEpochVisitsEachTrainingSampleOnce(batchSize: Int) throws {
    func batches(seed: UInt64, threads: ThreadLimit) throws -> (batches: [[Int]], parameters: [Double]) {
      let recorder = SampleRecorder(LeastSquares<Double>(sampleCount: 21, parameterCount: 2))
      let trainer = Trainer(.sgd(), batchSize: .count(batchSize), epochs: 4, seed: seed, threads: threads)
      let result = try trainer.train(recorder, from: [0, 0])
      return (recorder.batches, result.parameters)
    }
    let (first, parameters) = try batches(seed: 1, threads: 1)
    let perEpoch = (21 + batchSize - 1) / batchSize
    #expect(first.count == 4 * perEpoch)
    var epochs: Set<[Int]> = []
    for epoch in 0..<4 {
      let part = first[epoch * perEpoch..<(epoch + 1) * perEpoch]
      for batch in part.dropLast() { #expect(batch.count == batchSize) }
      let order = part.flatMap { $0 }
      #expect(order.sorted() == Array(0..<21))
      epochs.insert(order)
    }
    #expect(epochs.count == (batchSize == 21 ? 1 : 4))
    let again = try batches(seed: 1, threads: 2)
    #expect(again.batches == first && again.parameters == parameters)
    let other = try batches(seed: 2, threads: 1)
    #expect((other.batches == first) == (batchSize == 21))
  }

  /// Long enough for the work to be divided.
  @Test(arguments: ["adam", "sgd(momentum: 0.9)", "adafactor"]) func threadsChangeNothing(rule: String) throws {
    let count = 300_000
    let wide = SampleFunction<Float>(parameterCount: count, sampleCount: 7) { w, samples, gradient in
      for j in w.indices { gradient[j] = w[j] - Float((j + samples[0]) % 13) }
      return Double(gradient[5])
    }
    let results = try [ThreadLimit.atMost(1), 2, .automatic].map { threads in
      let options = UpdateOptions(clipping: .norm(10))
      let trainer = Trainer(try UpdateRule(rule), options: options, batchSize: 2, epochs: 2, threads: threads)
      return try trainer.train(wide, from: [Float](repeating: 1, count: count))
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  /// Frequencies of where a sample ends up, over many epochs: 16 standard deviations would be needed to fail.
  @Test func ordersAreEvenlyDistributed() throws {
    let recorder = SampleRecorder(LeastSquares<Double>(sampleCount: 5, parameterCount: 1))
    _ = try Trainer(.sgd(), batchSize: 4, epochs: 5000, seed: 11).train(recorder, from: [0])
    var counts = [[Int]](repeating: [0, 0, 0, 0, 0], count: 5)
    for epoch in stride(from: 0, to: recorder.batches.count, by: 2) {
      let order = recorder.batches[epoch] + recorder.batches[epoch + 1]
      for (place, sample) in order.enumerated() { counts[place][sample] += 1 }
    }
    for count in counts.joined() { #expect(abs(count - 1000) < 16 * 29) }
    for count in counts.joined() { #expect(abs(count - 1000) < 5 * 29, "implausible, not impossible") }
  }

  /// The order is part of what a checkpoint relies on: it may not change from one version to the next. A program in Python
  /// has the same.
  @Test func theOrderIsTheSameInEveryVersion() throws {
    let recorder = SampleRecorder(LeastSquares<Double>(sampleCount: 8, parameterCount: 1))
    let trainer = Trainer(.sgd(), batchSize: 5, epochs: 2, seed: 42, validationFraction: 0.25)
    _ = try trainer.train(recorder, from: [0])
    #expect(recorder.batches == Self.knownOrder)
    #expect(recorder.validations == [Self.knownValidation, Self.knownValidation])
  }

  private static let knownOrder = [[7, 4, 2, 0, 6], [3], [6, 2, 7, 3, 4], [0]]
  private static let knownValidation = [1, 5]

  @Test(arguments: [BatchSize.all, 5, 21, 22, .count(.max)])
  func aShortBatchCountsForWhatItHas(batchSize: BatchSize) throws {
    let recorder = SampleRecorder(LeastSquares<Double>(sampleCount: 21, parameterCount: 3))
    let result = try Trainer(.sgd(), batchSize: batchSize, epochs: 2, seed: 5).train(recorder, from: [1, 2, 3])
    let perEpoch = recorder.batches.count / 2
    #expect(perEpoch == (batchSize == 5 ? 5 : 1))
    for (epoch, record) in result.history.enumerated() {
      let range = epoch * perEpoch..<(epoch + 1) * perEpoch
      let sum = zip(recorder.batches[range], recorder.values[range]).reduce(0) { $0 + Double($1.0.count) * $1.1 }
      #expect(abs(record.value - sum / 21) <= 1e-13 * sum)
      #expect(record.epoch == epoch + 1 && record.steps == (epoch + 1) * perEpoch)
      #expect(record.validationValue == nil && record.watchedValue == record.value)
      #expect(record.learningRateFactor == 1 && record.skippedSteps == 0)
    }
  }

  @Test(arguments: [0.05, 0.25, 0.5, 0.9], [UInt64(0), 1, .max])
  func validationIsDisjointAndComplete(fraction: Double, seed: UInt64) throws {
    func run(batchSize: BatchSize) throws -> (training: [Int], validation: [Int]) {
      let problem = LeastSquares<Double>(sampleCount: 40, parameterCount: 3)
      let recorder = SampleRecorder(problem)
      let trainer = Trainer(.sgd(), batchSize: batchSize, epochs: 3, seed: seed, validationFraction: fraction)
      let result = try trainer.train(recorder, from: [0, 0, 0])
      #expect(Set(recorder.validations).count == 1 && recorder.validations.count == 3)
      let validation = recorder.validations[0]
      let value = problem.value(at: result.parameters.span, samples: validation.span)
      #expect(result.history.last?.validationValue == value && result.history.last?.watchedValue == value)
      let perEpoch = recorder.batches.count / 3
      return (recorder.batches[..<perEpoch].flatMap { $0 }, validation)
    }
    let (training, validation) = try run(batchSize: .all)
    #expect(validation.count == Int((fraction * 40).rounded()))
    #expect((training + validation).sorted() == Array(0..<40))
    #expect(training == training.sorted())
    let other = try run(batchSize: 4)
    #expect(other.validation == validation && other.training.sorted() == training)
  }

  @Test func aPlateauLowersTheRate() throws {
    // The value does not change: each epoch but the first is one without an improvement.
    let flat = SampleFunction<Double>(parameterCount: 1, sampleCount: 3) { _, _, gradient in
      gradient[0] = 0
      return 7
    }
    let trainer = Trainer(
      .sgd(), schedule: .exponential(factor: 0.5), plateau: try PlateauSchedule(factor: 0.25, patience: 1), epochs: 6)
    let result = try trainer.train(flat, from: [0])
    let plateau = [1, 1, 1, 0.25, 0.25, 0.0625]
    #expect(result.history.map(\.learningRateFactor) == plateau.enumerated().map { $1 / Double(1 << $0) })
    #expect(result.checkpoint.plateau?.currentFactor == 0.0625)
  }

  @Test(arguments: [false, true]) func whatIsNotFiniteAtTheFirstStepIsAnError(isValue: Bool) throws {
    for wrong in [Double.nan, .infinity, -.infinity] {
      let objective = SampleFunction<Float>(parameterCount: 3, sampleCount: 4) { _, _, gradient in
        gradient[0] = 5
        gradient[1] = isValue ? -2 : Float(wrong)
        gradient[2] = 4
        return isValue ? wrong : 1
      }
      let error = #expect(throws: OptimizerError.self) { try Trainer(.sgd()).train(objective, from: [0, 0, 0]) }
      guard case .notFiniteAtStart(let value, let norm)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect("\(value)" == (isValue ? "\(wrong)" : "1.0"))
      #expect("\(norm)" == (isValue ? "5.0" : "\(wrong.magnitude)"))
      // What is frozen does not matter.
      let layout = try ParameterLayout([
        ParameterRange(name: "a", range: 0..<1), ParameterRange(name: "b", range: 1..<2, isFrozen: true),
        ParameterRange(name: "c", range: 2..<3),
      ])
      guard !isValue else { continue }
      #expect(try Trainer(.sgd(), epochs: 1).train(objective, from: [0, 0, 0], layout: layout).parameters[1] == 0)
    }
  }

  @Test func anUnassignedGradientIsFound() {
    let forgetful = SampleFunction<Double>(parameterCount: 2, sampleCount: 1) { w, _, gradient in
      gradient[0] = w[0]
      return 1
    }
    #expect(throws: OptimizerError.self) { try Trainer(.sgd()).train(forgetful, from: [1, 1]) }
  }

  @Test func laterOnesAreSkippedAndCounted() throws {
    // Sample 3 is broken; not in the first batch of seed 2.
    let objective = SampleFunction<Double>(parameterCount: 1, sampleCount: 6) { w, samples, gradient in
      let isBroken = samples.indices.contains { samples[$0] == 3 }
      gradient[0] = isBroken ? .nan : 2 * w[0]
      return isBroken ? .nan : w[0] * w[0]
    }
    let recorder = SampleRecorder(objective)
    let trainer = Trainer(.sgd(learningRate: 0.1), batchSize: 2, epochs: 5, seed: 2)
    let result = try trainer.train(recorder, from: [1])
    #expect(!recorder.batches[0].contains(3))
    #expect(result.history.map(\.skippedSteps) == [1, 1, 1, 1, 1])
    #expect(result.history.map(\.steps) == [3, 6, 9, 12, 15])
    #expect(result.checkpoint.optimizerState.stepCount == 10)
    #expect(result.history.allSatisfy { $0.value.isFinite })
    var expected = 1.0
    for _ in 0..<10 { expected -= 0.1 * (2 * expected) }
    #expect(abs(result.parameters[0] - expected) <= 1e-15)
  }

  /// An epoch of skipped steps has no value, and is no improvement.
  @Test func anEpochThatIsSkippedHasNoValue() throws {
    let recorder = SampleRecorder(LeastSquares<Double>(sampleCount: 4, parameterCount: 1))
    var isBroken = false
    recorder.onBatch = { isBroken = $0 > 0 }
    let objective = SampleFunction<Double>(parameterCount: 1, sampleCount: 4) { w, samples, gradient in
      let value = try recorder.valueAndGradient(at: w, samples: samples, gradient: &gradient)
      if isBroken { gradient[0] = .infinity }
      return value
    }
    let trainer = Trainer(.sgd(learningRate: 0.1), epochs: 9, earlyStopping: EarlyStopping(patience: 3))
    let result = try trainer.train(objective, from: [10])
    #expect(result.stopReason == .earlyStopping && result.bestEpoch == 1 && result.history.count == 4)
    #expect(result.history.dropFirst().allSatisfy { $0.value.isNaN && $0.skippedSteps == 1 })
    // Equality is that of the bits, which NaN passes, too.
    #expect(result == result)
    #expect(Set(result.history).count == 4)
  }

  struct Unavailable: Error, Equatable {}

  @Test(arguments: [1, 3]) func errorsReachTheCaller(failing: Int) {
    var calls = 0
    let objective = SampleFunction<Double>(parameterCount: 1, sampleCount: 4) { _, _, gradient in
      calls += 1
      guard calls < failing else { throw Unavailable() }
      gradient[0] = 1
      return 1
    }
    #expect(throws: Unavailable()) { try Trainer(.sgd(), batchSize: 2).train(objective, from: [0]) }
    #expect(calls == failing)
    let problem = LeastSquares<Double>()
    #expect(throws: Unavailable()) {
      try Trainer(.sgd()).train(problem, from: problem.start, checkpointing: { _ in throw Unavailable() })
    }
  }

  @Test func noParametersAreTrained() throws {
    let constant = SampleFunction<Double>(parameterCount: 0, sampleCount: 1) { _, _, _ in 7 }
    let result = try Trainer(.adam(), epochs: 2).train(constant, from: [])
    #expect(result.history.map(\.value) == [7, 7])
  }

  @Test func noEpochsLeaveTheStart() throws {
    let recorder = SampleRecorder(LeastSquares<Double>())
    let result = try Trainer(.sgd(), epochs: 0).train(recorder, from: [1, 2, 3, 4])
    #expect(result.parameters == [1, 2, 3, 4] && result.history.isEmpty && result.stopReason == .epochLimit)
    #expect(recorder.batches.isEmpty)
  }

  /// The default of `value` is what the gradient comes with.
  @Test func valueNeedsNoGradient() throws {
    let function = SampleFunction<Double>(parameterCount: 2, sampleCount: 3) { w, samples, gradient in
      gradient[0] = 1
      gradient[1] = 2
      return w[0] + Double(samples[0])
    }
    #expect(try function.value(at: [3, 4].span, samples: [2].span) == 5)
  }

  /// A run of many steps allocates no more than one of few.
  @Test(.enabled(if: countsAllocations, "allocations are counted with glibc only"), arguments: [BatchSize.all, 3])
  func stepsAllocateNothing(batchSize: BatchSize) throws {
    let problem = LeastSquares<Float>()
    func count(epochs: Int) throws -> Int {
      let trainer = Trainer(
        .adam(learningRate: 0.1), schedule: .cosine(steps: 100), plateau: try PlateauSchedule(),
        batchSize: batchSize, epochs: epochs, validationFraction: 0.25, earlyStopping: EarlyStopping(patience: 1000),
        deadline: .seconds(1000), threads: 1)
      return try allocations { _ = try trainer.train(problem, from: problem.start) }
    }
    // The first call makes Swift's metadata.
    _ = try count(epochs: 2)
    #expect(try count(epochs: 200) == count(epochs: 2))
  }
}
