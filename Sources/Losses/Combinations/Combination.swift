/// A sum of losses, or of penalties, each times its coefficient: a case of its own family.
///
/// The operators make it, and flatten it: a combination has no combinations inside.
///
/// ```swift
/// let loss = 0.7 * RegressionLoss.squaredError + 0.3 * .absoluteError
/// ```
public struct Combination<Summand: Combinable>: Hashable, Sendable {
  /// One summand and what it is multiplied by.
  public struct Term: Hashable, Sendable {
    /// The factor: any finite number. A summand of coefficient 0 contributes 0, even where it is not finite.
    public let coefficient: Double

    /// The loss or the penalty, not itself a combination.
    public let summand: Summand
  }

  /// The terms, at least one, in the order in which they were written.
  public let terms: [Term]
}

/// A type whose values add and scale: a family of losses, or the penalties.
public protocol Combinable: Hashable, Sendable {
  /// The sum as a value of the type.
  static func combination(_ combination: Combination<Self>) -> Self

  /// The sum that this is; `nil` for a single loss or penalty.
  var combination: Combination<Self>? { get }
}

extension Combinable {
  /// The terms whose sum this is: itself with the coefficient 1, unless it is a combination.
  public var terms: [Combination<Self>.Term] {
    combination?.terms ?? [Combination<Self>.Term(coefficient: 1, summand: self)]
  }

  /// The sum.
  public static func + (left: Self, right: Self) -> Self {
    .combination(Combination(terms: left.terms + right.terms))
  }

  /// The difference. It is rarely convex.
  public static func - (left: Self, right: Self) -> Self {
    left + -right
  }

  /// The negative.
  public static prefix func - (summand: Self) -> Self {
    -1 * summand
  }

  /// Every coefficient times a factor.
  public static func * (factor: Double, summand: Self) -> Self {
    summand.mapCoefficients { factor * $0 }
  }

  private func mapCoefficients(_ change: (Double) -> Double) -> Self {
    .combination(
      Combination(
        terms: terms.map { Combination<Self>.Term(coefficient: change($0.coefficient), summand: $0.summand) }))
  }
}
