/// Schedules one after the other: a case of ``LearningRateSchedule``.
///
/// It has no sequences inside: those that it is made of become parts of it.
public struct ScheduleSequence: Hashable, Sendable {
  /// A schedule and how many steps it has.
  public struct Part: Hashable, Sendable {
    /// The schedule, whose step 0 is where the part begins.
    public let schedule: LearningRateSchedule

    /// The number of steps, from 1 to 2⁵³.
    public let steps: Int

    /// A part of a sequence.
    public init(schedule: LearningRateSchedule, steps: Int) {
      self.schedule = schedule
      self.steps = steps
    }
  }

  /// The parts that end, at least one, in their order.
  public let parts: [Part]

  /// What follows them, for ever.
  public let last: LearningRateSchedule

  /// A sequence of parts and of the schedule that follows them.
  public init(_ parts: [Part], then last: LearningRateSchedule) {
    var flat = parts.flatMap(\.flattened)
    if case .sequence(let sequence) = last {
      flat += sequence.parts
      self.last = sequence.last
    } else {
      self.last = last
    }
    self.parts = flat
  }

  /// The schedule of a step, and the step as the schedule counts.
  func schedule(at step: Int) -> (schedule: LearningRateSchedule, step: Int) {
    // Counting down cannot overflow, whatever the parts amount to.
    var remaining = step
    for part in parts {
      if remaining < part.steps { return (part.schedule, remaining) }
      remaining -= max(part.steps, 0)
    }
    return (last, remaining)
  }
}

extension ScheduleSequence.Part {
  /// The part as parts without sequences, with as many steps in all.
  fileprivate var flattened: [Self] {
    guard case .sequence(let sequence) = schedule else { return [self] }
    var result: [Self] = []
    var remaining = steps
    for part in sequence.parts where remaining > 0 {
      result.append(Self(schedule: part.schedule, steps: min(part.steps, remaining)))
      remaining -= max(part.steps, 0)
    }
    // A number of steps that is not allowed stays, to be found by whoever checks the sequence.
    if remaining > 0 || result.isEmpty { result.append(Self(schedule: sequence.last, steps: remaining)) }
    return result
  }
}
