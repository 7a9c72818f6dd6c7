import CLossKernels

/// The number that a formula is called with: it notes down every operation.
struct FormulaExpression: LossNumber {
  let node: FormulaNode

  init(_ node: FormulaNode) { self.node = node }

  /// A comparison of two numbers. The kernels have no comparison by itself, since the choice that it is for may as well
  /// make it.
  struct Condition {
    let choice: lk_operation
    let left: FormulaNode
    let right: FormulaNode
  }

  init(_ constant: Double) { node = .constant(constant) }

  static func parameter(_ index: Int, _ value: Double) -> Self { Self(.parameter(index, value)) }

  static func + (left: Self, right: Self) -> Self { Self(.sum(left.node, right.node)) }

  static func - (left: Self, right: Self) -> Self {
    right.node.constant == 0 ? left : Self(.operation(lk_operation_subtract, left.node, right.node))
  }

  static func * (left: Self, right: Self) -> Self { Self(.product(left.node, right.node)) }

  static func / (left: Self, right: Self) -> Self { Self(.quotient(left.node, right.node)) }

  static prefix func - (x: Self) -> Self { apply(lk_operation_negate, x) }

  static func < (left: Self, right: Self) -> Condition {
    Condition(choice: lk_operation_choose_less, left: left.node, right: right.node)
  }

  static func <= (left: Self, right: Self) -> Condition {
    Condition(choice: lk_operation_choose_less_or_equal, left: left.node, right: right.node)
  }

  static func select(_ condition: Condition, _ first: Self, _ second: Self) -> Self {
    func choice(_ a: FormulaNode, _ b: FormulaNode) -> FormulaNode {
      .operation(condition.choice, condition.left, condition.right, a, b)
    }
    // Where the comparison is one of constants, so is this.
    if let truth = choice(.constant(1), .constant(0)).constant { return truth == 1 ? first : second }
    return Self(choice(first.node, second.node))
  }

  private static func apply(_ operation: lk_operation, _ x: Self) -> Self { Self(.operation(operation, x.node)) }

  static func abs(_ x: Self) -> Self { apply(lk_operation_absolute, x) }
  static func exp(_ x: Self) -> Self { apply(lk_operation_exp, x) }
  static func expm1(_ x: Self) -> Self { apply(lk_operation_expm1, x) }
  static func log(_ x: Self) -> Self { apply(lk_operation_log, x) }
  static func log1p(_ x: Self) -> Self { apply(lk_operation_log1p, x) }
  static func sqrt(_ x: Self) -> Self { apply(lk_operation_sqrt, x) }
  static func tanh(_ x: Self) -> Self { apply(lk_operation_tanh, x) }
  static func sigmoid(_ x: Self) -> Self { apply(lk_operation_sigmoid, x) }
  static func softplus(_ x: Self) -> Self { apply(lk_operation_softplus, x) }
  static func erf(_ x: Self) -> Self { apply(lk_operation_erf, x) }

  static func max(_ x: Self, _ y: Self) -> Self {
    Self(.operation(lk_operation_choose_larger, x.node, y.node, x.node, y.node))
  }

  static func min(_ x: Self, _ y: Self) -> Self {
    Self(.operation(lk_operation_choose_larger, y.node, x.node, x.node, y.node))
  }

  static func pow(_ x: Self, _ y: Self) -> Self { Self(.operation(lk_operation_power, x.node, y.node)) }
}
