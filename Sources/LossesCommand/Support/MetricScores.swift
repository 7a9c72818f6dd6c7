import ArgumentParser
import Losses

/// The metrics that are shown beside a loss, and what they compare: the response of the loss to its predictions.
struct MetricScores {
  private let metrics: [any PointwiseMetric]

  /// The metrics of text forms, which have to be of the kind that suits the loss. One that is given twice counts once.
  init(named texts: [String], for loss: some PointwiseLoss) throws {
    metrics = try texts.map { try Self.metric(named: $0, for: loss) }.reduce(into: []) { unique, metric in
      if !unique.contains(where: { $0.description == metric.description }) { unique.append(metric) }
    }
  }

  private static func metric(named text: String, for loss: some PointwiseLoss) throws -> any PointwiseMetric {
    do {
      guard loss is BinaryLoss || loss is MarginLoss else { return try RegressionMetric(text) }
      let metric = try BinaryMetric(text)
      guard loss is MarginLoss else { return metric }
      guard !metric.comparesProbabilities else {
        throw CommandFailure(.usage, "\(metric.name) needs probabilities; \(loss) predicts scores")
      }
      // The sign of a score is its class.
      return text.contains("threshold") ? metric : metric.withThreshold(0)
    } catch LossError.unknownName(let name, let suggestion) {
      let others = MetricCatalogue.items.filter { [$0.name, "\($0.family).\($0.name)"].contains(name) }.map(\.family)
      guard others.isEmpty else {
        throw CommandFailure(
          .usage, "\(name) is a \(others.joined(separator: " and ")) metric and does not suit the loss \(loss)")
      }
      let hint = suggestion.map { "did you mean '\($0)'?" } ?? "'losses list --metrics' shows all"
      throw CommandFailure(.usage, "there is no metric '\(name)' for the loss \(loss); \(hint)")
    }
  }

  /// The value of each metric, by its text form. `targets` are in the notation of the loss.
  func values<S: LossScalar>(
    predictions: [S], targets: [S], weights: [S]?, for loss: some PointwiseLoss
  ) throws -> [(name: String, value: Double)] {
    guard !metrics.isEmpty else { return [] }
    let link = loss.link
    let responses = predictions.map { link.response($0._double) }
    let isMargin = loss is MarginLoss
    let truths = targets.map { isMargin ? ($0._double + 1) / 2 : $0._double }
    let wideWeights = weights?.map(\._double)
    return try metrics.map { metric in
      ("\(metric)", try metric.value(predictions: responses, targets: truths, weights: wideWeights))
    }
  }
}
