extension PointwiseLoss {
  /// The constant prediction with the least total loss: the value that every model has to beat.
  ///
  /// `targets` has n elements; `weights`, where given, has n as well. The result is infinite where the loss falls for
  /// ever (logistic, where all targets are 1), and NaN where a target that counts is. With no samples, or weights that
  /// sum to 0, it is 0. Where several constants are equally good, it is one of them. For a loss that is not convex it
  /// is the best of some local minima: at least as good as every quantile of the targets in steps of 1/64.
  ///
  /// Found in `Double` where the derivative of the total changes its sign, O(n) per step and commonly 10 to 60 steps; for a
  /// loss that is not convex also by a search around the best of the quantiles, O(n log n). Throws ``LossError`` like every
  /// verb.
  public func baseline<S: LossScalar>(targets: [S], weights: [S]? = nil) throws(LossError) -> Double {
    let wide = targets.map(\._double)
    let wideWeights = weights?.map(\._double)
    let constant = try stationaryConstant(wide, wideWeights)
    guard !isConvex, constant.isFinite else { return constant }
    return try bestConstant(near: wide.sorted().filter(\.isFinite), orAt: constant, wide, wideWeights)
  }

  /// The best of a constant and the local minimum around the best quantile of the targets.
  private func bestConstant(
    near sorted: [Double], orAt constant: Double, _ targets: [Double], _ weights: [Double]?
  ) throws(LossError) -> Double {
    var predictions = [Double](repeating: 0, count: targets.count)
    let total = { (constant: Double) throws(LossError) -> Double in
      for i in predictions.indices { predictions[i] = constant }
      let total = try self.value(
        predictions: predictions.span, targets: targets.span, weights: weights?.span, reduction: .sum)
      return total.isNaN ? .infinity : total
    }
    let steps = 64
    let quantiles = (0...steps).compactMap { step -> Double? in
      guard !sorted.isEmpty else { return nil }
      let prediction = link.prediction(sorted[step * (sorted.count - 1) / steps])
      return prediction.isFinite ? prediction : nil
    }
    var best = (index: 0, total: Double.infinity)
    for (index, quantile) in quantiles.enumerated() {
      let total = try total(quantile)
      if total < best.total { best = (index, total) }
    }
    guard best.total < .infinity else { return constant }
    // Golden sections, until the bracket no longer shrinks.
    var low = quantiles[max(0, best.index - 1)]
    var high = quantiles[min(quantiles.count - 1, best.index + 1)]
    let ratio = (5.0.squareRoot() - 1) / 2
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (totalA, totalB) = (try total(a), try total(b))
    while low < a, a < b, b < high {
      if totalA <= totalB {
        (high, b, totalB) = (b, a, totalA)
        a = high - ratio * (high - low)
        totalA = try total(a)
      } else {
        (low, a, totalA) = (a, b, totalB)
        b = low + ratio * (high - low)
        totalB = try total(b)
      }
    }
    var winner = (constant: constant, total: try total(constant))
    for candidate in [quantiles[best.index], low, high] {
      let total = try total(candidate)
      if total < winner.total { winner = (candidate, total) }
    }
    return winner.constant
  }

  /// The constant at which the derivative of the total changes its sign, looked for from 0.
  private func stationaryConstant(_ wide: [Double], _ wideWeights: [Double]?) throws(LossError) -> Double {
    var predictions = [Double](repeating: 0, count: wide.count)
    var gradient = predictions
    let slope = { (constant: Double) throws(LossError) -> Double in
      for i in predictions.indices { predictions[i] = constant }
      var output = gradient.mutableSpan
      try self.gradient(
        predictions: predictions.span, targets: wide.span, weights: wideWeights?.span, reduction: .sum,
        gradient: &output)
      return gradient.reduce(0, +)
    }
    let start = try slope(0)
    guard start != 0 else { return 0 }
    guard !start.isNaN else { return .nan }
    let direction: Double = start > 0 ? -1 : 1
    var near = 0.0
    var nearSlope = start
    var far = direction
    var farSlope = try slope(far)
    while farSlope * direction < 0 {
      (near, nearSlope) = (far, farSlope)
      far *= 2
      guard far.isFinite else { return direction * .infinity }
      farSlope = try slope(far)
    }
    // A slope that vanishes by underflow, not at a minimum, had become tiny before.
    if farSlope == 0, abs(nearSlope) < 1e-100 * abs(start) { return direction * .infinity }
    // ITP (Oliveira and Takahashi 2020): the step of false position, moved towards the middle so that both ends come closer,
    // and never so far from the middle that there would be more than one step beyond those of a bisection.
    let share = 0.2 / abs(far - near)
    var reach = abs(far - near)
    while true {
      let middle = near + (far - near) / 2
      guard middle != near, middle != far else { return near }
      let width = abs(far - near)
      let guess = near + nearSlope / (nearSlope - farSlope) * (far - near)
      let way = middle - guess
      let shift = min(share * width * width, abs(way))
      let away = min(abs(way) - shift, max(0, reach - width / 2))
      var next = middle - (way < 0 ? -away : away)
      if !(min(near, far) < next && next < max(near, far)) { next = middle }
      reach /= 2
      let s = try slope(next)
      if s == 0 { return next }
      if s * direction < 0 { (near, nearSlope) = (next, s) } else { (far, farSlope) = (next, s) }
    }
  }
}
