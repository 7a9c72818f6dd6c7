/// A convex set of coefficients, and the nearest point of it: the proximal operator of a constraint.
///
/// `project` returns an array or writes into memory of the caller. A projection has a text form.
@nonexhaustive
public enum Projection: Hashable, Sendable {
  /// `lower ≤ x ≤ upper`, for each coefficient. Bounds may be infinite.
  case box(lower: PerCoefficient = 0, upper: PerCoefficient = 1)

  /// `x ≥ 0`.
  case nonnegative

  /// `x ≥ 0`, `Σ x = total` (Duchi, Shalev-Shwartz, Singer and Chandra 2008). Requires `total > 0`.
  case simplex(total: Double = 1)

  /// `‖x‖₁ ≤ radius` (Duchi et al. 2008). Requires `radius ≥ 0`.
  case l1Ball(radius: Double = 1)

  /// `‖x‖₂ ≤ radius`. Requires `radius ≥ 0`.
  case l2Ball(radius: Double = 1)
}

/// Work is in `Double`. The box and the orthant take O(n), allocate nothing, and leave a NaN where it is; the others
/// take O(n), the simplex and the ℓ1 ball O(n log n) at worst, and want finite numbers.
///
/// Every verb throws ``LossError`` for a parameter outside its domain, a list of another length than the point, and,
/// where all coefficients depend on each other, a number that is not finite.
extension Projection {
  /// Writes the nearest point of the set, n elements.
  @inlinable
  public func project<S: LossScalar>(_ point: Span<S>, result: inout MutableSpan<S>) throws(LossError) {
    if result.count != point.count { throw PointwiseCall.mismatch("result", result.count, point.count) }
    for index in point.indices { result[index] = point[index] }
    try project(overwriting: &result)
  }

  /// Replaces the point with the nearest point of the set.
  @inlinable
  public func project<S: LossScalar>(overwriting point: inout MutableSpan<S>) throws(LossError) {
    defer { extendLifetime(point) }
    let count = point.count
    let address = point.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
    try project(S._kind, address, count)
  }

  /// The nearest point of the set, n elements.
  @inlinable
  public func project<S: LossScalar>(_ point: [S]) throws(LossError) -> [S] {
    try withSpan(point) { (point) throws(LossError) in
      try newArray(count: point.count) { (output: inout MutableSpan<S>) throws(LossError) in
        try project(point, result: &output)
      }
    }
  }

  @usableFromInline
  func project(_ kind: _LossScalarKind, _ address: UnsafeMutableRawPointer?, _ count: Int) throws(LossError) {
    try validate(count: count)
    guard let address else { return }
    if kind == Float._kind {
      try project(UnsafeMutableBufferPointer(start: address.assumingMemoryBound(to: Float.self), count: count))
    } else {
      try project(UnsafeMutableBufferPointer(start: address.assumingMemoryBound(to: Double.self), count: count))
    }
  }

  private func project<S: BinaryFloatingPoint & LossScalar>(_ x: UnsafeMutableBufferPointer<S>) throws(LossError) {
    switch self {
    case .box(let lower, let upper):
      for index in x.indices {
        let value = x[index]._double
        // The bounds are ordered, and what lies between them keeps its bits.
        if value < lower[index] {
          x[index] = S(lower[index])
        } else if value > upper[index] {
          x[index] = S(upper[index])
        }
      }
    case .nonnegative:
      for index in x.indices { x[index] = x[index] < 0 ? 0 : x[index] }
    case .simplex(let total):
      try checkFinite(x)
      let threshold = simplexThreshold(x.map(\._double), total: total)
      for index in x.indices { x[index] = S(threshold.rest(of: x[index]._double)) }
    case .l1Ball(let radius):
      try checkFinite(x)
      let sizes = x.map { abs($0._double) }
      guard sizes.reduce(0, +) > radius else { return }
      guard radius > 0 else { return x.update(repeating: 0) }
      let threshold = simplexThreshold(sizes, total: radius)
      for index in x.indices { x[index] = S(threshold.rest(of: sizes[index])) * (x[index] < 0 ? -1 : 1) }
    case .l2Ball(let radius):
      try checkFinite(x)
      // Relative to the largest: nothing overflows.
      let largest = x.reduce(0) { max($0, abs($1._double)) }
      guard largest > 0 else { return }
      let norm = x.reduce(0.0) { $0 + ($1._double / largest) * ($1._double / largest) }.squareRoot()
      let factor = radius / largest / norm
      guard factor < 1 else { return }
      for index in x.indices { x[index] = S(x[index]._double * factor) }
    }
  }

  private func checkFinite<S: BinaryFloatingPoint & LossScalar>(
    _ x: UnsafeMutableBufferPointer<S>
  ) throws(LossError) {
    guard let index = x.firstIndex(where: { !$0.isFinite }) else { return }
    throw .invalidElement(argument: "point", index: index, value: x[index]._double, expected: "a finite number")
  }
}

/// What the projection on a simplex subtracts from every number; what falls below 0 is 0.
///
/// It is kept relative to the largest number, so that large numbers that lie close together lose nothing.
private struct SimplexThreshold {
  var largest: Double
  var below: Double

  func rest(of value: Double) -> Double { max(0, (value - largest) + below) }
}

/// The numbers above the threshold `τ` are those that `Σ max(0, x − τ) = total` leaves. The largest exceeds it by at most
/// `total`, so what lies further down is not looked at again; the rest is sorted.
private func simplexThreshold(_ x: [Double], total: Double) -> SimplexThreshold {
  guard let largest = x.max() else { return SimplexThreshold(largest: 0, below: 0) }
  let near = x.lazy.map { $0 - largest }.filter { $0 > -total }.sorted(by: >)
  var sum = 0.0
  var below = total
  for (index, value) in near.enumerated() {
    sum += value
    let candidate = (total - sum) / Double(index + 1)
    guard value + candidate > 0 else { break }
    below = candidate
  }
  return SimplexThreshold(largest: largest, below: below)
}
