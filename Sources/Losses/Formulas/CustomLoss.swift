/// The loss of a formula, in every place where a built-in loss may stand: all verbs, weights, reductions, threads,
/// linear models. Results are the same, bit for bit, for any number of threads and every instruction set.
///
/// The formula is called once, here, with numbers that note down its operations. Their derivatives follow by the rules
/// of dual numbers (at a kink of `abs`, `min` and `max`, the midpoint), and the kernels run the operations on a few
/// hundred samples at a time: so a debug build evaluates as fast as a release build. A formula that
/// needs more than a hundred constants and intermediate results at once, or is more than 1000 operations deep, is refused
/// by every verb with a ``LossError``.
///
/// A formula that gives NaN for a sample disturbs no other sample. Lengths and weights are checked as for a built-in
/// loss; every target is allowed.
public struct CustomLoss<Formula: LossFormula>: PointwiseLoss {
  /// The formula.
  public let formula: Formula

  private let compiled: CompiledFormula

  /// The loss of a formula. O(operations); make it once for many evaluations.
  public init(_ formula: Formula) {
    self.formula = formula
    let (z, y) = (FormulaExpression(.prediction), FormulaExpression(.target))
    let value = formula(prediction: z, target: y).node
    let count = Formula.parameters.count
    compiled = CompiledFormula(value: value, parameterCount: count) {
      let slopes = (0..<count).map { index in
        var derivative = FormulaDerivative.byParameter(index)
        return derivative(value)
      }
      if let formula = formula as? any DifferentiatedFormula {
        let (_, gradient, curvature) = formula.valueGradientAndCurvature(prediction: z, target: y)
        return (gradient.node, curvature.node, slopes)
      }
      var derivative = FormulaDerivative.byPrediction()
      let gradient = derivative(value)
      return (gradient, derivative(gradient), slopes)
    }
  }

  /// Whether the formulas are equal.
  public static func == (left: Self, right: Self) -> Bool { left.formula == right.formula }

  /// Hashes the formula.
  public func hash(into hasher: inout Hasher) { hasher.combine(formula) }

  /// Decodes the formula.
  public init(from decoder: any Decoder) throws { self.init(try Formula(from: decoder)) }

  /// Encodes the formula.
  public func encode(to encoder: any Encoder) throws { try formula.encode(to: encoder) }

  /// The formula's own description, or its type and parameters, such as `Cauchy(scale: 2.0)`.
  public var description: String {
    if let formula = formula as? any CustomStringConvertible { return formula.description }
    return "\(formula)"
  }

  /// What the formula claims.
  public var isConvex: Bool { formula.isConvex }

  /// What the formula claims.
  public var isDifferentiable: Bool { formula.isDifferentiable }

  /// What the formula claims.
  public var lipschitzConstant: Double? { formula.lipschitzConstant }

  /// What the formula claims.
  public var curvatureBound: Double? { formula.curvatureBound }

  /// What the formula says.
  public var link: Link { formula.link }

  /// What the formula claims.
  public var noiseModel: NoiseModel? { formula.noiseModel }

  /// The names of the formula's parameters.
  public var parameterNames: [String] { Formula.parameters.map(\.name) }

  /// The values of the formula's parameters.
  public var parameterValues: [Double] { Formula.parameters.map { formula[keyPath: $0.keyPath] } }

  /// The loss of the formula with other parameters.
  public func withParameterValues(_ values: [Double]) throws(LossError) -> Self {
    let parameters = Formula.parameters
    guard values.count == parameters.count else {
      throw .lengthMismatch(argument: "values", length: values.count, expected: parameters.count)
    }
    var formula = formula
    for (parameter, value) in zip(parameters, values) { formula[keyPath: parameter.keyPath] = value }
    return Self(formula)
  }

  /// The loss as the kernels know it. An implementation detail.
  public var _kernelTerms: _KernelTerms { _KernelTerms(compiled) }
}
