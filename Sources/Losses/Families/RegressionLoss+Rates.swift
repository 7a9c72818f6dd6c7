import CLossKernels

extension RegressionLoss {
  /// Losses of the logarithm of a positive mean.
  static let rateEntries: [LossEntry<Self>] = [
    LossEntry(
      "gamma", lk_loss_gamma, formula: "ŷ + y exp(−ŷ), with y > 0",
      properties: { _ in LossProperties(link: .log, noiseModel: .gamma(shape: 1)) },
      make: { _ in .gamma }),
    LossEntry(
      "tweedie", lk_loss_tweedie, ["power": 1.5],
      formula: "−y(exp((1 − p)ŷ) − 1)/(1 − p) + (exp((2 − p)ŷ) − 1)/(2 − p)",
      properties: { p in
        let noiseModel: NoiseModel? =
          switch p[0] {
          case 1: .poisson
          case 2: .gamma(shape: 1)
          case 3: .inverseGaussian
          default: nil
          }
        return LossProperties(isConvex: (1...2).contains(p[0]), link: .log, noiseModel: noiseModel)
      },
      make: { .tweedie(power: $0[0]) }),
    LossEntry(
      "negativeBinomial", lk_loss_negative_binomial, ["dispersion": 1],
      formula: "(y + 1/α) ln(1 + α exp(ŷ)) − yŷ, with y ≥ 0",
      properties: { p in LossProperties(link: .log, noiseModel: .negativeBinomial(dispersion: p[0])) },
      make: { .negativeBinomial(dispersion: $0[0]) }),
  ]

  /// Losses of the prediction relative to the target.
  static let relativeEntries: [LossEntry<Self>] = [
    LossEntry(
      "squaredLogError", lk_loss_squared_log_error, formula: "(ln(1 + ŷ) − ln(1 + y))², with y > −1",
      properties: { _ in LossProperties(isConvex: false, noiseModel: .logNormal(variance: 0.5)) },
      make: { _ in .squaredLogError }),
    LossEntry(
      "absolutePercentageError", lk_loss_absolute_percentage_error, ["floor": 1e-7],
      formula: "|r|/max(|y|, floor)",
      properties: { p in LossProperties(isDifferentiable: false, lipschitzConstant: 1 / p[0]) },
      make: { .absolutePercentageError(floor: $0[0]) }),
    LossEntry(
      "symmetricAbsolutePercentageError", lk_loss_symmetric_absolute_percentage_error,
      formula: "2|r|/(|ŷ| + |y|), 0 where both are 0",
      properties: { _ in LossProperties(isConvex: false, isDifferentiable: false) },
      make: { _ in .symmetricAbsolutePercentageError }),
  ]
}
