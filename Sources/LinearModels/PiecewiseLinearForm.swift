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

  /// `nil` where the loss is not made of straight pieces.
  init?(_ terms: _KernelTerms) {
    let parameter = terms.term.parameters.0
    switch terms.term.loss {
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
    count = terms.term.loss == lk_loss_epsilon_insensitive ? 2 : 1
  }
}
