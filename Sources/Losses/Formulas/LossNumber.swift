/// A number in a ``LossFormula``. It stands for that of every sample: what a formula does with it is noted down once, and
/// run by the kernels on many samples at a time.
///
/// There is arithmetic, comparison, and the functions ``exp(_:)``, ``expm1(_:)``, ``log(_:)``, ``log1p(_:)``,
/// ``sqrt(_:)``, ``tanh(_:)``, ``sigmoid(_:)``, ``softplus(_:)``, ``pow(_:_:)``, ``abs(_:)``, ``min(_:_:)``,
/// ``max(_:_:)`` and ``select(_:_:_:)``. A comparison gives no `Bool`, since the samples may differ in it: where a formula
/// has a case distinction, evaluate both sides and `select` one. Literals are numbers; other constants become one by
/// `T(constant)`.
public protocol LossNumber: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
where FloatLiteralType == Double, IntegerLiteralType == Int {
  /// What a comparison gives.
  associatedtype Condition

  /// A constant, rounded to the precision of the evaluation.
  init(_ constant: Double)

  /// A parameter of the formula: `index` is its place in ``LossFormula/parameters``. It is a constant, except where the
  /// derivatives by the parameters are asked for.
  static func parameter(_ index: Int, _ value: Double) -> Self

  /// The sum.
  static func + (left: Self, right: Self) -> Self
  /// The difference.
  static func - (left: Self, right: Self) -> Self
  /// The product.
  static func * (left: Self, right: Self) -> Self
  /// The quotient.
  static func / (left: Self, right: Self) -> Self
  /// The negative.
  static prefix func - (x: Self) -> Self
  /// Whether the left number is less.
  static func < (left: Self, right: Self) -> Condition
  /// Whether the left number is less or equal.
  static func <= (left: Self, right: Self) -> Condition

  /// See the function of the same name.
  static func select(_ condition: Condition, _ first: Self, _ second: Self) -> Self
  /// See the function of the same name.
  static func abs(_ x: Self) -> Self
  /// See the function of the same name.
  static func exp(_ x: Self) -> Self
  /// See the function of the same name.
  static func expm1(_ x: Self) -> Self
  /// See the function of the same name.
  static func log(_ x: Self) -> Self
  /// See the function of the same name.
  static func log1p(_ x: Self) -> Self
  /// See the function of the same name.
  static func sqrt(_ x: Self) -> Self
  /// See the function of the same name.
  static func tanh(_ x: Self) -> Self
  /// See the function of the same name.
  static func sigmoid(_ x: Self) -> Self
  /// See the function of the same name.
  static func softplus(_ x: Self) -> Self
}

extension LossNumber {
  /// A constant.
  public init(floatLiteral value: Double) { self.init(value) }

  /// A constant.
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// Whether the left number is greater.
  public static func > (left: Self, right: Self) -> Condition { right < left }

  /// Whether the left number is greater or equal.
  public static func >= (left: Self, right: Self) -> Condition { right <= left }
}

// MARK: Functions of formulas

/// `first` where the condition holds, `second` elsewhere. Both are evaluated; what is not taken does not matter, even if
/// it is not a number.
public func select<T: LossNumber>(_ condition: T.Condition, _ first: T, _ second: T) -> T {
  T.select(condition, first, second)
}

/// `eˣ`.
public func exp<T: LossNumber>(_ x: T) -> T { T.exp(x) }

/// `eˣ − 1`, accurate for small x.
public func expm1<T: LossNumber>(_ x: T) -> T { T.expm1(x) }

/// The natural logarithm.
public func log<T: LossNumber>(_ x: T) -> T { T.log(x) }

/// `ln(1 + x)`, accurate for small x.
public func log1p<T: LossNumber>(_ x: T) -> T { T.log1p(x) }

/// The square root. Its derivative at 0 is infinite: write `sqrt(1 + x * x)`, not `sqrt(x * x)`.
public func sqrt<T: LossNumber>(_ x: T) -> T { T.sqrt(x) }

/// The hyperbolic tangent.
public func tanh<T: LossNumber>(_ x: T) -> T { T.tanh(x) }

/// `σ(x) = 1/(1 + e⁻ˣ)`, accurate in both tails: `sigmoid(-x)` is `1 − σ(x)` without cancellation.
public func sigmoid<T: LossNumber>(_ x: T) -> T { T.sigmoid(x) }

/// `ln(1 + eˣ)`, without overflow: `softplus(-x)` is `−ln σ(x)`.
public func softplus<T: LossNumber>(_ x: T) -> T { T.softplus(x) }

/// The absolute value. Its derivative at 0 is 0, the midpoint.
public func abs<T: LossNumber>(_ x: T) -> T { T.abs(x) }

/// The larger number. Where both are equal the derivative is the mean of theirs; NaN, if either is NaN.
public func max<T: LossNumber>(_ x: T, _ y: T) -> T { select(x > y, x, select(x < y, y, 0.5 * (x + y))) }

/// The smaller number. Where both are equal the derivative is the mean of theirs; NaN, if either is NaN.
public func min<T: LossNumber>(_ x: T, _ y: T) -> T { select(x < y, x, select(x > y, y, 0.5 * (x + y))) }

/// `xʸ` for `x > 0`, by way of the logarithm: its error is some `y ln x` units in the last place.
public func pow<T: LossNumber>(_ x: T, _ y: T) -> T { exp(y * log(x)) }

/// `xⁿ` by multiplication, for every x.
public func pow<T: LossNumber>(_ x: T, _ n: Int) -> T {
  var power: T = 1
  var square = x
  var rest = n.magnitude
  while rest > 0 {
    if rest & 1 == 1 { power = power * square }
    rest >>= 1
    if rest > 0 { square = square * square }
  }
  return n < 0 ? 1 / power : power
}
