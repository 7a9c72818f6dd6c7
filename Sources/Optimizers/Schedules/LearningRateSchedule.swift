/// What the learning rate of an update rule is multiplied by at each step.
///
/// A schedule is a pure function of the step `k = 0, 1, 2, …`: it has no state, and training resumes at any step.
///
/// ```swift
/// let schedule = LearningRateSchedule.cosine(steps: 900).warmedUp(steps: 100, from: 0)
/// let rate = 0.1 * schedule.factor(at: step)
/// ```
///
/// It has a text form, `linear(from: 0.0, to: 1.0, steps: 100) for 100 then cosine(steps: 900, minimum: 0.0)`, which
/// ``init(_:)`` reads and ``description`` prints. Numbers of steps are whole numbers from 1 to 2⁵³, up to which every
/// one is a `Double`; factors are finite and not negative, so that the rate of a rule keeps its sign.
///
/// The schedules of PyTorch multiply the base rate as these do, but get there step by step and so collect rounding;
/// their `eta_min`, `base_lr` and `max_lr` are rates, not factors. Those of Optax have the rate itself as a parameter.
@nonexhaustive
public enum LearningRateSchedule: Hashable, Sendable {
  /// `factor` at every step. Requires `factor ≥ 0`.
  ///
  /// PyTorch's `ConstantLR` is a factor for `total_iters` steps and 1 beyond, which is a constant
  /// ``running(for:then:)`` another. Optax' `constant_schedule` is this one.
  case constant(factor: Double = 1)

  /// `from + (to − from) k/steps` for `k ≤ steps`, then `to`; between `from` and `to`, which are `≥ 0`.
  ///
  /// PyTorch's `LinearLR`, which takes 5 `steps` by default and demands `0 < from ≤ 1` and `to ≤ 1`; Optax'
  /// `linear_schedule`, which has no defaults.
  case linear(from: Double = 1.0 / 3, to: Double = 1, steps: Int)

  /// `factor^⌊k/size⌋`, in [0, 1] for a factor of at most 1. Requires `factor ≥ 0`; what grows beyond the greatest
  /// `Double` stays there.
  ///
  /// PyTorch's `StepLR`; Optax' `exponential_decay` with `staircase=True`.
  case step(size: Int, factor: Double = 0.1)

  /// `factor^m` with the number `m` of milestones `≤ k`, in [0, 1] for a factor of at most 1 (He, Zhang, Ren and Sun
  /// 2016). Requires `factor ≥ 0`, and milestones that increase.
  ///
  /// PyTorch's `MultiStepLR`, which allows a milestone several times; Optax' `piecewise_constant_schedule`, which has a
  /// factor for each milestone.
  case multiStep(milestones: [Int], factor: Double = 0.1)

  /// `factorᵏ`, in [0, 1] for a factor of at most 1. Requires `factor ≥ 0`; what grows beyond the greatest `Double`
  /// stays there.
  ///
  /// PyTorch's `ExponentialLR`; Optax' `exponential_decay` with `transition_steps=1`.
  case exponential(factor: Double)

  /// `end + (1 − end)(1 − k/steps)^power` for `k ≤ steps`, then `end`; between 1 and `end` (Liu, Rabinovich and Berg
  /// 2015). Requires `power > 0` and `end ≥ 0`.
  ///
  /// PyTorch's `PolynomialLR`, whose end is 0 and which takes 5 `steps` by default; Optax' `polynomial_schedule`.
  case polynomial(steps: Int, power: Double = 1, end: Double = 0)

  /// `minimum + ½(1 − minimum)(1 + cos(πk/steps))` for `k ≤ steps`, then `minimum`; in [`minimum`, 1] (Loshchilov and
  /// Hutter 2017). Requires `0 ≤ minimum ≤ 1`.
  ///
  /// PyTorch's `CosineAnnealingLR` rises again after `T_max` steps, as far as 1 after twice as many. Optax'
  /// `cosine_decay_schedule` stays, as here.
  case cosine(steps: Int, minimum: Double = 0)

  /// ``cosine(steps:minimum:)`` that starts again after each period, at 1; in [`minimum`, 1] (Loshchilov and Hutter
  /// 2017). A period is `multiplier` times as long as the one before it. Requires `0 ≤ minimum ≤ 1`.
  ///
  /// PyTorch's `CosineAnnealingWarmRestarts`. Optax' `sgdr_schedule` is a list of periods, each with a warm-up.
  case cosineWarmRestarts(period: Int, multiplier: Int = 1, minimum: Double = 0)

  /// Up from `1/divisor` to 1, then down to `1/(divisor · finalDivisor)`, which is reached at the step `steps − 1` and
  /// kept; in [`1/(divisor · finalDivisor)`, 1] (Smith and Topin 2019). Requires `0 ≤ warmUp ≤ 1`, `divisor ≥ 1` and
  /// `finalDivisor ≥ 1`.
  ///
  /// `warmUp` is the share of the steps that lead up. The peak is where `k = warmUp · steps − 1`, which is not always a
  /// whole number.
  ///
  /// PyTorch's `OneCycleLR` with two phases, where `max_lr` is the base rate; it raises an error after `total_steps`
  /// steps. Optax' `cosine_onecycle_schedule` and `linear_onecycle_schedule` have the peak and the end one step later.
  case oneCycle(
    steps: Int, warmUp: Double = 0.3, divisor: Double = 25, finalDivisor: Double = 1e4, shape: Slope = .cosine)

  /// `minimum + (1 − minimum) h s`, where `h` goes from 0 up to 1 in `up` steps and down to 0 in `down` steps, again and
  /// again, and `s` lowers the peaks as ``Cycle`` says; in [`minimum`, 1] (Smith 2017). Requires `0 ≤ minimum ≤ 1` and
  /// `0 ≤ gamma ≤ 1`; only ``Cycle/exponentialRange`` uses `gamma`.
  ///
  /// PyTorch's `CyclicLR`, where `max_lr` is the base rate and both parts of a cycle have 2000 steps by default. Optax
  /// has none.
  case cyclic(minimum: Double, up: Int, down: Int, shape: Cycle = .triangular, gamma: Double = 1)

  /// `min(k/warmUp, √(warmUp/k))`: from 0 up to 1 in `warmUp` steps, then down without an end; in [0, 1] (Vaswani et
  /// al. 2017, up to a constant, and with their first step at `k = 1`).
  ///
  /// Neither PyTorch nor Optax has it.
  case inverseSquareRoot(warmUp: Int)

  /// Schedules one after the other, each with the steps counted from where it begins.
  ///
  /// ``running(for:then:)`` makes it. PyTorch's `SequentialLR`, Optax' `join_schedules`: there milestones are counted
  /// from the start, here each part has its own number of steps.
  indirect case sequence(ScheduleSequence)

  /// How ``oneCycle(steps:warmUp:divisor:finalDivisor:shape:)`` goes from one factor to another.
  @nonexhaustive
  public enum Slope: String, CaseIterable, Hashable, Sendable {
    /// As half a wave of a cosine.
    case cosine
    /// Along a straight line.
    case linear
  }

  /// The peaks of ``cyclic(minimum:up:down:shape:gamma:)``.
  @nonexhaustive
  public enum Cycle: String, CaseIterable, Hashable, Sendable {
    /// All of them are 1: `s = 1`.
    case triangular
    /// Each rises half as far as the one before it: `s = 2⁻ᶜ` in cycle `c = 0, 1, 2, …`.
    case triangular2
    /// They fall with every step: `s = gammaᵏ`.
    case exponentialRange
  }
}

extension LearningRateSchedule {
  /// This schedule for a number of steps, and then another, whose own step 0 is where it begins.
  ///
  /// ```swift
  /// let schedule = LearningRateSchedule.linear(from: 0.1, steps: 100).running(for: 100, then: .cosine(steps: 900))
  /// ```
  ///
  /// - Parameters:
  ///   - steps: How many steps this schedule has, from 1 to 2⁵³.
  ///   - next: What follows it, for ever.
  public func running(for steps: Int, then next: Self) -> Self {
    .sequence(ScheduleSequence([ScheduleSequence.Part(schedule: self, steps: steps)], then: next))
  }

  /// A straight way up to where this schedule begins, and then this schedule, whose own step 0 is where it begins.
  ///
  /// - Parameters:
  ///   - steps: How many steps the way up has, from 1 to 2⁵³.
  ///   - factor: The factor at the first of them, at least 0.
  public func warmedUp(steps: Int, from factor: Double) -> Self {
    Self.linear(from: factor, to: self.factor(at: 0), steps: steps).running(for: steps, then: self)
  }
}
