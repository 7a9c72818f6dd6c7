import CLossKernels
import Losses

/// A convex loss with kinks: `Σₖ upₖ (z − kinkₖ)₊ + downₖ (kinkₖ − z)₊ + φ(z)` for a margin z, where φ, the sum of the other
/// terms, is convex and differentiable.
///
/// Straight pieces that a parabola joins, such as Huber's, are summands with a rounded kink. They could be part of φ, but
/// Newton's method on φ gets lost where its curvature is nearly everywhere 0.
struct PiecewiseLinearForm {
  /// One summand: the greatest `u (z − kink) − ½ rounding u²` of all u from −down to up.
  struct Hinge {
    var kink: Double
    var up: Double
    var down: Double
    var rounding = 0.0

    /// The summand times a positive factor.
    func scaled(by factor: Double) -> Hinge {
      Hinge(kink: kink, up: factor * up, down: factor * down, rounding: rounding / factor)
    }
  }

  /// The summands for a target; as many for every target.
  let hinges: (_ target: Double) -> [Hinge]

  /// The number of summands.
  let count: Int

  /// φ; `nil` where the loss has no other terms.
  let remainder: _KernelTerms?

  /// Whether it has a summand without rounding.
  private let hasKinks: Bool

  /// `nil` where the loss has no kinks, or is not known to be convex.
  init?(_ loss: some PointwiseLoss) {
    let terms = loss._kernelTerms
    var parts: [(coefficient: Double, form: PiecewiseLinearForm)] = []
    for index in 0..<terms.count where terms[index].coefficient != 0 {
      guard let form = PiecewiseLinearForm(terms[index]) else { continue }
      guard terms[index].coefficient > 0 else { return nil }
      parts.append((terms[index].coefficient, form))
    }
    hasKinks = parts.contains { $0.form.hasKinks }
    guard hasKinks else { return nil }
    remainder = terms.selecting { $0.coefficient != 0 && PiecewiseLinearForm($0) == nil }
    guard remainder == nil || loss.isConvex else { return nil }
    count = parts.reduce(0) { $0 + $1.form.count }
    hinges = { target in
      parts.flatMap { coefficient, form in form.hinges(target).map { $0.scaled(by: coefficient) } }
    }
  }

  private init?(_ term: lk_term) {
    let parameter = term.parameters.0
    remainder = nil
    count = term.loss == lk_loss_epsilon_insensitive ? 2 : 1
    var isRounded = false
    switch term.loss {
    case lk_loss_absolute_error:
      hinges = { [Hinge(kink: $0, up: 1, down: 1)] }
    case lk_loss_quantile:
      hinges = { [Hinge(kink: $0, up: 1 - parameter, down: parameter)] }
    case lk_loss_epsilon_insensitive:
      hinges = {
        [Hinge(kink: $0 + parameter, up: 1, down: 0), Hinge(kink: $0 - parameter, up: 0, down: 1)]
      }
    case lk_loss_hinge:
      hinges = { [Hinge(kink: $0, up: $0 < 0 ? 1 : 0, down: $0 < 0 ? 0 : 1)] }
    case lk_loss_perceptron:
      hinges = { [Hinge(kink: 0, up: $0 < 0 ? 1 : 0, down: $0 < 0 ? 0 : 1)] }
    case lk_loss_huber:
      hinges = { [Hinge(kink: $0, up: parameter, down: parameter, rounding: 1)] }
      isRounded = true
    case lk_loss_smooth_l1:
      hinges = { [Hinge(kink: $0, up: 1, down: 1, rounding: parameter)] }
      isRounded = true
    case lk_loss_smoothed_hinge:
      hinges = { [Hinge(kink: $0, up: $0 < 0 ? 1 : 0, down: $0 < 0 ? 0 : 1, rounding: parameter)] }
      isRounded = true
    case lk_loss_modified_huber:
      hinges = { [Hinge(kink: $0, up: $0 < 0 ? 4 : 0, down: $0 < 0 ? 0 : 4, rounding: 0.5)] }
      isRounded = true
    default:
      return nil
    }
    hasKinks = !isRounded
  }
}
