import Optimizers

/// Schedules of every case, with and without its defaults.
enum TestedSchedules {
  static let single: [LearningRateSchedule] = [
    .constant(), .constant(factor: 0), .constant(factor: 0.25),
    .linear(steps: 7), .linear(from: 0, to: 2.5, steps: 100), .linear(from: 1, to: 0, steps: 1),
    .step(size: 30), .step(size: 1, factor: 0.99), .step(size: 5, factor: 0),
    .multiStep(milestones: []), .multiStep(milestones: [3]), .multiStep(milestones: [1, 2, 40], factor: 0.3),
    .exponential(factor: 0.97), .exponential(factor: 0), .exponential(factor: 1),
    .polynomial(steps: 50), .polynomial(steps: 9, power: 0.5, end: 0.3), .polynomial(steps: 90, power: 3, end: 1.5),
    .cosine(steps: 1), .cosine(steps: 50, minimum: 0.01), .cosine(steps: 60, minimum: 1),
    .cosineWarmRestarts(period: 10), .cosineWarmRestarts(period: 1, multiplier: 2, minimum: 0.1),
    .cosineWarmRestarts(period: 4, multiplier: 3),
    .oneCycle(steps: 1), .oneCycle(steps: 100), .oneCycle(steps: 10, warmUp: 0.1), .oneCycle(steps: 50, warmUp: 1),
    .oneCycle(steps: 50, warmUp: 0, divisor: 1, finalDivisor: 1, shape: .linear),
    .oneCycle(steps: 77, warmUp: 0.4, divisor: 10, finalDivisor: 2, shape: .linear),
    .cyclic(minimum: 0.1, up: 20, down: 20), .cyclic(minimum: 0, up: 1, down: 1),
    .cyclic(minimum: 0.01, up: 3, down: 9, shape: .triangular2),
    .cyclic(minimum: 0.2, up: 9, down: 3, shape: .exponentialRange, gamma: 0.99),
    .inverseSquareRoot(warmUp: 1), .inverseSquareRoot(warmUp: 40),
  ]

  static let sequences: [LearningRateSchedule] = [
    .linear(from: 0.1, steps: 100).running(for: 100, then: .cosine(steps: 900)),
    .constant().running(for: 1, then: .step(size: 3).running(for: 20, then: .multiStep(milestones: [2, 5]))),
    LearningRateSchedule.cyclic(minimum: 0.5, up: 2, down: 2).warmedUp(steps: 6, from: 0),
  ]

  /// As long as can be.
  static let long: [LearningRateSchedule] = [
    .linear(from: 0, steps: longest), .step(size: longest), .multiStep(milestones: [1, longest]),
    .polynomial(steps: longest), .cosine(steps: longest), .cosineWarmRestarts(period: longest),
    .cosineWarmRestarts(period: longest, multiplier: longest), .cosineWarmRestarts(period: 1, multiplier: longest),
    .oneCycle(steps: longest), .cyclic(minimum: 0, up: longest, down: longest), .inverseSquareRoot(warmUp: longest),
    .constant().running(for: longest, then: .cosine(steps: longest).running(for: longest, then: .constant())),
  ]

  static let valid = single + sequences + long

  /// With parameters that the text form would not take.
  static let invalid: [LearningRateSchedule] =
    [0, -1, .min, .max].flatMap { (steps: Int) -> [LearningRateSchedule] in
      [
        .linear(from: 0, steps: steps), .step(size: steps), .multiStep(milestones: [steps, steps]),
        .polynomial(steps: steps), .cosine(steps: steps), .cosineWarmRestarts(period: steps),
        .cosineWarmRestarts(period: 2, multiplier: steps), .cosineWarmRestarts(period: steps, multiplier: steps),
        .oneCycle(steps: steps), .oneCycle(steps: steps, warmUp: 1, shape: .linear),
        .cyclic(minimum: 0, up: steps, down: steps), .cyclic(minimum: 0, up: 2, down: steps),
        .inverseSquareRoot(warmUp: steps), .constant().running(for: steps, then: .constant()),
        .constant().running(for: 2, then: .constant()).running(for: steps, then: .constant()),
      ]
    }
    + [-1, .nan, .infinity, -.infinity].flatMap { (number: Double) -> [LearningRateSchedule] in
      [
        .constant(factor: number), .linear(from: number, steps: 2), .linear(to: number, steps: 2),
        .step(size: 2, factor: number), .multiStep(milestones: [2], factor: number), .exponential(factor: number),
        .polynomial(steps: 5, power: number), .polynomial(steps: 5, end: number), .cosine(steps: 5, minimum: number),
        .cosineWarmRestarts(period: 5, minimum: number), .oneCycle(steps: 5, warmUp: number),
        .oneCycle(steps: 5, divisor: number), .oneCycle(steps: 5, finalDivisor: number),
        .cyclic(minimum: number, up: 1, down: 1),
        .cyclic(minimum: 0, up: 1, down: 1, shape: .exponentialRange, gamma: number),
        .cosine(steps: 5, minimum: number).running(for: 2, then: .constant()),
      ]
    } + [
      .polynomial(steps: 5, power: 0), .oneCycle(steps: 5, divisor: 0), .oneCycle(steps: 5, finalDivisor: 0.5),
      .multiStep(milestones: [5, 4]), .cosine(steps: 5, minimum: 1.5), .oneCycle(steps: 5, warmUp: 1.1),
      .sequence(ScheduleSequence([], then: .constant())),
    ]

  static let longest = 1 << 53
}
