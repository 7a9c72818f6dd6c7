import Foundation
import Losses
import Optimizers
import Testing

/// The text form of schedules, and their errors.
@Suite struct ScheduleTextTests {
  @Test(arguments: TestedSchedules.valid) func survivesItsText(_ schedule: LearningRateSchedule) throws {
    for text in [
      schedule.description, " \(schedule.description)\n",
      schedule.description.replacing("(", with: " ( ").replacing("[", with: "[ ").replacing(",", with: " ,"),
      schedule.description.replacing(" ", with: "\n "),
    ] {
      #expect(try LearningRateSchedule(text) == schedule)
    }
    let data = try JSONEncoder().encode([schedule])
    #expect(String(decoding: data, as: UTF8.self).contains(schedule.description))
    #expect(try JSONDecoder().decode([LearningRateSchedule].self, from: data) == [schedule])
  }

  private static let texts: [(schedule: LearningRateSchedule, short: String, full: String)] = [
    (.constant(), "constant", "constant(factor: 1.0)"),
    (.linear(steps: 5), "linear(steps: 5)", "linear(from: 0.3333333333333333, to: 1.0, steps: 5)"),
    (.step(size: 30), "step(size: 30)", "step(size: 30, factor: 0.1)"),
    (
      .multiStep(milestones: [30, 80]), "multiStep(milestones: [30, 80])",
      "multiStep(milestones: [30, 80], factor: 0.1)"
    ),
    (.exponential(factor: 0.9), "exponential(factor: 0.9)", "exponential(factor: 0.9)"),
    (.polynomial(steps: 5), "polynomial(steps: 5)", "polynomial(steps: 5, power: 1.0, end: 0.0)"),
    (.cosine(steps: 1000), "cosine(steps: 1e3)", "cosine(steps: 1000, minimum: 0.0)"),
    (
      .cosineWarmRestarts(period: 10), "cosineWarmRestarts(period: 10)",
      "cosineWarmRestarts(period: 10, multiplier: 1, minimum: 0.0)"
    ),
    (
      .oneCycle(steps: 100), "oneCycle(steps: 100)",
      "oneCycle(steps: 100, warmUp: 0.3, divisor: 25.0, finalDivisor: 10000.0, shape: cosine)"
    ),
    (
      .cyclic(minimum: 0.1, up: 20, down: 30), "cyclic(minimum: 0.1, up: 20, down: 30)",
      "cyclic(minimum: 0.1, up: 20, down: 30, shape: triangular, gamma: 1.0)"
    ),
    (.inverseSquareRoot(warmUp: 4000), "inverseSquareRoot(warmUp: 4000)", "inverseSquareRoot(warmUp: 4000)"),
    (
      .linear(from: 0.1, to: 1, steps: 100).running(for: 100, then: .cosine(steps: 900)),
      "linear(from: 0.1, steps: 100) for 100 then cosine(steps: 900)",
      "linear(from: 0.1, to: 1.0, steps: 100) for 100 then cosine(steps: 900, minimum: 0.0)"
    ),
    (
      .constant(factor: 0.5).running(for: 9, then: .cosine(steps: 5).running(for: 5, then: .exponential(factor: 0))),
      "constant(factor: .5)for 9 then cosine(steps: 5)for 5 then exponential(factor: 0)",
      "constant(factor: 0.5) for 9 then cosine(steps: 5, minimum: 0.0) for 5 then exponential(factor: 0.0)"
    ),
  ]

  @Test(arguments: texts)
  func textNamesEveryParameter(_ schedule: LearningRateSchedule, short: String, full: String) throws {
    #expect(schedule.description == full)
    #expect(try LearningRateSchedule(full) == schedule)
    #expect(try LearningRateSchedule(short) == schedule)
  }

  /// The catalogue has every case, and its defaults are those of the text form.
  @Test(arguments: LearningRateSchedule.catalogue.map(\.name)) func defaultsAreThoseShown(name: String) throws {
    let entry = try #require(LearningRateSchedule.catalogue.first { $0.name == name })
    func value(_ parameter: LearningRateSchedule.Entry.Parameter) -> String {
      parameter.defaultValue ?? (parameter.name == "milestones" ? "[5]" : "1")
    }
    let required = entry.parameters.filter { $0.defaultValue == nil }.map { "\($0.name): \(value($0))" }
    let all = entry.parameters.map { "\($0.name): \(value($0))" }
    let schedule = try LearningRateSchedule("\(name)(\(required.joined(separator: ", ")))")
    #expect(try LearningRateSchedule("\(name)(\(all.joined(separator: ", ")))") == schedule)
    #expect(schedule.description.filter { $0 == ":" }.count == entry.parameters.count)
    #expect(Self.texts.contains { $0.full.hasPrefix("\(name)(") })
  }

  @Test(arguments: [
    ("cosin(steps: 5)", "there is no 'cosin'; did you mean 'cosine'?"),
    ("onecycle(steps: 5)", "there is no 'onecycle'; did you mean 'oneCycle'?"), ("zzz", "there is no 'zzz'"),
    ("constant for 5 then polinomial(steps: 5)", "there is no 'polinomial'; did you mean 'polynomial'?"),
    ("", "'' cannot be read: expected a schedule, such as 'cosine(steps: 1000)'"),
    ("cosine", "'cosine' cannot be read: steps is missing; cosine has no default for it"),
    ("step(factor: 1)", "'step(factor: 1)' cannot be read: size is missing; step has no default for it"),
    ("exponential()", "'exponential()' cannot be read: factor is missing; exponential has no default for it"),
    ("multiStep", "'multiStep' cannot be read: milestones must be a list of whole numbers, such as [30, 60]"),
    (
      "cosine(steps: 5, end: 1)",
      "'cosine(steps: 5, end: 1)' cannot be read: cosine has no parameter end; its parameters: steps, minimum"
    ),
    ("cosine(steps: 1.5)", "'cosine(steps: 1.5)' cannot be read: steps is 1.5; expected a whole number"),
    ("cosine(steps: 0)", "cosine has steps 0.0; expected a whole number from 1 to 9007199254740992"),
    ("linear(steps: -3)", "linear has steps -3.0; expected a whole number from 1 to 9007199254740992"),
    (
      "step(size: 9007199254740994)",
      "step has size 9.007199254740994e+15; expected a whole number from 1 to 9007199254740992"
    ),
    ("constant(factor: -1)", "constant has factor -1.0; expected a finite number not below 0"),
    ("constant(factor: inf)", "constant has factor inf; expected a finite number not below 0"),
    ("polynomial(steps: 5, power: 0)", "polynomial has power 0.0; expected a finite number greater than 0"),
    ("cosine(steps: 5, minimum: 2)", "cosine has minimum 2.0; expected a number from 0 to 1"),
    ("oneCycle(steps: 5, divisor: 0.5)", "oneCycle has divisor 0.5; expected a finite number not below 1"),
    (
      "oneCycle(steps: 5, shape: round)",
      "'oneCycle(steps: 5, shape: round)' cannot be read: shape must be one of cosine, linear"
    ),
    (
      "cyclic(minimum: 0, up: 1, down: 1, shape: 1)",
      "'cyclic(minimum: 0, up: 1, down: 1, shape: 1)' cannot be read: shape must be one of triangular, triangular2, "
        + "exponentialRange"
    ),
    (
      "multiStep(milestones: [5, 5])",
      "multiStep has milestones[1] 5.0; expected a whole number from 6 to 9007199254740992"
    ),
    (
      "multiStep(milestones: [0])",
      "multiStep has milestones[0] 0.0; expected a whole number from 1 to 9007199254740992"
    ),
    (
      "multiStep(milestones: [2.5])",
      "'multiStep(milestones: [2.5])' cannot be read: milestones has 2.5; expected whole "
        + "numbers"
    ),
    ("0.5 * constant", "'0.5 * constant' cannot be read: expected a single name, not a sum"),
    (
      "constant then constant",
      "'constant then constant' cannot be read: expected 'for' and a number of steps before 'then'"
    ),
    ("constant for 5", "'constant for 5' cannot be read: expected 'then' and another schedule after 'for 5'"),
    (
      "constant for 5 then",
      "'constant for 5 then' cannot be read: expected a schedule, such as 'cosine(steps: 1000)'"
    ),
    (
      "for 5 then constant",
      "'for 5 then constant' cannot be read: expected a schedule, such as 'cosine(steps: 1000)'"
    ),
    (
      "constant for ever then constant",
      "'constant for ever then constant' cannot be read: expected a whole number of steps after 'for' instead of 'ever'"
    ),
    (
      "constant for 5 for 6 then constant",
      "'constant for 5 for 6 then constant' cannot be read: expected a whole number of steps after 'for' instead of "
        + "'5 for 6'"
    ),
    (
      "constant for then constant",
      "'constant for then constant' cannot be read: expected a whole number of steps after 'for' instead of ''"
    ),
    (
      "constant for 0 then constant",
      "part 1 of the sequence has steps 0.0; expected a whole number from 1 to 9007199254740992"
    ),
    (
      "constant for 5 then cosine(steps: 0)", "cosine has steps 0.0; expected a whole number from 1 to 9007199254740992"
    ),
  ])
  func aTextThatIsWrongIsExplained(text: String, expected: String) {
    let error = #expect(throws: LossError.self) { try LearningRateSchedule(text) }
    #expect(error?.description == expected)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([LearningRateSchedule].self, from: JSONEncoder().encode([text]))
    }
  }

  /// One letter more, less or other, anywhere: an error, or a schedule that survives its text.
  @Test(arguments: texts) func aTextMayHaveAnyTypo(_: LearningRateSchedule, short: String, full: String) throws {
    for index in full.indices {
      for letters in ["", "(", ")", "]", ",", " then ", " for ", "9", "-", "é"] {
        for end in [index, full.index(after: index)] {
          let text = full[..<index] + letters + full[end...]
          guard let schedule = try? LearningRateSchedule(String(text)) else { continue }
          #expect(try LearningRateSchedule(schedule.description) == schedule)
          _ = schedule.factor(at: 100)
        }
      }
    }
  }

  /// Every one is found, and none is encoded: it could not be read again.
  @Test(arguments: TestedSchedules.invalid) func aParameterThatIsWrongIsFound(_ schedule: LearningRateSchedule) {
    let error = #expect(throws: LossError.self) { try schedule.validate() }
    #expect(error.map { "\($0)".contains("expected") } == true)
    #expect(throws: EncodingError.self) { try JSONEncoder().encode([schedule]) }
  }
}
