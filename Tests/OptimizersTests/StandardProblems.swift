import Foundation

/// Smooth problems with published minima; MGH is Moré, Garbow and Hillstrom (1981), with their starts.
extension TestProblem {
  static let smooth = [
    quadratic, extendedRosenbrock(2), extendedRosenbrock(100), beale, powellSingular, wood, logistic,
  ]

  /// `½Σ λᵢ(xᵢ − i)²` with `λ` from 1 to 10⁶, so of condition number 10⁶.
  static let quadratic = TestProblem(
    name: "quadratic, condition 1e6", start: [Double](repeating: 0, count: 7), minimum: 0,
    minimizer: (0..<7).map(Double.init)
  ) { x, gradient in
    var value = 0.0
    var eigenvalue = 1.0
    for i in x.indices {
      let distance = x[i] - Double(i)
      gradient[i] = eigenvalue * distance
      value += 0.5 * eigenvalue * distance * distance
      eigenvalue *= 10
    }
    return value
  }

  /// MGH 1 and 21: `Σ 100(x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)²`.
  static func extendedRosenbrock(_ count: Int) -> TestProblem {
    TestProblem(
      name: "Rosenbrock \(count)-D", start: (0..<count).map { $0.isMultiple(of: 2) ? -1.2 : 1 }, minimum: 0,
      minimizer: [Double](repeating: 1, count: count)
    ) { x, gradient in
      var value = 0.0
      for i in stride(from: 0, to: x.count, by: 2) {
        let valley = x[i + 1] - x[i] * x[i]
        let distance = 1 - x[i]
        value += 100 * valley * valley + distance * distance
        gradient[i] = -400 * x[i] * valley - 2 * distance
        gradient[i + 1] = 200 * valley
      }
      return value
    }
  }

  /// MGH 5: `Σ (yᵢ − x₁(1 − x₂ⁱ))²`.
  static let beale = TestProblem(name: "Beale", start: [1, 1], minimum: 0, minimizer: [3, 0.5]) { x, gradient in
    var value = 0.0
    var power = 1.0
    gradient[0] = 0
    gradient[1] = 0
    for (i, y) in [1.5, 2.25, 2.625].enumerated() {
      let derivative = Double(i + 1) * power
      power *= x[1]
      let residual = y - x[0] * (1 - power)
      value += residual * residual
      gradient[0] -= 2 * residual * (1 - power)
      gradient[1] += 2 * residual * x[0] * derivative
    }
    return value
  }

  /// MGH 13; the Hessian at the minimum is singular.
  static let powellSingular = TestProblem(
    name: "Powell singular", start: [3, -1, 0, 1], minimum: 0, minimizer: [0, 0, 0, 0]
  ) { x, gradient in
    let a = x[0] + 10 * x[1]
    let b = x[2] - x[3]
    let c = x[1] - 2 * x[2]
    let d = x[0] - x[3]
    gradient[0] = 2 * a + 40 * d * d * d
    gradient[1] = 20 * a + 4 * c * c * c
    gradient[2] = 10 * b - 8 * c * c * c
    gradient[3] = -10 * b - 40 * d * d * d
    return a * a + 5 * b * b + c * c * c * c + 10 * d * d * d * d
  }

  /// MGH 14.
  static let wood = TestProblem(
    name: "Wood", start: [-3, -1, -3, -1], minimum: 0, minimizer: [1, 1, 1, 1]
  ) { x, gradient in
    let a = x[1] - x[0] * x[0]
    let b = x[3] - x[2] * x[2]
    let sum = x[1] + x[3] - 2
    let difference = x[1] - x[3]
    gradient[0] = -400 * a * x[0] - 2 * (1 - x[0])
    gradient[1] = 200 * a + 20 * sum + 0.2 * difference
    gradient[2] = -360 * b * x[2] - 2 * (1 - x[2])
    gradient[3] = 180 * b + 20 * sum - 0.2 * difference
    return 100 * a * a + (1 - x[0]) * (1 - x[0]) + 90 * b * b + (1 - x[2]) * (1 - x[2])
      + 10 * sum * sum + 0.1 * difference * difference
  }

  /// `Σ ln(1 + exp(−yᵢ(x₁ + x₂uᵢ))) + ½‖x‖²` at six points that are not separable; the minimum was found with Newton's
  /// method in 50 decimal digits (mpmath).
  static let logistic = TestProblem(
    name: "logistic sum", start: [0, 0], minimum: 3.150654120173121376,
    minimizer: [-0.04053894192654864034, 0.7327180088727504311]
  ) { x, gradient in
    var value = 0.5 * (x[0] * x[0] + x[1] * x[1])
    gradient[0] = x[0]
    gradient[1] = x[1]
    for (u, y) in [(-2.0, -1.0), (-1, -1), (-0.5, 1), (0.5, -1), (1, 1), (3, 1)] {
      let margin = y * (x[0] + x[1] * u)
      value += log1p(exp(-margin))
      let weight = -y / (1 + exp(margin))
      gradient[0] += weight
      gradient[1] += weight * u
    }
    return value
  }
}
