import Losses

// Built-in losses written as formulas, as a user would.

struct SquaredErrorFormula: LossFormula {
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let r = prediction - target
    return r * r
  }
}

struct HuberFormula: LossFormula {
  var delta = 1.0
  static var parameters: [FormulaParameter<Self>] { [FormulaParameter("delta", \.delta)] }

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let d = T.parameter(0, delta)
    let r = T.abs(prediction - target)
    return T.select(r <= d, 0.5 * r * r, d * (r - 0.5 * d))
  }
}

struct PseudoHuberFormula: LossFormula {
  var delta = 1.0
  static var parameters: [FormulaParameter<Self>] { [FormulaParameter("delta", \.delta)] }

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let d = T.parameter(0, delta)
    let u = (prediction - target) / d
    return d * d * (u * u / (T.sqrt(1 + u * u) + 1))
  }
}

struct QuantileFormula: LossFormula {
  var level = 0.5
  static var parameters: [FormulaParameter<Self>] { [FormulaParameter("level", \.level)] }

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let level = T.parameter(0, level)
    let r = prediction - target
    return T.max((1 - level) * r, -level * r)
  }
}

struct LogisticFormula: LossFormula {
  var positiveWeight = 1.0
  var labelSmoothing = 0.0
  static var parameters: [FormulaParameter<Self>] {
    [FormulaParameter("positiveWeight", \.positiveWeight), FormulaParameter("labelSmoothing", \.labelSmoothing)]
  }

  func callAsFunction<T: LossNumber>(prediction z: T, target: T) -> T {
    let (weight, smoothing) = (T.parameter(0, positiveWeight), T.parameter(1, labelSmoothing))
    let y = (1 - smoothing) * target + 0.5 * smoothing
    return weight * y * T.softplus(-z) + (1 - y) * T.softplus(z)
  }
}

struct FocalFormula: LossFormula {
  var alpha = 0.25
  var gamma = 2.0
  static var parameters: [FormulaParameter<Self>] {
    [FormulaParameter("alpha", \.alpha), FormulaParameter("gamma", \.gamma)]
  }

  func callAsFunction<T: LossNumber>(prediction z: T, target y: T) -> T {
    let (alpha, gamma) = (T.parameter(0, alpha), T.parameter(1, gamma))
    let positive = alpha * y * T.exp(-gamma * T.softplus(z)) * T.softplus(-z)
    let negative = (1 - alpha) * (1 - y) * T.exp(-gamma * T.softplus(-z)) * T.softplus(z)
    return positive + negative
  }
}

struct LogCoshFormula: LossFormula {
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let a = T.abs(prediction - target)
    return a + T.log1p(T.expm1(-2 * a) / 2)
  }
}

struct HingeFormula: LossFormula {
  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T { T.max(0, 1 - target * prediction) }
}

struct CauchyFormula: LossFormula, DifferentiatedFormula {
  var scale = 1.0

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    let u = (prediction - target) / T(scale)
    return T.log1p(u * u)
  }

  func valueGradientAndCurvature<T: LossNumber>(prediction: T, target: T) -> (value: T, gradient: T, curvature: T) {
    let u = (prediction - target) / T(scale)
    let s = 1 + u * u
    return (T.log1p(u * u), 2 * u / s / T(scale), 2 * (1 - u * u) / s / s / T(scale * scale))
  }
}

/// As many differences as terms, which the derivatives need at once.
struct SumFormula: LossFormula {
  var count: Int

  func callAsFunction<T: LossNumber>(prediction: T, target: T) -> T {
    (0..<count).reduce(target) { sum, k in sum + T.abs(prediction - T(Double(k))) }
  }
}
