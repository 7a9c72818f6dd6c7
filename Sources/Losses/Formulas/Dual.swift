/// A dual number: a value, and its derivative by something.
///
/// The chain rule is written once, for every kind of derivative: a conforming type only says how derivatives scale, add
/// and are selected. The types are not generic, so that a formula's operations are direct calls. An implementation
/// detail.
public protocol _DualNumber: LossNumber where Condition == Base.Condition {
  associatedtype Base: LossNumber

  /// The number without its derivative.
  var value: Base { get }

  /// `f(x)` for a known value and derivative of f at x.
  static func chain(_ value: Base, _ x: Self, _ slope: Base) -> Self

  /// `f(x, y)` for a known value and partial derivatives of f at (x, y).
  static func chain(_ value: Base, _ x: Self, _ slopeX: Base, _ y: Self, _ slopeY: Base) -> Self

  /// A number of known value whose derivative is `(x′ − factor y′)/divisor`.
  ///
  /// That is the derivative of a quotient and of a logarithm. One division at the end neither overflows nor underflows
  /// where the derivative itself does not; `1/divisor` and `factor/divisor` may, in a second derivative above all.
  static func chain(_ value: Base, _ x: Self, minus factor: Base, times y: Self, over divisor: Base) -> Self
}

extension _DualNumber {
  public static func _add(_ left: Self, _ right: Self) -> Self {
    chain(left.value + right.value, left, 1, right, 1)
  }

  public static func _subtract(_ left: Self, _ right: Self) -> Self {
    chain(left.value - right.value, left, 1, right, -1)
  }

  public static func _multiply(_ left: Self, _ right: Self) -> Self {
    chain(left.value * right.value, left, right.value, right, left.value)
  }

  public static func _divide(_ left: Self, _ right: Self) -> Self {
    let quotient = left.value / right.value
    // A constant divisor is common, and its own derivative is not.
    if right._constant != nil { return chain(quotient, left, 1 / right.value) }
    return chain(quotient, left, minus: quotient, times: right, over: right.value)
  }

  public static func _negate(_ x: Self) -> Self { chain(-x.value, x, -1) }

  public static func _isLess(_ left: Self, _ right: Self) -> Condition { left.value < right.value }

  public static func _isLessOrEqual(_ left: Self, _ right: Self) -> Condition { left.value <= right.value }

  public static func abs(_ x: Self) -> Self { chain(Base.abs(x.value), x, Base._sign(x.value)) }

  public static func _sign(_ x: Self) -> Self { chain(Base._sign(x.value), x, 0) }

  public static func _sumOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self { a * b + c * d }

  public static func exp(_ x: Self) -> Self {
    let e = Base.exp(x.value)
    return chain(e, x, e)
  }

  public static func expm1(_ x: Self) -> Self { chain(Base.expm1(x.value), x, Base.exp(x.value)) }

  public static func log(_ x: Self) -> Self { chain(Base.log(x.value), x, minus: 0, times: 0, over: x.value) }

  public static func log1p(_ x: Self) -> Self {
    chain(Base.log1p(x.value), x, minus: 0, times: 0, over: 1 + x.value)
  }

  public static func sqrt(_ x: Self) -> Self {
    let root = Base.sqrt(x.value)
    return chain(root, x, 0.5 / root)
  }

  public static func tanh(_ x: Self) -> Self {
    // 1/cosh² does not cancel in the tails, as 1 − tanh² would.
    let e = Base.exp(-2 * Base.abs(x.value))
    return chain(Base.tanh(x.value), x, 4 * e / ((1 + e) * (1 + e)))
  }

  public static func sigmoid(_ x: Self) -> Self {
    let s = Base.sigmoid(x.value)
    return chain(s, x, s * Base.sigmoid(-x.value))
  }

  public static func softplus(_ x: Self) -> Self { chain(Base.softplus(x.value), x, Base.sigmoid(x.value)) }
}

extension LossNumber {
  /// Slope × derivative. A derivative that is known to be 0 stays 0, whatever the slope.
  func times(derivative: Self) -> Self {
    if derivative._constant == 0 || _constant == 0 { return 0 }
    return derivative._constant == 1 ? self : self * derivative
  }

  /// What two arguments contribute to a derivative.
  static func total(_ slopeX: Self, _ dx: Self, _ slopeY: Self, _ dy: Self) -> Self {
    if dx._constant == 0 || slopeX._constant == 0 { return slopeY.times(derivative: dy) }
    if dy._constant == 0 || slopeY._constant == 0 { return slopeX.times(derivative: dx) }
    return _sumOfProducts(slopeX, dx, slopeY, dy)
  }

  /// `(dx − factor dy)/divisor`.
  static func quotient(_ dx: Self, _ factor: Self, _ dy: Self, _ divisor: Self) -> Self {
    let product = factor.times(derivative: dy)
    let numerator = product._constant == 0 ? dx : dx - product
    return numerator._constant == 0 ? 0 : numerator / divisor
  }
}

/// A number and its derivative by the prediction. An implementation detail.
public struct _TileDual: _DualNumber {
  public typealias Condition = _Tile.Condition

  public var value: _Tile
  public var derivative: _Tile

  init(_ value: _Tile, derivative: _Tile) {
    self.value = value
    self.derivative = derivative
  }

  public init(_ constant: Double) { self.init(_Tile(constant), derivative: 0) }

  public static func parameter(_ index: Int, _ value: Double) -> Self { Self(value) }

  public static func chain(_ value: _Tile, _ x: Self, _ slope: _Tile) -> Self {
    Self(value, derivative: slope.times(derivative: x.derivative))
  }

  public static func chain(_ value: _Tile, _ x: Self, _ slopeX: _Tile, _ y: Self, _ slopeY: _Tile) -> Self {
    Self(value, derivative: _Tile.total(slopeX, x.derivative, slopeY, y.derivative))
  }

  public static func chain(
    _ value: _Tile, _ x: Self, minus factor: _Tile, times y: Self, over divisor: _Tile
  ) -> Self {
    Self(value, derivative: _Tile.quotient(x.derivative, factor, y.derivative, divisor))
  }

  public static func select(_ condition: Condition, _ first: Self, _ second: Self) -> Self {
    Self(
      _Tile.select(condition, first.value, second.value),
      derivative: _Tile.select(condition, first.derivative, second.derivative))
  }

  public var _constant: Double? { derivative._constant == 0 ? value._constant : nil }
}

/// A number and its first two derivatives by the prediction: a dual number of dual numbers. An implementation detail.
public struct _TileSecondDual: _DualNumber {
  public typealias Condition = _Tile.Condition

  public var value: _TileDual
  public var derivative: _TileDual

  init(_ value: _TileDual, derivative: _TileDual) {
    self.value = value
    self.derivative = derivative
  }

  public init(_ constant: Double) { self.init(_TileDual(constant), derivative: 0) }

  public static func parameter(_ index: Int, _ value: Double) -> Self { Self(value) }

  public static func chain(_ value: _TileDual, _ x: Self, _ slope: _TileDual) -> Self {
    Self(value, derivative: slope.times(derivative: x.derivative))
  }

  public static func chain(
    _ value: _TileDual, _ x: Self, _ slopeX: _TileDual, _ y: Self, _ slopeY: _TileDual
  ) -> Self {
    Self(value, derivative: _TileDual.total(slopeX, x.derivative, slopeY, y.derivative))
  }

  public static func chain(
    _ value: _TileDual, _ x: Self, minus factor: _TileDual, times y: Self, over divisor: _TileDual
  ) -> Self {
    Self(value, derivative: _TileDual.quotient(x.derivative, factor, y.derivative, divisor))
  }

  public static func select(_ condition: Condition, _ first: Self, _ second: Self) -> Self {
    Self(
      _TileDual.select(condition, first.value, second.value),
      derivative: _TileDual.select(condition, first.derivative, second.derivative))
  }

  public var _constant: Double? { derivative._constant == 0 ? value._constant : nil }
}

/// A number and its derivatives by the parameters of the formula, of which there is room for four. An implementation
/// detail.
public struct _TileParameterDual: _DualNumber {
  public typealias Condition = _Tile.Condition
  public typealias Derivatives = (_Tile, _Tile, _Tile, _Tile)

  public var value: _Tile
  public var derivatives: Derivatives

  init(_ value: _Tile, _ derivatives: Derivatives = (0, 0, 0, 0)) {
    self.value = value
    self.derivatives = derivatives
  }

  public init(_ constant: Double) { self.init(_Tile(constant)) }

  public static func parameter(_ index: Int, _ value: Double) -> Self {
    Self(_Tile(value), (index == 0 ? 1 : 0, index == 1 ? 1 : 0, index == 2 ? 1 : 0, index == 3 ? 1 : 0))
  }

  private init(_ value: _Tile, _ x: Self, _ y: Self, _ combine: (_Tile, _Tile) -> _Tile) {
    let (a, b) = (x.derivatives, y.derivatives)
    self.init(value, (combine(a.0, b.0), combine(a.1, b.1), combine(a.2, b.2), combine(a.3, b.3)))
  }

  public static func chain(_ value: _Tile, _ x: Self, _ slope: _Tile) -> Self {
    Self(value, x, x) { dx, _ in slope.times(derivative: dx) }
  }

  public static func chain(_ value: _Tile, _ x: Self, _ slopeX: _Tile, _ y: Self, _ slopeY: _Tile) -> Self {
    Self(value, x, y) { dx, dy in _Tile.total(slopeX, dx, slopeY, dy) }
  }

  public static func chain(
    _ value: _Tile, _ x: Self, minus factor: _Tile, times y: Self, over divisor: _Tile
  ) -> Self {
    Self(value, x, y) { dx, dy in _Tile.quotient(dx, factor, dy, divisor) }
  }

  public static func select(_ condition: Condition, _ first: Self, _ second: Self) -> Self {
    Self(_Tile.select(condition, first.value, second.value), first, second) { _Tile.select(condition, $0, $1) }
  }

  public var _constant: Double? {
    let (a, b, c, d) = derivatives
    let isConstant = a._constant == 0 && b._constant == 0 && c._constant == 0 && d._constant == 0
    return isConstant ? value._constant : nil
  }
}
