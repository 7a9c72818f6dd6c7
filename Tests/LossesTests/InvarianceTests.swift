import CLossKernels
import Foundation
import Losses
import Testing

/// Results depend on the samples alone: not on threads, not on the instruction set, not on who else is calling.
@Suite struct InvarianceTests {
  /// Many blocks, the last of them cut short.
  static let count = 100_003

  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func bitsDoNotDependOnTheThreads(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: Self.count)
    for mode in Mode.allCases {
      for weighted in [false, true] {
        var options = Options(mode: mode, reduction: .mean)
        let serial = try evaluate(loss, samples, weighted: weighted, options)
        #expect(serial.threads == 1)
        for threads in [2, 3, 4, 7] {
          options.threads = .atMost(threads)
          let parallel = try evaluate(loss, samples, weighted: weighted, options)
          #expect(parallel.isIdentical(to: serial), "\(mode), weighted: \(weighted), \(parallel.threads) threads")
        }
      }
    }
  }

  /// The comparison above is worth something only where a call does get its threads; whoever calls at the same time
  /// (another test) may take them, hence the repetition.
  @Test func aCallGetsTheThreadsThatItAsksFor() throws {
    let samples = Samples<Float>.random(.residual, count: Self.count)
    #if OpenMP
      for threads in [2, 3, 4, 7] {
        let options = Options(threads: .atMost(threads))
        let got = try repeatedly { try evaluate(RegressionLoss.logCosh, samples, options).threads == threads }
        #expect(got, "\(threads) threads")
      }
    #else
      #expect(try evaluate(RegressionLoss.logCosh, samples, Options(threads: 4)).threads == 1)
      #expect(try evaluate(RegressionLoss.logCosh, samples, Options(threads: .automatic)).threads == 1)
    #endif
  }

  @Test(arguments: LossCase.all, ScalarKind.allCases)
  func bitsDoNotDependOnTheInstructionSet(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkInstructionSets(tested.loss, scalar.type)
  }

  private func checkInstructionSets<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    for samples in [.difficult(loss), Samples<S>.random(loss.comparison, count: 5003)] {
      for mode in Mode.allCases {
        for weighted in [false, true] {
          var options = Options(mode: mode, reduction: .mean, scale: 3, isa: lk_isa_baseline)
          let baseline = try evaluate(loss, samples, weighted: weighted, options)
          for isa in lk_isa.ofThisMachine.dropFirst() {
            options.isa = isa
            let other = try evaluate(loss, samples, weighted: weighted, options)
            #expect(other.isa == isa)
            #expect(difference(baseline, other) == nil, "\(mode), weighted: \(weighted), \(isa)")
          }
        }
      }
    }
  }

  /// Where two results differ; the payload of a NaN is not part of the contract.
  private func difference<S: TestScalar>(_ a: Evaluation<S>, _ b: Evaluation<S>) -> String? {
    func differ<T: BinaryFloatingPoint>(_ x: T, _ y: T) -> Bool {
      !(x == y && x.sign == y.sign || x.isNaN && y.isNaN)
    }
    if differ(a.value, b.value) { return "value \(a.value) \(b.value)" }
    for (x, y) in [(a.values, b.values), (a.gradient, b.gradient), (a.curvature, b.curvature)] {
      if let i = x.indices.first(where: { differ(x[$0], y[$0]) }) { return "[\(i)] \(x[i]) \(y[i])" }
    }
    return nil
  }

  @Test func concurrentCallersGetTheSameBits() async throws {
    let loss = BinaryLoss.logistic()
    let samples = Samples<Float>.random(.logit, count: Self.count)
    let options = Options(reduction: .mean, threads: 4)
    let expected = try evaluate(loss, samples, weighted: true, options)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<10 where try !evaluate(loss, samples, weighted: true, options).isIdentical(to: expected) {
            return false
          }
          return true
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}

/// Whether the condition holds at some time within ten seconds: whoever holds the threads now gives them back.
func repeatedly(_ condition: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(10)
  repeat {
    if try condition() { return true }
    usleep(200)
  } while ContinuousClock.now < end
  return false
}
