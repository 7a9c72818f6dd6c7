import Foundation
import Optimizers
import Testing

/// The factors of schedules, beyond the steps that other systems are asked for.
@Suite struct ScheduleTests {
  private static let steps: [Int] = [
    .min, -7, -1, 0, 1, 2, 3, 5, 8, 13, 40, 99, 100, 101, 1000, 123_456_789, (1 << 53) - 1, 1 << 53, (1 << 53) + 1,
    .max - 1, .max,
  ]

  @Test(arguments: TestedSchedules.valid) func staysInRange(_ schedule: LearningRateSchedule) throws {
    try schedule.validate()
    let greatest =
      schedule == .linear(from: 0, to: 2.5, steps: 100)
      ? 2.5
      : schedule == .polynomial(steps: 90, power: 3, end: 1.5) ? 1.5 : 1
    for step in Self.steps + Array(0..<300) {
      let factor = schedule.factor(at: step)
      #expect(0...greatest ~= factor, "\(factor) at step \(step)")
      if step < 0 { #expect(factor == schedule.factor(at: 0)) }
    }
  }

  @Test(arguments: TestedSchedules.invalid) func neverTraps(_ schedule: LearningRateSchedule) {
    for step in Self.steps + Array(0..<100) { _ = schedule.factor(at: step) }
    _ = schedule.description
    _ = schedule.warmedUp(steps: 2, from: 0)
  }

  /// A factor depends on its step alone, not on what was asked before.
  @Test(arguments: TestedSchedules.valid) func isAPureFunction(_ schedule: LearningRateSchedule) {
    let forwards = (0..<300).map { schedule.factor(at: $0) }
    let backwards = (0..<300).reversed().map { schedule.factor(at: $0) }
    #expect(forwards == backwards.reversed())
  }

  @Test(arguments: TestedSchedules.single + TestedSchedules.long)
  func hasSeenEverythingAfterItsNaturalLength(_ schedule: LearningRateSchedule) {
    guard let length = schedule.naturalLength else { return }
    #expect(1...TestedSchedules.longest ~= length)
    switch schedule {
    case .linear, .polynomial, .cosine, .oneCycle, .multiStep:
      #expect(schedule.factor(at: length) == schedule.factor(at: .max))
    default: break
    }
  }

  @Test func naturalLengths() {
    let lengths: [(LearningRateSchedule, Int?)] = [
      (.constant(), nil), (.exponential(factor: 0.5), nil), (.linear(steps: 7), 7), (.polynomial(steps: 7), 7),
      (.cosine(steps: 7), 7), (.oneCycle(steps: 7), 7), (.step(size: 7), 35), (.multiStep(milestones: []), nil),
      (.multiStep(milestones: [3, 40]), 50), (.cosineWarmRestarts(period: 7), 21),
      (.cosineWarmRestarts(period: 7, multiplier: 2), 49), (.cyclic(minimum: 0, up: 7, down: 1), 24),
      (.inverseSquareRoot(warmUp: 7), 35), (.linear(steps: 7).running(for: 7, then: .cosine(steps: 20)), 27),
      (.linear(steps: 7).running(for: 40, then: .constant()), 50),
      (.cosineWarmRestarts(period: 7, multiplier: TestedSchedules.longest), TestedSchedules.longest),
    ]
    for (schedule, length) in lengths { #expect(schedule.naturalLength == length, "\(schedule)") }
  }

  @Test func inverseSquareRoot() {
    let schedule = LearningRateSchedule.inverseSquareRoot(warmUp: 16)
    #expect([0, 4, 8, 16].map(schedule.factor) == [0, 0.25, 0.5, 1])
    #expect([64, 256, 1600].map(schedule.factor) == [0.5, 0.25, 0.1])
  }

  /// The last factors of a cosine are small numbers, which `1 + cos` would cancel to noise.
  @Test func aCosineIsAccurateNearItsEnd() {
    let steps = 1_000_000_000
    let schedule = LearningRateSchedule.cosine(steps: steps)
    for left in 1...20 {
      let angle = 0.5 * Double.pi * Double(left) / Double(steps)
      #expect((schedule.factor(at: steps - left) / (angle * angle) - 1).magnitude < 1e-14)
    }
  }

  @Test func restartsFollowPeriodsThatGrow() {
    let schedule = LearningRateSchedule.cosineWarmRestarts(period: 3, multiplier: 10)
    for start in [0, 3, 33, 333, 3333, 33_333_333_333] { #expect(schedule.factor(at: start) == 1) }
    for end in [3, 33, 333, 3333] { #expect(schedule.factor(at: end - 1) < 0.5) }
    for middle in [18, 183, 1833] {
      #expect((schedule.factor(at: middle) - 0.5).magnitude < 1e-15)
    }
  }

  @Test func theOneCyclePeaksAtOne() {
    #expect(LearningRateSchedule.oneCycle(steps: 100).factor(at: 29) == 1)
    #expect(LearningRateSchedule.oneCycle(steps: 10, warmUp: 0.1).factor(at: 0) == 1)
    #expect(LearningRateSchedule.oneCycle(steps: 100).factor(at: 0) == 0.04)
    for step in [99, 100, .max] {
      #expect(LearningRateSchedule.oneCycle(steps: 100).factor(at: step) == 1 / 25.0 / 1e4)
    }
  }

  /// What grows stays finite, so that no rate is infinite.
  @Test func growthEnds() {
    for schedule: LearningRateSchedule in [
      .exponential(factor: 1.5), .step(size: 2, factor: 1e300), .multiStep(milestones: [1, 2, 3], factor: 1e200),
    ] {
      #expect(schedule.factor(at: .max) == .greatestFiniteMagnitude)
    }
  }

  // MARK: Sequences

  @Test func aPartCountsItsOwnSteps() {
    let (first, second) = (LearningRateSchedule.exponential(factor: 0.9), LearningRateSchedule.cosine(steps: 20))
    let third = LearningRateSchedule.step(size: 2, factor: 0.5)
    let sequence = first.running(for: 5, then: second.running(for: 7, then: third))
    for step in 0..<5 { #expect(sequence.factor(at: step) == first.factor(at: step)) }
    for step in 5..<12 { #expect(sequence.factor(at: step) == second.factor(at: step - 5)) }
    for step in 12..<40 { #expect(sequence.factor(at: step) == third.factor(at: step - 12)) }
  }

  /// A sequence inside another, first or last, cut short or longer than it is.
  @Test(arguments: [1, 3, 5, 6, 12, 13, 30]) func sequencesAreFlat(steps: Int) throws {
    let inner = LearningRateSchedule.linear(from: 0, steps: 4).running(
      for: 5, then: .exponential(factor: 0.9).running(for: 7, then: .cosine(steps: 30)))
    let outer = inner.running(for: steps, then: inner)
    try outer.validate()
    for step in 0..<60 {
      #expect(outer.factor(at: step) == (step < steps ? inner.factor(at: step) : inner.factor(at: step - steps)))
    }
    guard case .sequence(let sequence) = outer else {
      Issue.record("no sequence")
      return
    }
    for schedule in sequence.parts.map(\.schedule) + [sequence.last] {
      if case .sequence = schedule { Issue.record("a sequence inside a sequence") }
    }
    #expect(try LearningRateSchedule(outer.description) == outer)
  }

  @Test func aWarmUpLeadsToWhereTheScheduleBegins() {
    for schedule in TestedSchedules.single {
      let warm = schedule.warmedUp(steps: 10, from: 0)
      for step in 0..<10 {
        #expect((warm.factor(at: step) - schedule.factor(at: 0) * Double(step) / 10).magnitude < 1e-15)
      }
      for step in 10..<50 { #expect(warm.factor(at: step) == schedule.factor(at: step - 10)) }
    }
  }
}
