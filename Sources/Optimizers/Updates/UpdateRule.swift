/// What a step does to parameters `w`, given the gradient `g` of what is minimised: `w ← w − …`.
///
/// A rule is a value: the case names it, the associated values are its hyperparameters. ``Optimizer`` applies it, and keeps
/// its state. Like a loss a rule has a text form, `adamW(learningRate: 0.001, weightDecay: 0.01)`, of which what is not
/// given has its default.
///
/// In the formulas `η` is the learning rate (that of the rule, times the factor of a schedule), `t = 1, 2, …` the number of
/// the step, and all products and roots are those of single components. A weight decay `λ` is added to the gradient,
/// `g ← g + λw`, before anything else happens to it, except for `adamW`, `lion` and `adafactor`, where it is decoupled:
/// `w ← (1 − ηλ)w` before the step (Loshchilov and Hutter 2019). ``UpdateOptions/weightDecay`` makes it one or the other for
/// every rule.
///
/// ε may be 0 in most rules. A fraction whose denominator is 0 then counts as 0: a parameter whose gradients were all 0
/// stays where it is, where PyTorch, and Optax in most rules, make it NaN. The same holds where ε, or the square of a
/// gradient, is too small for the scalar.
///
/// Moments start at 0 unless something else is said. Defaults are those of PyTorch, or of Optax where PyTorch does not have
/// the rule.
@nonexhaustive
public enum UpdateRule: Hashable, Sendable {
  /// `v ← μv + (1 − τ)g; w ← w − ηv`, with `v ← g` in the first step; without momentum `w ← w − ηg` (Robbins and Monro 1951;
  /// Polyak 1964). `momentum` μ and `dampening` τ are in [0, 1).
  ///
  /// As in PyTorch the learning rate is outside the momentum: it acts at once when it changes. Sutskever et al. (2013) and
  /// TensorFlow have `v ← μv − ηg; w ← w + v`, the same for a constant rate.
  case sgd(learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0)

  /// `v ← μv + g; w ← w − η(g + μv)` (Nesterov 1983, in the form of Sutskever et al. 2013).
  case nesterov(learningRate: Double = 1e-3, momentum: Double = 0.9, weightDecay: Double = 0)

  /// `m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − η m̂/(√v̂ + ε)` with `m̂ = m/(1 − β₁ᵗ)`, `v̂ = v/(1 − β₂ᵗ)` (Kingma and
  /// Ba 2015).
  ///
  /// ε is outside the root, after the correction, as in the paper and in PyTorch; the paper's second form, and TensorFlow,
  /// have it before the correction (`ε√(1 − β₂ᵗ)` here).
  ///
  /// Where `√v̂ + ε` is 0 the step is 0.
  case adam(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0)

  /// As `adam`, with decoupled weight decay (Loshchilov and Hutter 2019). As in PyTorch and Optax the decay is times the
  /// learning rate.
  ///
  /// Where `√v̂ + ε` is 0 the step is the decay alone.
  case adamW(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01)

  /// As `adam`, with the greatest `v` so far in place of `v` (Reddi, Kale and Kumar 2018).
  ///
  /// As in PyTorch the correction comes after the maximum; Optax takes the maximum of corrected ones.
  ///
  /// Where the root plus ε is 0 the step is 0.
  case amsgrad(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0)

  /// Adam with Nesterov's momentum (Dozat 2016): `w ← w − η(μₜ₊₁ m/(1 − Πμ) + (1 − μₜ)g/(1 − Πμ))/(√v̂ + ε)` with
  /// `μₜ = β₁(1 − ½·0.96^(tψ))`, the first product up to `t + 1`, the second one up to `t`. `momentumDecay` is ψ ≥ 0.
  ///
  /// Where `√v̂ + ε` is 0 the step is 0.
  case nadam(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    momentumDecay: Double = 4e-3, weightDecay: Double = 0)

  /// Rectified Adam (Liu et al. 2020): `w ← w − η r m̂ √(1 − β₂ᵗ)/(√v + ε)` where the rectification r is defined, that is
  /// where `ρₜ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ) > 5` with `ρ∞ = 2/(1 − β₂) − 1`; `w ← w − ηm̂` before.
  ///
  /// Where `√v + ε` is 0 the step is 0.
  case radam(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0)

  /// `u ← max(β₂u, |g| + ε); w ← w − η m̂/u` with `m̂` as in `adam` (Kingma and Ba 2015). The paper has no ε.
  ///
  /// Where u is 0 the step is 0.
  case adamax(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0)

  /// As `adam` with `v ← β₂v + (1 − β₂)(g − m)² + ε_r`: how far the gradient is from what was expected (Zhuang et al. 2020).
  /// `rootEpsilon` is ε_r.
  ///
  /// Where `√v̂ + ε` is 0 the step is 0.
  case adaBelief(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-16,
    rootEpsilon: Double = 1e-16, weightDecay: Double = 0)

  /// As `adam` with `v ← v − (1 − β₂) sign(v − g²) g²` (Zaheer et al. 2018). Both moments start at `initialAccumulator`, as in
  /// Optax.
  ///
  /// Where `√v̂ + ε` is 0 the step is 0.
  case yogi(
    learningRate: Double = 0.01, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-3,
    initialAccumulator: Double = 1e-6, weightDecay: Double = 0)

  /// `w ← (1 − ηλ)w − η sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g` (Chen et al. 2023).
  case lion(learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 1e-3)

  /// `v ← αv + (1 − α)g²; b ← μb + g/(√v + ε); w ← w − ηb` (Tieleman and Hinton 2012). As in PyTorch ε is outside the root;
  /// TensorFlow and Optax have it inside.
  ///
  /// Where `√v + ε` is 0 the gradient counts as 0.
  case rmsProp(
    learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    weightDecay: Double = 0)

  /// As `rmsProp` with `√(v − m²)`, `m ← αm + (1 − α)g`, in place of `√v` (Graves 2013). Where rounding makes `v < m²` it
  /// counts as 0; in PyTorch the result is NaN.
  ///
  /// Where the root plus ε is 0, as for a gradient that is always the same if ε is 0, the gradient counts as 0.
  case centeredRMSProp(
    learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    weightDecay: Double = 0)

  /// `v ← v + g²; w ← w − η/(1 + (t − 1)δ) · g/(√v + ε)` (Duchi, Hazan and Singer 2011). `learningRateDecay` is δ; v starts at
  /// `initialAccumulator`.
  ///
  /// Where `√v + ε` is 0 the step is 0.
  case adagrad(
    learningRate: Double = 0.01, learningRateDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10, weightDecay: Double = 0)

  /// `v ← ρv + (1 − ρ)g²; Δ = √(u + ε)/√(v + ε) · g; u ← ρu + (1 − ρ)Δ²; w ← w − ηΔ` (Zeiler 2012, where η = 1).
  ///
  /// Where `√(v + ε)` is 0, ε being too small for the scalar, Δ is 0.
  case adadelta(learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0)

  /// Adam without momentum, with a second moment of little memory (Shazeer and Stern 2018). A range of a layout with
  /// ``ParameterRange/columns`` has one number for each row and column, `v ≈ rcᵀ/mean(r)`; another one has `v` itself. With
  /// `ρ = t^(−d)` the means of squares are `v ← v + ρ(g² − v)`, the step is `u = g/√max(v, ε²)`, and
  /// `w ← w − min(η, 1/√t) · max(s, RMS(w)) · u/max(1, RMS(u)/c)`.
  ///
  /// `decayExponent` is d > 0, `epsilon` is ε, 0 for the distance from 1 to the next number of the scalar; `leastScale` is s,
  /// `threshold` is c ≥ 1. As in PyTorch; weight decay is decoupled.
  ///
  /// An ε below 2⁻⁶³ for `Float` or 2⁻⁵¹¹ for `Double` counts as that number: its square is one of the scalar.
  case adafactor(
    learningRate: Double = 0.01, decayExponent: Double = 0.8, epsilon: Double = 0, leastScale: Double = 1e-3,
    threshold: Double = 1, weightDecay: Double = 0)

  /// A length for each parameter: `g · g_before > 0` multiplies it by η₊, `< 0` by η₋; it stays between the minimum and the
  /// maximum, and the parameter moves by it against the sign of its gradient; after a change of sign it stays, and that
  /// gradient counts as 0 (Riedmiller and Braun 1993, without their backtracking). For full batches. The lengths start at
  /// the learning rate, which has no other use: neither a schedule nor the factor of a range acts.
  case rprop(
    learningRate: Double = 0.01, etaMinus: Double = 0.5, etaPlus: Double = 1.2, minimumStep: Double = 1e-6,
    maximumStep: Double = 50)

  /// `m ← βm + (1 − β)g; w ← w − η sign(m)` (Bernstein et al. 2018).
  case signum(learningRate: Double = 1e-3, beta: Double = 0.9, weightDecay: Double = 0)
}
