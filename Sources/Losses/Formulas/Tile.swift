import CLossKernels

/// The innermost number of a formula: one number for each sample of a tile, or one constant for all of them.
///
/// An operation is one call of a kernel for the whole tile. That is what makes a formula fast without any help of the
/// compiler, in debug builds too. Constants, in particular the derivatives 0 and 1, cost nothing.
///
/// An implementation detail.
public struct _Tile: LossNumber {
  /// Where the numbers are; `nil` for a constant.
  let memory: UnsafeRawPointer?

  /// The constant, where there is no memory.
  let constant: Double

  private let arena: UnsafeMutablePointer<TileArena>?

  public init(_ constant: Double) {
    self.init(memory: nil, constant: constant, arena: nil)
  }

  /// The numbers of a tile that `arena` belongs to.
  init(_ memory: UnsafeRawPointer, in arena: UnsafeMutablePointer<TileArena>) {
    self.init(memory: memory, constant: .nan, arena: arena)
  }

  private init(memory: UnsafeRawPointer?, constant: Double, arena: UnsafeMutablePointer<TileArena>?) {
    self.memory = memory
    self.constant = constant
    self.arena = arena
  }

  public static func parameter(_ index: Int, _ value: Double) -> _Tile { _Tile(value) }

  public var _constant: Double? { memory == nil ? constant : nil }

  // MARK: Operations

  static func operate(
    _ operation: lk_operation, _ a: _Tile, _ b: _Tile = _Tile(0), _ c: _Tile = _Tile(0), _ d: _Tile = _Tile(0)
  ) -> _Tile {
    var operands = lk_operands(
      arrays: (a.memory, b.memory, c.memory, d.memory), constants: (a.constant, b.constant, c.constant, d.constant))
    guard let arena = a.arena ?? b.arena ?? c.arena ?? d.arena else {
      // Every operand is a constant: one sample does for all.
      var result = 0.0
      lk_operate(operation, lk_scalar_double, lk_isa_best, &operands, &result, 1)
      return _Tile(result)
    }
    let output = arena.pointee.allocate()
    lk_operate(operation, arena.pointee.scalar, lk_isa_best, &operands, output, Int64(arena.pointee.count))
    return _Tile(output, in: arena)
  }

  public static func _add(_ left: _Tile, _ right: _Tile) -> _Tile {
    if left._constant == 0 { return right }
    if right._constant == 0 { return left }
    return operate(lk_operation_add, left, right)
  }

  public static func _subtract(_ left: _Tile, _ right: _Tile) -> _Tile {
    right._constant == 0 ? left : operate(lk_operation_subtract, left, right)
  }

  public static func _multiply(_ left: _Tile, _ right: _Tile) -> _Tile {
    if left._constant == 1 { return right }
    if right._constant == 1 { return left }
    return operate(lk_operation_multiply, left, right)
  }

  public static func _divide(_ left: _Tile, _ right: _Tile) -> _Tile {
    right._constant == 1 ? left : operate(lk_operation_divide, left, right)
  }

  public static func _negate(_ x: _Tile) -> _Tile { operate(lk_operation_negate, x) }

  public static func _sumOfProducts(_ a: _Tile, _ b: _Tile, _ c: _Tile, _ d: _Tile) -> _Tile {
    if a._constant == 1 || b._constant == 1 || c._constant == 1 || d._constant == 1 { return a * b + c * d }
    return operate(lk_operation_add_products, a, b, c, d)
  }

  /// Whether a comparison holds: 1 or 0.
  public struct Condition {
    let truth: _Tile
  }

  public static func _isLess(_ left: _Tile, _ right: _Tile) -> Condition {
    Condition(truth: operate(lk_operation_less, left, right))
  }

  public static func _isLessOrEqual(_ left: _Tile, _ right: _Tile) -> Condition {
    Condition(truth: operate(lk_operation_less_or_equal, left, right))
  }

  public static func select(_ condition: Condition, _ first: _Tile, _ second: _Tile) -> _Tile {
    if let truth = condition.truth._constant { return truth != 0 ? first : second }
    if let one = first._constant, let other = second._constant, one == other { return first }
    return operate(lk_operation_choose, condition.truth, first, second)
  }

  public static func abs(_ x: _Tile) -> _Tile { operate(lk_operation_absolute, x) }
  public static func _sign(_ x: _Tile) -> _Tile { operate(lk_operation_sign, x) }
  public static func sqrt(_ x: _Tile) -> _Tile { operate(lk_operation_sqrt, x) }
  public static func exp(_ x: _Tile) -> _Tile { operate(lk_operation_exp, x) }
  public static func expm1(_ x: _Tile) -> _Tile { operate(lk_operation_expm1, x) }
  public static func log(_ x: _Tile) -> _Tile { operate(lk_operation_log, x) }
  public static func log1p(_ x: _Tile) -> _Tile { operate(lk_operation_log1p, x) }
  public static func tanh(_ x: _Tile) -> _Tile { operate(lk_operation_tanh, x) }
  public static func sigmoid(_ x: _Tile) -> _Tile { operate(lk_operation_sigmoid, x) }
  public static func softplus(_ x: _Tile) -> _Tile { operate(lk_operation_softplus, x) }
}
