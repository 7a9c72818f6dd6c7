import Foundation
import Losses
import Testing

@Suite struct RegressionGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "regression")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "regression").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name) + Self.coming))
    #expect(records.count == Self.rows.count + Self.coming.count)
  }

  static let rows: [GoldenRow] = pyTorch + keras + optax + scikitLearn + sciPy + trees

  private static let half = 0.5 * RegressionLoss.squaredError

  private static let pyTorch: [GoldenRow] =
    GoldenRow.on(
      "residuals",
      [("l1_loss", RegressionLoss.absoluteError), ("mse_loss", .squaredError)].flatMap { name, loss -> [GoldenRow] in
        [
          .pointwise("F.\(name)(x, y)", loss),
          .pointwise("F.\(name)(x, y, reduction='sum')", loss, .sum),
          .pointwise("F.\(name)(x, y, reduction='none')", loss),
          .pointwise("F.\(name)(x, y, weight=w)", loss, weighted: true),
          .pointwise("F.\(name)(x, y, weight=w, reduction='sum')", loss, .sum, weighted: true),
        ]
      })
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

  private static let sciPy: [GoldenRow] = GoldenRow.on(
    "residuals",
    [1, 2.5].flatMap { scale -> [GoldenRow] in
      let call = { (name: String) in "least_squares(lambda x: x - y, x, loss='\(name)', f_scale=\(scale), max_nfev=1)" }
      return [
        .pointwise(call("linear"), half, .sum),
        .pointwise(call("huber"), RegressionLoss.huber(delta: scale), .sum),
        .pointwise(call("soft_l1"), RegressionLoss.pseudoHuber(delta: scale), .sum),
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

  /// Of losses that are not here yet.
  private static let coming = [
    "-D.StudentT(4.0, x, 2.0).log_prob(y) on residuals",
    "-D.Cauchy(x, 2.0).log_prob(y) on residuals",
    "-D.NegativeBinomial(4.0, logits=x - math.log(4.0)).log_prob(y) on counts",
    "keras.losses.MeanAbsolutePercentageError()(y, x) on positiveMeans",
    "keras.losses.MeanAbsolutePercentageError(reduction='none')(y, x) on zeroTarget",
    "keras.losses.MeanSquaredLogarithmicError()(y, x) on positiveMeans",
    "SquaredEpsilonInsensitive(0.2).py_loss(x, y) on noTies",
    "HalfGammaLoss().loss(y, x) on positive",
    "HalfTweedieLoss(power=1.5).loss(y, x) on positive",
    "HalfTweedieLoss(power=3.0).loss(y, x) on positive",
    "HalfTweedieLoss(power=0.0).loss(y, x) on positive",
    "HalfTweedieLoss(power=1e-09).loss(y, x) on positive",
    "HalfTweedieLoss(power=1.0).loss(y, x) on positive",
    "HalfTweedieLoss(power=1.000000001).loss(y, x) on positive",
    "HalfTweedieLoss(power=2.0).loss(y, x) on positive",
    "HalfTweedieLoss(power=2.000000001).loss(y, x) on positive",
    "HalfTweedieLossIdentity(power=1.5).loss(y, x) on positiveMeans",
    "mean_squared_log_error(y, x) on positiveMeans",
    "mean_absolute_percentage_error(y, x) on positiveMeans",
    "least_squares(lambda x: x - y, x, loss='cauchy', f_scale=1.0, max_nfev=1) on residuals",
    "least_squares(lambda x: x - y, x, loss='cauchy', f_scale=2.5, max_nfev=1) on residuals",
    "least_squares(lambda x: x - y, x, loss='arctan', f_scale=1.0, max_nfev=1) on residuals",
    "least_squares(lambda x: x - y, x, loss='arctan', f_scale=2.5, max_nfev=1) on residuals",
    "gradient('reg:gamma') on positive",
    "gradient('reg:tweedie', tweedie_variance_power=1.3) on positive",
    "metric('gamma-nloglik', objective='reg:gamma') on positive",
    "metric('gamma-deviance', objective='reg:gamma') on positive",
    "metric('tweedie-nloglik@1.3', objective='reg:tweedie') on positive",
    "gradient('reg:squaredlogerror') on positiveMeans",
    "metric('rmsle') on positiveMeans",
    "metric('mape') on positiveMeans",
    "gradient('fair', fair_c=2.5) on near",
    "gradient('tweedie', tweedie_variance_power=1.3) on positive",
  ]
}

/// What a weighted sum is divided by where weights do not count.
func perSample(_ samples: GoldenSamples) -> Double { 1 / Double(samples.x.count) }

/// PyTorch's approximation of ln y! for a count above 1.
private func stirling(_ y: Double) -> Double { y > 1 ? y * log(y) - y + 0.5 * log(2 * .pi * y) : 0 }

extension GoldenRow {
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
