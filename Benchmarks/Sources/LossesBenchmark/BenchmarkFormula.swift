public import Losses
public import ReferenceLosses

/// A formula that is a built-in loss written anew, so that the two can be compared.
public protocol BenchmarkFormula: LossFormula {
  associatedtype BuiltIn: PointwiseLoss & ReferenceLoss

  /// What the formula is.
  var builtIn: BuiltIn { get }
}

extension CustomLoss: @retroactive ReferenceLoss, BenchmarkLoss where Formula: BenchmarkFormula {
  var name: String { "formula of \(String("\(formula.builtIn)".prefix { $0 != "(" }))" }
  var sampleKind: SampleKind { (formula.builtIn as? any BenchmarkLoss)?.sampleKind ?? .real }

  /// The reference of the built-in loss.
  public func reference<T: ReferenceScalar>(prediction: T, target: T) -> ReferenceSample<T> {
    formula.builtIn.reference(prediction: prediction, target: target)
  }
}

struct SquaredErrorFormula: BenchmarkFormula {
  var builtIn: RegressionLoss { .squaredError }

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = prediction - target
    return r * r
  }
}

struct HuberFormula: BenchmarkFormula {
  var builtIn: RegressionLoss { .huber() }

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = T.abs(prediction - target)
    return .select(r <= 1, 0.5 * r * r, r - 0.5)
  }
}

struct LogisticFormula: BenchmarkFormula {
  var builtIn: BinaryLoss { .logistic() }

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    target * T.softplus(-prediction) + (1 - target) * T.softplus(prediction)
  }
}
