import Optimizers
import Testing

/// A function with a start and, where it is known, its minimum.
struct TestProblem: Objective, Sendable, CustomTestStringConvertible {
  var name: String
  var start: [Double]
  var minimum: Double
  /// Empty where the minimum value alone is published.
  var minimizer: [Double] = []
  var function: @Sendable (Span<Double>, inout MutableSpan<Double>) -> Double

  var parameterCount: Int { start.count }
  var testDescription: String { name }

  func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    function(parameters, &gradient)
  }
}

/// Every evaluation of an objective, in order.
final class Recorder<Base: Objective>: Objective {
  struct Evaluation {
    var parameters: [Double]
    var value: Double
    var gradient: [Double]
  }

  let base: Base
  private(set) var evaluations: [Evaluation] = []

  init(_ base: Base) { self.base = base }

  var parameterCount: Int { base.parameterCount }

  func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) throws -> Double {
    let value = try base.valueAndGradient(at: parameters, gradient: &gradient)
    evaluations.append(
      Evaluation(
        parameters: parameters.indices.map { parameters[$0] }, value: value,
        gradient: gradient.indices.map { gradient[$0] }))
    return value
  }
}

/// The largest `|aᵢ − bᵢ|`.
func maximumDistance(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  return zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0
}
