/// A loss: a value that can be compared, stored, sent between threads, printed, and asked for its properties.
///
/// How a loss is evaluated depends on what it compares: see ``PointwiseLoss`` and ``CategoricalLoss``.
///
/// A property is a guarantee; `false` and `nil` mean that nothing is claimed. Where a sample is a row of predictions, its
/// gradient is a vector and its curvature a matrix: bounds are those of their Euclidean and their spectral norm.
public protocol Loss: Hashable, Codable, Sendable, CustomStringConvertible {
  /// Whether the loss is a convex function of the prediction, for every target that it allows.
  var isConvex: Bool { get }

  /// Whether the loss has a continuous derivative with respect to the prediction.
  var isDifferentiable: Bool { get }

  /// A bound of the absolute value of the gradient, for every prediction and every target that the loss allows.
  var lipschitzConstant: Double? { get }

  /// A bound of the absolute value of the curvature; `nil` where there is none and where the gradient jumps.
  var curvatureBound: Double? { get }
}
