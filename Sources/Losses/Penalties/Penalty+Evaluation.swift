/// The verbs take
///
/// - `at`: the coefficients, n numbers;
/// - `threads`: how many threads the call may use. Results do not depend on it.
///
/// The value is a `Double` whatever the scalar, and all work is done in `Double`. Those that give a gradient also take
/// `scale`, which multiplies it, but not the value; those that write it take `accumulating`, which adds it to what is
/// there. Those that write into memory of the caller allocate nothing for a separable penalty. The others take memory for n
/// numbers of type `Double`, and more for the groups of a group lasso and the matrix of an orthogonality: where the system
/// refuses that, they throw ``LossError/outOfMemory``.
///
/// At a kink the gradient is the subgradient of least norm. For a sum it is that of the sum if all parts are separable,
/// or all but one group lasso; a total variation, and a second group lasso, give their own instead, which makes the sum
/// a subgradient, but not always the least one.
///
/// Every verb throws ``LossError`` for a parameter outside its domain or one that does not fit n coefficients, before
/// anything is written. Coefficients that are not finite follow IEEE rules and leave the gradient of those alone that
/// the penalty does not tie to them.
extension Penalty {
  // MARK: Into memory of the caller

  // The kernels see addresses only, so every span is kept alive to the end of its verb.

  /// The value.
  @inlinable
  public func value<S: LossScalar>(
    at point: Span<S>, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer { extendLifetime(point) }
    return try PenaltyCall(point).evaluate(self, threads)
  }

  /// Writes the gradient, n elements.
  @inlinable
  public func gradient<S: LossScalar>(
    at point: Span<S>, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>
  ) throws(LossError) {
    _ = try valueAndGradient(
      at: point, scale: scale, accumulating: accumulating, threads: threads, gradient: &gradient)
  }

  /// The value; writes the gradient, n elements.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    at point: Span<S>, scale: Double = 1, accumulating: Bool = false, threads: ThreadLimit = .automatic,
    gradient: inout MutableSpan<S>
  ) throws(LossError) -> Double {
    defer {
      extendLifetime(point)
      extendLifetime(gradient)
    }
    var call = try PenaltyCall(point, "gradient", &gradient)
    call.scale = scale
    call.accumulating = accumulating
    return try call.evaluate(self, threads)
  }

  /// Replaces the coefficients with the gradient.
  @inlinable
  public func gradient<S: LossScalar>(
    overwriting point: inout MutableSpan<S>, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    _ = try valueAndGradient(overwriting: &point, scale: scale, threads: threads)
  }

  /// The value; replaces the coefficients with the gradient.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    overwriting point: inout MutableSpan<S>, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    defer { extendLifetime(point) }
    var call = PenaltyCall(overwriting: &point)
    call.scale = scale
    return try call.evaluate(self, threads)
  }

  // MARK: Returning arrays

  /// The value.
  @inlinable
  public func value<S: LossScalar>(at point: [S], threads: ThreadLimit = .automatic) throws(LossError) -> Double {
    try withSpan(point) { (point) throws(LossError) in try value(at: point, threads: threads) }
  }

  /// The gradient, n elements.
  @inlinable
  public func gradient<S: LossScalar>(
    at point: [S], scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try valueAndGradient(at: point, scale: scale, threads: threads).gradient
  }

  /// The value and the gradient, n elements.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    at point: [S], scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S]) {
    try withSpan(point) { (point) throws(LossError) in
      var value = 0.0
      let gradient = try newArray(count: point.count) { (output: inout MutableSpan<S>) throws(LossError) in
        value = try valueAndGradient(at: point, scale: scale, threads: threads, gradient: &output)
      }
      return (value, gradient)
    }
  }
}

/// Calls `body` with a span over an array that is certain to live until it returns.
@inlinable
func withSpan<S: LossScalar, Result>(
  _ array: [S], _ body: (Span<S>) throws(LossError) -> Result
) throws(LossError) -> Result {
  try array.withUnsafeBufferPointer { (buffer) throws(LossError) in try body(Span(_unsafeElements: buffer)) }
}
