import Foundation
import Losses
import Testing

@Suite struct DistributionGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "distribution")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "distribution").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name)))
    #expect(records.count == Self.rows.count)
  }

  static let rows: [GoldenRow] = GoldenRow.on(
    "gaussian",
    [
      .twoColumns("F.gaussian_nll_loss(x, y, v)", .gaussian()),
      .twoColumns("F.gaussian_nll_loss(x, y, v, reduction='none')", .gaussian()),
      .twoColumns("F.gaussian_nll_loss(x, y, v, full=True)", .gaussian(), offset: 0.5 * log(2 * .pi)),
      .twoColumns("F.gaussian_nll_loss(x, y, v, eps=0.02, reduction='sum')", .gaussian(varianceFloor: 0.02), .sum),
      // There of the deviation and of the scale, here of the logarithms of the variance and of the scale.
      .twoColumns(
        "-D.Normal(x, v).log_prob(y)", .gaussianLogVariance, offset: 0.5 * log(2 * .pi), second: { 2 * log($0) },
        slope: { 2 / $0 }),
      .twoColumns(
        "-D.Laplace(x, v).log_prob(y)", .laplace, offset: log(2), second: { log($0) }, slope: { 1 / $0 }),
    ])
}

extension GoldenRow {
  /// A call on x and v that a loss of rows of two numbers gives. Without a `reduction` it is the mean where the record has
  /// one value, and the sum where it has a value for each sample.
  ///
  /// - `offset`: what the loss of a sample there has more;
  /// - `second`, `slope`: the second number here, and its derivative by v.
  fileprivate static func twoColumns(
    _ call: String, _ loss: DistributionLoss, _ reduction: Reduction? = nil, offset: Double = 0,
    second: @escaping @Sendable (Double) -> Double = { $0 }, slope: @escaping @Sendable (Double) -> Double = { _ in 1 }
  ) -> GoldenRow {
    GoldenRow(call: call) { record, samples in
      let v = try #require(samples.v)
      let y = try #require(samples.y)
      let reduction = reduction ?? (record.isMean ? .mean : .sum)
      let rows = zip(samples.x, v).flatMap { [$0, second($1)] }
      let (value, gradient) = try loss.valueAndGradient(predictions: rows, targets: y, reduction: reduction)
      let values = try loss.values(predictions: rows, targets: y)
      return GoldenNumbers(
        value: value + offset * (reduction == .mean ? 1 : Double(y.count)), values: values.map { $0 + offset },
        gradient: [
          "x": y.indices.map { gradient[2 * $0] }, "v": y.indices.map { gradient[2 * $0 + 1] * slope(v[$0]) },
        ])
    }
  }
}
