import CLossKernels
import Foundation
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// Every kernel against the loss written as in a textbook and evaluated in a wider type.
@Suite struct AgreementTests {
  @Test(arguments: LossCase.all, ScalarKind.allCases)
  func elementwiseResultsAreAccurate(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<Loss: TestedLoss, S: TestScalar>(_ loss: Loss, _: S.Type) throws {
    let samples = Samples<S>.difficult(loss)
    let rounded = try loss.rounded(to: S.self)
    let exact = zip(samples.predictions, samples.targets).map { exactSample(rounded, prediction: $0, target: $1) }
    let tolerance = Tolerance.of(loss)

    for isa in lk_isa.ofThisMachine {
      for mode in Mode.allCases {
        let result = try evaluate(loss, samples, Options(mode: mode, isa: isa))
        #expect(result.isa == isa)
        for (name, output, exactPart, tolerance) in [
          ("values", result.values, \ReferenceSample<S.Wide>.value, tolerance.value),
          ("gradient", result.gradient, \.gradient, tolerance.gradient),
          ("curvature", result.curvature, \.curvature, tolerance.curvature),
        ] as [(String, [S], KeyPath<ReferenceSample<S.Wide>, S.Wide>, Double)] {
          var worst = 0.0
          var worstIndex = 0
          for i in output.indices {
            let error = ulpError(
              output[i], exact: exact[i].exact[keyPath: exactPart], scale: exact[i].terms[keyPath: exactPart])
            if !(error <= worst) { (worst, worstIndex) = (error, i) }
            if error.isNaN { break }
          }
          if ProcessInfo.processInfo.environment["LOSSES_MEASURE"] != nil, mode == .everything,
            isa == lk_isa.ofThisMachine.last
          {
            let p = samples.predictions[worstIndex], t = samples.targets[worstIndex]
            print("MEASURED \(S.self) \(loss) \(name) \(worst) at \(p) \(t)")
          }
          #expect(
            worst <= tolerance,
            """
            \(name)[\(worstIndex)] of \(mode) on \(isa): prediction \(samples.predictions[worstIndex]), \
            target \(samples.targets[worstIndex]), got \(output[worstIndex]), \
            expected \(exact[worstIndex].exact[keyPath: exactPart])
            """)
        }
      }
    }
  }
}
