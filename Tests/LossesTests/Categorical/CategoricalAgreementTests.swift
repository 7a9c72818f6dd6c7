import CLossKernels
import Foundation
import Losses
import ReferenceLosses
import TestSupport
import Testing

/// Every categorical loss against the same written as in a textbook and evaluated in a wider type.
@Suite struct CategoricalAgreementTests {
  /// The largest error of values, gradient and curvature, in units in the last place at the sum of the absolute terms: what
  /// was measured for either scalar, rounded up to the next half or one.
  private func tolerance(_ loss: CategoricalLoss) -> (values: Double, gradient: Double, curvature: Double) {
    switch loss {
    case .crossEntropy: (3.5, 5.5, 6)
    case .negativeLogLikelihood: (2, 2.5, 0)
    case .crossEntropyOfProbabilities: (3, 3.5, 4)
    case .focal: (3.5, 5.5, 5.5)
    case .poly1: (3, 6, 6.5)
    case .generalizedCrossEntropy: (3.5, 5.5, 5.5)
    case .crammerSinger, .perceptron: (1.5, 2, 0)
    case .westonWatkins: (3, 3, 2.5)
    case .sparsemax: (2.5, 2.5, 4)
    }
  }

  /// Shapes on both sides of the bounds of the kernels.
  static let shapes = [
    (64, 1), (70, 2), (65, 3), (33, 10), (40, 31), (40, 32), (20, 33), (9, 100), (3, 1000), (2, 4500),
  ]

  @Test(arguments: CategoricalCase.all, ScalarKind.allCases)
  func elementwiseResultsAreAccurate(_ tested: CategoricalCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<S: TestScalar>(_ loss: CategoricalLoss, _: S.Type) throws {
    var worst = (values: 0.0, gradient: 0.0, curvature: 0.0)
    let tolerance = tolerance(loss)
    for (rowCount, classCount) in Self.shapes {
      let samples = RowSamples<S>.random(loss, rowCount: rowCount, classCount: classCount, gap: classCount % 3)
      for targets in [TargetKind.ints, .distributions] where targets == .ints || loss.takesDistributions {
        for weighting in [nil] + ClassWeighting.allCases {
          var options = RowOptions(targets: targets, weighted: weighting != nil, classWeighting: weighting)
          options.ignoredIndex = targets == .ints && weighting == .samples ? 0 : nil
          options.reduction = weighting == .targets ? .mean : .sum
          options.scale = 0.75
          let exact = try samples.reference(loss, options)
          // A sum in `Double` has one rounding for each class of a lane, of up to one unit of the result: of few classes a
          // row has one lane.
          let lanes = classCount <= 32 ? 2 : 32
          let slack = S.self == Float.self ? 0 : Double(classCount) / Double(lanes)
          func raise(_ worst: inout Double, _ error: Double) {
            // NaN counts as more than any number.
            if !(error - slack <= worst) { worst = error.isNaN ? .infinity : error - slack }
          }
          let result = try evaluate(loss, samples, options)
          for i in 0..<rowCount {
            let row = exact.rows[i]
            raise(&worst.values, ulpError(result.values[i], exact: row.value, scale: row.terms.value))
            for k in 0..<classCount {
              let x = i * samples.rowStride + k
              raise(&worst.gradient, ulpError(result.gradient[x], exact: row.gradient[k], scale: row.terms.gradient[k]))
              raise(
                &worst.curvature, ulpError(result.curvature[x], exact: row.curvature[k], scale: row.terms.curvature[k]))
            }
            for x in (i * samples.rowStride + classCount)..<(i + 1) * samples.rowStride {
              #expect(result.gradient[x] == 777 && result.curvature[x] == 777, "what lies between the rows is written")
            }
          }
          let valueSlack = Double(exact.valueTerms) * (S.self == Float.self ? 3e-7 : 6e-16)
          #expect(abs(result.value - Double(exact.value)) <= valueSlack, "\(rowCount) × \(classCount), \(options)")
          let weightError = abs(result.weight - Double(exact.weight))
          #expect(weightError <= 1e-12 * Double(rowCount))
        }
      }
    }
    if ProcessInfo.processInfo.environment["LOSSES_MEASURE"] != nil { print("MEASURED \(S.self) \(loss) \(worst)") }
    #expect(worst.values <= tolerance.values)
    #expect(worst.gradient <= tolerance.gradient)
    #expect(worst.curvature <= tolerance.curvature)
  }
}
