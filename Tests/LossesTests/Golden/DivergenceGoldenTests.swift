import Foundation
import Losses
import Testing

@Suite struct DivergenceGoldenTests {
  @Test(arguments: rows)
  func sameNumbers(_ row: GoldenRow) throws { try row.check(GoldenFile(family: "divergence")) }

  @Test func everyRecordHasARow() throws {
    let records = try GoldenFile(family: "divergence").records.map(\.name)
    #expect(Set(records) == Set(Self.rows.map(\.name)))
    #expect(records.count == Self.rows.count)
  }

  static let rows: [GoldenRow] = pyTorch + others

  private static let ofLogs = DivergenceLoss.kullbackLeibler(input: .logProbabilities)
  private static let ofLogsAndLogs = DivergenceLoss.kullbackLeibler(input: .logProbabilities, target: .logProbabilities)
  private static let ofShares = DivergenceLoss.kullbackLeibler(input: .probabilities)
  private static let jensenShannon = DivergenceLoss.jensenShannon(input: .probabilities)

  private static let pyTorch: [GoldenRow] =
    GoldenRow.on(
      "logShares",
      [
        .divergence("F.kl_div(x, q)", ofLogs, factor: { 1 / Double($0.columns ?? 1) }),
        .divergence("F.kl_div(x, q, reduction='batchmean')", ofLogs),
        .divergence("F.kl_div(x, q, reduction='sum')", ofLogs, .sum),
        .divergence("F.kl_div(x, q, reduction='none').sum(1)", ofLogs),
      ])
    + GoldenRow.on(
      "positiveShares",
      [
        .divergence(
          "F.kl_div(x, torch.log(q), log_target=True, reduction='batchmean')", ofLogsAndLogs, targets: { log($0) })
      ])
    + GoldenRow.on("maskedShares", [.divergence("F.kl_div(x, q, reduction='none').sum(1)", ofLogs)])
    + GoldenRow.on(
      "impossible", [.divergence("F.kl_div(x, q, log_target=True, reduction='none').sum(1)", ofLogsAndLogs)])
    + GoldenRow.on(
      "distilled",
      [
        .divergence(
          "F.kl_div(F.log_softmax(x, 1), F.softmax(q, 1), reduction='batchmean')", .kullbackLeibler(target: .logits)),
        .divergence(
          "F.kl_div(F.log_softmax(x / 2, 1), F.softmax(q / 2, 1), reduction='batchmean') * 4",
          .distillation(temperature: 2)),
      ])

  private static let others: [GoldenRow] =
    GoldenRow.on("logShares", [.divergence("optax.losses.kl_divergence(x, q)", ofLogs)])
    + GoldenRow.on("maskedShares", [.divergence("optax.losses.kl_divergence(x, q)", ofLogs)])
    + GoldenRow.on(
      "positiveShares",
      [
        .divergence(
          "optax.losses.kl_divergence_with_log_targets(x, jnp.log(q))", ofLogsAndLogs, targets: { log($0) }),
        .divergence("optax.losses.generalized_kl_divergence(x, q)", ofLogs, withSums: true),
      ])
    + GoldenRow.on(
      "impossible", [.divergence("optax.losses.kl_divergence_with_log_targets(x, q)", ofLogsAndLogs)])
    + GoldenRow.on(
      "shares",
      [
        .divergence("keras.losses.KLDivergence()(q, x)", ofShares),
        .divergence("keras.losses.KLDivergence(reduction='none')(q, x)", ofShares),
        .divergence("rel_entr(q, x).sum(1)", ofShares),
        .divergence("jensenshannon(q, x, axis=1) ** 2", jensenShannon, withSums: true),
      ])
    + GoldenRow.on(
      "zeroShares",
      [
        // Keras clips at 1e-7.
        .divergence("keras.losses.KLDivergence(reduction='none')(q, x)", ofShares)
          .but(values: [log(2), log(4), .infinity]),
        .divergence("rel_entr(q, x).sum(1)", ofShares),
        .divergence("jensenshannon(q, x, axis=1) ** 2", jensenShannon, withSums: true),
      ])
}

extension GoldenRow {
  /// A call on x and q that a divergence gives. Without a `reduction` it is the mean where the record has one value, and the
  /// sum where it has a value for each row.
  ///
  /// `withSums` tells that the formula there has the term Σp − Σq, which makes up for rows that do not sum to one, as here. It
  /// is taken off otherwise, with its gradient.
  fileprivate static func divergence(
    _ call: String, _ loss: DivergenceLoss, _ reduction: Reduction? = nil, withSums: Bool = false,
    factor: @escaping @Sendable (GoldenSamples) -> Double = { _ in 1 },
    targets: @escaping @Sendable (Double) -> Double = { $0 }
  ) -> GoldenRow {
    GoldenRow(call: call) { record, samples in
      let classCount = try #require(samples.columns)
      let q = try #require(samples.q).map(targets)
      let x = samples.x
      let reduction = reduction ?? (record.isMean ? .mean : .sum)
      var (value, gradient) = try loss.valueAndGradient(
        predictions: x, targets: q, classCount: classCount, reduction: reduction)
      var values = try loss.values(predictions: x, targets: q, classCount: classCount)
      let share = reduction == .mean ? 1 / Double(samples.count) : 1
      if !withSums && loss.input != .logits {
        for i in x.indices {
          let p = loss.input == .probabilities ? x[i] : exp(x[i])
          let excess = p - (loss.target == .probabilities ? q[i] : exp(q[i]))
          value -= share * excess
          values[i / classCount] -= excess
          gradient[i] -= share * (loss.input == .probabilities ? 1 : p)
        }
      }
      let factor = factor(samples)
      return GoldenNumbers(
        value: factor * value, values: values.map { factor * $0 }, gradient: ["x": gradient.map { factor * $0 }])
    }
  }
}
