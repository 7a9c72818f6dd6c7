package import CLossKernels

/// A number type that losses are evaluated in: `Float` or `Double`.
///
/// The set is closed, because each member has kernels of its own: conforming another type gives no working loss.
/// Elementwise work is done in the scalar's own precision, every sum in `Double`.
public protocol LossScalar: BitwiseCopyable, Hashable, Sendable {
  /// The nearest representable value.
  init(_ value: Double)

  /// Which kernels evaluate this type. An implementation detail.
  static var _kind: _LossScalarKind { get }

  /// The value, exactly. An implementation detail.
  var _double: Double { get }
}

/// Names the kernels of a scalar. An implementation detail.
public struct _LossScalarKind: Hashable, Sendable {
  package let code: lk_scalar
}

extension Float: LossScalar {
  /// The kernels of `Float`.
  public static var _kind: _LossScalarKind { _LossScalarKind(code: lk_scalar_float) }

  /// The value as a `Double`.
  public var _double: Double { Double(self) }
}

extension Double: LossScalar {
  /// The kernels of `Double`.
  public static var _kind: _LossScalarKind { _LossScalarKind(code: lk_scalar_double) }

  /// The value itself.
  public var _double: Double { self }
}
