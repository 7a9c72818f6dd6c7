package import CLossKernels

/// An integer type that class indices may have: `UInt8`, `Int32`, `Int64` or `Int`.
///
/// The set is closed, because the kernels know each member: conforming another type gives no working targets.
public protocol ClassIndex: FixedWidthInteger, BitwiseCopyable, Sendable {
  /// Which type the kernels read. An implementation detail.
  static var _kind: _ClassIndexKind { get }
}

/// Names a type of class indices to the kernels. An implementation detail.
public struct _ClassIndexKind: Hashable, Sendable {
  package let code: lk_class_targets
}

extension UInt8: ClassIndex {
  /// The code of `UInt8`.
  public static var _kind: _ClassIndexKind { _ClassIndexKind(code: lk_classes_u8) }
}

extension Int32: ClassIndex {
  /// The code of `Int32`.
  public static var _kind: _ClassIndexKind { _ClassIndexKind(code: lk_classes_i32) }
}

extension Int64: ClassIndex {
  /// The code of `Int64`.
  public static var _kind: _ClassIndexKind { _ClassIndexKind(code: lk_classes_i64) }
}

extension Int: ClassIndex {
  /// The code of the fixed-width type of this platform's `Int`.
  public static var _kind: _ClassIndexKind {
    _ClassIndexKind(code: Int.bitWidth == 32 ? lk_classes_i32 : lk_classes_i64)
  }
}
