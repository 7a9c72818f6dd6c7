import CLossKernels
import Losses
import TestSupport
import Testing

/// What must not change a bit of a categorical result.
@Suite struct CategoricalInvarianceTests {
  /// Many blocks of few classes, many of more, rows that do not fit on the stack.
  static let shapes = [(3000, 3), (700, 10), (520, 32), (300, 33), (300, 100), (24, 5000)]

  @Test(arguments: CategoricalCase.all, ScalarKind.allCases)
  func threadsInstructionSetsAndStridesDoNotMatter(_ tested: CategoricalCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<S: TestScalar>(_ loss: CategoricalLoss, _: S.Type) throws {
    for (rowCount, classCount) in Self.shapes {
      let samples = RowSamples<S>.random(loss, rowCount: rowCount, classCount: classCount)
      for targets in [TargetKind.ints, .distributions] where targets == .ints || loss.takesDistributions {
        for mode in [Mode.valueAndGradient, .everything] {
          var options = RowOptions(mode: mode, targets: targets, weighted: true, isa: lk_isa_baseline)
          options.reduction = .mean
          let first = try evaluate(loss, samples, options)
          for isa in lk_isa.ofThisMachine {
            for threads: ThreadLimit in [1, 2, 3] {
              options.isa = isa
              options.threads = threads
              let other = try evaluate(loss, samples, options)
              #expect(
                other.isIdentical(to: first), "\(rowCount) × \(classCount), \(targets), \(mode), \(isa), \(threads)")
              #expect(other.isa == isa)
            }
          }
        }
      }
    }
  }

  @Test(arguments: CategoricalCase.kernels, [2, 10, 33, 200, 5000])
  func whereRowsLieDoesNotMatter(_ tested: CategoricalCase, classCount: Int) throws {
    let samples = RowSamples<Float>.random(tested.loss, rowCount: 40, classCount: classCount)
    let first = try evaluate(tested.loss, samples)
    for gap in [1, 5, 16] {
      var spaced = samples
      spaced.rowStride = classCount + gap
      spaced.predictions = (0..<40).flatMap { samples.row($0) + [Float](repeating: .nan, count: gap) }
      let other = try evaluate(tested.loss, spaced)
      #expect(other.value == first.value && bits(other.values) == bits(first.values))
      for i in 0..<40 {
        let (x, y) = (i * classCount, i * spaced.rowStride)
        #expect(bits(Array(other.gradient[y..<y + classCount])) == bits(Array(first.gradient[x..<x + classCount])))
        #expect(other.gradient[(y + classCount)..<(y + spaced.rowStride)].allSatisfy { $0 == 777 })
      }
    }
  }

  @Test(arguments: CategoricalCase.all)
  func everyTypeOfClassIndexGivesTheSame(_ tested: CategoricalCase) throws {
    let samples = RowSamples<Double>.random(tested.loss, rowCount: 80, classCount: 40)
    let first = try evaluate(tested.loss, samples, RowOptions(targets: .ints))
    for targets in [TargetKind.bytes, .longs] {
      #expect(try evaluate(tested.loss, samples, RowOptions(targets: targets)).isIdentical(to: first))
    }
  }

  /// What else is asked for does not change a result.
  @Test(arguments: CategoricalCase.all, [5, 40])
  func modesAgree(_ tested: CategoricalCase, classCount: Int) throws {
    let samples = RowSamples<Float>.random(tested.loss, rowCount: 50, classCount: classCount)
    for targets in [TargetKind.ints, .distributions] where targets == .ints || tested.loss.takesDistributions {
      let all = try evaluate(tested.loss, samples, RowOptions(targets: targets, weighted: true))
      for mode in Mode.allCases {
        let part = try evaluate(tested.loss, samples, RowOptions(mode: mode, targets: targets, weighted: true))
        if mode.givesValue { #expect(part.value == all.value) }
        if mode.givesValues { #expect(bits(part.values) == bits(all.values)) }
        if mode.givesGradient { #expect(bits(part.gradient) == bits(all.gradient)) }
      }
      var options = RowOptions(mode: .valueAndGradient, targets: targets, weighted: true)
      options.overwriting = true
      let over = try evaluate(tested.loss, samples, options)
      #expect(over.value == all.value && bits(over.gradient) == bits(all.gradient))
    }
  }

  /// The gradient in place of the logits, of rows too long for the stack too.
  @Test(arguments: [3, 33, 5000])
  func overwritingGivesWhatAFreshGradientHas(classCount: Int) throws {
    for reduction in Reduction.allCases {
      let loss = CategoricalLoss.crossEntropy()
      let samples = RowSamples<Float>.random(loss, rowCount: 7, classCount: classCount, gap: 2)
      var options = RowOptions(mode: .valueAndGradient, reduction: reduction)
      let fresh = try evaluate(loss, samples, options)
      options.overwriting = true
      let over = try evaluate(loss, samples, options)
      #expect(fresh.value == over.value)
      for i in 0..<7 {
        let row = i * samples.rowStride..<i * samples.rowStride + classCount
        #expect(bits(Array(fresh.gradient[row])) == bits(Array(over.gradient[row])))
      }
    }
  }
}
