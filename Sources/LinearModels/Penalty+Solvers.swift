import Losses

extension Penalty {
  /// Throws ``Losses/LossError`` for a penalty without a continuous gradient.
  func checkDifferentiable() throws(LossError) {
    guard !isDifferentiable else { return }
    throw .invalidArgument(
      argument: "penalty", value: description,
      expected: "a differentiable one (l2, gaussianPrior, smoothedL1, orthogonality, or a sum of them):"
        + " no solver here handles kinks, only training with sgd or nesterov does")
  }

  /// Throws ``Losses/LossError`` for a penalty that the solver for losses of straight pieces does not handle.
  func checkQuadratic(loss: some PointwiseLoss, columns: Int) throws(LossError) {
    guard !isConvex || quadraticCurvatures(count: columns) == nil else { return }
    throw .invalidArgument(
      argument: "penalty", value: description,
      expected: "a quadratic one around 0 (l2, gaussianPrior with means 0, or a sum of them) with the loss \(loss):"
        + " the solver for losses of straight pieces handles no other yet")
  }
}

/// The size of the curvature of each coefficient next to where a penalty is least; 0 without one.
func typicalCurvatures(of penalty: Penalty?, count: Int) -> [Double] {
  penalty?.typicalCurvatures(count: count) ?? [Double](repeating: 0, count: count)
}
