import Losses
import ReferenceLosses

/// A loss that can be measured and checked.
protocol BenchmarkLoss: PointwiseLoss, ReferenceLoss {
  /// The name in tables.
  var name: String { get }

  /// What its data looks like.
  var sampleKind: SampleKind { get }
}

extension RegressionLoss: BenchmarkLoss {
  var name: String { entry?.name ?? description }
  var sampleKind: SampleKind { self == .poisson ? .count : .real }
}

extension BinaryLoss: BenchmarkLoss {
  var name: String { entry?.name ?? description }
  var sampleKind: SampleKind { .label }
}

extension MarginLoss: BenchmarkLoss {
  var name: String { entry?.name ?? description }
  var sampleKind: SampleKind { .sign }
}

/// The losses to measure.
enum BenchmarkLosses {
  /// One of plain arithmetic, one with a branch, one with transcendental functions; the same as formulas; and a sum.
  static var usual: [any BenchmarkLoss] {
    [
      RegressionLoss.squaredError, RegressionLoss.huber(), BinaryLoss.logistic(),
      CustomLoss(SquaredErrorFormula()), CustomLoss(HuberFormula()), CustomLoss(LogisticFormula()),
      0.7 * RegressionLoss.squaredError + 0.3 * .absoluteError,
    ]
  }

  /// The whole catalogue, with default parameters.
  static var all: [any BenchmarkLoss] {
    RegressionLoss.catalogue.map(\.defaultLoss) as [any BenchmarkLoss]
      + BinaryLoss.catalogue.map(\.defaultLoss) + MarginLoss.catalogue.map(\.defaultLoss)
  }
}
