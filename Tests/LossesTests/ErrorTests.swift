import Losses
import Testing

/// What a call refuses, and what it says.
@Suite struct ErrorTests {
  private func error(_ body: () throws -> Void) -> LossError? {
    do {
      try body()
      return nil
    } catch { return error as? LossError }
  }

  /// The error of every verb.
  private func errors<S: TestScalar>(
    _ loss: any TestedLoss, _ z: [S], _ y: [S], _ w: [S]? = nil, threads: ThreadLimit = .automatic
  ) -> [LossError?] {
    var place = z
    return [
      error { _ = try loss.value(predictions: z, targets: y, weights: w, threads: threads) },
      error { _ = try loss.values(predictions: z, targets: y, weights: w, threads: threads) },
      error { _ = try loss.gradient(predictions: z, targets: y, weights: w, threads: threads) },
      error { _ = try loss.valueAndGradient(predictions: z, targets: y, weights: w, threads: threads) },
      error { _ = try loss.valueGradientAndCurvature(predictions: z, targets: y, weights: w, threads: threads) },
      error { _ = try loss.gradient(predictions: z, targets: y, weights: w, reduction: .rootMean, threads: threads) },
      error {
        var span = place.mutableSpan
        try loss.gradient(overwriting: &span, targets: y.span, weights: w?.span, threads: threads)
      },
      error {
        var span = place.mutableSpan
        _ = try loss.valueAndGradient(overwriting: &span, targets: y.span, weights: w?.span, threads: threads)
      },
    ]
  }

  @Test(arguments: LossCase.kernels)
  func lengthsMustMatch(_ tested: LossCase) {
    let z = [Double](repeating: 0, count: 5)
    let y = [Double](repeating: 1, count: 4)
    for found in errors(tested.loss, z, y) {
      #expect(found == .lengthMismatch(argument: "targets", length: 4, expected: 5))
    }
    for found in errors(tested.loss, z, y + [1], y) {
      #expect(found == .lengthMismatch(argument: "weights", length: 4, expected: 5))
    }
    #expect(error { _ = try tested.loss.value(predictions: [Double](), targets: [1.0]) } != nil)
    #expect(
      "\(LossError.lengthMismatch(argument: "targets", length: 4, expected: 5))" == "targets has 4 elements; expected 5"
    )
  }

  @Test func outputsMustBeAsLongAndStayAsTheyAre() {
    let z = [Double](repeating: 0, count: 5)
    let loss = RegressionLoss.squaredError
    for length in [0, 4, 6] {
      var output = [Double](repeating: 7, count: length)
      var second = [Double](repeating: 7, count: 5)
      var span = output.mutableSpan
      var good = second.mutableSpan
      #expect(
        error { try loss.values(predictions: z.span, targets: z.span, values: &span) }
          == .lengthMismatch(argument: "values", length: length, expected: 5))
      #expect(
        error { try loss.gradient(predictions: z.span, targets: z.span, gradient: &span) }
          == .lengthMismatch(argument: "gradient", length: length, expected: 5))
      #expect(
        error { _ = try loss.valueAndGradient(predictions: z.span, targets: z.span, gradient: &span) }
          == .lengthMismatch(argument: "gradient", length: length, expected: 5))
      #expect(
        error {
          _ = try loss.valueGradientAndCurvature(
            predictions: z.span, targets: z.span, gradient: &good, curvature: &span)
        } == .lengthMismatch(argument: "curvature", length: length, expected: 5))
      #expect(output == [Double](repeating: 7, count: length) && second == [7, 7, 7, 7, 7])
    }
  }

  static let invalid: [(any TestedLoss, String)] = [
    (RegressionLoss.huber(delta: 0), "huber has delta 0.0; expected a finite number greater than 0"),
    (RegressionLoss.huber(delta: -1), "huber has delta -1.0; expected a finite number greater than 0"),
    (RegressionLoss.huber(delta: .nan), "huber has delta nan; expected a finite number greater than 0"),
    (RegressionLoss.huber(delta: .infinity), "huber has delta inf; expected a finite number greater than 0"),
    (RegressionLoss.smoothL1(beta: 0), "smoothL1 has beta 0.0; expected a finite number greater than 0"),
    (RegressionLoss.pseudoHuber(delta: -2), "pseudoHuber has delta -2.0; expected a finite number greater than 0"),
    (RegressionLoss.quantile(level: 0), "quantile has level 0.0; expected a number strictly between 0 and 1"),
    (RegressionLoss.quantile(level: 1), "quantile has level 1.0; expected a number strictly between 0 and 1"),
    (RegressionLoss.expectile(level: 1.5), "expectile has level 1.5; expected a number strictly between 0 and 1"),
    (
      RegressionLoss.epsilonInsensitive(epsilon: -1),
      "epsilonInsensitive has epsilon -1.0; expected a finite number not below 0"
    ),
    (
      BinaryLoss.logistic(positiveWeight: 0),
      "logistic has positiveWeight 0.0; expected a finite number greater than 0"
    ),
    (BinaryLoss.logistic(labelSmoothing: -0.1), "logistic has labelSmoothing -0.1; expected a number from 0 to 1"),
    (BinaryLoss.focal(alpha: 1.1), "focal has alpha 1.1; expected a number from 0 to 1"),
    (BinaryLoss.focal(gamma: -1), "focal has gamma -1.0; expected a finite number not below 0"),
    (MarginLoss.smoothedHinge(gamma: 0), "smoothedHinge has gamma 0.0; expected a finite number greater than 0"),
  ]

  @Test(arguments: invalid.indices)
  func parametersMustBeInTheirDomain(index: Int) {
    let (loss, message) = Self.invalid[index]
    let z = [Float](repeating: 0.5, count: 40)
    let y = [Float](repeating: 1, count: 40)
    for found in errors(loss, z, y) + errors(loss, [Double](), []) {
      #expect(found?.description == message)
    }
    #expect(error { _ = try loss.baseline(targets: y) }?.description == message)
  }

  @Test func aBadCallWritesNothing() {
    let z: [Double] = [1, 2, 3]
    var output: [Double] = [7, 7, 7]
    var span = output.mutableSpan
    let found = [
      error { try RegressionLoss.huber(delta: 0).gradient(predictions: z.span, targets: z.span, gradient: &span) },
      error { try RegressionLoss.huber().gradient(predictions: z.span, targets: z.span, scale: .nan, gradient: &span) },
      error { try RegressionLoss.huber().gradient(predictions: z.span, targets: z.span, threads: 0, gradient: &span) },
    ]
    #expect(found.allSatisfy { $0 != nil } && output == [7, 7, 7])
    #expect(found[1]?.description == "scale is nan; expected a finite number")
    #expect(found[2]?.description == "threads is 0; expected at least 1")
  }

  @Test(arguments: [0, -3, Int.min])
  func thereMustBeAThread(threads: Int) {
    for found in errors(RegressionLoss.huber(), [1.0], [2], threads: .atMost(threads)) {
      #expect(found == .invalidArgument(argument: "threads", value: "\(threads)", expected: "at least 1"))
    }
    #expect(
      error { _ = try RegressionLoss.huber().value(predictions: [1.0], targets: [2], threads: .atMost(.max)) } == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func theScaleMustBeFinite(scale: Double) {
    #expect(
      error { _ = try RegressionLoss.huber().gradient(predictions: [1.0], targets: [2], scale: scale) }
        == .invalidArgument(argument: "scale", value: "\(scale)", expected: "a finite number"))
  }

  static let illegalTargets: [(LossCase, [Double], String)] = [
    (LossCase(RegressionLoss.poisson), [-1, .nan, .infinity, -1e-30], "a finite number not below 0"),
    (LossCase(RegressionLoss.gamma), [0, -1, .nan, .infinity], "a finite number greater than 0"),
    (LossCase(RegressionLoss.tweedie(power: 1.5)), [-1, .nan], "a finite number not below 0"),
    (LossCase(RegressionLoss.tweedie(power: 2.5)), [0, .nan], "a finite number greater than 0"),
    (LossCase(RegressionLoss.negativeBinomial()), [-1, .infinity], "a finite number not below 0"),
    (LossCase(RegressionLoss.squaredLogError), [-1, -2, .nan, .infinity], "a finite number greater than -1"),
    (LossCase(BinaryLoss.logistic()), [-0.1, 1.1, .nan, .infinity], "a number from 0 to 1"),
    (LossCase(BinaryLoss.focal()), [-0.1, 1.1, .nan, -.infinity], "a number from 0 to 1"),
    (LossCase(MarginLoss.hinge), [0, 2, .nan, 0.999], "-1 or 1"),
    (LossCase(MarginLoss.exponential), [0, -2, .nan], "-1 or 1"),
    (LossCase(MarginLoss.smoothedHinge()), [0.5], "-1 or 1"),
  ]

  @Test(arguments: illegalTargets.indices, ScalarKind.allCases)
  func theFirstIllegalTargetIsNamed(index: Int, scalar: ScalarKind) throws {
    checkTargets(Self.illegalTargets[index], scalar.type)
  }

  private func checkTargets<S: TestScalar>(_ row: (LossCase, [Double], String), _: S.Type) {
    let (tested, illegal, expected) = row
    for (count, positions) in [(1, [0]), (33, [32, 32]), (2049, [7, 2048]), (50_000, [9000, 4097, 49_999])] {
      var samples = Samples<S>.random(tested.loss.comparison, count: count)
      for (k, position) in positions.enumerated() { samples.targets[position] = S.make(illegal[k % illegal.count]) }
      let first = positions.min()!
      let value = samples.targets[first]._double
      for threads: ThreadLimit in [1, 4] {
        for found in errors(tested.loss, samples.predictions, samples.targets, threads: threads) {
          guard case .invalidElement("targets", first, let reported, expected)? = found else {
            Issue.record("\(String(describing: found)) instead of targets[\(first)]")
            continue
          }
          #expect(reported == value || reported.isNaN && value.isNaN)
        }
      }
      // With a weight, every position counts that has one.
      samples.weights = Array(repeating: 1, count: count)
      samples.weights[first] = 0
      let rest = positions.filter { $0 != first }.min()
      for found in errors(tested.loss, samples.predictions, samples.targets, samples.weights) {
        if let rest {
          guard case .invalidElement("targets", rest, _, expected)? = found else {
            Issue.record("\(String(describing: found)) instead of targets[\(rest)]")
            continue
          }
        } else {
          #expect(found == nil)
        }
      }
    }
  }

  @Test(arguments: [Double.nan, -1, .infinity, -.infinity, -1e-40])
  func theFirstBadWeightIsNamed(weight: Double) {
    for (count, positions) in [(1, [0]), (40, [35, 39]), (50_000, [44_000, 4099])] {
      var samples = Samples<Float>.random(.residual, count: count)
      for position in positions { samples.weights[position] = Float(weight) }
      let first = positions.min()!
      for threads: ThreadLimit in [1, 4] {
        for found in errors(
          RegressionLoss.huber(), samples.predictions, samples.targets, samples.weights, threads: threads)
        {
          guard case .invalidElement("weights", first, _, "a finite number not below 0")? = found else {
            Issue.record("\(String(describing: found)) instead of weights[\(first)]")
            continue
          }
        }
      }
    }
    #expect(
      "\(LossError.invalidElement(argument: "weights", index: 3, value: -1, expected: "a finite number not below 0"))"
        == "weights[3] is -1.0; expected a finite number not below 0")
    #expect(
      "\(LossError.invalidLabel(argument: "targets", index: 1, value: 3, expected: "a class from 0 to 2"))"
        == "targets[1] is 3; expected a class from 0 to 2")
  }

  /// A residual loss takes any target.
  @Test func regressionTakesAnyTarget() throws {
    #expect(try RegressionLoss.squaredError.values(predictions: [1.0], targets: [.infinity]) == [.infinity])
    #expect(try RegressionLoss.huber().values(predictions: [1.0], targets: [.nan])[0].isNaN)
    // With a power that is not positive the Tweedie loss takes negative targets.
    #expect(throws: Never.self) { try RegressionLoss.tweedie(power: 0).values(predictions: [1.0], targets: [-3]) }
    #expect(throws: LossError.self) { try RegressionLoss.tweedie(power: 0.5).values(predictions: [1.0], targets: [3]) }
  }

  @Test func messagesOfTheOtherErrors() {
    #expect(
      "\(LossError.negativeMean(value: -2))" == "the mean is -2.0; its root needs a loss whose mean is not negative")
    #expect("\(LossError.outOfMemory)" == "the system refused memory for the partial results of this call")
  }
}
