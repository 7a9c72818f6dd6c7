extension PointwiseLoss {
  /// The constant prediction with the least total loss: the value that every model has to beat.
  ///
  /// `targets` has n elements; `weights`, where given, has n as well. The result is infinite where the loss falls for
  /// ever (logistic, where all targets are 1), and NaN where a target that counts is. With no samples, or weights that sum to 0, it is 0. Where several
  /// constants are equally good, it is one of them.
  ///
  /// Found in `Double` by a bisection on the derivative of the total: O(n) per step, commonly 60 steps. Throws
  /// ``LossError`` like every verb.
  public func baseline<S: LossScalar>(targets: [S], weights: [S]? = nil) throws(LossError) -> Double {
    let wide = targets.map(\._double)
    let wideWeights = weights?.map(\._double)
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
    while true {
      let middle = near + (far - near) / 2
      guard middle != near, middle != far else { return near }
      let s = try slope(middle)
      if s == 0 { return middle }
      if s * direction < 0 { near = middle } else { far = middle }
    }
  }
}
