import CLossKernels
import CTestSupport
import Dispatch
import Foundation
import ReferenceLosses
import RealModule
import Synchronization
import TestSupport
import Testing

/// An elementary function of the kernels: its domain, and the error bound that `math-inl.h` states in its comment.
struct ElementaryFunction: Sendable, CustomTestStringConvertible {
  /// Where to call the function.
  enum Code: Sendable, Equatable {
    /// Formulas have it as an operation.
    case operation(lk_operation)
    /// Only losses use it: it stands in `CTestSupport`.
    case helper(test_function)
  }

  var name: String
  var code: Code
  /// The largest error in units in the last place, for Float and for Double.
  var floatBound: Double
  var doubleBound: Double
  var isInDomain: @Sendable (Double) -> Bool
  var exact: @Sendable (Double) -> Double
  var wide: @Sendable (WidestReferenceScalar) -> WidestReferenceScalar

  var testDescription: String { name }

  static let all: [ElementaryFunction] = [
    ElementaryFunction(
      name: "exp", code: .operation(lk_operation_exp), floatBound: 1.05, doubleBound: 1, isInDomain: { _ in true },
      exact: { exp($0) }, wide: { .exp($0) }),
    ElementaryFunction(
      name: "exp_neg", code: .operation(lk_operation_exp_neg), floatBound: 1, doubleBound: 1, isInDomain: { !($0 > 0) },
      exact: { exp($0) }, wide: { .exp($0) }),
    ElementaryFunction(
      name: "expm1", code: .operation(lk_operation_expm1), floatBound: 1.35, doubleBound: 1.35,
      isInDomain: { _ in true },
      exact: { expm1($0) }, wide: { .expMinusOne($0) }),
    ElementaryFunction(
      name: "log1p", code: .operation(lk_operation_log1p), floatBound: 1.05, doubleBound: 1.05,
      isInDomain: { _ in true },
      exact: { log1p($0) }, wide: { .log(onePlus: $0) }),
    ElementaryFunction(
      name: "log1p_unit", code: .operation(lk_operation_log1p_unit), floatBound: 2.25, doubleBound: 2.15,
      isInDomain: { $0.isNaN || $0 >= 0 && $0 <= 1 }, exact: { log1p($0) }, wide: { .log(onePlus: $0) }),
    ElementaryFunction(
      name: "log", code: .operation(lk_operation_log), floatBound: 1, doubleBound: 1.05, isInDomain: { _ in true },
      exact: { log($0) }, wide: { .log($0) }),
    ElementaryFunction(
      name: "tanh", code: .operation(lk_operation_tanh), floatBound: 3.55, doubleBound: 3.5, isInDomain: { _ in true },
      exact: { tanh($0) }, wide: { .tanh($0) }),
    ElementaryFunction(
      name: "sigmoid", code: .operation(lk_operation_sigmoid), floatBound: 3, doubleBound: 3, isInDomain: { _ in true },
      exact: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
      wide: { $0 < 0 ? .exp($0) / (1 + .exp($0)) : 1 / (1 + .exp(-$0)) }),
    ElementaryFunction(
      name: "softplus", code: .operation(lk_operation_softplus), floatBound: 3, doubleBound: 3,
      isInDomain: { _ in true },
      exact: { max($0, 0) + log1p(exp(-abs($0))) },
      wide: { $0.isNaN ? $0 : max($0, 0) + .log(onePlus: .exp(-$0.magnitude)) }),
    ElementaryFunction(
      name: "erf", code: .operation(lk_operation_erf), floatBound: 1.45, doubleBound: 1.55, isInDomain: { _ in true },
      exact: { erf($0) }, wide: { .erf($0) }),
    ElementaryFunction(
      name: "log1p_minus", code: .helper(test_function_log1p_minus), floatBound: 3.95, doubleBound: 5.9,
      isInDomain: { !($0 < 0) }, exact: { logMinus($0) }, wide: { logMinus($0) }),
    ElementaryFunction(
      name: "atan_unit", code: .helper(test_function_atan_unit), floatBound: 2.1, doubleBound: 2,
      isInDomain: { $0.isNaN || $0 >= 0 && $0 <= 1 }, exact: { atan($0) }, wide: { .atan($0) }),
  ]

  /// `ln(1 + x) − x`, in which nothing cancels: with `s = x/(2 + x)` it is `−sx + 2(s³/3 + s⁵/5 + …)`.
  private static func logMinus<T: Real>(_ x: T) -> T {
    guard 4 * x < 1 else { return x < .infinity ? .log(onePlus: x) - x : -x }
    let s = x / (2 + x)
    let square = s * s
    var series: T = 0
    for k in stride(from: 25, through: 3, by: -2) { series = 1 / T(k) + square * series }
    return 2 * s * square * series - s * x
  }

  func callAsFunction(_ x: [Float], isa: lk_isa = lk_isa_best) -> [Float] {
    [Float](unsafeUninitializedCapacity: x.count) { output, count in
      x.withUnsafeBufferPointer {
        switch code {
        case .operation(let operation):
          let operands = [UnsafeRawPointer($0.baseAddress), nil, nil, nil]
          lk_operate(operation, lk_scalar_float, isa, operands, output.baseAddress, Int64(x.count))
        case .helper(let function):
          test_apply_f32(function, $0.baseAddress, output.baseAddress, Int64(x.count))
        }
      }
      count = x.count
    }
  }

  func callAsFunction(_ x: [Double], isa: lk_isa = lk_isa_best) -> [Double] {
    [Double](unsafeUninitializedCapacity: x.count) { output, count in
      x.withUnsafeBufferPointer {
        switch code {
        case .operation(let operation):
          let operands = [UnsafeRawPointer($0.baseAddress), nil, nil, nil]
          lk_operate(operation, lk_scalar_double, isa, operands, output.baseAddress, Int64(x.count))
        case .helper(let function):
          test_apply_f64(function, $0.baseAddress, output.baseAddress, Int64(x.count))
        }
      }
      count = x.count
    }
  }
}

/// The accuracy of the functions that losses are made of. `LOSSES_SWEEP=1` makes the sweep of Float exhaustive, `=5` tries
/// every fifth.
@Suite struct ElementaryFunctionTests {
  @Test func theListIsComplete() {
    // The others are exact, or rounded once.
    let operations = (lk_operation_exp.rawValue..<lk_operation_count.rawValue).map {
      ElementaryFunction.Code.operation(lk_operation($0))
    }
    let helpers = (0..<test_function_count.rawValue).map { ElementaryFunction.Code.helper(test_function($0)) }
    let codes = ElementaryFunction.all.map(\.code)
    #expect(codes.count == operations.count + helpers.count)
    for code in operations + helpers { #expect(codes.contains(code)) }
  }

  @Test(arguments: ElementaryFunction.all)
  func floatsAreAccurate(function: ElementaryFunction) {
    let (error, argument) = Self.worstError(
      isInDomain: { function.isInDomain(Double($0)) }, of: { function($0) }, exact: { function.exact(Double($0)) })
    #expect(error <= function.floatBound, "at \(argument)")
    #expect(error > 0.5, "no function here is exactly rounded: the sweep saw nothing")
  }

  /// The largest error of `function` over the Floats of its domain, one in 61 or in `LOSSES_SWEEP`, and where it is.
  static func worstError(
    isInDomain: @Sendable (Float) -> Bool, of function: @Sendable ([Float]) -> [Float],
    exact: @Sendable (Float) -> Double
  ) -> (error: Double, argument: Float) {
    let step = max(1, ProcessInfo.processInfo.environment["LOSSES_SWEEP"].flatMap { UInt64($0) } ?? 61)
    let chunk: UInt64 = 1 << 24
    let worst = Mutex((error: 0.0, argument: Float(0)))
    DispatchQueue.concurrentPerform(iterations: Int((1 << 32) / chunk)) { index in
      let start = UInt64(index) * chunk
      var x: [Float] = []
      x.reserveCapacity(1 << 16)
      var pattern = start + (step - start % step) % step
      while pattern < start + chunk {
        x.removeAll(keepingCapacity: true)
        while pattern < start + chunk, x.count < 1 << 16 {
          let value = Float(bitPattern: UInt32(pattern))
          if isInDomain(value) { x.append(value) }
          pattern += step
        }
        let y = function(x)
        var local = (error: 0.0, argument: Float(0))
        for i in x.indices {
          let error = ulpError(y[i], exact: exact(x[i]))
          if !(error <= local.error) { local = (error, x[i]) }
          if error.isNaN { break }
        }
        worst.withLock { if !(local.error <= $0.error) { $0 = local } }
      }
    }
    return worst.withLock { $0 }
  }

  static func doubles(_ function: ElementaryFunction, count: Int) -> [Double] {
    var random = SplitMix64(seed: 13)
    var points: [Double] = []
    for _ in 0..<count {
      // A third each: every pattern, every magnitude that matters, the range where the result is not trivial.
      points.append(Double(bitPattern: random.next()))
      let magnitude = Double.exp2(Double.random(in: -60...10, using: &random))
      points.append(Bool.random(using: &random) ? magnitude : -magnitude)
      points.append(Double.random(in: -2...2, using: &random))
    }
    // Where the reductions switch: multiples of ½ ln 2, powers of two, ¾, 1½.
    for k in -1100...1100 {
      for x in [Double(k) * log(2) / 2, Double.exp2(Double(k)), 0.75 * Double.exp2(Double(k)), -Double.exp2(Double(k))]
      {
        points += [x, x.nextUp, x.nextDown, 1 + x, x - 1]
      }
    }
    return points.filter(function.isInDomain)
  }

  #if arch(x86_64)
    @Test(arguments: ElementaryFunction.all)
    func doublesAreAccurate(function: ElementaryFunction) {
      let x = Self.doubles(function, count: 250_000)
      let y = function(x)
      var worst = (error: 0.0, argument: 0.0)
      for i in x.indices {
        let error = ulpError(y[i], exact: function.wide(WidestReferenceScalar(x[i])))
        if !(error <= worst.error) { worst = (error, x[i]) }
        if error.isNaN { break }
      }
      #expect(worst.error <= function.doubleBound, "at \(worst.argument)")
      #expect(worst.error > 0.5, "no function here is exactly rounded: the test saw nothing")
    }
  #endif

  @Test(arguments: ElementaryFunction.all)
  func specialValues(function: ElementaryFunction) {
    let specials: [Double] = [.nan, -.infinity, -1000, -1.5, -1, -0.0, 0, 1, 1.5, 1000, .infinity]
    let x = specials.filter(function.isInDomain)
    for (argument, result) in zip(x, function(x)) {
      #expect(ulpError(result, exact: function.exact(argument)) <= function.doubleBound, "at \(argument)")
    }
    for (argument, result) in zip(x, function(x.map(Float.init))) {
      #expect(ulpError(result, exact: function.exact(argument)) <= function.floatBound, "at \(argument)")
    }
    // These keep the sign of zero where they have negative arguments, and every subnormal number.
    if function.code == .operation(lk_operation_expm1) {
      #expect(
        function([-0.0, 0.0, 0x1p-1074, -0x1p-1060]).map(\.bitPattern)
          == [-0.0, 0.0, 0x1p-1074, -0x1p-1060].map(\.bitPattern))
    }
    if function.code == .operation(lk_operation_log1p_unit) {
      #expect(function([0.0, 0x1p-1074]).map(\.bitPattern) == [0.0, 0x1p-1074].map(\.bitPattern))
    }
  }

  // MARK: Powers

  /// The largest exponent for which an error bound is stated.
  static let largestExponent = 3.0

  /// An exponent up to the largest one that is a number of the type, another one for each argument.
  static func exponent(for x: Float) -> Float {
    var random = SplitMix64(seed: UInt64(x.bitPattern))
    return Float.random(in: 0...Float(largestExponent), using: &random)
  }

  static func exponent(for x: Double) -> Double {
    var random = SplitMix64(seed: x.bitPattern)
    return Double.random(in: 0...largestExponent, using: &random)
  }

  @Test func floatPowersAreAccurate() {
    let (error, argument) = Self.worstError(
      isInDomain: { $0 > 0 && $0.isFinite },
      of: { x in
        [Float](unsafeUninitializedCapacity: x.count) {
          test_power_f32(x, x.map(Self.exponent), $0.baseAddress, Int64(x.count))
          $1 = x.count
        }
      },
      exact: { pow(Double($0), Double(Self.exponent(for: $0))) })
    #expect(error <= 4.15, "at \(argument)")
    #expect(error > 2, "the sweep saw nothing")
  }

  #if arch(x86_64)
    @Test func doublePowersAreAccurate() {
      var random = SplitMix64(seed: 17)
      var x: [Double] = []
      for _ in 0..<500_000 {
        // Every magnitude, and those whose powers are neither 0 nor infinite.
        x.append(Double(bitPattern: random.next() >> 1))
        x.append(Double.exp2(Double.random(in: -300...300, using: &random)))
      }
      x = x.filter { $0 > 0 && $0.isFinite }
      let exponents = x.map(Self.exponent)
      var powers = [Double](repeating: 0, count: x.count)
      test_power_f64(x, exponents, &powers, Int64(x.count))
      var worst = (error: 0.0, argument: 0.0)
      for i in x.indices {
        let exact = WidestReferenceScalar.pow(WidestReferenceScalar(x[i]), WidestReferenceScalar(exponents[i]))
        let error = ulpError(powers[i], exact: exact)
        if !(error <= worst.error) { worst = (error, x[i]) }
        if error.isNaN { break }
      }
      #expect(worst.error <= 4.45, "at \(worst.argument)")
      #expect(worst.error > 2, "the test saw nothing")
    }
  #endif

  @Test func partsOfPowers() {
    var parts = [Double](repeating: 0, count: 4)
    var floatParts = [Float](repeating: 0, count: 4)
    for x in [0x1p-149, 0x1.8p-140, 1e-20, 0.74, 0.75, 1, 1.49, 1.5, 3, 1e30].map({ Float($0) }) {
      for exponent in [0.0, 1] {
        test_power_parts_f64(Double(x), exponent, &parts)
        #expect(parts[0] >= 0.75 && parts[0] < 1.5 && parts[0] * Double.exp2(parts[1]) == Double(x))
        #expect(Array(parts[2...]) == (exponent == 0 ? [1, 0] : Array(parts[..<2])), "\(x)")
        test_power_parts_f32(x, Float(exponent), &floatParts)
        #expect(floatParts.map { Double($0) } == parts, "\(x)")
      }
    }
    // Finite parts even where the power has long been 0 or infinite.
    test_power_parts_f64(1e300, 1e300, &parts)
    #expect(parts[3] > 2000 && parts[3].isFinite)
    test_power_parts_f32(1e30, 1e30, &floatParts)
    #expect(floatParts[3] > 300 && floatParts[3].isFinite)
    test_power_parts_f64(0, 0.5, &parts)
    test_power_parts_f32(0, 0.5, &floatParts)
    #expect(parts[1] < -1074 && floatParts[1] < -149)
  }

  /// A helper has the instruction set of the loss that it is inlined into.
  @Test(arguments: ElementaryFunction.all.filter { if case .operation = $0.code { true } else { false } })
  func bitsDoNotDependOnTheInstructionSet(function: ElementaryFunction) {
    let floats = stride(from: UInt64(0), to: 1 << 32, by: 6007).map { Float(bitPattern: UInt32($0)) }
      .filter { function.isInDomain(Double($0)) }
    let doubles = Self.doubles(function, count: 20_000)
    let baseline = (function(floats, isa: lk_isa_baseline), function(doubles, isa: lk_isa_baseline))
    for isa in lk_isa.ofThisMachine.dropFirst() {
      let (a, b) = (function(floats, isa: isa), function(doubles, isa: isa))
      #expect(
        a.indices.allSatisfy { a[$0].bitPattern == baseline.0[$0].bitPattern || a[$0].isNaN && baseline.0[$0].isNaN })
      #expect(
        b.indices.allSatisfy { b[$0].bitPattern == baseline.1[$0].bitPattern || b[$0].isNaN && baseline.1[$0].isNaN })
    }
  }
}
