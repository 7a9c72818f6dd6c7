import Losses
import TestSupport
import Testing

/// The verbs that write into memory of the caller allocate nothing.
@Suite(.enabled(if: countsAllocations, "allocations are counted with glibc only"))
struct AllocationTests {
  @inline(never)
  private static func escape(_ array: [Double]) -> Int { array.count }

  /// The counter counts: otherwise every other test here would pass for nothing.
  @Test(arguments: [1, 1000, 100_000])
  func anArrayIsCounted(count: Int) {
    var size = 0
    let number = allocations { size = Self.escape([Double](repeating: 1, count: count)) }
    #expect(number == 1 && size == count)
  }

  @Test(arguments: LossCase.kernels, ScalarKind.allCases)
  func verbsThatWriteIntoMemoryOfTheCallerAllocateNothing(_ tested: LossCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<Loss: TestedLoss, S: TestScalar>(_ loss: Loss, _: S.Type) throws {
    for count in [16, 1000, 100_000] {
      let samples = Samples<S>.random(loss.comparison, count: count)
      let (z, y, w) = (samples.predictions.span, samples.targets.span, samples.weights.span)
      var first = [S](repeating: 0, count: count)
      var second = first
      var place = samples.predictions
      var gradient = first.mutableSpan
      var curvature = second.mutableSpan
      var overwritten = place.mutableSpan
      // The first calls look at the machine and make Swift's metadata: the second round counts.
      for (round, reduction) in [1, 2].flatMap({ round in Reduction.allCases.map { (round, $0) } }) {
        let number = try allocations {
          _ = try loss.value(predictions: z, targets: y, reduction: reduction, threads: 1)
          _ = try loss.value(predictions: z, targets: y, weights: w, reduction: reduction, threads: 1)
          try loss.values(predictions: z, targets: y, weights: w, threads: 1, values: &gradient)
          try loss.gradient(
            predictions: z, targets: y, weights: w, reduction: reduction, threads: 1, gradient: &gradient)
          try loss.gradient(
            predictions: z, targets: y, reduction: reduction, scale: 2, accumulating: true, threads: 1,
            gradient: &gradient)
          _ = try loss.valueAndGradient(
            predictions: z, targets: y, reduction: reduction, threads: 1, gradient: &gradient)
          if reduction != .rootMean {
            _ = try loss.valueGradientAndCurvature(
              predictions: z, targets: y, weights: w, reduction: reduction, threads: 1, gradient: &gradient,
              curvature: &curvature)
          }
          _ = try loss.valueAndGradient(overwriting: &overwritten, targets: y, reduction: .mean, threads: 1)
          try loss.gradient(overwriting: &overwritten, targets: y, reduction: .mean, threads: 1)
        }
        #expect(round == 1 || number == 0, "\(count) samples, \(reduction)")
      }
    }
  }
}
