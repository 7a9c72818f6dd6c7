import Foundation
import Optimizers
import Testing

/// The numbers of PyTorch's and Optax' schedules, from `Tests/Golden`.
@Suite struct ScheduleGoldenTests {
  @Test(arguments: rows) func sameFactors(_ row: Row) throws {
    let record = try #require(try ScheduleFile().records.first { $0.name == row.call })
    let count = row.count ?? record.values.count
    #expect(record.values.count == 200)
    for step in 0..<count { expectSame(row.schedule.factor(at: step), record.values[step], at: step) }
    // Where only the beginning is compared the rest has to differ, or the row claims too little.
    if count < record.values.count {
      #expect((record.values[count] - row.schedule.factor(at: count)).magnitude > 1e-6)
    }
  }

  @Test(arguments: plateauRows) func sameFactorsOnPlateaus(_ row: PlateauRow) throws {
    let file = try ScheduleFile()
    let record = try #require(file.records.first { $0.name == row.call })
    let samples = try #require(file.samples[record.samples ?? ""]).x
    var schedule = row.schedule
    for (step, sample) in samples.enumerated() { expectSame(schedule.record(sample), record.values[step], at: step) }
    #expect(Set(record.values).count > 2, "a record that never falls proves nothing")
  }

  private func expectSame(_ value: Double, _ expected: Double, at step: Int) {
    let tolerance = 1e-12 * max(expected.magnitude, 1e-3)
    #expect((value - expected).magnitude <= tolerance, "\(value) instead of \(expected) at step \(step)")
  }

  @Test func everyRecordHasARow() throws {
    let records = try ScheduleFile().records.map(\.name)
    let names = Self.rows.map(\.call) + Self.plateauRows.map(\.call)
    #expect(records.sorted() == names.sorted())
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var call: String
    var schedule: LearningRateSchedule
    /// How many steps are the same; all of them, if not given.
    var count: Int?

    init(_ call: String, _ schedule: LearningRateSchedule, upTo count: Int? = nil) {
      (self.call, self.schedule, self.count) = (call, schedule, count)
    }

    var testDescription: String { call }
  }

  struct PlateauRow: Sendable, CustomTestStringConvertible {
    var call: String
    var schedule: PlateauSchedule
    var testDescription: String { call }
  }

  static let rows = pyTorch + pyTorchCycles + optax

  private static let pyTorch: [Row] = [
    Row("ConstantLR(o)", .constant(factor: 1.0 / 3).running(for: 5, then: .constant())),
    Row(
      "ConstantLR(o, factor=0.25, total_iters=60)",
      .constant(factor: 0.25).running(for: 60, then: .constant())),
    Row("LinearLR(o)", .linear(steps: 5)),
    Row("LinearLR(o, start_factor=0.1, total_iters=100)", .linear(from: 0.1, steps: 100)),
    Row("LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=150)", .linear(from: 1, to: 0, steps: 150)),
    Row("StepLR(o, step_size=30)", .step(size: 30)),
    Row("StepLR(o, step_size=7, gamma=0.9)", .step(size: 7, factor: 0.9)),
    Row("MultiStepLR(o, milestones=[30, 80, 81])", .multiStep(milestones: [30, 80, 81])),
    Row("MultiStepLR(o, milestones=[1, 150], gamma=0.5)", .multiStep(milestones: [1, 150], factor: 0.5)),
    Row("ExponentialLR(o, gamma=0.95)", .exponential(factor: 0.95)),
    Row("ExponentialLR(o, gamma=1.01)", .exponential(factor: 1.01)),
    Row("PolynomialLR(o, total_iters=150)", .polynomial(steps: 150)),
    Row("PolynomialLR(o, total_iters=250, power=2.0)", .polynomial(steps: 250, power: 2)),
    Row("PolynomialLR(o, total_iters=120, power=0.5)", .polynomial(steps: 120, power: 0.5)),
    // There the cosine goes on after T_max.
    Row("CosineAnnealingLR(o, T_max=50)", .cosine(steps: 50), upTo: 51),
    Row("CosineAnnealingLR(o, T_max=199)", .cosine(steps: 199)),
    Row("CosineAnnealingLR(o, T_max=300, eta_min=0.05)", .cosine(steps: 300, minimum: 0.05)),
    Row(
      "SequentialLR(o, [LinearLR(o, start_factor=0.1, total_iters=20), CosineAnnealingLR(o, T_max=180)], "
        + "milestones=[20])",
      .linear(from: 0.1, steps: 20).running(for: 20, then: .cosine(steps: 180))),
    Row(
      "SequentialLR(o, [ConstantLR(o, factor=0.5, total_iters=1000), PolynomialLR(o, total_iters=50, power=2.0), "
        + "ExponentialLR(o, gamma=0.9)], milestones=[15, 60])",
      .constant(factor: 0.5).running(
        for: 15, then: .polynomial(steps: 50, power: 2).running(for: 45, then: .exponential(factor: 0.9)))),
  ]

  private static let pyTorchCycles: [Row] = [
    Row("CosineAnnealingWarmRestarts(o, T_0=50)", .cosineWarmRestarts(period: 50)),
    Row("CosineAnnealingWarmRestarts(o, T_0=10, T_mult=2)", .cosineWarmRestarts(period: 10, multiplier: 2)),
    Row(
      "CosineAnnealingWarmRestarts(o, T_0=3, T_mult=3, eta_min=0.1)",
      .cosineWarmRestarts(period: 3, multiplier: 3, minimum: 0.1)),
    Row("OneCycleLR(o, max_lr=1.0, total_steps=200, cycle_momentum=False)", .oneCycle(steps: 200)),
    Row(
      "OneCycleLR(o, max_lr=1.0, total_steps=201, pct_start=0.123, div_factor=10.0, final_div_factor=100.0, "
        + "cycle_momentum=False)",
      .oneCycle(steps: 201, warmUp: 0.123, divisor: 10, finalDivisor: 100)),
    Row(
      "OneCycleLR(o, max_lr=1.0, total_steps=250, anneal_strategy='linear', cycle_momentum=False)",
      .oneCycle(steps: 250, shape: .linear)),
    Row(
      "OneCycleLR(o, max_lr=1.0, total_steps=200, pct_start=0.0, cycle_momentum=False)",
      .oneCycle(steps: 200, warmUp: 0)),
    Row(
      "OneCycleLR(o, max_lr=1.0, total_steps=200, pct_start=1.0, cycle_momentum=False)",
      .oneCycle(steps: 200, warmUp: 1)),
    Row(
      "CyclicLR(o, base_lr=0.1, max_lr=1.0, step_size_up=20, cycle_momentum=False)",
      .cyclic(minimum: 0.1, up: 20, down: 20)),
    Row(
      "CyclicLR(o, base_lr=0.0, max_lr=1.0, step_size_up=5, step_size_down=12, mode='triangular2', "
        + "cycle_momentum=False)",
      .cyclic(minimum: 0, up: 5, down: 12, shape: .triangular2)),
    Row(
      "CyclicLR(o, base_lr=0.01, max_lr=1.0, step_size_up=30, step_size_down=10, mode='exp_range', gamma=0.99, "
        + "cycle_momentum=False)",
      .cyclic(minimum: 0.01, up: 30, down: 10, shape: .exponentialRange, gamma: 0.99)),
  ]

  private static let optax: [Row] = [
    Row("constant_schedule(0.3)", .constant(factor: 0.3)),
    Row("linear_schedule(0.0, 1.0, 50)", .linear(from: 0, to: 1, steps: 50)),
    Row("polynomial_schedule(1.0, 0.1, 2.0, 150)", .polynomial(steps: 150, power: 2, end: 0.1)),
    Row("exponential_decay(1.0, 1, 0.97)", .exponential(factor: 0.97)),
    Row("exponential_decay(1.0, 25, 0.5, staircase=True)", .step(size: 25, factor: 0.5)),
    Row("piecewise_constant_schedule(1.0, {30: 0.1, 80: 0.1})", .multiStep(milestones: [30, 80])),
    Row("cosine_decay_schedule(1.0, 50)", .cosine(steps: 50)),
    Row("cosine_decay_schedule(1.0, 150, alpha=0.1)", .cosine(steps: 150, minimum: 0.1)),
    Row("warmup_constant_schedule(0.0, 1.0, 30)", LearningRateSchedule.constant().warmedUp(steps: 30, from: 0)),
    Row(
      "warmup_cosine_decay_schedule(0.0, 1.0, 20, 150, end_value=0.05)",
      LearningRateSchedule.cosine(steps: 130, minimum: 0.05).warmedUp(steps: 20, from: 0)),
    Row(
      "warmup_exponential_decay_schedule(0.1, 1.0, 20, 1, 0.98)",
      LearningRateSchedule.exponential(factor: 0.98).warmedUp(steps: 20, from: 0.1)),
    Row(
      "sgdr_schedule([dict(init_value=0.0, peak_value=1.0, warmup_steps=5, decay_steps=50),"
        + " dict(init_value=0.0, peak_value=1.0, warmup_steps=10, decay_steps=100)])",
      LearningRateSchedule.cosine(steps: 45).warmedUp(steps: 5, from: 0).running(
        for: 50, then: .cosine(steps: 90).warmedUp(steps: 10, from: 0))),
    Row(
      "join_schedules([linear_schedule(0.1, 1.0, 10), cosine_decay_schedule(1.0, 60, alpha=0.2),"
        + " polynomial_schedule(0.2, 0.0, 1.0, 100)], [10, 70])",
      .linear(from: 0.1, steps: 10).running(
        for: 10, then: .cosine(steps: 60, minimum: 0.2).running(for: 60, then: .linear(from: 0.2, to: 0, steps: 100)))),
  ]

  static let plateauRows: [PlateauRow] = [
    ("rising ReduceLROnPlateau(o, eps=0.0)", try! PlateauSchedule()),
    (
      "falling ReduceLROnPlateau(o, factor=0.5, patience=2, eps=0.0)",
      try! PlateauSchedule(factor: 0.5, patience: 2)
    ),
    (
      "falling ReduceLROnPlateau(o, factor=0.7, patience=0, threshold=0.01, cooldown=3, eps=0.0)",
      try! PlateauSchedule(factor: 0.7, patience: 0, threshold: 0.01, cooldown: 3)
    ),
    (
      "falling ReduceLROnPlateau(o, factor=0.5, patience=3, threshold=0.02, threshold_mode='abs', min_lr=0.05, eps=0.0)",
      try! PlateauSchedule(
        factor: 0.5, patience: 3, threshold: 0.02, thresholdMode: .absolute, minimumFactor: 0.05)
    ),
    (
      "falling ReduceLROnPlateau(o, mode='max', factor=0.9, patience=5, eps=0.0)",
      try! PlateauSchedule(factor: 0.9, patience: 5, minimizes: false)
    ),
    (
      "rising ReduceLROnPlateau(o, mode='max', factor=0.8, patience=4, threshold=1e-3, eps=0.0)",
      try! PlateauSchedule(factor: 0.8, patience: 4, threshold: 1e-3, minimizes: false)
    ),
    (
      "rising ReduceLROnPlateau(o, mode='max', factor=0.5, patience=1, threshold=0.01, threshold_mode='abs', "
        + "cooldown=5, eps=0.0)",
      try! PlateauSchedule(
        factor: 0.5, patience: 1, threshold: 0.01, thresholdMode: .absolute, cooldown: 5, minimizes: false)
    ),
    (
      "negative ReduceLROnPlateau(o, factor=0.6, patience=0, threshold=1e-3, eps=0.0)",
      try! PlateauSchedule(factor: 0.6, patience: 0, threshold: 1e-3)
    ),
    (
      "notNumbers ReduceLROnPlateau(o, factor=0.5, patience=2, cooldown=1, eps=0.0)",
      try! PlateauSchedule(factor: 0.5, patience: 2, cooldown: 1)
    ),
  ].map { PlateauRow(call: $0.0, schedule: $0.1) }
}

/// `Tests/Golden/schedules.json`, which `with_schedules.py` writes.
private struct ScheduleFile: Decodable {
  struct Samples: Decodable { var x: [Double] }

  struct Record: Decodable {
    var call: String
    /// What a schedule was shown that depends on more than the step.
    var samples: String?
    /// The rates for a base rate of 1.
    var values: [Double]

    /// The call, after the name of its samples.
    var name: String { samples.map { "\($0) \(call)" } ?? call }
  }

  var samples: [String: Samples]
  var records: [Record]

  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Golden")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    self = try decoder.decode(
      Self.self, from: Data(contentsOf: folder.appendingPathComponent("schedules.json").standardizedFileURL))
  }
}
