import Losses
import TestSupport
import Testing

/// What a loss claims of itself holds.
@Suite struct ClaimTests {
  /// A dense grid and the far tails.
  static let grid = Array(stride(from: -30.0, through: 30, by: 0x1p-6)) + [-1e6, -700, -100, 100, 700, 1e6]

  private func results(
    _ loss: any TestedLoss, _ target: Double
  ) throws -> (values: [Double], gradient: [Double], curvature: [Double]) {
    let targets = [Double](repeating: target, count: Self.grid.count)
    let all = try loss.valueGradientAndCurvature(predictions: Self.grid, targets: targets, reduction: .sum)
    return (try loss.values(predictions: Self.grid, targets: targets), all.gradient, all.curvature)
  }

  @Test(arguments: LossCase.singles)
  func theBoundsHold(_ tested: LossCase) throws {
    let loss = tested.loss
    var steepest = 0.0
    var sharpest = 0.0
    for target in loss.comparison.targets {
      let (_, gradient, curvature) = try results(loss, target)
      for slope in gradient where slope.isFinite { steepest = max(steepest, abs(slope)) }
      for bend in curvature where bend.isFinite { sharpest = max(sharpest, abs(bend)) }
      // Gradients differ by no more than the bound allows; this sees what a wrong curvature would not.
      if let bound = loss.curvatureBound {
        for i in 1..<(Self.grid.count - 6) {
          let rise = abs(gradient[i] - gradient[i - 1])
          #expect(rise <= bound * 0x1p-6 + 1e-13, "target \(target), prediction \(Self.grid[i])")
        }
      }
    }
    if let bound = loss.lipschitzConstant {
      #expect(steepest <= bound * (1 + 1e-15))
    } else {
      #expect(steepest > 500, "a loss without a bound has one")
    }
    if let bound = loss.curvatureBound {
      #expect(sharpest <= bound * (1 + 1e-15))
      #expect(sharpest >= 0.5 * bound, "a bound that is far from attained")
    }
  }

  @Test(arguments: LossCase.singles)
  func convexityHoldsOrHasACounterexample(_ tested: LossCase) throws {
    let loss = tested.loss
    var random = SplitMix64(seed: 11)
    var isViolated = false
    for target in loss.comparison.targets {
      let a = (0..<2000).map { _ in Double.random(in: -12...12, using: &random) }
      let b = (0..<2000).map { _ in Double.random(in: -12...12, using: &random) }
      let targets = [Double](repeating: target, count: 2000)
      let left = try loss.values(predictions: a, targets: targets)
      let right = try loss.values(predictions: b, targets: targets)
      let middle = try loss.values(predictions: zip(a, b).map { ($0 + $1) / 2 }, targets: targets)
      for i in 0..<2000 {
        let chord = (left[i] + right[i]) / 2
        let slack = 1e-14 * (abs(left[i]) + abs(right[i]) + 1 + abs(target) * 12)
        if middle[i] > chord + slack { isViolated = true }
      }
    }
    #expect(isViolated == !loss.isConvex)
  }

  @Test(arguments: LossCase.singles)
  func theGradientJumpsWhereALossIsNotDifferentiable(_ tested: LossCase) throws {
    let loss = tested.loss
    let parameters = loss.parameterValues
    var largestJump = 0.0
    for target in loss.comparison.targets where target < 100 {
      let offsets = [0, 1, -1] + parameters + parameters.map { -$0 } + parameters.map { 1 - $0 }
      for offset in offsets {
        let kink =
          loss.comparison.isAroundTarget ? target + offset : loss.comparison == .margin ? target * offset : offset
        let h = 1e-9
        let gradient = try loss.gradient(
          predictions: [kink - h, kink + h], targets: [target, target], reduction: .sum)
        largestJump = max(largestJump, abs(gradient[1] - gradient[0]))
      }
    }
    // A continuous gradient moves by the curvature (at most 16 here) times 2h; next to 0, that of |r|^1.5 by 1e-4.
    #expect(loss.isDifferentiable ? largestJump < 2e-4 : largestJump > 0.2)
  }

  @Test func closedForms() {
    #expect(RegressionLoss.huber(delta: 3).lipschitzConstant == 3)
    #expect(RegressionLoss.quantile(level: 0.25).lipschitzConstant == 0.75)
    #expect(RegressionLoss.expectile(level: 0.25).curvatureBound == 1.5)
    #expect(BinaryLoss.logistic().lipschitzConstant == 1 && BinaryLoss.logistic().curvatureBound == 0.25)
    #expect(BinaryLoss.logistic(positiveWeight: 4).lipschitzConstant == 4)
    #expect(RegressionLoss.squaredError.lipschitzConstant == nil && MarginLoss.hinge.curvatureBound == nil)
    #expect(BinaryLoss.focal().isConvex == false && BinaryLoss.focal(gamma: 0).isConvex)
  }
}
