import Losses
import TestSupport

/// Predictions, targets and weights.
struct Samples<S: TestScalar> {
  var predictions: [S] = []
  var targets: [S] = []
  var weights: [S] = []

  /// Random samples that are legal for the loss, without repetition of structure; weights are from [0, 2), some 0.
  static func random(_ comparison: Comparison, count: Int, seed: UInt64 = 1) -> Self {
    var random = SplitMix64(seed: seed)
    var samples = Self()
    for _ in 0..<count {
      samples.predictions.append(S.make(comparison.prediction(Double.random(in: -4...4, using: &random))))
      samples.targets.append(S.make(comparison.target(Double.random(in: 0..<1, using: &random))))
      let weight = Double.random(in: -0.2..<2, using: &random)
      samples.weights.append(S.make(max(0, weight)))
    }
    return samples
  }

  /// Samples where a loss may go wrong: around its kinks, in its tails, next to 0, where functions overflow.
  static func difficult(_ loss: some TestedLoss, seed: UInt64 = 2) -> Self {
    var random = SplitMix64(seed: seed)
    var points = stride(from: -8, through: 8, by: 0.0625).map(S.make)
    // Where the kinks are: 0, ±1, ±parameter, 1 − parameter, and the neighbours of these in S.
    let kinks: [Double] = [0, 1] + loss.parameterValues + loss.parameterValues.map { 1 - $0 }
    for x in kinks.map(S.make) {
      points += [x, x.nextUp, x.nextDown, -x, -x.nextUp, -x.nextDown]
    }
    let large: [Double] = [
      10, 16.6, 20, 36.7, 37, 40, 80, 87.3, 88, 88.7, 89, 90, 100, 103.9, 104, 105, 200, 500, 700, 708.3, 709.7, 710,
      740,
      745.1, 746, 1e4, 1e10, 1e18, 1e30, 1e150, 1e160, 1e300,
    ]
    let small: [Double] = [1e-3, 1e-6, 1e-9, 1e-12, 1e-20, 1e-30, 1e-38, 1e-44, 1e-155, 1e-300, 0x1p-1030]
    points += (large + small).flatMap { [S.make($0), S.make(-$0)] }.filter(\.isFinite)
    for _ in 0..<300 {
      let exponent = Double.random(in: -30...10, using: &random)
      points.append(S.make(Double.random(in: -1...1, using: &random)) * S.exp2(S.make(exponent)))
    }
    points.append(.nan)

    var samples = Self()
    for target in loss.comparison.targets.map(S.make) {
      for point in points {
        // Outside the domain of a loss, where it is NaN, a few are enough.
        if loss.comparison == .probability, point < 0 || point > 1, point.magnitude != 4 { continue }
        if loss.comparison == .aboveMinusOne, target + point < -1, point != -8, point != -1e10 { continue }
        samples.predictions.append(loss.comparison.isAroundTarget ? target + point : point)
        samples.targets.append(target)
        let weight = Double.random(in: -0.2..<2, using: &random)
        samples.weights.append(S.make(max(0, weight)))
      }
    }
    return samples
  }
}
