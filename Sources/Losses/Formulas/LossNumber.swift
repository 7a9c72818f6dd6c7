/// A number in a ``LossFormula``. It stands for that of every sample: what a formula does with it is noted down once, and
/// run by the kernels on many samples at a time.
///
/// There is arithmetic, comparison, and functions such as `.exp(x)`, `.log1p(x)`, `.softplus(x)`, `.abs(x)`, `.max(x, y)`
/// and `.select(x < y, a, b)`. They are static, because free functions of these names would compete with those of every
/// file that imports the module. A comparison gives no `Bool`, since the samples may differ in it: where a formula has a
/// case distinction, evaluate both sides and `select` one. Literals are numbers; other constants become one by
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

  /// `first` where the condition holds, `second` elsewhere. Both are evaluated; what is not taken does not matter, even if
  /// it is not a number.
  static func select(_ condition: Condition, _ first: Self, _ second: Self) -> Self
  /// The absolute value. Its derivative at 0 is 0, the midpoint.
  static func abs(_ x: Self) -> Self
  /// `eˣ`.
  static func exp(_ x: Self) -> Self
  /// `eˣ − 1`, accurate for small x.
  static func expm1(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// `ln(1 + x)`, accurate for small x.
  static func log1p(_ x: Self) -> Self
  /// The square root. Its derivative at 0 is infinite: write `.sqrt(1 + x * x)`, not `.sqrt(x * x)`.
  static func sqrt(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// `σ(x) = 1/(1 + e⁻ˣ)`, accurate in both tails: `.sigmoid(-x)` is `1 − σ(x)` without cancellation.
  static func sigmoid(_ x: Self) -> Self
  /// `ln(1 + eˣ)`, without overflow: `.softplus(-x)` is `−ln σ(x)`.
  static func softplus(_ x: Self) -> Self
  /// The error function, `2/√π ∫₀ˣ exp(−t²) dt`.
  static func erf(_ x: Self) -> Self
  /// The larger number. Where both are equal the derivative is the mean of theirs; NaN, if either is NaN.
  static func max(_ x: Self, _ y: Self) -> Self
  /// The smaller number. Where both are equal the derivative is the mean of theirs; NaN, if either is NaN.
  static func min(_ x: Self, _ y: Self) -> Self
  /// `xʸ` for `x ≥ 0`, by way of the logarithm: its error is some `y ln x` units in the last place.
  static func pow(_ x: Self, _ y: Self) -> Self
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

  /// `xⁿ` by multiplication, for every x.
  public static func pow(_ x: Self, _ n: Int) -> Self {
    var power: Self = 1
    var square = x
    var rest = n.magnitude
    while rest > 0 {
      if rest & 1 == 1 { power = power * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return n < 0 ? 1 / power : power
  }
}
