/// The gradient and the curvature of a loss, compared with the differences of its values and of its gradient.
public struct LossCheck: Hashable, Sendable {
  /// The predictions at which the loss was checked. Component `i` of both checks belongs to sample `i`.
  public let predictions: [Double]

  /// The targets, one for each prediction.
  public let targets: [Double]

  /// The gradient against the differences of the values.
  public let gradient: GradientCheck

  /// The curvature against the differences of the gradient. Where the gradient jumps, at a kink of the loss, the
  /// curvature has to be between those of the two sides.
  public let curvature: GradientCheck

  package init(predictions: [Double], targets: [Double], gradient: GradientCheck, curvature: GradientCheck) {
    (self.predictions, self.targets, self.gradient, self.curvature) = (predictions, targets, gradient, curvature)
  }

  /// Whether no sample is wrong, and the gradient of at least one, if there are any, was compared.
  ///
  /// Rounding of the gradient often hides a curvature in the tails, so that it need not be compared anywhere.
  public var passed: Bool { gradient.passed && curvature.failures.isEmpty }
}

extension LossCheck: CustomStringConvertible {
  /// The outcome in plain English, a line for each derivative.
  public var description: String {
    let place = { "prediction \(predictions[$0]) with target \(targets[$0])" }
    return gradient.description(of: "gradient", at: place) + "\n" + curvature.description(of: "curvature", at: place)
  }
}

extension PointwiseLoss {
  /// Compares the gradient with the differences of the values, and the curvature with those of the gradient, in
  /// `Double`.
  ///
  /// Each sample counts for itself: its component is weight × gradient. So `reduction` does not matter.
  ///
  /// ```swift
  /// let check = try RegressionLoss.huber().checkGradient(predictions: [0.5, 1, 30], targets: [0, 0, 0])
  /// print(check.passed, check.curvature.kinks)  // true [1]
  /// ```
  ///
  /// - Parameters:
  ///   - predictions: n numbers. Those that are not finite, or whose loss is not, are inconclusive.
  ///   - targets: n numbers.
  ///   - weights: n numbers, finite and not negative; without them every weight is 1.
  ///   - tolerance: The largest error that passes, greater than 0 and less than 1; see ``GradientCheck``.
  /// - Throws: ``LossError`` as every verb does, and where the tolerance is out of range.
  /// - Complexity: O(n); about 20 evaluations of each smooth sample for either derivative.
  public func checkGradient(
    predictions: [Double], targets: [Double], weights: [Double]? = nil,
    tolerance: Double = GradientCheck.defaultTolerance
  ) throws(LossError) -> LossCheck {
    try GradientCheck.validate(tolerance: tolerance)
    let analytic = try valueGradientAndCurvature(
      predictions: predictions, targets: targets, weights: weights, reduction: .sum)
    let gradient = try GradientCheck(
      at: predictions, derivatives: analytic.gradient, tolerance: tolerance, jumpRule: .disagrees
    ) { (i, x) throws(LossError) in
      try values(predictions: [x], targets: [targets[i]], weights: weights.map { [$0[i]] }, threads: 1)[0]
    }
    let curvature = try GradientCheck(
      at: predictions, derivatives: analytic.curvature, tolerance: tolerance, jumpRule: .comparesSides
    ) { (i, x) throws(LossError) in
      try self.gradient(
        predictions: [x], targets: [targets[i]], weights: weights.map { [$0[i]] }, reduction: .sum, threads: 1)[0]
    }
    return LossCheck(predictions: predictions, targets: targets, gradient: gradient, curvature: curvature)
  }

  /// Compares gradient and curvature with differences at samples of its own choice: a grid, the tails, and every kink
  /// within 16 of the target, for several targets that the loss allows.
  ///
  /// - Parameter tolerance: The largest error that passes, greater than 0 and less than 1; see ``GradientCheck``.
  /// - Throws: ``LossError`` for a parameter of the loss that is not allowed, and where the tolerance is out of range.
  public func checkGradient(tolerance: Double = GradientCheck.defaultTolerance) throws(LossError) -> LossCheck {
    let samples = try CheckSamples(for: self)
    guard !samples.predictions.isEmpty else {
      throw .invalidArgument(argument: "loss", value: "\(self)", expected: "a loss that is finite at some sample")
    }
    return try checkGradient(predictions: samples.predictions, targets: samples.targets, tolerance: tolerance)
  }

  /// Compares the derivatives by the loss's own parameters with differences of the mean loss.
  ///
  /// - Parameter tolerance: The largest error that passes, greater than 0 and less than 1; see ``GradientCheck``. Its
  ///   components are the ``parameterNames``; at an edge of its domain a parameter has nothing to be compared with.
  /// - Throws: ``LossError`` as every verb does, and where the tolerance is out of range.
  public func checkParameterGradient(
    predictions: [Double], targets: [Double], weights: [Double]? = nil,
    tolerance: Double = GradientCheck.defaultTolerance
  ) throws(LossError) -> GradientCheck {
    try GradientCheck.validate(tolerance: tolerance)
    let gradient = try valueAndParameterGradient(
      predictions: predictions, targets: targets, weights: weights, threads: 1
    ).parameterGradient
    return try GradientCheck(moving: parameterValues, gradient: gradient, tolerance: tolerance) {
      (parameters) throws(LossError) in
      // Other parameters may be out of range, or allow other targets.
      guard let loss = try? withParameterValues(parameters) else { return .nan }
      return (try? loss.value(predictions: predictions, targets: targets, weights: weights, threads: 1)) ?? .nan
    }
  }
}
