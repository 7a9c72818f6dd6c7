import CLossKernels
import Losses

extension UpdateRule {
  /// Which rule of the kernels this is, and how many states it has for each parameter. That of `adafactor` is none of these.
  var kernel: (rule: lk_update, stateCount: Int) {
    switch self {
    case .sgd(_, let momentum, _, _): momentum == 0 ? (lk_update_descent, 0) : (lk_update_momentum, 1)
    case .nesterov: (lk_update_nesterov, 1)
    case .adam, .adamW, .radam: (lk_update_adam, 2)
    case .amsgrad: (lk_update_amsgrad, 3)
    case .nadam: (lk_update_nadam, 2)
    case .adamax: (lk_update_adamax, 2)
    case .adaBelief: (lk_update_adabelief, 2)
    case .yogi: (lk_update_yogi, 2)
    case .lion: (lk_update_lion, 1)
    case .rmsProp(_, _, _, let momentum, _):
      momentum == 0 ? (lk_update_rmsprop, 1) : (lk_update_rmsprop_momentum, 2)
    case .centeredRMSProp(_, _, _, let momentum, _):
      momentum == 0 ? (lk_update_centered_rmsprop, 2) : (lk_update_centered_rmsprop_momentum, 3)
    case .adagrad: (lk_update_adagrad, 1)
    case .adadelta: (lk_update_adadelta, 2)
    case .rprop: (lk_update_rprop, 2)
    case .signum: (lk_update_signum, 1)
    case .adafactor: (lk_update_descent, 0)
    }
  }

  /// What the states start at.
  var initialStates: [Double] {
    switch self {
    case .yogi(_, _, _, _, let initial, _): [initial, initial]
    case .adagrad(_, _, let initial, _, _): [initial]
    case .rprop(let rate, _, _, _, _): [0, rate]
    default: [Double](repeating: 0, count: kernel.stateCount)
    }
  }

  /// The learning rate, and the weight decay with whether it is decoupled.
  var learningRate: Double {
    switch self {
    case .sgd(let rate, _, _, _), .nesterov(let rate, _, _), .adam(let rate, _, _, _, _), .adamW(let rate, _, _, _, _),
      .amsgrad(let rate, _, _, _, _), .nadam(let rate, _, _, _, _, _), .radam(let rate, _, _, _, _),
      .adamax(let rate, _, _, _, _), .adaBelief(let rate, _, _, _, _, _), .yogi(let rate, _, _, _, _, _),
      .lion(let rate, _, _, _), .rmsProp(let rate, _, _, _, _), .centeredRMSProp(let rate, _, _, _, _),
      .adagrad(let rate, _, _, _, _), .adadelta(let rate, _, _, _), .rprop(let rate, _, _, _, _),
      .adafactor(let rate, _, _, _, _, _), .signum(let rate, _, _):
      rate
    }
  }

  var weightDecay: (strength: Double, isDecoupled: Bool) {
    switch self {
    case .adamW(_, _, _, _, let decay), .lion(_, _, _, let decay), .adafactor(_, _, _, _, _, let decay): (decay, true)
    case .sgd(_, _, _, let decay), .nesterov(_, _, let decay), .adam(_, _, _, _, let decay),
      .amsgrad(_, _, _, _, let decay), .nadam(_, _, _, _, _, let decay), .radam(_, _, _, _, let decay),
      .adamax(_, _, _, _, let decay), .adaBelief(_, _, _, _, _, let decay), .yogi(_, _, _, _, _, let decay),
      .rmsProp(_, _, _, _, let decay), .centeredRMSProp(_, _, _, _, let decay), .adagrad(_, _, _, _, let decay),
      .adadelta(_, _, _, let decay), .signum(_, _, let decay):
      (decay, false)
    case .rprop: (0, false)
    }
  }

  /// How far the step goes in the long run while the gradient stays the same, as a multiple of learning rate and gradient;
  /// `nil` where it is no multiple of it.
  package var reach: Double? {
    switch self {
    case .sgd(_, let momentum, let dampening, _): momentum == 0 ? 1 : (1 - dampening) / (1 - momentum)
    case .nesterov(_, let momentum, _): 1 / (1 - momentum)
    default: nil
    }
  }

  /// The factor of the momentum of ``nadam(learningRate:beta1:beta2:epsilon:momentumDecay:weightDecay:)`` in step `t`.
  func nadamMomentum(_ t: Int) -> Double {
    guard case .nadam(_, let beta1, _, _, let decay, _) = self else { return 1 }
    return beta1 * (1 - 0.5 * Math.pow(0.96, Double(t) * decay))
  }

  /// What the kernels need to know of the step that `progress` counts last, at the rate `η`.
  func setFactors(of call: inout lk_update_call, rate η: Double, _ progress: UpdateProgress) {
    let (t, product) = (progress.stepCount, progress.momentumProduct)
    switch self {
    case .sgd(_, let momentum, let dampening, _):
      call.factors = (η, momentum, t == 1 ? 1 : 1 - dampening, 0, 0, 0, 0)
    case .nesterov(_, let momentum, _):
      call.factors = (η, momentum, 1, 0, 0, 0, 0)
    case .adam(_, let beta1, let beta2, let epsilon, _), .adamW(_, let beta1, let beta2, let epsilon, _),
      .amsgrad(_, let beta1, let beta2, let epsilon, _), .yogi(_, let beta1, let beta2, let epsilon, _, _):
      let (first, root) = corrections(beta1, beta2, t)
      call.factors = (η / first, 1 - beta1, beta2, 1 - beta2, 1 / root, epsilon, 0)
    case .adaBelief(_, let beta1, let beta2, let epsilon, let rootEpsilon, _):
      let (first, root) = corrections(beta1, beta2, t)
      call.factors = (η / first, 1 - beta1, beta2, 1 - beta2, 1 / root, rootEpsilon, epsilon)
    case .nadam(_, let beta1, let beta2, let epsilon, _, _):
      let (_, root) = corrections(beta1, beta2, t)
      let (now, next) = (nadamMomentum(t), nadamMomentum(t + 1))
      let ofMomentum = η * next / (1 - product * next)
      call.factors = (ofMomentum, 1 - beta1, beta2, 1 - beta2, 1 / root, epsilon, η * (1 - now) / (1 - product))
    case .radam(_, let beta1, let beta2, let epsilon, _):
      let (first, root) = corrections(beta1, beta2, t)
      if let rectification = rectification(beta2, t) {
        call.factors = (η * rectification * root / first, 1 - beta1, beta2, 1 - beta2, 1, epsilon, 0)
      } else {
        call.factors = (η / first, 1 - beta1, beta2, 1 - beta2, 0, 1, 0)
      }
    case .adamax(_, let beta1, let beta2, let epsilon, _):
      call.factors = (η / corrections(beta1, beta2, t).first, 1 - beta1, beta2, epsilon, 0, 0, 0)
    case .lion(_, let beta1, let beta2, _):
      call.factors = (η, 1 - beta1, 1 - beta2, 0, 0, 0, 0)
    case .rmsProp(_, let alpha, let epsilon, let momentum, _),
      .centeredRMSProp(_, let alpha, let epsilon, let momentum, _):
      call.factors = (η, alpha, 1 - alpha, epsilon, momentum, 0, 0)
    case .adagrad(_, let rateDecay, _, let epsilon, _):
      call.factors = (η / (1 + Double(t - 1) * rateDecay), epsilon, 0, 0, 0, 0, 0)
    case .adadelta(_, let rho, let epsilon, _):
      call.factors = (η, rho, 1 - rho, epsilon, 0, 0, 0)
    case .rprop(_, let etaMinus, let etaPlus, let minimum, let maximum):
      call.factors = (etaPlus, etaMinus, minimum, maximum, 0, 0, 0)
    case .signum(_, let beta, _):
      call.factors = (η, 1 - beta, 0, 0, 0, 0, 0)
    case .adafactor: break
    }
  }

  /// `1 − β₁ᵗ`, and the root of `1 − β₂ᵗ`.
  private func corrections(_ beta1: Double, _ beta2: Double, _ t: Int) -> (first: Double, root: Double) {
    (1 - Math.pow(beta1, Double(t)), (1 - Math.pow(beta2, Double(t))).squareRoot())
  }

  /// `nil` where the variance of the second moment is not known well enough.
  private func rectification(_ beta2: Double, _ t: Int) -> Double? {
    let power = Math.pow(beta2, Double(t))
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * Double(t) * power / (1 - power)
    guard length > 5 else { return nil }
    return ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)).squareRoot()
  }
}
