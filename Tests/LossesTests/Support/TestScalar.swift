import CLossKernels
import Foundation
import Losses
import ReferenceLosses
import TestSupport

/// `Float` or `Double`, with the type that its results are judged in.
protocol TestScalar: LossScalar, ReferenceScalar, CustomStringConvertible {
  associatedtype Wide: ReferenceScalar & Sendable

  static func make(_ value: Double) -> Self
  var wide: Wide { get }
}

extension Float: TestScalar {
  static func make(_ value: Double) -> Float { Float(value) }
  var wide: Double { Double(self) }
}

extension Double: TestScalar {
  static func make(_ value: Double) -> Double { value }
  var wide: WidestReferenceScalar { WidestReferenceScalar(self) }
}

/// The scalars as an argument of tests.
enum ScalarKind: String, CaseIterable, Sendable {
  case float, double

  var type: any TestScalar.Type { self == .float ? Float.self : Double.self }
}

extension lk_isa {
  /// The instruction sets of this machine, the baseline first: a call reports what it used, and what the machine does
  /// not have falls back to another one.
  static let ofThisMachine: [lk_isa] = [lk_isa_baseline, lk_isa_avx2, lk_isa_avx512].filter { wanted in
    let samples = Samples<Float>(predictions: [1], targets: [0])
    return (try? evaluate(RegressionLoss.squaredError, samples, Options(isa: wanted)).isa) == wanted
  }
}

/// The bytes of an array, for comparisons that see the sign of zero and the NaNs.
func bits<S: TestScalar>(_ values: [S]) -> ArrayBytes<S> { ArrayBytes(values: values) }

struct ArrayBytes<S: TestScalar>: Equatable {
  var values: [S]

  static func == (a: Self, b: Self) -> Bool {
    a.values.withUnsafeBytes { x in
      b.values.withUnsafeBytes { y in
        x.count == y.count && (x.count == 0 || memcmp(x.baseAddress!, y.baseAddress!, x.count) == 0)
      }
    }
  }
}
