/// How small the gradient must be at a point that counts as a minimum.
///
/// With `g₀` the gradient at the start, a gradient `g` meets the tolerance where
/// `‖g‖∞ ≤ max(absolute, relative · ‖g₀‖∞)`, so where it meets either part. `‖g‖∞` is the largest `|gᵢ|`.
public struct GradientTolerance: Hashable, Sendable, Codable {
  /// The part in the units of the gradient; 0 leaves it out.
  public var absolute: Double

  /// The part in multiples of the gradient at the start; 0 leaves it out.
  public var relative: Double

  /// Creates the tolerance `max(absolute, relative · ‖g₀‖∞)`. Both parts must be finite and at least 0.
  public init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// The tolerance `‖g‖∞ ≤ tolerance`.
  public static func absolute(_ tolerance: Double) -> Self { Self(absolute: tolerance) }

  /// The tolerance `‖g‖∞ ≤ tolerance · ‖g₀‖∞`.
  public static func relative(_ tolerance: Double) -> Self { Self(relative: tolerance) }

  func threshold(startNorm: Double) -> Double { max(absolute, relative * startNorm) }

  func validate() throws(OptimizerError) {
    for (part, value) in [("absolute", absolute), ("relative", relative)] {
      try OptimizerError.require(value >= 0 && value.isFinite, "gradientTolerance.\(part)", value, "finite and ≥ 0")
    }
  }
}
