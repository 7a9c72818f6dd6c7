import CLossKernels
import Dispatch
import Foundation
import ReferenceLosses
import RealModule
import Synchronization
import TestSupport
import Testing

/// An elementary function of the kernels: its domain, and the error bound that `math-inl.h` states in its comment.
struct ElementaryFunction: Sendable, CustomTestStringConvertible {
  var name: String
  var code: lk_operation
  /// The largest error in units in the last place, for Float and for Double.
  var floatBound: Double
  var doubleBound: Double
  var isInDomain: @Sendable (Double) -> Bool
  var exact: @Sendable (Double) -> Double
  var wide: @Sendable (WidestReferenceScalar) -> WidestReferenceScalar

  var testDescription: String { name }

  static let all: [ElementaryFunction] = [
    ElementaryFunction(
      name: "exp", code: lk_operation_exp, floatBound: 1, doubleBound: 1, isInDomain: { _ in true },
      exact: { exp($0) }, wide: { .exp($0) }),
    ElementaryFunction(
      name: "exp_neg", code: lk_operation_exp_neg, floatBound: 1, doubleBound: 1, isInDomain: { !($0 > 0) },
      exact: { exp($0) }, wide: { .exp($0) }),
    ElementaryFunction(
      name: "expm1", code: lk_operation_expm1, floatBound: 1.3, doubleBound: 1.35, isInDomain: { _ in true },
      exact: { expm1($0) }, wide: { .expMinusOne($0) }),
    ElementaryFunction(
      name: "log1p", code: lk_operation_log1p, floatBound: 1.05, doubleBound: 1.05, isInDomain: { _ in true },
      exact: { log1p($0) }, wide: { .log(onePlus: $0) }),
    ElementaryFunction(
      name: "log1p_unit", code: lk_operation_log1p_unit, floatBound: 1.5, doubleBound: 1.25,
      isInDomain: { $0.isNaN || $0 >= 0 && $0 <= 1 }, exact: { log1p($0) }, wide: { .log(onePlus: $0) }),
    ElementaryFunction(
      name: "log", code: lk_operation_log, floatBound: 1, doubleBound: 1.05, isInDomain: { _ in true },
      exact: { log($0) }, wide: { .log($0) }),
    ElementaryFunction(
      name: "tanh", code: lk_operation_tanh, floatBound: 3.55, doubleBound: 3.5, isInDomain: { _ in true },
      exact: { tanh($0) }, wide: { .tanh($0) }),
    ElementaryFunction(
      name: "sigmoid", code: lk_operation_sigmoid, floatBound: 3, doubleBound: 3, isInDomain: { _ in true },
      exact: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
      wide: { $0 < 0 ? .exp($0) / (1 + .exp($0)) : 1 / (1 + .exp(-$0)) }),
    ElementaryFunction(
      name: "softplus", code: lk_operation_softplus, floatBound: 3, doubleBound: 3, isInDomain: { _ in true },
      exact: { max($0, 0) + log1p(exp(-abs($0))) },
      wide: { $0.isNaN ? $0 : max($0, 0) + .log(onePlus: .exp(-$0.magnitude)) }),
    ElementaryFunction(
      name: "erf", code: lk_operation_erf, floatBound: 1.45, doubleBound: 1.55, isInDomain: { _ in true },
      exact: { erf($0) }, wide: { .erf($0) }),
  ]

  func callAsFunction(_ x: [Float], isa: lk_isa = lk_isa_best) -> [Float] {
    [Float](unsafeUninitializedCapacity: x.count) { output, count in
      x.withUnsafeBufferPointer {
        let operands = [UnsafeRawPointer($0.baseAddress), nil, nil, nil]
        lk_operate(code, lk_scalar_float, isa, operands, output.baseAddress, Int64(x.count))
      }
      count = x.count
    }
  }

  func callAsFunction(_ x: [Double], isa: lk_isa = lk_isa_best) -> [Double] {
    [Double](unsafeUninitializedCapacity: x.count) { output, count in
      x.withUnsafeBufferPointer {
        let operands = [UnsafeRawPointer($0.baseAddress), nil, nil, nil]
        lk_operate(code, lk_scalar_double, isa, operands, output.baseAddress, Int64(x.count))
      }
      count = x.count
    }
  }
}

/// The accuracy of the functions that losses are made of. `LOSSES_SWEEP=1` makes the Float sweep exhaustive.
@Suite struct ElementaryFunctionTests {
  @Test func theListIsComplete() {
    // The others are exact, or rounded once.
    let first = lk_operation_exp.rawValue
    #expect(ElementaryFunction.all.map(\.code.rawValue).sorted() == Array(first..<lk_operation_count.rawValue))
  }

  @Test(arguments: ElementaryFunction.all)
  func floatsAreAccurate(function: ElementaryFunction) {
    let isExhaustive = ProcessInfo.processInfo.environment["LOSSES_SWEEP"] != nil
    let step: UInt64 = isExhaustive ? 1 : 61
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
          if function.isInDomain(Double(value)) { x.append(value) }
          pattern += step
        }
        let y = function(x)
        var local = (error: 0.0, argument: Float(0))
        for i in x.indices {
          let error = ulpError(y[i], exact: function.exact(Double(x[i])))
          if !(error <= local.error) { local = (error, x[i]) }
          if error.isNaN { break }
        }
        worst.withLock { if !(local.error <= $0.error) { $0 = local } }
      }
    }
    let (error, argument) = worst.withLock { $0 }
    #expect(error <= function.floatBound, "at \(argument)")
    #expect(error > 0.5, "no function here is exactly rounded: the sweep saw nothing")
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
    if function.code == lk_operation_expm1 {
      #expect(
        function([-0.0, 0.0, 0x1p-1074, -0x1p-1060]).map(\.bitPattern)
          == [-0.0, 0.0, 0x1p-1074, -0x1p-1060].map(\.bitPattern))
    }
    if function.code == lk_operation_log1p_unit {
      #expect(function([0.0, 0x1p-1074]).map(\.bitPattern) == [0.0, 0x1p-1074].map(\.bitPattern))
    }
  }

  @Test(arguments: ElementaryFunction.all)
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
