/// A loss of distributions over K classes: how far the row `p` of the predictions is from the row `q` of the targets.
///
/// Predictions and targets are matrices of n rows of K numbers. What these are is a parameter of the loss, a
/// ``DistributionForm``: logits, whose softmax is meant, log-probabilities or probabilities. The gradient is the one by the
/// numbers that are given. A divergence is a sum over the classes; the mean is one over the rows.
///
/// - A class of probability 0 on either side has a defined contribution, the limit: `0 ln 0 = 0`. It is infinite where the
///   limit is: a Kullback–Leibler divergence where `q > 0` and `p = 0`. The gradient by logits is then +∞ for the classes
///   that make it infinite and −∞ for the others, never NaN, and their curvature is infinite. Logits and
///   log-probabilities of −∞ are a probability of 0.
/// - Rows that do not sum to one are used as they are. Kullback–Leibler divergences are given with the term that makes up
///   for it, `Σp − Σq` (Csiszár 1975), so that every divergence is 0 where the rows are equal and positive elsewhere,
///   however the sums are rounded. For rows that sum to one this is the textbook formula.
/// - All work is in `Double`, also for `Float`: for rows that differ by 1e-6 from each other the divergence, of some 1e-12,
///   is accurate to about nine digits.
/// - A row with a NaN among its predictions gives NaN, and leaves the others alone. Targets that are probabilities must be
///   finite and not negative; logarithms must be numbers below ∞.
///
/// The verbs are those of ``PointwiseLoss``. `values` gives one number for each row; a gradient, and a curvature, which is
/// the diagonal of the Hessian, have the shape of the predictions. By a probability of 0 the curvature is infinite where the
/// slope is, and 0 elsewhere; by logits it may be negative where the divergence is not convex. `weights` are n numbers, one for each row. All take time
/// O(nK).
@nonexhaustive
public enum DivergenceLoss: Hashable, Sendable {
  /// `Σ q ln(q/p)` (Kullback and Leibler 1951), with `− q + p` in each term.
  ///
  /// The gradient by logits is `p Σq − q`, by log-probabilities `p − q`, by probabilities `1 − q/p`. Systems without the
  /// term that makes up for the sums have `−q` and `−q/p` in the latter two.
  case kullbackLeibler(input: DistributionForm = .logits, target: DistributionForm = .probabilities)

  /// `Σ p ln(p/q)`, with `− p + q` in each term: infinite where `p > 0` and `q = 0`.
  case reverseKullbackLeibler(input: DistributionForm = .logits, target: DistributionForm = .probabilities)

  /// `½ Σ (q ln(q/m) + p ln(p/m))` with `m = ½(p + q)` (Lin 1991): at most ln 2.
  case jensenShannon(input: DistributionForm = .logits, target: DistributionForm = .probabilities)

  /// `½ Σ |p − q|`: at most 1. Where `p = q` for a class its slope is 0.
  case totalVariation(input: DistributionForm = .logits, target: DistributionForm = .probabilities)

  /// `½ Σ (√p − √q)²`, the square of the Hellinger distance: at most 1.
  case hellinger(input: DistributionForm = .logits, target: DistributionForm = .probabilities)

  /// `Σ (p − q) ln(p/q)`: the sum of both Kullback–Leibler divergences (Jeffreys 1946).
  case jeffreys(input: DistributionForm = .logits, target: DistributionForm = .probabilities)

  /// `T² Σ q ln(q/p)` with `p = softmax(z/T)` and `q = softmax(t/T)` of the logits t of a teacher (Hinton, Vinyals and
  /// Dean 2015). The factor T² keeps the size of the gradient, `T(p − q)`. Requires `temperature > 0`.
  case distillation(temperature: Double = 2)

  /// `−Σ p ln p` with `p = softmax(z)`: the entropy of the predictions, from 0 to ln K, in nats. It has no targets.
  ///
  /// Minimised it makes predictions confident. To keep them from being so (Pereyra et al. 2017) its negative is added:
  /// subtract the value, and pass a negative `scale` for the gradient.
  case entropy
}

/// What the numbers of a row are that stands for a distribution.
public enum DistributionForm: String, Hashable, Sendable, Codable, CaseIterable {
  /// Scores z: the distribution is their softmax, `exp(z_c)/Σ exp(z_j)`.
  case logits
  /// The natural logarithms of the probabilities.
  case logProbabilities
  /// The probabilities.
  case probabilities
}

extension DivergenceLoss {
  /// Whether the loss compares with targets.
  public var hasTargets: Bool { self != .entropy }

  /// What the predictions are.
  public var input: DistributionForm { forms.input }

  /// What the targets are.
  public var target: DistributionForm { forms.target }

  var forms: (input: DistributionForm, target: DistributionForm) {
    switch self {
    case .kullbackLeibler(let input, let target), .reverseKullbackLeibler(let input, let target),
      .jensenShannon(let input, let target), .totalVariation(let input, let target),
      .hellinger(let input, let target), .jeffreys(let input, let target):
      (input, target)
    case .distillation, .entropy: (.logits, .logits)
    }
  }
}
