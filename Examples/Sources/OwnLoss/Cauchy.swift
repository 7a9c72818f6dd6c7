import Losses

/// A loss of one's own: the formula, once. The derivatives follow from it.
struct Cauchy: LossFormula {
  var scale = 1.0

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = (prediction - target) / T(scale)
    return .log1p(r * r)
  }
}
