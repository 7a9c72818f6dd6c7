import Foundation
import LinearModels
import Losses
import Optimizers

/// The mean negative log-likelihood of Barron's robust loss, as a function of a linear model and of the loss itself.
///
/// The parameters are those of the model, and then two that are free of bounds: u gives the shape `2σ(u)`, which lies in
/// (0, 2), and v the scale `exp(v)`, which is positive.
struct RobustObjective: Objective {
  let linear: LinearObjective<RegressionLoss, Double>

  var parameterCount: Int { linear.parameterCount + 2 }

  static func shapeAndScale(_ u: Double, _ v: Double) -> (shape: Double, scale: Double) {
    (2 / (1 + exp(-u)), exp(v))
  }

  func valueAndGradient(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) throws -> Double {
    let count = linear.parameterCount
    let (shape, scale) = Self.shapeAndScale(parameters[count], parameters[count + 1])
    let objective = linear.replacingLoss(with: .robustLikelihood(shape: shape, scale: scale))
    let (value, modelGradient, lossGradient) = try objective.valueAndParameterGradient(
      at: (0..<count).map { parameters[$0] })
    for i in 0..<count { gradient[i] = modelGradient[i] }
    // The chain rule: d shape/du = shape (1 − shape/2), and d scale/dv = scale.
    gradient[count] = lossGradient[0] * shape * (1 - shape / 2)
    gradient[count + 1] = lossGradient[1] * scale
    return value
  }
}
