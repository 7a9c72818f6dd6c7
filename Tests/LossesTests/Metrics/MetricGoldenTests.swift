import Losses
import Testing

/// Values of scikit-learn 1.9.1, without and with `sample_weight`.
@Suite struct MetricGoldenTests {
  struct Golden<Metric: Losses.Metric>: CustomTestStringConvertible, Sendable {
    var metric: Metric
    var plain: Double
    var weighted: Double

    init(_ metric: Metric, _ plain: Double, _ weighted: Double) {
      (self.metric, self.plain, self.weighted) = (metric, plain, weighted)
    }

    var testDescription: String { metric.description }

    func check(_ value: ([Double]?) throws -> Double, weights: [Double]) throws {
      for (expected, weights) in [(plain, nil), (weighted, weights)] {
        let found = try value(weights)
        #expect(abs(found - expected) <= 4e-15 * max(1, abs(expected)), "\(found) instead of \(expected)")
      }
    }
  }

  private let targets = [3, 0.5, 2, 7, 1, 4, 0.25, 5.5, 2, 1.5]
  private let estimates = [2.5, 0.75, 2, 6, 1.5, 4.25, 0.5, 7, 1, 1.25]
  private let weights = [1, 2, 0.5, 1, 3, 0.25, 1, 2, 1.5, 0.75]

  /// From root_mean_squared_error, mean_squared_error, mean_absolute_error, median_absolute_error, r2_score,
  /// mean_pinball_loss, mean_tweedie_deviance, d2_tweedie_score, d2_absolute_error_score and d2_pinball_score.
  @Test(arguments: [
    Golden(RegressionMetric.rootMeanSquaredError, 0.7071067811865476, 0.7966275068156915),
    Golden(.meanSquaredError, 0.5, 0.6346153846153846),
    Golden(.meanAbsoluteError, 0.55, 0.6538461538461539),
    Golden(.medianAbsoluteError, 0.375, 0.5),
    Golden(.rSquared, 0.8870216071176388, 0.8625633221872935),
    Golden(.pinball(level: 0.9), 0.275, 0.26153846153846155),
    Golden(.pinball(level: 0.5), 0.275, 0.6538461538461539 / 2),
    Golden(.deviance(.gaussian), 0.5, 0.6346153846153846),
    Golden(.deviance(.laplace), 1.1, 2 * 0.6538461538461539),
    Golden(.deviance(.asymmetricLaplace(level: 0.9)), 0.55, 2 * 0.26153846153846155),
    Golden(.deviance(.poisson), 0.18708437368452782, 0.23492588428782474),
    Golden(.deviance(.tweedie(power: 1)), 0.18708437368452782, 0.23492588428782474),
    Golden(.deviance(.tweedie(power: 1.5)), 0.15157142930416456, 0.18663863414694093),
    Golden(.deviance(.gamma), 0.14416277154740104, 0.1710371544934901),
    Golden(.deviance(.tweedie(power: 3)), 0.18865154332677808, 0.19861486278317714),
    Golden(.devianceExplained(.gaussian), 0.8870216071176388, 0.8625633221872935),
    Golden(.devianceExplained(.laplace), 0.6615384615384615, 0.6023391812865497),
    Golden(.devianceExplained(.asymmetricLaplace(level: 0.3)), 0.5617529880478087, 0.35628227194492246),
    Golden(.devianceExplained(.poisson), 0.8860005300862417, 0.8683766762201053),
    Golden(.devianceExplained(.tweedie(power: 1.5)), 0.8619204311811961, 0.8457726638023412),
    Golden(.devianceExplained(.gamma), 0.8194178088814585, 0.8061618026053565),
    Golden(.devianceExplained(.tweedie(power: 3)), 0.6767649323408027, 0.6778899407704175),
  ])
  func regression(_ golden: Golden<RegressionMetric>) throws {
    try golden.check(
      { try golden.metric.value(predictions: estimates, targets: targets, weights: $0) }, weights: weights)
  }

  private let labels: [Double] = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0]
  private let probabilities = [0.1, 0.8, 0.4, 0.4, 0.9, 0.6, 0.2, 0.5, 0.4, 0.3, 0.6, 0.05]

  /// From accuracy_score, balanced_accuracy_score, precision_score, recall_score, f1_score and matthews_corrcoef of
  /// `p > 0.5`, and from roc_auc_score, average_precision_score, log_loss, brier_score_loss and d2_log_loss_score.
  @Test(arguments: [
    Golden(BinaryMetric.accuracy(), 0.6666666666666666, 0.7068965517241379),
    Golden(.balancedAccuracy(), 0.6666666666666667, 0.7722222222222221),
    Golden(.precision(), 0.75, 0.96),
    Golden(.recall(), 0.5, 0.6),
    Golden(.f1(), 0.6, 0.7384615384615385),
    Golden(.matthews(), 0.3535533905932738, 0.5086193101855283),
    Golden(.rocAUC, 0.875, 0.9527777777777778),
    Golden(.averagePrecision, 0.8416666666666666, 0.9677171717171718),
    Golden(.logLoss, 0.4607205829987288, 0.4036982984200331),
    Golden(.brier, 0.15354166666666666, 0.12818965517241382),
    Golden(.devianceExplained, 0.33532069967226186, 0.34821802980454153),
  ])
  func binary(_ golden: Golden<BinaryMetric>) throws {
    try golden.check(
      { try golden.metric.value(predictions: probabilities, targets: labels, weights: $0) },
      weights: [1, 2, 0.5, 1, 3, 0.25, 1, 2, 1.5, 0.75, 1, 0.5])
  }

  private let classes = [0, 2, 1, 1, 0, 2, 2, 0, 1, 2]
  private let rows = [
    0.7, 0.2, 0.1, 0.1, 0.3, 0.6, 0.2, 0.5, 0.3, 0.5, 0.3, 0.2, 0.3, 0.45, 0.25,
    0.2, 0.7, 0.1, 0.05, 0.15, 0.8, 0.6, 0.1, 0.3, 0.35, 0.4, 0.25, 0.1, 0.4, 0.5,
  ]

  /// From the functions of the same names, with `average="macro"`, and top_k_accuracy_score.
  @Test(arguments: [
    Golden(CategoricalMetric.accuracy, 0.7, 0.6730769230769231),
    Golden(.balancedAccuracy, 0.6944444444444443, 0.7013888888888888),
    Golden(.precision, 0.7222222222222222, 0.7103174603174603),
    Golden(.recall, 0.6944444444444443, 0.7013888888888888),
    Golden(.f1, 0.6984126984126985, 0.684196806777452),
    Golden(.matthews, 0.5606060606060606, 0.5379554050207875),
    Golden(.topK(k: 1), 0.7, 0.6730769230769231),
    Golden(.topK(k: 2), 0.9, 0.9807692307692307),
    Golden(.logLoss, 0.8614585537424887, 0.7888868118754098),
    Golden(.brier, 0.49450000000000005, 0.45749999999999996),
  ])
  func categorical(_ golden: Golden<CategoricalMetric>) throws {
    try golden.check(
      { try golden.metric.value(predictions: rows, targets: classes, classCount: 3, weights: $0) }, weights: weights)
  }

  /// By hand: in tenths the bins hold {0.1}, {0.2, 0.25}, {0.7} and {0.9, 1}.
  @Test func calibration() throws {
    let p = [0.1, 0.2, 0.25, 0.7, 0.9, 1]
    let y: [Double] = [0, 1, 0, 1, 0, 1]
    let expected = (0.1 + 0.55 + 0.3 + 0.9) / 6
    #expect(abs(try BinaryMetric.calibrationError().value(predictions: p, targets: y) - expected) <= 1e-15)
    let one = try BinaryMetric.calibrationError(bins: 1).value(predictions: p, targets: y)
    #expect(abs(one - abs(3 - 3.15) / 6) <= 1e-15)
    // Each row as the probabilities of two classes: the greater one is 0.9, 0.8, 0.75, 0.7, 0.9 and 1.
    let rows = p.flatMap { [1 - $0, $0] }
    let categorical = try CategoricalMetric.calibrationError().value(
      predictions: rows, targets: y.map { UInt8($0) }, classCount: 2)
    let gaps: [Double] = [abs(1 - 0.9 - 0.9), 0.8, abs(2 - 0.75 - 0.7), 0]
    #expect(abs(categorical - gaps.reduce(0, +) / 6) <= 1e-15)
  }
}
