/// `Σ |xᵢ₊₁ − xᵢ|`.
enum TotalVariation {
  /// The value times a factor; adds its subgradient of least norm where there is a gradient.
  ///
  /// A run of equal numbers is pulled by its neighbours alone, and the pull spreads evenly over it.
  static func add(_ factor: Double, at x: [Double], gradient: inout [Double]) -> Double {
    var value = 0.0
    var begin = 0
    var pull = 0.0
    while begin < x.count {
      var end = begin + 1
      while end < x.count, x[end] == x[begin] { end += 1 }
      let jump = end < x.count ? x[end] - x[end - 1] : 0
      let next = jump > 0 ? 1 : jump < 0 ? -1 : jump
      value += abs(jump)
      if !gradient.isEmpty {
        let share = factor * (pull - next) / Double(end - begin)
        for index in begin..<end { gradient[index] += share }
      }
      pull = next
      begin = end
    }
    return factor * value
  }

  /// Replaces x by the minimum of `½‖z − x‖² + λ Σ |zᵢ₊₁ − zᵢ|`, in O(n): dynamic programming (Johnson 2013).
  ///
  /// The derivative of the least cost of the first k numbers, as a function of the last of them, is piecewise linear.
  /// Its knots are kept; adding a term clips it to [−λ, λ], which only takes knots away at both ends.
  /// With a NaN, or infinite numbers, everything is NaN.
  static func denoise(_ x: UnsafeMutableBufferPointer<Double>, by strength: Double) {
    let count = x.count
    guard count > 1, strength > 0 else { return }
    // Around the mean sums stay small, and a strength beyond their range makes all equal.
    let mean = mean(x)
    for index in x.indices { x[index] -= mean }
    var sum = 0.0
    var range = 0.0
    for value in x {
      sum += value
      range = abs(sum) <= range ? range : abs(sum)
    }
    guard range.isFinite else { return x.update(repeating: .nan) }
    guard strength < range else { return x.update(repeating: mean) }

    // Between knots the derivative is slope·z + offset; each knot has what changes there.
    var knots = [Knot](repeating: Knot(), count: 2 * count)
    var lower = [Double](repeating: 0, count: count - 1)
    var upper = lower
    var (left, right) = (count - 1, count)
    knots[left] = Knot(place: x[0] - strength, slope: 1, offset: -x[0] + strength)
    knots[right] = Knot(place: x[0] + strength, slope: -1, offset: x[0] + strength)
    (lower[0], upper[0]) = (knots[left].place, knots[right].place)
    var first = (slope: 1.0, offset: -x[1] - strength)
    var last = (slope: -1.0, offset: x[1] - strength)
    for k in 1..<count - 1 {
      var low = left
      while low <= right, first.slope * knots[low].place + first.offset <= -strength {
        first.slope += knots[low].slope
        first.offset += knots[low].offset
        low += 1
      }
      var high = right
      while high >= low, -last.slope * knots[high].place - last.offset >= strength {
        last.slope += knots[high].slope
        last.offset += knots[high].offset
        high -= 1
      }
      lower[k] = (-strength - first.offset) / first.slope
      upper[k] = (strength + last.offset) / -last.slope
      (left, right) = (low - 1, high + 1)
      knots[left] = Knot(place: lower[k], slope: first.slope, offset: first.offset + strength)
      knots[right] = Knot(place: upper[k], slope: last.slope, offset: last.offset + strength)
      first = (1, -x[k + 1] - strength)
      last = (-1, x[k + 1] - strength)
    }
    var low = left
    while low <= right, first.slope * knots[low].place + first.offset <= 0 {
      first.slope += knots[low].slope
      first.offset += knots[low].offset
      low += 1
    }
    var z = -first.offset / first.slope
    x[count - 1] = z + mean
    for k in (0..<count - 1).reversed() {
      z = min(max(z, lower[k]), upper[k])
      x[k] = z + mean
    }
  }

  private struct Knot {
    var place = 0.0
    var slope = 0.0
    var offset = 0.0
  }

  private static func mean(_ x: UnsafeMutableBufferPointer<Double>) -> Double {
    let count = Double(x.count)
    var mean = 0.0
    for value in x { mean += value / count }
    return mean
  }
}
