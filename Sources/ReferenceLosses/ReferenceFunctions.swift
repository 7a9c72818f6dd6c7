import RealModule

/// The unit step: 1 where `x > 0`, 0 where `x < 0`, ½ at 0 and NaN at NaN.
func step<T: ReferenceScalar>(_ x: T) -> T {
  if x > 0 { return 1 }
  if x < 0 { return 0 }
  return x.isNaN ? x : 0.5
}

/// The sign: 1 where `x > 0`, −1 where `x < 0`, 0 at 0 and NaN at NaN.
func sign<T: ReferenceScalar>(_ x: T) -> T {
  if x > 0 { return 1 }
  if x < 0 { return -1 }
  return x.isNaN ? x : 0
}

/// `max(0, x)`, NaN at NaN.
func positivePart<T: ReferenceScalar>(_ x: T) -> T {
  x <= 0 ? 0 : x
}

/// `weight · term`, 0 where the weight is exactly 0, even if the term is infinite or NaN.
func weighted<T: ReferenceScalar>(_ weight: T, _ term: T) -> T {
  weight == 0 ? 0 : weight * term
}

/// `σ(z) = 1/(1 + exp(−z))`, without overflow.
func sigmoid<T: ReferenceScalar>(_ z: T) -> T {
  if z >= 0 { return 1 / (1 + T.exp(-z)) }
  let e = T.exp(z)
  return e / (1 + e)
}

/// `ln(1 + exp(z)) = −ln σ(−z)`, without overflow.
func softplus<T: ReferenceScalar>(_ z: T) -> T {
  positivePart(z) + T.log(onePlus: T.exp(-z.magnitude))
}

/// `exp(a·b)`, to first order in the rounding error of the product, which `exp` would magnify `|a·b|` times.
func expOfProduct<T: ReferenceScalar>(_ a: T, _ b: T) -> T {
  if a == 0 { return b.isNaN ? b : 1 }
  let product = a * b
  guard product.isFinite else { return T.exp(product) }
  let roundingError = (-product).addingProduct(a, b)
  let e = T.exp(product)
  return e + e * roundingError
}

/// A sum that carries the rounding errors of its additions along (Neumaier 1974).
struct CompensatedSum<T: ReferenceScalar> {
  private var sum: T = 0
  private var compensation: T = 0

  /// The sum of all numbers added so far.
  var value: T { sum.isFinite ? sum + compensation : sum }

  /// Adds `x`.
  static func += (total: inout Self, x: T) {
    let sum = total.sum + x
    if total.sum.magnitude >= x.magnitude {
      total.compensation += (total.sum - sum) + x
    } else {
      total.compensation += (x - sum) + total.sum
    }
    total.sum = sum
  }
}
