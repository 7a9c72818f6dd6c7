import Foundation
import Losses
import Testing

@Suite struct RegressionGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "regression")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "regression").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name)))
    #expect(records.count == Self.rows.count)
  }

  static let rows: [GoldenRow] = pyTorch + keras + optax + scikitLearn + sciPy + trees

  private static let half = 0.5 * RegressionLoss.squaredError

  // Functions, as the compiler takes seconds for such an expression within the list.
  @Sendable private static func normalizationOfStudentT(_: Double) -> Double {
    lgamma(2) - lgamma(2.5) + 0.5 * log(4 * .pi) + log(2)
  }

  @Sendable private static func normalizationOfNegativeBinomial(_ y: Double) -> Double {
    y * log(4) - lgamma(y + 4) + lgamma(y + 1) + lgamma(4)
  }

  private static func everyReduction(_ name: String, _ loss: RegressionLoss) -> [GoldenRow] {
    [
      .pointwise("F.\(name)(x, y)", loss),
      .pointwise("F.\(name)(x, y, reduction='sum')", loss, .sum),
      .pointwise("F.\(name)(x, y, reduction='none')", loss),
      .pointwise("F.\(name)(x, y, weight=w)", loss, weighted: true),
      .pointwise("F.\(name)(x, y, weight=w, reduction='sum')", loss, .sum, weighted: true),
    ]
  }

  private static let pyTorch: [GoldenRow] =
    GoldenRow.on(
      "residuals",
      [
        .pointwise(
          "-D.StudentT(4.0, x, 2.0).log_prob(y)", RegressionLoss.studentT(degreesOfFreedom: 4, scale: 2),
          offset: normalizationOfStudentT),
        .pointwise(
          "-D.Cauchy(x, 2.0).log_prob(y)", 0.5 * RegressionLoss.cauchy(scale: 2), offset: { _ in log(2 * .pi) }),
      ])
    + GoldenRow.on("residuals", everyReduction("l1_loss", .absoluteError))
    + GoldenRow.on("residuals", everyReduction("mse_loss", .squaredError))
    + GoldenRow.on(
      "residuals",
      [
        .pointwise("F.huber_loss(x, y)", RegressionLoss.huber()),
        .pointwise("F.huber_loss(x, y, delta=2.5)", RegressionLoss.huber(delta: 2.5)),
        .pointwise("F.huber_loss(x, y, delta=0.25, reduction='sum')", RegressionLoss.huber(delta: 0.25), .sum),
        .pointwise("F.huber_loss(x, y, weight=w)", RegressionLoss.huber(), .sum, weighted: true, factor: perSample),
        .pointwise("F.huber_loss(x, y, reduction='none')", RegressionLoss.huber()),
        .pointwise("F.smooth_l1_loss(x, y)", RegressionLoss.smoothL1()),
        .pointwise("F.smooth_l1_loss(x, y, beta=2.0)", RegressionLoss.smoothL1(beta: 2)),
        .pointwise("F.smooth_l1_loss(x, y, beta=0.25, reduction='sum')", RegressionLoss.smoothL1(beta: 0.25), .sum),
        .pointwise("F.smooth_l1_loss(x, y, beta=0.0)", RegressionLoss.absoluteError),
      ])
    + GoldenRow.on(
      "weightless",
      [
        .pointwise("F.mse_loss(x, y, weight=w)", RegressionLoss.squaredError, weighted: true)
          .but(value: 0, gradient: [0, 0])
      ])
    + GoldenRow.on(
      "counts",
      [
        .pointwise("F.poisson_nll_loss(x, y)", RegressionLoss.poisson),
        .pointwise("F.poisson_nll_loss(x, y, reduction='sum')", RegressionLoss.poisson, .sum),
        .pointwise("F.poisson_nll_loss(x, y, reduction='none')", RegressionLoss.poisson),
        .pointwise("F.poisson_nll_loss(x, y, full=True, reduction='none')", RegressionLoss.poisson, offset: stirling),
        .pointwise(
          "-D.NegativeBinomial(4.0, logits=x - math.log(4.0)).log_prob(y)",
          RegressionLoss.negativeBinomial(dispersion: 0.25),
          offset: normalizationOfNegativeBinomial),
      ])
    + GoldenRow.on(
      "rates",
      [
        .poissonOfRates("F.poisson_nll_loss(x, y, log_input=False)", epsilon: 1e-8),
        .poissonOfRates("F.poisson_nll_loss(x, y, log_input=False, eps=1e-3)", epsilon: 1e-3),
        .poissonOfRates(
          "F.poisson_nll_loss(x, y, log_input=False, full=True, reduction='none')", epsilon: 1e-8, offset: stirling),
      ])

  private static let keras: [GoldenRow] =
    GoldenRow.on(
      "residuals",
      [
        .pointwise("keras.losses.MeanSquaredError()(y, x)", RegressionLoss.squaredError),
        .pointwise("keras.losses.MeanSquaredError(reduction='sum')(y, x)", RegressionLoss.squaredError, .sum),
        .pointwise("keras.losses.MeanSquaredError(reduction='none')(y, x)", RegressionLoss.squaredError),
        .pointwise(
          "keras.losses.MeanSquaredError()(y, x, sample_weight=w)", RegressionLoss.squaredError, .sum, weighted: true,
          factor: perSample),
        .pointwise(
          "keras.losses.MeanSquaredError(reduction='mean_with_sample_weight')(y, x, sample_weight=w)",
          RegressionLoss.squaredError, weighted: true),
        .pointwise(
          "keras.losses.MeanSquaredError(reduction='sum')(y, x, sample_weight=w)", RegressionLoss.squaredError, .sum,
          weighted: true),
        .pointwise("keras.losses.Huber()(y, x)", RegressionLoss.huber()),
        .pointwise("keras.losses.Huber(delta=2.5)(y, x)", RegressionLoss.huber(delta: 2.5)),
        .pointwise("keras.losses.LogCosh(reduction='none')(y, x)", RegressionLoss.logCosh),
      ])
    + GoldenRow.on("noTies", [.pointwise("keras.losses.MeanAbsoluteError()(y, x)", RegressionLoss.absoluteError)])
    + GoldenRow.on(
      "ties",
      [
        .pointwise("keras.losses.MeanAbsoluteError(reduction='none')(y, x)", RegressionLoss.absoluteError)
          .but(values: [0, 0, 0], gradient: [0, 0, 0])
      ])
    + GoldenRow.on("tiny", [.pointwise("keras.losses.LogCosh(reduction='none')(y, x)", RegressionLoss.logCosh)])
    + GoldenRow.on(
      "weightless",
      [
        .pointwise(
          "keras.losses.MeanSquaredError(reduction='mean_with_sample_weight')(y, x, sample_weight=w)",
          RegressionLoss.squaredError, weighted: true)
      ])
    + GoldenRow.on(
      "rates",
      [
        .poissonOfRates("keras.losses.Poisson()(y, x)", epsilon: 1e-7),
        .poissonOfRates(
          "keras.losses.Poisson()(y, x, sample_weight=w)", .sum, weighted: true, epsilon: 1e-7, factor: perSample),
      ])
    + GoldenRow.on(
      "positiveMeans",
      [
        .pointwise(
          "keras.losses.MeanAbsolutePercentageError()(y, x)", 100 * RegressionLoss.absolutePercentageError()),
        .pointwise("keras.losses.MeanSquaredLogarithmicError()(y, x)", RegressionLoss.squaredLogError),
      ])
    + GoldenRow.on(
      "zeroTarget",
      [
        .pointwise(
          "keras.losses.MeanAbsolutePercentageError(reduction='none')(y, x)",
          100 * RegressionLoss.absolutePercentageError()
        ).but(values: [5e8, 0], gradient: [1e9, 0])
      ])

  private static let optax: [GoldenRow] =
    GoldenRow.on(
      "residuals",
      [
        .pointwise("optax.losses.squared_error(x, y)", RegressionLoss.squaredError),
        .pointwise("optax.losses.l2_loss(x, y)", half),
        .pointwise("optax.losses.huber_loss(x, y)", RegressionLoss.huber()),
        .pointwise("optax.losses.huber_loss(x, y, delta=2.5)", RegressionLoss.huber(delta: 2.5)),
        .pointwise("jnp.mean(optax.losses.squared_error(x, y))", RegressionLoss.squaredError),
      ])
    + GoldenRow.on("noTies", [.pointwise("optax.losses.log_cosh(x, y)", RegressionLoss.logCosh)])
    + GoldenRow.on("tiny", [.pointwise("optax.losses.log_cosh(x, y)", RegressionLoss.logCosh)])

  private static let scikitLearn: [GoldenRow] =
    GoldenRow.on(
      "residuals",
      [
        .pointwise("HalfSquaredError().loss(y, x)", half),
        .pointwise("HalfSquaredError().loss(y, x, w)", half, weighted: true),
        .pointwise("HalfSquaredError()(y, x, w)", half, weighted: true),
        .pointwise("HuberLoss(quantile=0.5, delta=2.5).loss(y, x)", RegressionLoss.huber(delta: 2.5)),
      ])
    + GoldenRow.on(
      "noTies",
      [
        .pointwise("AbsoluteError().loss(y, x)", RegressionLoss.absoluteError),
        .pointwise("PinballLoss(quantile=0.9).loss(y, x)", RegressionLoss.quantile(level: 0.9)),
        .pointwise("PinballLoss(quantile=0.25).loss(y, x, w)", RegressionLoss.quantile(level: 0.25), weighted: true),
        .pointwise("EpsilonInsensitive(0.2).py_loss(x, y)", RegressionLoss.epsilonInsensitive(epsilon: 0.2)),
        .pointwise(
          "mean_pinball_loss(y, x, sample_weight=w, alpha=0.9)", RegressionLoss.quantile(level: 0.9), weighted: true),
      ])
    // The midpoint, where scikit-learn takes one side.
    + GoldenRow.on(
      "ties",
      [
        .pointwise("AbsoluteError().loss(y, x)", RegressionLoss.absoluteError)
          .but(values: [0, 0, 0], gradient: [0, 0, 0]),
        .pointwise("PinballLoss(quantile=0.9).loss(y, x)", RegressionLoss.quantile(level: 0.9))
          .but(values: [0, 0, 0], gradient: [-0.4, -0.4, -0.4]),
      ])
    + GoldenRow.on(
      "ends",
      [
        .pointwise("EpsilonInsensitive(0.5).py_loss(x, y)", RegressionLoss.epsilonInsensitive(epsilon: 0.5))
          .but(values: [0, 0, 0, 1.5], gradient: [0.5, -0.5, 0, 1])
      ])
    + GoldenRow.on(
      "weightless",
      [.pointwise("HalfSquaredError()(y, x, w)", half, weighted: true).but(value: 0, gradient: [0, 0])])
    + GoldenRow.on(
      "counts",
      [
        .pointwise("HalfPoissonLoss().loss(y, x)", RegressionLoss.poisson),
        .pointwise("HalfPoissonLoss().loss(y, x, w)", RegressionLoss.poisson, weighted: true),
      ])
    + GoldenRow.on(
      "noTies",
      [
        .pointwise(
          "SquaredEpsilonInsensitive(0.2).py_loss(x, y)", RegressionLoss.squaredEpsilonInsensitive(epsilon: 0.2))
      ])
    + GoldenRow.on(
      "positive",
      [
        .pointwise("HalfGammaLoss().loss(y, x)", RegressionLoss.gamma),
        .tweedie("HalfTweedieLoss(power=1.5).loss(y, x)", power: 1.5),
        .tweedie("HalfTweedieLoss(power=3.0).loss(y, x)", power: 3),
        // There is no such distribution.
        .tweedie("HalfTweedieLoss(power=1e-09).loss(y, x)", power: 1e-9).refused,
        .tweedie("HalfTweedieLoss(power=1.000000001).loss(y, x)", power: 1 + 1e-9),
        .tweedie("HalfTweedieLoss(power=2.000000001).loss(y, x)", power: 2 + 1e-9),
        .pointwise(
          "HalfTweedieLoss(power=0.0).loss(y, x)", RegressionLoss.tweedie(power: 0),
          offset: { y in 0.5 * y * y - y + 0.5 }),
        .pointwise("HalfTweedieLoss(power=1.0).loss(y, x)", RegressionLoss.tweedie(power: 1), offset: { _ in 1 }),
        .pointwise("HalfTweedieLoss(power=2.0).loss(y, x)", RegressionLoss.tweedie(power: 2), offset: { $0 }),
      ])
    + GoldenRow.on(
      "positiveMeans",
      [
        .pointwise(
          "HalfTweedieLossIdentity(power=1.5).loss(y, x)", RegressionLoss.tweedie(power: 1.5),
          offset: { y in 2 * y + 2 - 4 * y.squareRoot() }, predictions: { log($0) }, slope: { 1 / $0 }),
        .pointwise("mean_squared_log_error(y, x)", RegressionLoss.squaredLogError),
        .pointwise(
          "mean_absolute_percentage_error(y, x)", RegressionLoss.absolutePercentageError(floor: .ulpOfOne)),
      ])

  private static let sciPy: [GoldenRow] = GoldenRow.on(
    "residuals",
    [1, 2.5].flatMap { scale -> [GoldenRow] in
      let call = { (name: String) in "least_squares(lambda x: x - y, x, loss='\(name)', f_scale=\(scale), max_nfev=1)" }
      return [
        .pointwise(call("linear"), half, .sum),
        .pointwise(call("huber"), RegressionLoss.huber(delta: scale), .sum),
        .pointwise(call("soft_l1"), RegressionLoss.pseudoHuber(delta: scale), .sum),
        .pointwise(call("cauchy"), RegressionLoss.cauchy(scale: scale), .sum),
        .pointwise(call("arctan"), RegressionLoss.arctan(scale: scale), .sum),
      ]
    })

  /// XGBoost and LightGBM.
  private static let trees: [GoldenRow] =
    GoldenRow.on(
      "residuals",
      [
        .pointwise("gradient('reg:squarederror')", half),
        .pointwise("gradient('reg:pseudohubererror')", RegressionLoss.pseudoHuber()),
        .pointwise("gradient('reg:pseudohubererror', huber_slope=2.5)", RegressionLoss.pseudoHuber(delta: 2.5)),
        .pointwise("metric('rmse')", RegressionLoss.squaredError, .rootMean),
        .pointwise("metric('mape')", RegressionLoss.absolutePercentageError(floor: 1)),
        .pointwise("metric('mae')", RegressionLoss.absoluteError),
        .pointwise("metric('mphe', huber_slope=2.5)", RegressionLoss.pseudoHuber(delta: 2.5)),
        .pointwise("metric('quantile', quantile_alpha=0.9)", RegressionLoss.quantile(level: 0.9)),
      ])
    + GoldenRow.on(
      "counts",
      [
        .pointwise("gradient('count:poisson')", RegressionLoss.poisson),
        .pointwise(
          "metric('poisson-nloglik', objective='count:poisson')", RegressionLoss.poisson, offset: { lgamma($0 + 1) }),
      ])
    + GoldenRow.on(
      "noTies",
      [
        .pointwise("gradient('regression')", half),
        // LightGBM's second derivative is 1 in the tails too.
        .pointwise("gradient('huber', alpha=2.5)", RegressionLoss.huber(delta: 2.5)).exceptCurvature,
      ])
    + GoldenRow.on(
      "smallMeans", [.pointwise("gradient('poisson', poisson_max_delta_step=1e-12)", RegressionLoss.poisson)])
    + GoldenRow.on("near", [.pointwise("gradient('fair', fair_c=2.5)", RegressionLoss.fair(scale: 2.5))])
    + GoldenRow.on(
      "positive",
      [
        .pointwise("gradient('reg:gamma')", RegressionLoss.gamma),
        .pointwise("metric('gamma-nloglik', objective='reg:gamma')", RegressionLoss.gamma),
        .pointwise("metric('gamma')", RegressionLoss.gamma),
        // XGBoost adds 1e-6 to means and targets, which here are as small as 3e-4.
        .pointwise(
          "metric('gamma-deviance', objective='reg:gamma')", 2 * RegressionLoss.gamma, offset: { -2 * log($0) - 2 }
        ).but(value: 663.7473),
        .tweedie("gradient('reg:tweedie', tweedie_variance_power=1.3)", power: 1.3),
        .tweedie("gradient('tweedie', tweedie_variance_power=1.3)", power: 1.3),
        .tweedie("metric('tweedie-nloglik@1.3', objective='reg:tweedie')", power: 1.3),
      ])
    + GoldenRow.on(
      "positiveMeans",
      [
        .pointwise("gradient('reg:squaredlogerror')", 0.5 * RegressionLoss.squaredLogError),
        .pointwise("metric('rmsle')", RegressionLoss.squaredLogError, .rootMean),
        .pointwise("metric('mape')", RegressionLoss.absolutePercentageError()),
      ])
}

/// What a weighted sum is divided by where weights do not count.
func perSample(_ samples: GoldenSamples) -> Double { 1 / Double(samples.x.count) }

/// PyTorch's approximation of ln y! for a count above 1.
private func stirling(_ y: Double) -> Double { y > 1 ? y * log(y) - y + 0.5 * log(2 * .pi * y) : 0 }

extension GoldenRow {
  /// With the constants of the formula there, whose exponentials do not lose 1.
  fileprivate static func tweedie(_ call: String, power p: Double) -> GoldenRow {
    .pointwise(call, RegressionLoss.tweedie(power: p), offset: { y in -y / (1 - p) + 1 / (2 - p) })
  }

  /// ŷ − y ln(ŷ + ε) of a rate: the Poisson loss of ln(ŷ + ε), less ε.
  fileprivate static func poissonOfRates(
    _ call: String, _ reduction: Reduction? = nil, weighted: Bool = false, epsilon: Double,
    factor: @escaping @Sendable (GoldenSamples) -> Double = { _ in 1 },
    offset: @escaping @Sendable (Double) -> Double = { _ in 0 }
  ) -> GoldenRow {
    .pointwise(
      call, RegressionLoss.poisson, reduction, weighted: weighted, factor: factor, offset: { offset($0) - epsilon },
      predictions: { log($0 + epsilon) }, slope: { 1 / ($0 + epsilon) })
  }
}
