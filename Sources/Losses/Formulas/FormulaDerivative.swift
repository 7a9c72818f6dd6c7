import CLossKernels

/// The derivative of a formula's graph by one of its inputs: the arithmetic of dual numbers, done once on the graph
/// instead of for every sample.
struct FormulaDerivative {
  private let isVariable: (FormulaNode.Kind) -> Bool
  private var known: [ObjectIdentifier: FormulaNode?] = [:]

  /// By the prediction.
  static func byPrediction() -> Self {
    Self { $0 == .prediction }
  }

  /// By a parameter.
  static func byParameter(_ index: Int) -> Self {
    Self {
      if case .parameter(index, _) = $0 { true } else { false }
    }
  }

  private init(_ isVariable: @escaping (FormulaNode.Kind) -> Bool) {
    self.isVariable = isVariable
  }

  /// The derivative of a node.
  mutating func callAsFunction(_ node: FormulaNode) -> FormulaNode {
    derivative(node) ?? .constant(0)
  }

  /// `nil` where it is 0 because the node does not depend on the variable.
  private mutating func derivative(_ node: FormulaNode) -> FormulaNode? {
    if let result = known[ObjectIdentifier(node)] { return result }
    let result = differentiate(node)
    known[ObjectIdentifier(node)] = .some(result)
    return result
  }

  private mutating func differentiate(_ node: FormulaNode) -> FormulaNode? {
    guard case .operation(let code) = node.kind else { return isVariable(node.kind) ? .constant(1) : nil }
    let operands = node.operands
    let derivatives = operands.map { derivative($0) }
    /// Of the product of two operands.
    func ofProduct(_ i: Int, _ j: Int) -> FormulaNode? {
      let (a, b) = (derivatives[i], derivatives[j])
      guard let a else { return b.map { .product(operands[i], $0) } }
      guard let b else { return .product(a, operands[j]) }
      if a.constant == 1 || b.constant == 1 { return .sum(.product(a, operands[j]), .product(operands[i], b)) }
      return .operation(lk_operation_add_products, a, operands[j], operands[i], b)
    }
    guard derivatives.contains(where: { $0 != nil }) else { return nil }
    /// Of `(c·x)·x`, c being a constant: `(2c·x)·x′`, where no scalar overflows at 2c.
    func ofSquare(_ node: FormulaNode) -> FormulaNode? {
      let (a, x) = (node.operands[0], node.operands[1])
      guard let slope = derivatives[1] else { return nil }
      guard case .operation(lk_operation_multiply.rawValue) = a.kind else { return nil }
      for (c, y) in [(a.operands[0], a.operands[1]), (a.operands[1], a.operands[0])] where y === x {
        if let c = c.constant, Float(2 * c).isFinite { return .product(.product(.constant(2 * c), x), slope) }
      }
      return nil
    }
    func times(_ slope: FormulaNode) -> FormulaNode? { derivatives[0].map { .product(slope, $0) } }
    func square(_ x: FormulaNode) -> FormulaNode { .product(x, x) }
    let x = operands[0]
    switch lk_operation(rawValue: code) {
    case lk_operation_add:
      return total(derivatives[0], derivatives[1])
    case lk_operation_subtract:
      return total(derivatives[0], derivatives[1].map { .operation(lk_operation_negate, $0) })
    case lk_operation_multiply:
      return ofSquare(node) ?? ofProduct(0, 1)
    case lk_operation_add_products:
      return total(ofProduct(0, 1), ofProduct(2, 3))
    case lk_operation_divide:
      // The quotient itself in the second term: it is there already.
      return total(
        derivatives[0].map { .quotient($0, operands[1]) },
        derivatives[1].map {
          .operation(lk_operation_negate, .quotient(.product(node, $0), operands[1]))
        })
    case let choice where choice == lk_operation_choose_less || choice == lk_operation_choose_less_or_equal:
      guard derivatives[2] != nil || derivatives[3] != nil else { return nil }
      return .operation(choice, x, operands[1], derivatives[2] ?? .constant(0), derivatives[3] ?? .constant(0))
    case lk_operation_choose_larger:
      return .operation(
        lk_operation_choose_larger, x, operands[1], derivatives[2] ?? .constant(0), derivatives[3] ?? .constant(0))
    case lk_operation_power:
      let y = operands[1]
      let lower = FormulaNode.operation(
        lk_operation_power, x, .operation(lk_operation_subtract, y, .constant(1)))
      return total(
        derivatives[0].map { .product(.product(y, lower), $0) },
        derivatives[1].map { .product(.product(node, .operation(lk_operation_log, x)), $0) })
    case lk_operation_negate:
      return derivatives[0].map { .operation(lk_operation_negate, $0) }
    case lk_operation_absolute:
      return times(.operation(lk_operation_sign, x))
    case lk_operation_sqrt:
      return derivatives[0].map { .quotient(.product(.constant(0.5), $0), node) }
    case lk_operation_exp:
      return times(node)
    case lk_operation_expm1:
      return times(.operation(lk_operation_exp, x))
    case lk_operation_log:
      return derivatives[0].map { .quotient($0, x) }
    case lk_operation_log1p:
      return derivatives[0].map { .quotient($0, .sum(.constant(1), x)) }
    case lk_operation_tanh:
      // 4e/(1 + e)² with e = exp(−2|x|) does not cancel in the tails, as 1 − tanh² would.
      let e = FormulaNode.operation(
        lk_operation_exp_neg, .product(.constant(-2), .operation(lk_operation_absolute, x)))
      return times(.quotient(.product(.constant(4), e), square(.sum(.constant(1), e))))
    case lk_operation_sigmoid:
      return times(.product(node, .operation(lk_operation_sigmoid, .operation(lk_operation_negate, x))))
    case lk_operation_softplus:
      return times(.operation(lk_operation_sigmoid, x))
    case lk_operation_erf:
      let slope = FormulaNode.operation(lk_operation_exp_neg, .operation(lk_operation_negate, square(x)))
      return times(.product(.constant(2 / Double.pi.squareRoot()), slope))
    case lk_operation_exp_neg:
      return times(node)
    case lk_operation_sign:
      // Constant wherever it has a derivative.
      return nil
    default:
      // No other operation is in a formula: a test goes through all of them.
      return .constant(.nan)
    }
  }

  private func total(_ a: FormulaNode?, _ b: FormulaNode?) -> FormulaNode? {
    guard let a else { return b }
    return b.map { .sum(a, $0) } ?? a
  }
}
