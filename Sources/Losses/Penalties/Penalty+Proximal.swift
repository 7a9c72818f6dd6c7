/// The proximal operator `argmin_x ½‖x − v‖² + step·penalty(x)` at a point v: what a proximal gradient method does with
/// a penalty that has no gradient. `step` is finite and greater than 0.
///
/// It is exact, and takes O(n), for every single penalty but the orthogonality, and for sums with coefficients that
/// are not negative of
///
/// - `l1`, `l2`, `elasticNet`, `gaussianPrior` and `laplacePrior`, any number of them;
/// - one of `smoothedL1`, `mcp` and `scad` with `l2` and `gaussianPrior`;
/// - group lassos of the same groups with `l1`, `l2`, `elasticNet`, priors of one scale and a `laplacePrior` around 0;
/// - `totalVariation` with `l1`, `l2`, `elasticNet`, priors of one scale (a `laplacePrior` also of one mean) and
///   `smoothedL1`.
///
/// Elsewhere, and for the orthogonality, it throws ``LossError/invalidArgument(argument:value:expected:)``, since no
/// closed form is known. Numbers that are not finite follow IEEE rules and leave those alone that the penalty does not
/// tie to them. Memory is as for the other verbs; a total variation takes that for eight numbers of each coefficient.
extension Penalty {
  /// Writes the proximal point, n elements. It allocates nothing for a separable penalty.
  @inlinable
  public func proximal<S: LossScalar>(
    at point: Span<S>, step: Double, threads: ThreadLimit = .automatic, proximal: inout MutableSpan<S>
  ) throws(LossError) {
    defer {
      extendLifetime(point)
      extendLifetime(proximal)
    }
    try PenaltyCall(point, "proximal", &proximal).writeProximal(self, step, threads)
  }

  /// Replaces the point with its proximal point. It allocates nothing for a separable penalty.
  @inlinable
  public func proximal<S: LossScalar>(
    overwriting point: inout MutableSpan<S>, step: Double, threads: ThreadLimit = .automatic
  ) throws(LossError) {
    defer { extendLifetime(point) }
    try PenaltyCall(overwriting: &point).writeProximal(self, step, threads)
  }

  /// The proximal point, n elements.
  @inlinable
  public func proximal<S: LossScalar>(
    at point: [S], step: Double, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withSpan(point) { (point) throws(LossError) in
      try newArray(count: point.count) { (output: inout MutableSpan<S>) throws(LossError) in
        try proximal(at: point, step: step, threads: threads, proximal: &output)
      }
    }
  }
}
