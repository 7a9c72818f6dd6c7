import Foundation
import Losses
import Optimizers
import TestSupport
import Testing

@Suite struct PlateauScheduleTests {
  @Test func fallsAfterTheRecordsThatAreLetPass() throws {
    var schedule = try PlateauSchedule(factor: 0.5, patience: 2)
    #expect(schedule.currentFactor == 1 && schedule.best == nil)
    #expect([4, 3, 3, 3, 3, 3, 3, 3].map { schedule.record($0) } == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25])
    #expect(schedule.best == 3)
  }

  @Test func aCooldownDoesNotCount() throws {
    var schedule = try PlateauSchedule(factor: 0.5, patience: 0, cooldown: 2)
    #expect((0..<8).map { _ in schedule.record(1) } == [1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125])
  }

  @Test func theFactorHasALowerBound() throws {
    var schedule = try PlateauSchedule(factor: 0.1, patience: 0, minimumFactor: 0.05)
    #expect((0..<4).map { _ in schedule.record(1) } == [1, 0.1, 0.05, 0.05])
  }

  @Test(arguments: [true, false]) func notANumberIsNoImprovement(minimizes: Bool) throws {
    var schedule = try PlateauSchedule(factor: 0.5, patience: 1, minimizes: minimizes)
    #expect([.nan, .nan, 1, .nan, .nan].map { schedule.record($0) } == [1, 0.5, 0.5, 0.5, 0.25])
    #expect(schedule.best == 1)
    var other = try PlateauSchedule(factor: 0.5, patience: 0, threshold: 1, minimizes: minimizes)
    #expect(other.record(minimizes ? .infinity : -.infinity) == 0.5)
    #expect(other.record(minimizes ? -.infinity : .infinity) == 0.5)
  }

  /// From every state, values that are not finite included: the rest of the run is the same, bit for bit.
  @Test(arguments: [PlateauSchedule.ThresholdMode.relative, .absolute], [true, false])
  func resumesExactly(mode: PlateauSchedule.ThresholdMode, minimizes: Bool) throws {
    var generator = SplitMix64(seed: 7)
    let values = (0..<120).map { (step: Int) -> Double in
      switch step {
      case 11, 40: .nan
      case 12, 13: minimizes ? .infinity : -.infinity
      case 110: minimizes ? -.infinity : .infinity
      default: Double.random(in: 0..<1, using: &generator) + (minimizes ? 1 : -1) * 5 / Double(step + 1)
      }
    }
    var schedule = try PlateauSchedule(
      factor: 0.7, patience: 2, threshold: 0.01, thresholdMode: mode, cooldown: 3, minimumFactor: 1e-3,
      minimizes: minimizes)
    for (step, value) in values.enumerated() {
      let data = try JSONEncoder().encode(schedule)
      var resumed = try JSONDecoder().decode(PlateauSchedule.self, from: data)
      #expect(resumed == schedule)
      var copy = schedule
      for value in values[step...] { #expect(resumed.record(value).bitPattern == copy.record(value).bitPattern) }
      #expect(resumed == copy)
      schedule.record(value)
    }
    #expect(schedule.best?.isInfinite == true && schedule.currentFactor < 0.5)
  }

  @Test func aParameterThatIsWrongIsExplained() {
    func message(_ make: () throws(LossError) -> PlateauSchedule) -> String? {
      do {
        _ = try make()
        return nil
      } catch { return error.description }
    }
    let wrong: [(parameter: String, value: String, expected: String, message: String?)] = [
      (
        "factor", "1.0", "a number strictly between 0 and 1",
        message { () throws(LossError) in try PlateauSchedule(factor: 1) }
      ),
      (
        "factor", "nan", "a number strictly between 0 and 1",
        message { () throws(LossError) in try PlateauSchedule(factor: .nan) }
      ),
      (
        "patience", "-1.0", "a whole number from 0 to 9007199254740992",
        message { () throws(LossError) in try PlateauSchedule(patience: -1) }
      ),
      (
        "threshold", "-1.0", "a finite number not below 0",
        message { () throws(LossError) in try PlateauSchedule(threshold: -1) }
      ),
      (
        "cooldown", "9.223372036854776e+18", "a whole number from 0 to 9007199254740992",
        message { () throws(LossError) in try PlateauSchedule(cooldown: .max) }
      ),
      (
        "minimumFactor", "1.5", "a number from 0 to 1",
        message { () throws(LossError) in try PlateauSchedule(minimumFactor: 1.5) }
      ),
    ]
    for (parameter, value, expected, message) in wrong {
      #expect(message == "PlateauSchedule has \(parameter) \(value); expected \(expected)")
    }
  }

  @Test(arguments: [
    ("\"factor\":0.5", "\"factor\":2"), ("\"patience\":10", "\"patience\":-1"),
    ("\"currentFactor\":1", "\"currentFactor\":-1"), ("\"best\":\"0.25\"", "\"best\":\"nan\""),
    ("\"best\":\"0.25\"", "\"best\":\"low\""), ("\"remainingCooldown\":0", "\"remainingCooldown\":-1"),
    ("\"recordsWithoutImprovement\":0", "\"recordsWithoutImprovement\":-1"),
    ("\"thresholdMode\":\"relative\"", "\"thresholdMode\":\"other\""), ("\"minimizes\":true", "\"minimizes\":1"),
  ])
  func stateThatIsWrongIsNotDecoded(part: String, wrong: String) throws {
    var schedule = try PlateauSchedule(factor: 0.5)
    schedule.record(0.25)
    let text = String(decoding: try JSONEncoder().encode(schedule), as: UTF8.self)
    #expect(try JSONDecoder().decode(PlateauSchedule.self, from: Data(text.utf8)) == schedule)
    try #require(text.contains(part), "\(text)")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PlateauSchedule.self, from: Data(text.replacing(part, with: wrong).utf8))
    }
  }
}
