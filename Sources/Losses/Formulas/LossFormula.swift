/// A loss of one's own: the formula of the loss of one sample, written once for every kind of number.
///
/// ```swift
/// struct Cauchy: LossFormula {
///   var scale = 1.0
///   func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
///     let r = (prediction - target) / T(scale)
///     return .log1p(r * r)
///   }
/// }
/// let loss = CustomLoss(Cauchy(scale: 2))
/// print(try loss.checkGradient())
/// ```
///
/// `Examples/Sources/OwnLoss` fits data with it. Gradient, curvature and the derivatives by the parameters come from the formula itself; see ``CustomLoss``.
///
/// What a formula claims of itself (``isConvex`` and the like) is not checked; by default it claims nothing.
public protocol LossFormula: Hashable, Codable, Sendable {
  /// The loss of one sample.
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T

  /// The parameters that can be learned, at most four; none by default. The formula reads them by
  /// ``LossNumber/parameter(_:_:)``.
  static var parameters: [FormulaParameter<Self>] { get }

  /// Whether the loss is a convex function of the prediction.
  var isConvex: Bool { get }

  /// Whether the loss has a continuous derivative with respect to the prediction.
  var isDifferentiable: Bool { get }

  /// A bound of the absolute value of the gradient.
  var lipschitzConstant: Double? { get }

  /// A bound of the absolute value of the curvature.
  var curvatureBound: Double? { get }

  /// What turns a prediction into an estimate of the target; the identity by default.
  var link: Link { get }

  /// The distribution whose negative log-likelihood the loss is.
  var noiseModel: NoiseModel? { get }
}

/// A formula with derivatives by hand, where those of the formula lose too many digits.
///
/// The derivatives by the parameters still come from ``LossFormula/callAsFunction(prediction:target:)``, and
/// ``PointwiseLoss/checkGradient(tolerance:)`` tells whether what is written by hand fits the formula.
public protocol DifferentiatedFormula: LossFormula {
  /// The loss and its first two derivatives by the prediction.
  func valueGradientAndCurvature<T: LossNumber>(prediction: T, target: T) -> (value: T, gradient: T, curvature: T)
}

/// A parameter of a formula: its name, and where its value is.
///
/// ```swift
/// struct Cauchy: LossFormula {
///   var scale = 1.0
///   static var parameters: [FormulaParameter<Self>] { [FormulaParameter("scale", \.scale)] }
///   func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
///     let r = (prediction - target) / T.parameter(0, scale)
///     return .log1p(r * r)
///   }
/// }
/// ```
public struct FormulaParameter<Formula>: Sendable {
  /// The name.
  public let name: String

  /// The property that has the value.
  public let keyPath: WritableKeyPath<Formula, Double> & Sendable

  /// Names a property of the formula.
  public init(_ name: String, _ keyPath: WritableKeyPath<Formula, Double> & Sendable) {
    self.name = name
    self.keyPath = keyPath
  }
}

extension LossFormula {
  /// No parameters.
  public static var parameters: [FormulaParameter<Self>] { [] }

  /// Nothing is claimed.
  public var isConvex: Bool { false }

  /// Nothing is claimed.
  public var isDifferentiable: Bool { false }

  /// Nothing is claimed.
  public var lipschitzConstant: Double? { nil }

  /// Nothing is claimed.
  public var curvatureBound: Double? { nil }

  /// The prediction estimates the target itself.
  public var link: Link { .identity }

  /// Nothing is claimed.
  public var noiseModel: NoiseModel? { nil }
}
