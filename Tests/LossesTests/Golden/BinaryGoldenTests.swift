import Losses
import Testing

@Suite struct BinaryGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "binary")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "binary").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name)))
    #expect(records.count == Self.rows.count)
  }

  static let rows: [GoldenRow] = pyTorch + keras + optax + scikitLearn + trees

  private static let logistic = BinaryLoss.logistic()
  private static let ofProbabilities = BinaryLoss.crossEntropyOfProbabilities

  /// p = 0 and 1 with the other label, then with their own: −ln ε + 1 with the slope 1/ε, ε = 2⁻⁴⁰, and 0 with slope 1.
  private static let certain = GoldenNumbers(
    values: [28.725887222397812, 28.725887222397812, 0, 0], gradient: ["x": [-0x1p40, 0x1p40, 1, -1]])

  /// Without α: half of it for either class, twice.
  private static func unbalancedFocal(gamma: Double) -> BinaryLoss { 2 * .focal(alpha: 0.5, gamma: gamma) }

  private static let pyTorch: [GoldenRow] =
    GoldenRow.on(
      "logits",
      [
        .pointwise("F.binary_cross_entropy_with_logits(x, y)", logistic),
        .pointwise("F.binary_cross_entropy_with_logits(x, y, reduction='none')", logistic),
        .pointwise(
          "F.binary_cross_entropy_with_logits(x, y, weight=w)", logistic, .sum, weighted: true, factor: perSample),
        .pointwise(
          "F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor(4.0), reduction='none')",
          BinaryLoss.logistic(positiveWeight: 4)),
        .pointwise(
          "sigmoid_focal_loss(x, y, alpha=0.75, gamma=3.0, reduction='mean')", BinaryLoss.focal(alpha: 0.75, gamma: 3)),
      ])
    + GoldenRow.on(
      "softLabels",
      [
        .pointwise("F.binary_cross_entropy_with_logits(x, y, reduction='sum')", logistic, .sum),
        .pointwise(
          "F.binary_cross_entropy_with_logits(x, y, weight=w, pos_weight=torch.tensor(0.5))",
          BinaryLoss.logistic(positiveWeight: 0.5), .sum, weighted: true, factor: perSample),
      ])
    + GoldenRow.on(
      "nearLabels",
      [
        .pointwise("sigmoid_focal_loss(x, y)", BinaryLoss.focal()),
        .pointwise(
          "sigmoid_focal_loss(x, y, alpha=0.75, gamma=3.0, reduction='sum')", BinaryLoss.focal(alpha: 0.75, gamma: 3),
          .sum),
        .pointwise("sigmoid_focal_loss(x, y, alpha=-1)", unbalancedFocal(gamma: 2)),
      ])
    + ["farLogits", "farSinglePrecision"].flatMap {
      GoldenRow.on(
        $0,
        [
          .pointwise("F.binary_cross_entropy_with_logits(x, y, reduction='none')", logistic),
          .pointwise("sigmoid_focal_loss(x, y, gamma=0.5)", BinaryLoss.focal(gamma: 0.5)),
        ])
    }
    + GoldenRow.on(
      "multilabel",
      [
        .pointwise("F.multilabel_soft_margin_loss(x, y)", logistic),
        .multilabel("F.binary_cross_entropy_with_logits(x, y, pos_weight=c)", logistic, .positiveWeights),
        .multilabel("F.multilabel_soft_margin_loss(x, y, weight=c)", logistic, .classWeights),
        .multilabel(
          "F.multilabel_soft_margin_loss(x, y, weight=c, reduction='none')", logistic, .classWeights),
      ])
    + GoldenRow.on(
      "probabilities",
      [
        .pointwise("F.binary_cross_entropy(x, y)", ofProbabilities),
        .pointwise("F.binary_cross_entropy(x, y, weight=w)", ofProbabilities, .sum, weighted: true, factor: perSample),
        .pointwise("F.binary_cross_entropy(x, y, reduction='none')", ofProbabilities),
      ])
    + GoldenRow.on(
      "certain", [.pointwise("F.binary_cross_entropy(x, y, reduction='none')", ofProbabilities).but(certain)])

  private static let keras: [GoldenRow] =
    GoldenRow.on(
      "logits",
      [
        .pointwise("keras.losses.BinaryCrossentropy(from_logits=True)(y, x)", logistic),
        .pointwise(
          "keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)(y, x)",
          BinaryLoss.logistic(labelSmoothing: 0.1)),
      ])
    + GoldenRow.on(
      "softLabels",
      [
        .pointwise(
          "keras.losses.BinaryCrossentropy(from_logits=True, reduction='mean_with_sample_weight')"
            + "(y, x, sample_weight=w)", logistic, weighted: true)
      ])
    + GoldenRow.on(
      "nearLabels",
      [
        .pointwise("keras.losses.BinaryFocalCrossentropy(from_logits=True)(y, x)", unbalancedFocal(gamma: 2)),
        .pointwise(
          "keras.losses.BinaryFocalCrossentropy(from_logits=True, alpha=0.75)(y, x)", unbalancedFocal(gamma: 2)),
        .pointwise(
          "keras.losses.BinaryFocalCrossentropy(from_logits=True, apply_class_balancing=True, alpha=0.75, gamma=3.0)"
            + "(y, x)", BinaryLoss.focal(alpha: 0.75, gamma: 3)),
      ])
    + GoldenRow.on(
      "farLogits",
      [
        .pointwise(
          "keras.losses.BinaryFocalCrossentropy(from_logits=True, reduction='none')(y, x)", unbalancedFocal(gamma: 2))
      ])
    + GoldenRow.on(
      "probabilities",
      [
        .pointwise("keras.losses.BinaryCrossentropy()(y, x)", ofProbabilities),
        .pointwise(
          "keras.losses.BinaryCrossentropy(label_smoothing=0.1)(y, x)", ofProbabilities, targets: { 0.9 * $0 + 0.05 }),
      ])
    + GoldenRow.on(
      "certain",
      [.pointwise("keras.losses.BinaryCrossentropy(reduction='none')(y, x)", ofProbabilities).but(certain)])

  private static let optax: [GoldenRow] =
    ["logits", "softLabels", "farLogits"].flatMap {
      GoldenRow.on($0, [.pointwise("optax.losses.sigmoid_binary_cross_entropy(x, y)", logistic)])
    }
    + GoldenRow.on(
      "nearLabels",
      [
        .pointwise("optax.losses.sigmoid_focal_loss(x, y)", unbalancedFocal(gamma: 2)),
        .pointwise(
          "optax.losses.sigmoid_focal_loss(x, y, alpha=0.75, gamma=3.0)", BinaryLoss.focal(alpha: 0.75, gamma: 3)),
        .pointwise("optax.losses.sparsemax_loss(x, y)", MarginLoss.smoothedHinge(gamma: 2), targets: { 2 * $0 - 1 }),
      ])
    + GoldenRow.on(
      "farLogits",
      [.pointwise("optax.losses.sigmoid_focal_loss(x, y, alpha=0.25, gamma=0.5)", BinaryLoss.focal(gamma: 0.5))])

  private static let scikitLearn: [GoldenRow] =
    GoldenRow.on(
      "logits",
      [
        .pointwise("HalfBinomialLoss().loss(y, x)", logistic),
        .pointwise("HalfBinomialLoss().loss(y, x, w)", logistic, weighted: true),
      ])
    + GoldenRow.on(
      "softLabels",
      [
        .pointwise("HalfBinomialLoss().loss(y, x)", logistic),
        .pointwise("HalfBinomialLoss()(y, x, w)", logistic, weighted: true),
      ])
    + GoldenRow.on("farLogits", [.pointwise("HalfBinomialLoss().loss(y, x)", logistic)])
    + GoldenRow.on(
      "probabilities",
      [
        .pointwise("log_loss(y, x)", ofProbabilities),
        .pointwise("log_loss(y, x, sample_weight=w)", ofProbabilities, weighted: true),
      ])

  /// XGBoost and LightGBM.
  private static let trees: [GoldenRow] =
    GoldenRow.on(
      "nearLabels",
      [
        .pointwise("gradient('binary:logistic')", logistic),
        .pointwise("gradient('binary:logistic', scale_pos_weight=4.0)", BinaryLoss.logistic(positiveWeight: 4)),
        .pointwise("gradient('binary')", logistic),
        .pointwise("gradient('cross_entropy')", logistic),
      ])
    + GoldenRow.on(
      "softLabels",
      [.pointwise("gradient('reg:logistic')", logistic), .pointwise("gradient('binary:logitraw')", logistic)])
}
