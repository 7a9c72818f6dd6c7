/// A gradient compared with the differences of its function, component by component.
///
/// ```swift
/// let check = try GradientCheck(at: [3, -2], gradient: [6, -2]) { x in x[0] * x[0] + x[0] * x[1] }
/// print(check.passed, check.failures)  // false [0, 1]: the gradient is (4, 3)
/// ```
///
/// The numeric derivative is extrapolated from differences whose steps are halved until they tell (Richardson 1911,
/// Ridders 1982), and comes with an estimate of its own error. Each component is one of these:
///
/// - *smooth*: the analytic derivative has to agree with the numeric one;
/// - a *kink*, where the derivatives of the two sides differ by more than their errors, however short the step: the
///   analytic derivative has to be between them, as the midpoint is that losses give. A kink beside the point makes the
///   steps shorter until it no longer disturbs;
/// - a *jump* of the function, where no derivative is right; of a curvature, which is the derivative of a gradient that
///   may jump, the sides are compared as at a kink;
/// - *inconclusive*, where the differences do not tell: the function is not finite at the point, its rounding errors hide
///   the derivative, or the derivative has a pole too near. Such a component neither passes nor fails.
///
/// The error of a component is `|a − n| / max(|a|, |n|, e/t)`, with `a` the analytic and `n` the numeric derivative, `e`
/// the error of `n` and `t` the tolerance: a relative error in which what `e` explains never exceeds the tolerance. At a
/// kink `|a − n|` is the distance from the interval of the two sides.
public struct GradientCheck: Hashable, Sendable {
  /// The tolerance unless another one is given: 10⁻⁶.
  public static let defaultTolerance = 1e-6

  /// Where the function was differentiated, as the differences show it.
  @nonexhaustive
  public enum Place: Hashable, Sendable {
    /// The derivatives of both sides agree.
    case smooth
    /// The derivatives of the sides differ.
    case kink(left: Double, right: Double)
    /// The function is not continuous.
    case jump
  }

  /// What was found out about one component of the gradient.
  public struct Component: Hashable, Sendable {
    /// Which component.
    public let index: Int
    /// The derivative under test.
    public let analytic: Double
    /// The derivative from differences: at a kink the midpoint of the two sides, at a jump that has none NaN.
    public let numeric: Double
    /// The estimated error of ``numeric``.
    public let numericError: Double
    /// The error that has to be at most the tolerance; infinite where no number can be right.
    public let error: Double
    /// The shortest step of the differences.
    public let step: Double
    /// Where the component was differentiated.
    public let place: Place
  }

  /// The largest error that passes.
  public let tolerance: Double

  /// The number of components.
  public let componentCount: Int

  /// The indices of the components at a kink, or at a jump whose sides were compared.
  public let kinks: [Int]

  /// The indices of the components of which the differences tell nothing.
  public let inconclusive: [Int]

  /// The indices of the components that are wrong.
  public let failures: [Int]

  /// The component with the largest error, the first of them; `nil` where every component is inconclusive.
  public let worst: Component?

  /// Whether no component is wrong, and at least one, if there are any, was compared.
  public var passed: Bool { failures.isEmpty && (worst != nil || componentCount == 0) }

  /// The number of components that were compared.
  public var comparedCount: Int { componentCount - inconclusive.count }

  /// Examines every component of a function that depends on each separately: `function(i, x)` is what component `i`
  /// contributes at `x`, up to a constant.
  init<Failure: Error>(
    at point: [Double], derivatives: [Double], tolerance: Double, jumpRule: DerivativeProbe.JumpRule,
    _ function: (Int, Double) throws(Failure) -> Double
  ) throws(Failure) {
    let probe = DerivativeProbe(tolerance: tolerance, jumpRule: jumpRule)
    var (kinks, inconclusive, failures): ([Int], [Int], [Int]) = ([], [], [])
    var worst: Component?
    for i in point.indices {
      let finding = try probe.examine(derivatives[i], at: point[i]) { (x) throws(Failure) in try function(i, x) }
      guard finding.isConclusive else {
        inconclusive.append(i)
        continue
      }
      if finding.place != .smooth { kinks.append(i) }
      if finding.error > tolerance { failures.append(i) }
      if worst == nil || finding.error > worst?.error ?? 0 {
        worst = Component(
          index: i, analytic: derivatives[i], numeric: finding.numeric, numericError: finding.numericError,
          error: finding.error, step: finding.step, place: finding.place)
      }
    }
    self.tolerance = tolerance
    componentCount = point.count
    (self.kinks, self.inconclusive, self.failures, self.worst) = (kinks, inconclusive, failures, worst)
  }
}

extension GradientCheck {
  /// Compares `gradient` with the differences of `function` around `point`.
  ///
  /// - Parameters:
  ///   - point: n finite numbers.
  ///   - gradient: The n partial derivatives that `function` is thought to have at `point`.
  ///   - tolerance: The largest error that passes, greater than 0 and less than 1.
  ///   - function: The value at a point that differs from `point` in one component. Where it is undefined it returns
  ///     NaN or an infinity.
  /// - Throws: ``LossError`` where the lengths differ or the tolerance is out of range; any error that `function`
  ///   throws.
  /// - Complexity: About 20 values for each smooth component, and up to 270 for one that is hard.
  public init(
    at point: [Double], gradient: [Double], tolerance: Double = Self.defaultTolerance,
    _ function: ([Double]) throws -> Double
  ) throws {
    guard gradient.count == point.count else {
      throw LossError.lengthMismatch(argument: "gradient", length: gradient.count, expected: point.count)
    }
    try Self.validate(tolerance: tolerance)
    try self.init(moving: point, gradient: gradient, tolerance: tolerance, function)
  }

  /// As above, for lengths and a tolerance that are known to be right.
  init<Failure: Error>(
    moving point: [Double], gradient: [Double], tolerance: Double, _ function: ([Double]) throws(Failure) -> Double
  ) throws(Failure) {
    var moved = point
    try self.init(at: point, derivatives: gradient, tolerance: tolerance, jumpRule: .disagrees) {
      (i, x) throws(Failure) in
      moved[i] = x
      defer { moved[i] = point[i] }
      return try function(moved)
    }
  }

  /// Throws unless the tolerance can be used.
  package static func validate(tolerance: Double) throws(LossError) {
    guard tolerance > 0, tolerance < 1 else {
      throw .invalidArgument(
        argument: "tolerance", value: "\(tolerance)", expected: "a number greater than 0 and less than 1")
    }
  }
}

extension GradientCheck: CustomStringConvertible {
  /// The outcome in plain English.
  public var description: String { description(of: "gradient") { "component \($0)" } }

  /// The outcome, with `name` for what was checked and `place` for where a component is.
  func description(of name: String, at place: (Int) -> String) -> String {
    guard let worst else {
      return componentCount == 0
        ? "There is no \(name) to check." : "The \(name) could not be checked: \(counts)."
    }
    let found = "analytic \(worst.analytic), numeric \(worst.numericText), step \(worst.step)"
    return passed
      ? "The \(name) agrees with the differences: \(counts). The largest error is \(worst.error), at"
        + " \(place(worst.index)): \(found)."
      : "The \(name) is wrong in \(Self.counted(failures.count, "component")): \(counts). The worst is"
        + " \(place(worst.index)): \(found), error \(worst.error), tolerance \(tolerance)."
  }

  /// `9 components compared, 1 of them at a kink, 2 inconclusive`.
  private var counts: String {
    var parts = ["\(Self.counted(comparedCount, "component")) compared"]
    if !kinks.isEmpty { parts.append("\(kinks.count) of them at a kink") }
    if !inconclusive.isEmpty { parts.append("\(inconclusive.count) inconclusive") }
    return parts.joined(separator: ", ")
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension GradientCheck.Component {
  /// The numeric derivative with its error, or why there is none.
  package var numericText: String {
    switch place {
    case .smooth: "\(numeric) ± \(numericError)"
    case .kink(let left, let right): "a kink with \(left) on the left and \(right) on the right"
    case .jump where numeric.isNaN: "none, because the function jumps"
    case .jump: "\(numeric) between the sides of a jump"
    }
  }
}
