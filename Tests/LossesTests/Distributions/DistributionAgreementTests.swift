import CLossKernels
import Foundation
import Losses
import ReferenceLosses
import RealModule
import TestSupport
import Testing

/// The kernels of distribution losses against the textbook formula in a wider type.
@Suite struct DistributionAgreementTests {
  /// The largest errors of value, gradient and curvature, in units in the last place at the sum of the absolute terms.
  private static func tolerance(of loss: DistributionLoss) -> (value: Double, gradient: Double, curvature: Double) {
    switch loss {
    // A residual, its quotient and its square, beside a logarithm.
    case .gaussian: (3, 3, 3.5)
    // The square of a residual times an exponential that is taken in four parts; in two, where it is not squared.
    case .gaussianLogVariance: (7, 7, 7)
    case .laplace: (2.5, 2.5, 3)
    // erf and expm1 of a residual times an exponential.
    case .continuousRankedProbability: (2, 4, 4)
    case .intervalScore: (2, 0.5, 0)
    // One rounding for each level and each neighbour.
    case .quantiles(let levels, _): (2 + Double(levels.count) / 16, 0.5, 0)
    }
  }

  @Test(arguments: DistributionCase.all, ScalarKind.allCases)
  func resultsAreAccurate(_ tested: DistributionCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type)
  }

  private func check<S: TestScalar>(_ loss: DistributionLoss, _: S.Type) throws {
    let rows = Rows<S>.difficult(loss)
    let rounded = loss.rounded(to: S.self)
    let exact = (0..<rows.count).map {
      rounded.reference(predictions: rows.row($0).map(\.wide), target: rows.targets[$0].wide)
    }
    let scales = (0..<rows.count).map {
      rounded.terms(predictions: rows.row($0).map(\.wide), target: rows.targets[$0].wide)
    }
    let tolerance = Self.tolerance(of: loss)
    let m = rows.columns
    for isa in lk_isa.ofThisMachine {
      for mode in Mode.allCases {
        let result = try evaluate(loss, rows, Options(mode: mode, isa: isa))
        #expect(result.outcome.instructionSet == isa)
        var worst = (value: 0.0, gradient: 0.0, curvature: 0.0)
        var place = (value: 0, gradient: 0, curvature: 0)
        for i in result.values.indices {
          let error = ulpError(result.values[i], exact: exact[i].value, scale: scales[i].value)
          if !(error <= worst.value) { (worst.value, place.value) = (error, i) }
          if error.isNaN { break }
        }
        for i in result.gradient.indices {
          let error = ulpError(
            result.gradient[i], exact: exact[i / m].gradient[i % m], scale: scales[i / m].gradient[i % m])
          if !(error <= worst.gradient) { (worst.gradient, place.gradient) = (error, i) }
          if error.isNaN { break }
        }
        for i in result.curvature.indices {
          let error = ulpError(
            result.curvature[i], exact: exact[i / m].curvature[i % m], scale: scales[i / m].curvature[i % m])
          if !(error <= worst.curvature) { (worst.curvature, place.curvature) = (error, i) }
          if error.isNaN { break }
        }
        if ProcessInfo.processInfo.environment["LOSSES_MEASURE"] != nil, isa == lk_isa.ofThisMachine.last {
          print("MEASURED \(S.self) \(loss.name) \(mode) \(worst)", rows.row(place.value), rows.row(place.gradient / m))
        }
        #expect(
          worst.value <= tolerance.value,
          "value at \(rows.row(place.value)), \(rows.targets[place.value]): \(exact[place.value])")
        let row = place.gradient / m
        #expect(
          worst.gradient <= tolerance.gradient,
          "gradient at \(rows.row(row)), \(rows.targets[row]): \(exact[row]), \(result.gradient.isEmpty ? [] : Array(result.gradient[row * m..<row * m + m]))"
        )
        #expect(
          worst.curvature <= tolerance.curvature,
          "curvature at \(rows.row(place.curvature / m)), \(rows.targets[place.curvature / m]): \(exact[place.curvature / m])"
        )
      }
    }
  }

  /// The gradient against differences of the values, and the curvature against those of the gradient, row by row, in
  /// `Double`. The variance is above its floor.
  @Test(arguments: DistributionCase.all)
  func theGradientIsTheDerivative(_ tested: DistributionCase) throws {
    let loss = tested.loss
    guard loss.columnCount < 9 else { return }
    var compared = 0
    var rows = Rows<Double>.random(loss, count: 60, seed: 3)
    if case .gaussian = loss {
      for i in 0..<60 { rows.predictions[2 * i + 1] = 0.3 + abs(rows.predictions[2 * i + 1]) }
    }
    for i in 0..<60 {
      let point = rows.row(i)
      let (_, gradient, curvature) = try loss.valueGradientAndCurvature(
        predictions: point, targets: [rows.targets[i]], reduction: .sum)
      let check = try GradientCheck(at: point, gradient: gradient) { x in
        try loss.value(predictions: x, targets: [rows.targets[i]], reduction: .sum)
      }
      #expect(check.passed, "\(point), \(rows.targets[i]): \(check)")
      for j in point.indices {
        let check = try GradientCheck(at: [point[j]], gradient: [curvature[j]]) { x in
          var moved = point
          moved[j] = x[0]
          return try loss.gradient(predictions: moved, targets: [rows.targets[i]], reduction: .sum)[j]
        }
        // In a tail of the score the curvature may be lost beside a gradient of 1.
        #expect(check.failures.isEmpty, "\(point), \(rows.targets[i]), column \(j): \(check)")
        if check.passed { compared += 1 }
      }
    }
    #expect(compared >= 60)
  }

  /// A variance below the floor has the value, and the derivatives, of the floor.
  @Test(arguments: [0.2, 0, -0.0, -7, -Double.infinity])
  func theFloorOfAVariance(variance: Double) throws {
    let loss = DistributionLoss.gaussian(varianceFloor: 0.25)
    let below = try loss.valueAndGradient(predictions: [1.5, variance], targets: [1])
    let at = try loss.valueAndGradient(predictions: [1.5, 0.25], targets: [1])
    #expect(below.value == at.value && below.gradient == at.gradient)
    // r² = v: the variance is where it should be.
    #expect(at.gradient == [2, 0])
    #expect(try loss.gradient(predictions: [2, variance], targets: [1]) == [4, 2 - 8])
    let bends = try loss.valueGradientAndCurvature(predictions: [2, variance], targets: [1])
    #expect(bends.gradient == [4, 2 - 8] && bends.curvature == [4, (16 - 2) * 4])
  }

  /// Variances at which a square overflows.
  @Test func tinyVariances() throws {
    let loss = DistributionLoss.gaussian(varianceFloor: 1e-300)
    let bends = try loss.valueGradientAndCurvature(
      predictions: [1, 1e-155, 0, 1e-155, 1e-154, 1e-155], targets: [0, 0, 0.0], reduction: .sum
    ).curvature
    #expect(bends == [1e155, .infinity, 1e155, -.infinity, 1e155, -.infinity])
  }

  /// Worked out by hand: midpoints, exactly.
  @Test func kinks() throws {
    #expect(try DistributionLoss.laplace.gradient(predictions: [3, 0], targets: [3.0]) == [0, 1])
    let interval = DistributionLoss.intervalScore(level: 0.5)
    // 2/α = 4.
    #expect(try interval.gradient(predictions: [1, 2], targets: [1.0]) == [1, 1])
    #expect(try interval.gradient(predictions: [1, 2], targets: [2.0]) == [-1, -1])
    #expect(try interval.gradient(predictions: [1, 1], targets: [1.0]) == [1, -1])
    let quantiles = DistributionLoss.quantiles(levels: [0.25, 0.75], crossingPenalty: 2)
    // ½ − τ, and half of the penalty either way.
    #expect(try quantiles.gradient(predictions: [5, 5], targets: [5.0]) == [0.25 + 1, -0.25 - 1])
    #expect(try quantiles.gradient(predictions: [6, 5], targets: [0.0]) == [0.75 + 2, 0.25 - 2])
    #expect(try quantiles.value(predictions: [6, 5], targets: [0.0]) == 4.5 + 1.25 + 2)
  }

  /// A tiny width and a far tail: what is left is the absolute error, with a derivative of ±1.
  @Test func theScoreOfAPoint() throws {
    for width in [-50, -400, -1e4, -Double.infinity] {
      let (value, gradient) = try DistributionLoss.continuousRankedProbability.valueAndGradient(
        predictions: [3, width], targets: [1])
      let spread = exp(width) / Double.pi.squareRoot()
      #expect(abs(value - (2 - spread)) <= 2 * 2.0.ulp && gradient[0] == 1)
      #expect(abs(gradient[1] + spread) <= 4 * spread.ulp)
    }
    // φ(0) and the median.
    let atMean = try DistributionLoss.continuousRankedProbability.value(predictions: [0, 0], targets: [0.0])
    #expect(abs(atMean - (2.0.squareRoot() - 1) / Double.pi.squareRoot()) <= 4 * atMean.ulp)
  }
}

extension DistributionLoss {
  /// The same loss with its parameters rounded to `S`.
  func rounded<S: TestScalar>(to scalar: S.Type) -> Self {
    func round(_ x: Double) -> Double { S.make(x)._double }
    return switch self {
    case .gaussian(let varianceFloor): .gaussian(varianceFloor: round(varianceFloor))
    // Its factor is rounded, not the level.
    case .intervalScore(let level): .intervalScore(level: level)
    case .quantiles(let levels, let penalty):
      .quantiles(levels: levels.map(round), crossingPenalty: round(penalty))
    default: self
    }
  }

  /// The sum of the absolute values of the terms that each result is the sum of.
  fileprivate func terms<T: ReferenceScalar>(predictions: [T], target y: T) -> RowReference<T> {
    let exact = reference(predictions: predictions, target: y)
    let slopes = exact.gradient.map(\.magnitude)
    switch self {
    case .gaussian(let varianceFloor):
      let r = predictions[0] - y
      let v = max(predictions[1], T(varianceFloor))
      return RowReference(
        value: (T.log(v).magnitude + r * (r / v)) / 2, gradient: [slopes[0], (1 / v + (r / v) * (r / v)) / 2],
        curvature: [1 / v, ((r / v) * (r / v) + 1 / (2 * v)) / v])
    case .gaussianLogVariance:
      let square = 2 * exact.value - predictions[1]
      return RowReference(
        value: (predictions[1].magnitude + square) / 2, gradient: [slopes[0], (1 + square) / 2],
        curvature: exact.curvature)
    case .laplace:
      let a = 1 - exact.gradient[1]
      return RowReference(
        value: predictions[1].magnitude + a, gradient: [slopes[0], 1 + a], curvature: exact.curvature)
    case .continuousRankedProbability:
      let r = predictions[0] - y
      let z = r * T.exp(-predictions[1])
      let width = T.exp(predictions[1]) / T.sqrt(.pi)
      let spread = exact.gradient[1].isNaN ? 0 : exact.gradient[1] + 2 * width
      return RowReference(
        value: r * exact.gradient[0] + spread, gradient: [slopes[0], spread],
        // The error of an exponent counts as often as it is large.
        curvature: [exact.curvature[0] * (1 + z * z), exact.curvature[1] + 2 * width])
    case .intervalScore:
      return RowReference(value: exact.value.magnitude, gradient: slopes, curvature: exact.curvature)
    case .quantiles(let levels, let penalty):
      return RowReference(
        value: exact.value.magnitude,
        gradient: slopes.indices.map { slopes[$0] + T(penalty) * 2 + T(levels[$0]) }, curvature: exact.curvature)
    }
  }
}
