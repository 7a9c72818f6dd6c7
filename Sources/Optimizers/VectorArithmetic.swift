// Links libm, which `squareRoot()` calls in optimised builds.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Android)
  import Android
#endif

// Sums run in index order, one term after the other, so that a result does not depend on the machine's vector length.

/// `Σ aᵢbᵢ`.
func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

/// `a + factor · b`, added to `a` in place.
func add(_ factor: Double, times b: Span<Double>, to a: inout MutableSpan<Double>) {
  for i in b.indices { a[i] += factor * b[i] }
}

/// `max |aᵢ|`; NaN if any component is NaN, 0 for no components.
func maximumNorm(_ a: Span<Double>) -> Double {
  var largest = 0.0
  for i in a.indices where !(a[i].magnitude <= largest) {
    largest = a[i].magnitude
    if largest.isNaN { break }
  }
  return largest
}

/// `√Σ aᵢ²`, without overflow or underflow of the squares.
func euclideanNorm(_ a: Span<Double>) -> Double {
  let scale = maximumNorm(a)
  guard scale > 0, scale.isFinite else { return scale }
  var sum = 0.0
  for i in a.indices { sum += (a[i] / scale) * (a[i] / scale) }
  return scale * sum.squareRoot()
}
