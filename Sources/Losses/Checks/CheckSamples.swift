/// Predictions and targets at which a loss may go wrong: a grid, the tails, and the kinks, which are searched for.
struct CheckSamples {
  private(set) var predictions: [Double] = []
  private(set) var targets: [Double] = []

  /// Of these a loss has the targets that it allows.
  private static let candidates = [0, 1, -1, 0.25, 0.9, 1.1, -3, 7, 1000]

  private static let offsets: [Double] = {
    let grid = stride(from: -8.0, through: 8, by: 0.25)
    let tails = [1e-300, 1e-20, 1e-9, 1e-3, 20, 37, 40, 100, 700, 1e4, 1e10, 1e100, 1e150, 1e300]
    return Array(grid) + tails.flatMap { [$0, -$0] }
  }()

  /// Samples for `loss` whose value is finite and does not jump.
  init(for loss: some PointwiseLoss) throws(LossError) {
    for target in try Self.legalTargets(of: loss) {
      var points = Self.offsets
      if target != 0 { points += Self.offsets.map { target + $0 } }
      points = Set(points).sorted()
      points += try Self.kinks(of: loss, target: target, between: points.filter { abs($0 - target) <= 16 })
      let all = [Double](repeating: target, count: points.count)
      let values = try loss.values(predictions: points, targets: all)
      let before = try loss.values(predictions: points.map(\.nextDown), targets: all)
      let after = try loss.values(predictions: points.map(\.nextUp), targets: all)
      for (index, point) in points.enumerated() where values[index].isFinite {
        // Where the value jumps there is no derivative.
        let jump = max(abs(values[index] - before[index]), abs(values[index] - after[index]))
        if jump > 1e-3 * max(1, abs(values[index])) { continue }
        predictions.append(point)
        targets.append(target)
      }
    }
  }

  private static func legalTargets(of loss: some PointwiseLoss) throws(LossError) -> [Double] {
    var legal: [Double] = []
    for target in candidates {
      do {
        _ = try loss.value(predictions: [0], targets: [target])
        legal.append(target)
      } catch .invalidElement {
        continue
      }
    }
    return legal
  }

  /// The points next to every kink and jump of the gradient between two neighbours of `points`, which are sorted.
  ///
  /// Where the trapezoid rule misses the change of the gradient by much, the half that it misses by more is halved
  /// again. Around a smooth point the miss goes to zero; at a kink a part of the curvature's or gradient's change stays.
  private static func kinks(
    of loss: some PointwiseLoss, target: Double, between points: [Double]
  ) throws(LossError) -> [Double] {
    let sample = { (x: Double) throws(LossError) in
      let result = try loss.valueGradientAndCurvature(predictions: [x], targets: [target], reduction: .sum, threads: 1)
      return Sample(x: x, gradient: result.gradient[0], curvature: result.curvature[0])
    }
    var kinks: [Double] = []
    for (start, end) in zip(points, points.dropFirst()) {
      var (low, high) = (try sample(start), try sample(end))
      while true {
        let x = low.x + (high.x - low.x) / 2
        guard high.x - low.x > 4e-16, x > low.x, x < high.x, low.miss(to: high) > 0 else { break }
        let middle = try sample(x)
        if low.miss(to: middle) >= middle.miss(to: high) { high = middle } else { low = middle }
      }
      if low.change(to: high) > 1e-3 { kinks += [low.x, high.x].filter { $0 != start && $0 != end } }
    }
    return kinks
  }
}

/// The derivatives at one prediction.
private struct Sample {
  var x: Double
  var gradient: Double
  var curvature: Double

  /// How far the sides are from each other in gradient or curvature, relative to their size.
  func change(to other: Sample) -> Double {
    max(
      (other.gradient - gradient).magnitude / max(gradient.magnitude, other.gradient.magnitude),
      (other.curvature - curvature).magnitude / max(curvature.magnitude, other.curvature.magnitude))
  }

  func miss(to other: Sample) -> Double {
    (other.gradient - gradient - (other.x - x) * (curvature + other.curvature) / 2).magnitude
  }
}
