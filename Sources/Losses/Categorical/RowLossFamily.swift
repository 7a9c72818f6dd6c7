/// A family of losses whose samples are rows of predictions. Every loss is a single one: they do not add.
public protocol RowLossFamily: LossFamily {
  /// The values of the parameters, in the order of the catalogue.
  var parameterValues: [Double] { get }

  /// The place of the loss in the list of the kernels. An implementation detail.
  var _kernelIndex: UInt32 { get }
}

extension RowLossFamily {
  /// The row of the catalogue that this loss is an instance of.
  public var entry: LossEntry<Self>? {
    let id = _kernelIndex
    return Self.catalogue.first { $0.id == id }
  }

  private var properties: LossProperties {
    entry?.properties(parameterValues) ?? LossProperties(isConvex: false, isDifferentiable: false)
  }

  /// Whether the loss is a convex function of the row, for every target that it allows.
  public var isConvex: Bool { properties.isConvex }

  /// Whether the loss has a continuous derivative with respect to the row.
  public var isDifferentiable: Bool { properties.isDifferentiable }

  /// A bound of the Euclidean norm of the gradient of a row, for targets that are a class or sum to 1.
  public var lipschitzConstant: Double? { properties.lipschitzConstant }

  /// A bound of the spectral norm of the Hessian of a row, for targets that are a class or sum to 1; `nil` where there is
  /// none and where the gradient jumps.
  public var curvatureBound: Double? { properties.curvatureBound }

  /// Reads the text form: `focal(gamma: 2)`; `focal` and `focal()` take the defaults.
  ///
  /// Throws ``LossError`` for an unknown name (with the nearest one), a malformed text, and a parameter that is
  /// unknown or outside its domain.
  public init(_ text: String) throws(LossError) {
    self = try Self.loss(of: try LossText(text), in: text)
  }

  /// The text form with every parameter.
  public var description: String {
    LossText.describe(entry?.name ?? "", entry?.parameters ?? [], parameterValues)
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
