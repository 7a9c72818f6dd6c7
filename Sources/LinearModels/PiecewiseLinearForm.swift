import CLossKernels
import Losses

/// A convex loss made of straight pieces: `Σₖ upₖ (z − kinkₖ)₊ + downₖ (kinkₖ − z)₊` for a margin z.
struct PiecewiseLinearForm {
  /// One summand.
  struct Hinge {
    var kink: Double
    var up: Double
    var down: Double
  }

  /// The summands for a target; as many for every target.
  let hinges: (_ target: Double) -> [Hinge]

  /// The number of summands.
  let count: Int

  /// `nil` where the loss is not a sum of straight pieces that is convex.
  init?(_ terms: _KernelTerms) {
    var parts: [(coefficient: Double, form: PiecewiseLinearForm)] = []
    for index in 0..<terms.count where terms[index].coefficient != 0 {
      guard terms[index].coefficient > 0, let form = PiecewiseLinearForm(terms[index]) else { return nil }
      parts.append((terms[index].coefficient, form))
    }
    guard !parts.isEmpty else { return nil }
    count = parts.reduce(0) { $0 + $1.form.count }
    hinges = { target in
      parts.flatMap { coefficient, form in
        form.hinges(target).map { Hinge(kink: $0.kink, up: coefficient * $0.up, down: coefficient * $0.down) }
      }
    }
  }

  private init?(_ term: lk_term) {
    let parameter = term.parameters.0
    count = term.loss == lk_loss_epsilon_insensitive ? 2 : 1
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
    default:
      return nil
    }
  }
}
