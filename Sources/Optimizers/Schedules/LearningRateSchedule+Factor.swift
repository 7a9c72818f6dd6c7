internal import Losses

extension LearningRateSchedule {
  /// What the learning rate is multiplied by at a step, counted from 0; a negative step counts as 0.
  ///
  /// The time it takes does not depend on the step; for milestones and sequences it is that of going through them.
  /// Parameters outside their domain give a number that means nothing, perhaps NaN.
  public func factor(at step: Int) -> Double {
    let k = max(step, 0)
    switch self {
    case .constant(let factor): return factor
    case .linear(let from, let to, let steps):
      return k < steps ? blend(from, to, Double(k) / Double(steps)) : to
    case .step(let size, let factor): return power(factor, Double(k / max(size, 1)))
    case .multiStep(let milestones, let factor): return power(factor, Double(milestones.count { $0 <= k }))
    case .exponential(let factor): return power(factor, Double(k))
    case .polynomial(let steps, let exponent, let end):
      return k < steps ? blend(end, 1, Math.pow(Double(steps - k) / Double(steps), exponent)) : end
    case .cosine(let steps, let minimum):
      return k < steps ? blend(minimum, 1, halfWave(Double(steps - k) / Double(steps))) : minimum
    case .cosineWarmRestarts(let period, let multiplier, let minimum):
      return blend(minimum, 1, halfWave(Self.remainingShare(of: k, period: period, multiplier: multiplier)))
    case .oneCycle(let steps, let warmUp, let divisor, let finalDivisor, let shape):
      return Self.oneCycle(
        at: min(k, max(steps, 1) - 1), steps: Double(steps), warmUp: warmUp, start: 1 / divisor,
        end: 1 / divisor / finalDivisor, shape)
    case .cyclic(let minimum, let up, let down, let shape, let gamma):
      return blend(minimum, 1, Self.cycle(at: k, up: up, down: down, shape, gamma))
    case .inverseSquareRoot(let warmUp):
      return k < warmUp ? Double(k) / Double(warmUp) : (Double(max(warmUp, 1)) / Double(max(k, 1))).squareRoot()
    case .sequence(let sequence):
      let (schedule, step) = sequence.schedule(at: k)
      return schedule.factor(at: step)
    }
  }

  /// How much of its period is left at a step.
  private static func remainingShare(of step: Int, period: Int, multiplier: Int) -> Double {
    var (position, length) = (step, max(period, 1))
    guard multiplier > 1 else { return Double(length - position % length) / Double(length) }
    // At most 63 periods that double, or grow faster, end before any step.
    while position >= length {
      position -= length
      let (longer, overflow) = length.multipliedReportingOverflow(by: multiplier)
      // No step is that late.
      if overflow { return 1 - Double(position) / (Double(length) * Double(multiplier)) }
      length = longer
    }
    return Double(length - position) / Double(length)
  }

  private static func oneCycle(
    at step: Int, steps: Double, warmUp: Double, start: Double, end: Double, _ shape: Slope
  ) -> Double {
    let (k, peak) = (Double(step), warmUp * steps - 1)
    let isRising = k < peak
    // How far the target is away: 1 at the start of either part, 0 at its end.
    let share = isRising ? (peak - k) / peak : (steps - 1 - k) / (steps - 1 - peak)
    guard k != peak else { return 1 }
    let weight =
      switch shape {
      case .cosine: halfWave(share)
      case .linear: share
      }
    return isRising ? blend(1, start, weight) : blend(end, 1, weight)
  }

  /// The height over the minimum, as a share of that of the first peak.
  private static func cycle(at step: Int, up: Int, down: Int, _ shape: Cycle, _ gamma: Double) -> Double {
    let (up, down) = (min(max(up, 1), longest), min(max(down, 1), longest))
    let (cycle, position) = step.quotientAndRemainder(dividingBy: up + down)
    let height = position <= up ? Double(position) / Double(up) : Double(up + down - position) / Double(down)
    return switch shape {
    case .triangular: height
    case .triangular2: height * Math.pow(0.5, Double(cycle))
    case .exponentialRange: height * Math.pow(gamma, Double(step))
    }
  }
}

/// `base^exponent`, at most the greatest number: an infinite rate would make parameters NaN.
private func power(_ base: Double, _ exponent: Double) -> Double {
  min(Math.pow(base, exponent), .greatestFiniteMagnitude)
}

/// `from + (to − from)t`, exact at both ends and not outside of them by a rounding.
private func blend(_ from: Double, _ to: Double, _ t: Double) -> Double {
  t == 1 ? to : max(min(from, to), min(max(from, to), from + (to - from) * t))
}

/// `½(1 + cos(π(1 − t)))` for `t` in [0, 1], as a square: the sum cancels near 0.
private func halfWave(_ t: Double) -> Double {
  let sine = Math.sin(0.5 * .pi * t)
  return sine * sine
}
