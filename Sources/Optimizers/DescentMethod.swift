/// What distinguishes one descent method from another: the direction and the search along it.
///
/// ``descend(_:from:settings:method:progress:)`` is the loop around it.
protocol DescentMethod {
  /// The first step that ``findStep(from:_:)`` tries.
  var firstStep: Double { get }

  /// Writes the direction of descent from a point where the gradient is `gradient`.
  mutating func writeDirection(gradient: Span<Double>, to direction: inout MutableSpan<Double>)

  /// The sample accepted, which must be the one evaluated last; nil if there is none.
  mutating func findStep(from start: LineSample, _ evaluate: (Double) throws -> LineSample) throws -> LineSample?

  /// Learns from an accepted step.
  mutating func didStep(from old: EvaluatedPoint, to new: EvaluatedPoint)

  /// Forgets what was learnt, after a search without success; false if there is nothing to forget.
  mutating func restart() -> Bool
}

/// The outcome of one iteration of a descent method.
struct DescentStep {
  /// The sample of the new origin; nil if no step is acceptable, along the steepest descent either.
  var accepted: LineSample?

  /// Whether the first step tried was too short to be seen; see ``StopReason/roundingLevel``.
  var isLostToRounding: Bool
}

extension LineFunction {
  /// Takes one step of `method`.
  mutating func advance(_ method: inout some DescentMethod) throws -> DescentStep {
    var isLostToRounding: Bool?
    repeat {
      writeDirection(of: &method)
      let start = start
      isLostToRounding = isLostToRounding ?? isStepLostToRounding(method.firstStep)
      if start.slope < 0, start.slope.isFinite,
        let accepted = try method.findStep(from: start, { try evaluate($0) }), trial.parameters != origin.parameters
      {
        accept()
        method.didStep(from: trial, to: origin)
        return DescentStep(accepted: accepted, isLostToRounding: isLostToRounding ?? false)
      }
    } while method.restart()
    return DescentStep(accepted: nil, isLostToRounding: isLostToRounding ?? false)
  }

  private mutating func writeDirection(of method: inout some DescentMethod) {
    let gradient = origin.gradient
    var span = direction.mutableSpan
    method.writeDirection(gradient: gradient.span, to: &span)
  }

  /// Whether a step is too short to be seen, in the value that it is predicted to give or in the parameters.
  private func isStepLostToRounding(_ step: Double) -> Bool {
    let resolution = 8 * Double.ulpOfOne
    return (step * start.slope).magnitude <= resolution * origin.value.magnitude
      || step * maximumNorm(direction.span) <= resolution * maximumNorm(origin.parameters.span)
  }
}
