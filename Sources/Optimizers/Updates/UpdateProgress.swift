/// How far an optimizer is.
@usableFromInline
struct UpdateProgress: Hashable, Sendable {
  /// How many steps were taken.
  @usableFromInline var stepCount = 0

  /// `Πμ` of `nadam` up to the last step.
  var momentumProduct = 1.0
}
