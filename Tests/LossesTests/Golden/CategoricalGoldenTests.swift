import Foundation
import Losses
import Testing

@Suite struct CategoricalGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "categorical")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "categorical").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name)))
    #expect(records.count == Self.rows.count)
  }

  static let rows: [GoldenRow] = pyTorch + keras + optax + scikitLearn + trees

  private static let crossEntropy = CategoricalLoss.crossEntropy()
  private static let smoothed = CategoricalLoss.crossEntropy(labelSmoothing: 0.1)

  private static let pyTorch: [GoldenRow] =
    GoldenRow.on(
      "rows",
      [
        .categorical("F.cross_entropy(x, y)", crossEntropy),
        .categorical("F.cross_entropy(x, y, reduction='sum')", crossEntropy, .sum),
        .categorical("F.cross_entropy(x, y, reduction='none')", crossEntropy),
        .categorical("F.cross_entropy(x, y, weight=c)", crossEntropy, classWeighting: .samples),
        .categorical("F.cross_entropy(x, y, weight=c, reduction='sum')", crossEntropy, .sum, classWeighting: .samples),
        .categorical("F.cross_entropy(x, y, label_smoothing=0.1)", smoothed),
        .categorical("F.cross_entropy(x, y, weight=c, label_smoothing=0.1)", smoothed, classWeighting: .targets),
        .categorical(
          "F.cross_entropy(x, y, weight=c, label_smoothing=0.1, reduction='none')", smoothed, classWeighting: .targets),
        .categorical("F.nll_loss(x, y)", .negativeLogLikelihood),
        .categorical("F.nll_loss(x, y, weight=c)", .negativeLogLikelihood, classWeighting: .samples),
        .categorical("F.nll_loss(x, y, ignore_index=0)", .negativeLogLikelihood, ignoredIndex: 0),
        .categorical("F.multi_margin_loss(x, y)", .westonWatkins(), factor: perClass),
        .categorical("F.multi_margin_loss(x, y, p=2)", .westonWatkins(power: 2), factor: perClass),
        .categorical("F.multi_margin_loss(x, y, margin=0.75)", .westonWatkins(margin: 0.75), factor: perClass),
        .categorical(
          "F.multi_margin_loss(x, y, weight=c, reduction='none')", .westonWatkins(), classWeighting: .losses,
          factor: perClass),
      ])
    + GoldenRow.on(
      "ignored",
      [
        .categorical("F.cross_entropy(x, y)", crossEntropy, ignoredIndex: -100),
        .categorical("F.cross_entropy(x, y, weight=c)", crossEntropy, classWeighting: .samples, ignoredIndex: -100),
        .categorical(
          "F.cross_entropy(x, y, weight=c, label_smoothing=0.1)", smoothed, classWeighting: .targets,
          ignoredIndex: -100),
        .categorical("F.cross_entropy(x, y, ignore_index=-100, reduction='none')", crossEntropy, ignoredIndex: -100),
      ])
    + GoldenRow.on(
      "mixtures",
      [
        .categorical("F.cross_entropy(x, q)", crossEntropy, targets: .distributions),
        .categorical("F.cross_entropy(x, q, weight=c)", crossEntropy, targets: .distributions, classWeighting: .losses),
        .categorical("F.cross_entropy(x, q, label_smoothing=0.1)", smoothed, targets: .distributions),
        .categorical(
          "F.cross_entropy(x, q, weight=c, label_smoothing=0.1)", smoothed, targets: .distributions,
          classWeighting: .losses),
      ])
    + GoldenRow.on(
      "choices",
      [
        .categorical("F.cross_entropy(x, y, weight=c)", crossEntropy, classWeighting: .samples),
        .categorical("F.cross_entropy(x, q, weight=c)", crossEntropy, targets: .distributions, classWeighting: .losses),
      ])
    + GoldenRow.on(
      "allIgnored",
      [
        .categorical("F.cross_entropy(x, y)", crossEntropy, ignoredIndex: -100)
          .but(value: 0, gradient: Array(repeating: 0, count: 6))
      ])
    + GoldenRow.on(
      "masked",
      [
        .categorical("F.cross_entropy(x, y)", crossEntropy),
        .categorical("F.cross_entropy(x, y, label_smoothing=0.1)", smoothed).but(smoothedOverTwo),
      ])
    + GoldenRow.on("outOfRange", [.categorical("F.cross_entropy(x, y)", crossEntropy).refused])
    + ["farRows", "farRowsSinglePrecision"].flatMap {
      GoldenRow.on($0, [.categorical("F.cross_entropy(x, y, reduction='none')", crossEntropy)])
    }

  /// The mean of rows of two classes, one beside the masked one: the true class has 0.95 and the other 0.05 of the target.
  private static let smoothedOverTwo: GoldenNumbers = {
    // By how much the true class is ahead.
    let leads = [1.5, 2.75]
    let values = leads.map { log1p(exp(-$0)) + 0.05 * $0 }
    let slopes = leads.map { (1 / (1 + exp($0)) - 0.05) / 2 }
    return GoldenNumbers(
      value: (values[0] + values[1]) / 2, gradient: ["x": [slopes[0], 0, -slopes[0], -slopes[1], slopes[1], 0]])
  }()

  private static let keras: [GoldenRow] =
    GoldenRow.on(
      "rows",
      [
        .categorical("keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x)", crossEntropy),
        .categorical(
          "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x, sample_weight=w)", crossEntropy, .sum,
          weighted: true, factor: { 1 / Double($0.count) }),
        .categorical(
          "keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction='mean_with_sample_weight')"
            + "(y, x, sample_weight=w)", crossEntropy, weighted: true),
      ])
    + ["ignored", "allIgnored"].flatMap {
      GoldenRow.on(
        $0,
        [
          .categorical(
            "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(y, x)", crossEntropy,
            ignoredIndex: -100)
        ])
    }
    + GoldenRow.on(
      "outOfRange",
      [.categorical("keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x)", crossEntropy).refused])
    + GoldenRow.on(
      "mixtures",
      [
        .categorical(
          "keras.losses.CategoricalCrossentropy(from_logits=True)(q, x)", crossEntropy, targets: .distributions),
        .categorical(
          "keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(q, x)", smoothed,
          targets: .distributions),
      ])
    + GoldenRow.on(
      "choices",
      [
        .categorical(
          "keras.losses.CategoricalFocalCrossentropy(from_logits=True, alpha=0.25, gamma=2.0, reduction='none')(q, x)",
          .focal(), targets: .distributions, factor: { _ in 0.25 }),
        .categorical("keras.losses.CategoricalHinge(reduction='none')(q, x)", .crammerSinger()),
      ])
    // Keras counts a 0 for the label itself.
    + GoldenRow.on(
      "negativeScores",
      [
        .categorical("keras.losses.CategoricalHinge(reduction='none')(q, x)", .crammerSinger())
          .but(values: [0, 3], gradient: [0, 0, 1, -1])
      ])
    // Softmax of the logarithm divides by the sum, as Keras does.
    + GoldenRow.on(
      "classShares",
      [
        .ofShares("keras.losses.CategoricalCrossentropy()(q, x)", crossEntropy),
        .ofShares("keras.losses.SparseCategoricalCrossentropy()(y, x)", crossEntropy),
        .ofShares("keras.losses.CategoricalFocalCrossentropy(alpha=0.25, gamma=2.0)(q, x)", .focal(), factor: 0.25),
        .ofShares("keras.losses.CategoricalGeneralizedCrossEntropy(q=0.7)(y, x)", .generalizedCrossEntropy(q: 0.7))
          .exceptGradient,
      ])

  private static let optax: [GoldenRow] =
    ["rows", "masked", "farRows"].flatMap {
      GoldenRow.on(
        $0, [.categorical("optax.losses.softmax_cross_entropy_with_integer_labels(x, y)", crossEntropy)])
    }
    + GoldenRow.on(
      "rows",
      [.categorical("jnp.mean(optax.losses.softmax_cross_entropy_with_integer_labels(x, y))", crossEntropy)])
    + GoldenRow.on(
      "outOfRange",
      [.categorical("optax.losses.softmax_cross_entropy_with_integer_labels(x, y)", crossEntropy).refused])
    + GoldenRow.on(
      "choices",
      [
        .categorical("optax.losses.multiclass_hinge_loss(x, y)", .crammerSinger()),
        .categorical("optax.losses.multiclass_perceptron_loss(x, y)", .perceptron),
        .categorical("optax.losses.poly_loss_cross_entropy(x, q)", .poly1(epsilon: 2)),
        .categorical("optax.losses.poly_loss_cross_entropy(x, q, epsilon=-1.0)", .poly1(epsilon: -1)),
      ])
    + GoldenRow.on("closeRows", [.categorical("optax.losses.multiclass_sparsemax_loss(x, y)", .sparsemax)])
    + GoldenRow.on("negativeScores", [.categorical("optax.losses.multiclass_hinge_loss(x, y)", .crammerSinger())])
    + GoldenRow.on(
      "mixtures",
      [
        .categorical("optax.losses.softmax_cross_entropy(x, q)", crossEntropy, targets: .distributions),
        .categorical(
          "optax.losses.softmax_cross_entropy(x, optax.losses.smooth_labels(q, 0.1))", smoothed,
          targets: .distributions),
        .categorical(
          "optax.losses.poly_loss_cross_entropy(x, q, epsilon=1.0)", .poly1(epsilon: 1), targets: .distributions),
      ])

  private static let scikitLearn: [GoldenRow] =
    GoldenRow.on(
      "rows",
      [
        .categorical("HalfMultinomialLoss(n_classes=4).loss(y, x)", crossEntropy),
        .categorical("HalfMultinomialLoss(n_classes=4).loss(y, x, w)", crossEntropy, weighted: true),
        .categorical("HalfMultinomialLoss(n_classes=4)(y, x, w)", crossEntropy, weighted: true),
        .categorical("hinge_loss(y, x, labels=[0, 1, 2, 3])", .crammerSinger()),
      ])
    + GoldenRow.on(
      "outOfRange", [.categorical("HalfMultinomialLoss(n_classes=3).loss(y, x)", crossEntropy).refused])
    + GoldenRow.on("farRows", [.categorical("HalfMultinomialLoss(n_classes=3).loss(y, x)", crossEntropy)])
    + GoldenRow.on(
      "classShares",
      [.categorical("log_loss(y, x, labels=[0, 1, 2, 3])", CategoricalLoss.crossEntropyOfProbabilities)])

  /// XGBoost, whose second derivative is 2p(1 − p), and LightGBM, whose is p(1 − p)K/(K − 1).
  private static let trees: [GoldenRow] = GoldenRow.on(
    "choices",
    [
      .categorical("gradient('multi:softprob', num_class=4)", crossEntropy).exceptCurvature,
      .categorical("gradient('multi:softmax', num_class=4)", crossEntropy).exceptCurvature,
      .categorical("gradient('multiclass', num_class=4)", crossEntropy).exceptCurvature,
      .oneAgainstAll("gradient('multiclassova', num_class=4)"),
    ])
}

private func perClass(_ samples: GoldenSamples) -> Double { 1 / Double(samples.columns ?? 1) }

extension GoldenRow {
  /// A logistic loss for each class.
  fileprivate static func oneAgainstAll(_ call: String) -> GoldenRow {
    GoldenRow(call: call) { record, samples in
      let classCount = samples.columns ?? 1
      let targets = (samples.y ?? []).flatMap { y in (0..<classCount).map { Double($0) == y ? 1.0 : 0 } }
      let (_, gradient, curvature) = try BinaryLoss.logistic().valueGradientAndCurvature(
        predictions: samples.x, targets: targets, classCount: classCount, reduction: .sum)
      return GoldenNumbers(gradient: ["x": gradient], curvature: curvature)
    }
  }

  /// A loss of probabilities, whose logarithms are the scores.
  fileprivate static func ofShares(_ call: String, _ loss: CategoricalLoss, factor: Double = 1) -> GoldenRow {
    .categorical(call, loss, factor: { _ in factor }, predictions: { log($0) }, slope: { 1 / $0 })
  }
}
