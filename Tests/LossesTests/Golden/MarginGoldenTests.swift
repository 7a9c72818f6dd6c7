import Losses
import Testing

@Suite struct MarginGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "margin")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "margin").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name)))
    #expect(records.count == Self.rows.count)
  }

  static let rows: [GoldenRow] = pyTorch + keras + optax + scikitLearn + xgBoost

  /// Labels of the other kind.
  private static let signs: @Sendable (Double) -> Double = { 2 * $0 - 1 }
  private static let labels: @Sendable (Double) -> Double = { ($0 + 1) / 2 }

  private static let pyTorch: [GoldenRow] =
    GoldenRow.on(
      "margins",
      [
        .pointwise("F.soft_margin_loss(x, y)", BinaryLoss.logistic(), targets: labels),
        .pointwise("F.soft_margin_loss(x, y, reduction='sum')", BinaryLoss.logistic(), .sum, targets: labels),
        .pointwise("F.soft_margin_loss(x, y, reduction='none')", BinaryLoss.logistic(), targets: labels),
      ])
    + ["farMargins", "farMarginsSinglePrecision"].flatMap {
      GoldenRow.on(
        $0, [.pointwise("F.soft_margin_loss(x, y, reduction='none')", BinaryLoss.logistic(), targets: labels)])
    }

  private static let keras: [GoldenRow] =
    GoldenRow.on(
      "margins",
      [
        .pointwise("keras.losses.Hinge()(y, x)", MarginLoss.hinge),
        .pointwise("keras.losses.SquaredHinge()(y, x)", MarginLoss.squaredHinge),
        .pointwise(
          "keras.losses.Hinge()(y, x, sample_weight=w)", MarginLoss.hinge, .sum, weighted: true, factor: perSample),
      ])
    + GoldenRow.on("zeroOne", [.pointwise("keras.losses.Hinge()(y, x)", MarginLoss.hinge, targets: signs)])
    + GoldenRow.on(
      "marginKinks", [.pointwise("keras.losses.Hinge(reduction='none')(y, x)", MarginLoss.hinge)])
    // Keras takes a batch with a label −1 as it is, zeros included.
    + GoldenRow.on(
      "mixedLabels", [.pointwise("keras.losses.Hinge(reduction='none')(y, x)", MarginLoss.hinge).refused])

  private static let optax: [GoldenRow] = ["margins", "marginKinks"].flatMap {
    GoldenRow.on(
      $0,
      [
        .pointwise("optax.losses.hinge_loss(x, y)", MarginLoss.hinge),
        .pointwise("optax.losses.perceptron_loss(x, y)", MarginLoss.perceptron),
      ])
  }

  private static let scikitLearn: [GoldenRow] =
    ["zeroOne", "farZeroOne"].flatMap {
      GoldenRow.on($0, [.pointwise("ExponentialLoss().loss(y, x)", MarginLoss.exponential, targets: signs)])
    }
    + GoldenRow.on(
      "margins",
      [
        .pointwise("Hinge(1.0).py_loss(x, y)", MarginLoss.hinge),
        .pointwise("Hinge(0.0).py_loss(x, y)", MarginLoss.perceptron),
        .pointwise("SquaredHinge(1.0).py_loss(x, y)", MarginLoss.squaredHinge),
        .pointwise("ModifiedHuber().py_loss(x, y)", MarginLoss.modifiedHuber),
        .pointwise("hinge_loss(y, x, sample_weight=w)", MarginLoss.hinge, weighted: true),
      ])
    // The midpoint, where scikit-learn takes one side.
    + GoldenRow.on(
      "marginKinks",
      [
        .pointwise("Hinge(1.0).py_loss(x, y)", MarginLoss.hinge).but(
          values: [0, 0, 1, 1], gradient: [-0.5, 0.5, -1, 1]),
        .pointwise("Hinge(0.0).py_loss(x, y)", MarginLoss.perceptron)
          .but(values: [0, 0, 0, 0], gradient: [0, 0, -0.5, 0.5]),
      ])

  /// XGBoost's second derivative is 1 where the loss is not 0.
  private static let xgBoost: [GoldenRow] = GoldenRow.on(
    "zeroOne", [.pointwise("gradient('binary:hinge')", MarginLoss.hinge, targets: signs).exceptCurvature])
}
