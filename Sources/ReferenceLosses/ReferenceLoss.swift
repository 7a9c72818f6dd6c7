import Losses
public import RealModule

/// The scalar types that a reference can be evaluated in.
public typealias ReferenceScalar = Real & BinaryFloatingPoint

#if arch(x86_64) && !os(Windows) && !os(Android)
  /// The most precise scalar type of the platform: what an evaluation in `Double` is checked against.
  public typealias WidestReferenceScalar = Float80
#else
  /// The most precise scalar type of the platform: what an evaluation in `Double` is checked against.
  public typealias WidestReferenceScalar = Double
#endif

/// What a loss says about one sample: its value and its first two derivatives with respect to the prediction.
public struct ReferenceSample<T: ReferenceScalar>: Equatable {
  /// The loss.
  public var value: T

  /// The derivative of the loss with respect to the prediction; at a kink, the midpoint of the subdifferential.
  public var gradient: T

  /// The second derivative of the loss with respect to the prediction; at a break, the mean of its two sides.
  public var curvature: T

  /// Creates a sample from its three numbers.
  public init(value: T, gradient: T, curvature: T) {
    self.value = value
    self.gradient = gradient
    self.curvature = curvature
  }
}

extension ReferenceSample: Sendable where T: Sendable {}

/// A loss that has a plain reference, written to be read rather than to be fast.
///
/// Every formula is evaluated in `T`. Given the residual or the margin rounded to `T`, the results are accurate to a few
/// units in the last place, tails included, with two exceptions: below the least normal number, and next to a point
/// where the exact result is a difference of terms that cancel. There the error is a few units in the last place of the
/// terms. To check a result in `Float`, evaluate in `Double`; to check one in `Double`, evaluate in
/// ``WidestReferenceScalar``.
///
/// - A NaN prediction gives NaN in everything that depends on the prediction: what is constant stays constant, such as
///   the curvature 2 of the squared error.
/// - An infinite prediction gives the limit.
/// - A term whose weight is exactly 0 contributes 0, even if the term is infinite or NaN.
public protocol ReferenceLoss: Sendable {
  /// The value, gradient and curvature of the loss at one sample.
  func reference<T: ReferenceScalar>(prediction: T, target: T) -> ReferenceSample<T>
}

extension Combination where Summand: ReferenceLoss {
  /// The sum of the references of the terms; one of coefficient 0 is 0.
  func reference<T: ReferenceScalar>(prediction: T, target: T) -> ReferenceSample<T> {
    terms.reduce(into: ReferenceSample(value: 0, gradient: 0, curvature: 0)) { sum, term in
      let sample = term.summand.reference(prediction: prediction, target: target)
      let coefficient = T(term.coefficient)
      sum.value += weighted(coefficient, sample.value)
      sum.gradient += weighted(coefficient, sample.gradient)
      sum.curvature += weighted(coefficient, sample.curvature)
    }
  }
}
