import Losses
import ReferenceLosses
import TestSupport
import Testing

/// How samples become one value, and what weights, reduction and scale do to the derivatives.
@Suite struct ReductionTests {
  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func reducedResultsAgreeWithTheReference(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<Loss: TestedLoss, S: TestScalar>(_ loss: Loss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: 1000, seed: 3)
    let rounded = try loss.rounded(to: S.self)
    let residual = loss.comparison == .residual
    let parts = zip(samples.predictions, samples.targets).map { exactSample(rounded, prediction: $0, target: $1) }
    let tolerance = Tolerance.of(loss)
    for (reduction, wideReduction) in [
      (.sum, .sum), (.mean, .mean), (.rootMean, .rootMean),
    ] as [(Reduction, ReferenceReduction)] {
      for weighted in [false, true] {
        for scale in [1, -2.5] {
          let exact = rounded.reference(
            predictions: zip(samples.predictions, samples.targets).map { residual ? ($0 - $1).wide : $0.wide },
            targets: samples.targets.map { residual ? 0 : $0.wide },
            weights: weighted ? samples.weights.map(\.wide) : nil, reduction: wideReduction, scale: S.Wide(scale))
          let mode = reduction == .rootMean ? Mode.valueAndGradient : .everything
          let result = try evaluate(
            loss, samples, weighted: weighted, Options(mode: mode, reduction: reduction, scale: scale))

          // The errors of all samples in one direction.
          let termSum = parts.indices.reduce(S.Wide(0)) {
            $0 + parts[$1].terms.value * (weighted ? samples.weights[$1].wide : 1)
          }
          let total = S.Wide(result.weight)
          let bound = S.Wide(tolerance.value + 1) * S.Wide(S.ulpOfOne)
          let error = (S.Wide(result.value) - exact.value).magnitude
          switch reduction {
          case .sum: #expect(error <= bound * termSum)
          case .mean: #expect(error <= bound * termSum / total)
          case .rootMean: #expect(error * 2 * exact.value <= bound * termSum / total)
          }

          // Each element has the roundings of the factor, of the product with the weight and of that with the factor.
          let factor =
            switch reduction {
            case .sum: S.Wide(scale).magnitude
            case .mean: S.Wide(scale).magnitude / total
            case .rootMean: S.Wide(scale).magnitude / total / (2 * exact.value)
            }
          for i in result.gradient.indices {
            let share = factor * (weighted ? samples.weights[i].wide : 1)
            let slope = ulpError(result.gradient[i], exact: exact.gradient[i], scale: share * parts[i].terms.gradient)
            #expect(slope <= 2 * tolerance.gradient + 3)
            guard mode == .everything else { continue }
            let bend = ulpError(result.curvature[i], exact: exact.curvature[i], scale: share * parts[i].terms.curvature)
            #expect(bend <= 2 * tolerance.curvature + 3)
            let value = ulpError(
              result.values[i], exact: exact.values[i],
              scale: parts[i].terms.value * (weighted ? samples.weights[i].wide : 1))
            #expect(value <= 2 * tolerance.value + 1)
          }
        }
      }
    }
  }

  /// The value is a sum in Double of the weights times what `values` holds without them. Each of the 32 lanes adds 128 numbers of a block; folding
  /// the lanes and adding the blocks are 5 + 25 more additions.
  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func theValueIsTheSumOfTheValues(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkSum(tested.loss, scalar.type)
  }

  private func checkSum<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: 100_003, seed: 4)
    for weighted in [false, true] {
      let result = try evaluate(loss, samples, weighted: weighted, Options(mode: .values))
      let plain = try evaluate(loss, samples, weighted: false, Options(mode: .values)).values
      let terms = plain.indices.map {
        WidestReferenceScalar(plain[$0]) * (weighted ? WidestReferenceScalar(samples.weights[$0]) : 1)
      }
      let exact = terms.reduce(0, +)
      let absolute = terms.reduce(0) { $0 + $1.magnitude }
      #expect((WidestReferenceScalar(result.value) - exact).magnitude <= 159 * 0x1p-53 * absolute)
      let weight = samples.weights.reduce(WidestReferenceScalar(0)) { $0 + WidestReferenceScalar($1) }
      #expect(
        weighted
          ? (WidestReferenceScalar(result.weight) - weight).magnitude <= 158 * 0x1p-53 * weight
          : result.weight == 100_003)
      let mean = try evaluate(loss, samples, weighted: weighted, Options(mode: .value, reduction: .mean))
      #expect(mean.value == result.value / result.weight)
      let root = try evaluate(loss, samples, weighted: weighted, Options(mode: .value, reduction: .rootMean))
      #expect(root.value == mean.value.squareRoot())
    }
  }

  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func accumulatingAddsToWhatIsThere(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkAccumulating(tested.loss, scalar.type)
  }

  private func checkAccumulating<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: 700)
    for reduction in Reduction.allCases {
      for mode in Mode.allCases where mode.givesGradient && !(mode.givesCurvature && reduction == .rootMean) {
        for weighted in [false, true] {
          let plain = try evaluate(
            loss, samples, weighted: weighted, Options(mode: mode, reduction: reduction, scale: 3))
          let sum = try evaluate(
            loss, samples, weighted: weighted, Options(mode: mode, reduction: reduction, scale: 3, base: 0.75))
          #expect(bits(sum.gradient) == bits(plain.gradient.map { S.make(0.75) + $0 }))
          #expect(bits(sum.curvature) == bits(plain.curvature.map { S.make(0.75) + $0 }))
          #expect(bits(sum.values) == bits(plain.values))
          #expect(sum.value == plain.value)
        }
      }
    }
  }

  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func theScaleMultipliesDerivativesAndNotTheValue(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try checkScale(tested.loss, scalar.type)
  }

  private func checkScale<S: TestScalar>(_ loss: any TestedLoss, _: S.Type) throws {
    let samples = Samples<S>.random(loss.comparison, count: 700)
    let plain = try evaluate(loss, samples, weighted: true, Options(reduction: .mean))
    // Powers of two are exact.
    for scale in [1024, -0.5] {
      let scaled = try evaluate(loss, samples, weighted: true, Options(reduction: .mean, scale: scale))
      #expect(scaled.gradient == plain.gradient.map { S.make(scale) * $0 })
      #expect(scaled.curvature == plain.curvature.map { S.make(scale) * $0 })
      #expect(bits(scaled.values) == bits(plain.values))
      #expect(scaled.value == plain.value)
    }
    let none = try evaluate(loss, samples, weighted: true, Options(reduction: .mean, scale: 0))
    #expect(none.gradient.allSatisfy { $0 == 0 } && none.curvature.allSatisfy { $0 == 0 } && none.value == plain.value)
  }
}
