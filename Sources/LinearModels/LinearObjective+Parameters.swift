package import CLossKernels
public import Losses

extension LinearObjective {
  /// The same objective with another loss, such as one with other parameters. It shares the data: O(1).
  ///
  /// Nothing is checked before an evaluation, which throws for a parameter of the loss or a target that is not allowed.
  public func replacingLoss(with loss: L) -> Self {
    var objective = self
    objective.loss = loss
    return objective
  }

  /// Returns the objective and writes its gradient, ``parameterCount`` elements, and its derivative with respect to each
  /// parameter of the loss into `parameterGradient`, as many elements as ``loss`` has `parameterNames`.
  ///
  /// With it the parameters of a loss can be learned together with the model:
  ///
  /// ```swift
  /// let robust = objective.replacingLoss(with: .robustLikelihood(shape: shape, scale: scale))
  /// let (value, gradient, parameterGradient) = try robust.valueAndParameterGradient(at: parameters)
  /// ```
  ///
  /// One pass over the features, as for ``valueAndGradient(at:gradient:)``, whose bits value and gradient have. Throws
  /// ``Losses/LossError`` as that does.
  public func valueAndParameterGradient(
    at parameters: Span<Double>, gradient: inout MutableSpan<Double>, parameterGradient: inout MutableSpan<Double>
  ) throws(LossError) -> Double {
    try evaluate(at: parameters, gradient: &gradient, parameterGradient: &parameterGradient).value
  }

  /// The objective, its gradient, and its derivative with respect to each parameter of the loss, in the order of its
  /// `parameterNames`.
  public func valueAndParameterGradient(
    at parameters: [Double]
  ) throws(LossError) -> (value: Double, gradient: [Double], parameterGradient: [Double]) {
    var gradient = [Double](repeating: 0, count: parameterCount)
    var parameterGradient = [Double](repeating: 0, count: SlopeLayout(loss._kernelTerms).count)
    var gradientOutput = gradient.mutableSpan
    var parameterOutput = parameterGradient.mutableSpan
    let value = try valueAndParameterGradient(
      at: parameters.span, gradient: &gradientOutput, parameterGradient: &parameterOutput)
    return (value, gradient, parameterGradient)
  }

  package func evaluate(
    at parameters: Span<Double>, gradient: inout MutableSpan<Double>, parameterGradient: inout MutableSpan<Double>,
    instructionSet: lk_isa = lk_isa_best
  ) throws(LossError) -> EvaluationOutcome {
    let layout = SlopeLayout(loss._kernelTerms)
    guard parameterGradient.count == layout.count else {
      throw .lengthMismatch(argument: "parameterGradient", length: parameterGradient.count, expected: layout.count)
    }
    var slopes = [Double](repeating: 0, count: layout.count == 0 ? 0 : layout.capacity)
    let outcome = try evaluate(
      at: parameters, gradient: &gradient, slopes: &slopes, instructionSet: instructionSet)
    slopes.withUnsafeMutableBufferPointer { layout.copy($0, to: &parameterGradient) }
    return outcome
  }
}
