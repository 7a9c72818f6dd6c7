import CLossKernels
import Foundation
import Losses
import ReferenceLosses
import RealModule
import TestSupport
import Testing

/// The kernels of divergences against the textbook formula in the widest type.
@Suite struct DivergenceAgreementTests {
  private typealias Wide = WidestReferenceScalar

  /// In units in the last place: of `Float` the rounding of the result, as the kernels work in `Double`; of `Double` at
  /// what the result is a sum of, each term being as uncertain as its logarithms are large.
  private static func tolerance(_ scalar: ScalarKind) -> Double { scalar == .float ? 1 : 3.5 }

  @Test(arguments: DivergenceCase.all, ScalarKind.allCases)
  func resultsAreAccurate(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    try check(tested.loss, scalar.type, Self.tolerance(scalar))
  }

  private func check<S: TestScalar>(_ loss: DivergenceLoss, _: S.Type, _ tolerance: Double) throws {
    for classes in [1, 2, 7, 33, 530] {
      let rows = DivergenceRows<S>.difficult(loss, classes: classes)
      let checked = Array(0..<rows.count)
      let exact = checked.map { i in
        loss.reference(
          predictions: rows.prediction(i).map { Wide($0) },
          targets: loss.hasTargets ? rows.target(i).map { Wide($0) } : nil)
      }
      for isa in lk_isa.ofThisMachine {
        let result = try evaluate(loss, rows, Options(isa: isa))
        var worst = 0.0
        var place = (row: 0, class: -1)
        for i in checked {
          let scale = loss.scale(rows.prediction(i), rows.target(i))
          let error = ulpError(result.values[i], exact: exact[i].value, scale: scale.value)
          if !(error <= worst) { (worst, place) = (error, (i, -1)) }
          // Where a divergence is infinite its derivative is no number.
          guard exact[i].value.isFinite, !worst.isNaN, !loss.jumps(rows.prediction(i), rows.target(i)) else { continue }
          for c in 0..<classes {
            let error = ulpError(
              result.gradient[i * classes + c], exact: exact[i].gradient[c], scale: scale.gradient[c])
            if !(error <= worst) { (worst, place) = (error, (i, c)) }
            let bendError = ulpError(
              result.curvature[i * classes + c], exact: exact[i].curvature[c], scale: scale.curvature[c])
            if !(bendError <= worst) { (worst, place) = (bendError, (i, classes + c)) }
          }
        }
        if ProcessInfo.processInfo.environment["LOSSES_MEASURE"] != nil, isa == lk_isa.ofThisMachine.last {
          print("MEASURED \(S.self) \(loss) \(classes) \(worst) at \(place)")
        }
        let (i, c) = (place.row, place.class % classes)
        let isCurvature = place.class >= classes
        #expect(
          worst <= tolerance,
          """
          \(isCurvature ? "curvature of " : "")row \(i), class \(c) of \(classes): \(classes < 10 ? "\(rows.prediction(i)) \(rows.target(i))" : ""), got \
          \(c < 0 ? result.values[i] : (isCurvature ? result.curvature : result.gradient)[i * classes + c]), expected \
          \(c < 0 ? exact[i].value : (isCurvature ? exact[i].curvature : exact[i].gradient)[c])
          """)
      }
    }
  }

  /// The gradient against differences of the values, and the curvature against those of the gradient, row by row, in
  /// `Double`.
  @Test(arguments: DivergenceCase.all)
  func theGradientIsTheDerivative(_ tested: DivergenceCase) throws {
    let loss = tested.loss
    let rows = DivergenceRows<Double>.random(loss, classes: 4, count: 12, seed: 5)
    for i in 0..<12 {
      let targets = loss.hasTargets ? rows.target(i) : nil
      let point = rows.prediction(i)
      let (_, gradient, curvature) = try loss.valueGradientAndCurvature(
        predictions: point, targets: targets, classCount: 4, reduction: .sum)
      let check = try GradientCheck(at: point, gradient: gradient) { x in
        try loss.value(predictions: x, targets: targets, classCount: 4, reduction: .sum)
      }
      #expect(check.passed, "\(point): \(check)")
      for c in 0..<4 {
        let check = try GradientCheck(at: [point[c]], gradient: [curvature[c]]) { x in
          var moved = point
          moved[c] = x[0]
          return try loss.gradient(predictions: moved, targets: targets, classCount: 4, reduction: .sum)[c]
        }
        #expect(check.passed, "\(point), class \(c): \(check)")
      }
    }
  }

  /// Distributions that differ by 1e-6 have a divergence of 1e-12, and a gradient of 1e-6: both keep nine digits.
  @Test(arguments: DivergenceCase.all.filter { $0.loss.hasTargets })
  func closeDistributions(_ tested: DivergenceCase) throws {
    let loss = tested.loss
    var random = SplitMix64(seed: 6)
    for distance in [1e-3, 1e-6] {
      let p = (0..<10).map { _ in Double.random(in: -2...2, using: &random) }
      let q = p.map { $0 + Double.random(in: -distance...distance, using: &random) }
      let z = DivergenceRows<Double>.row(p, loss.input)
      let t = DivergenceRows<Double>.row(q, loss.target)
      let exact = loss.reference(predictions: z.map { Wide($0) }, targets: t.map { Wide($0) })
      let result = try loss.valueAndGradient(predictions: z, targets: t, classCount: 10)
      // A rounding of 1e-16 beside a distance of 1e-6, a few times.
      let error = 4e-15 / distance
      #expect(abs(result.value - Double(exact.value)) <= error * Double(exact.value))
      for c in 0..<10 where distance < 1e-4 {
        #expect(abs(result.gradient[c] - Double(exact.gradient[c])) <= 4e-15)
      }
      #expect(result.value > 0)
    }
  }

  /// Pinsker's inequality and the limits of the ratios of divergences, at a distance of 1e-6 in either scalar.
  @Test(arguments: ScalarKind.allCases)
  func inequalitiesHoldForCloseDistributions(_ scalar: ScalarKind) throws { try checkInequalities(scalar.type) }

  private func checkInequalities<S: TestScalar>(_: S.Type) throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<50 {
      let p = (0..<8).map { _ in Double.random(in: -2...2, using: &random) }
      let q = p.map { $0 + Double.random(in: -1e-6...1e-6, using: &random) }
      let (z, t) = (p.map(S.make), q.map(S.make))
      func value(_ loss: DivergenceLoss) throws -> Double { try loss.value(predictions: z, targets: t, classCount: 8) }
      let variation = try value(.totalVariation(input: .logits, target: .logits))
      let forward = try value(.kullbackLeibler(input: .logits, target: .logits))
      let backward = try value(.reverseKullbackLeibler(input: .logits, target: .logits))
      let hellinger = try value(.hellinger(input: .logits, target: .logits))
      let shannon = try value(.jensenShannon(input: .logits, target: .logits))
      let jeffreys = try value(.jeffreys(input: .logits, target: .logits))
      #expect(forward >= 2 * variation * variation * (1 - 1e-8) && forward < 1e-11)
      #expect(variation == 0 || forward > 0)
      for ratio in [backward / forward, 4 * hellinger / forward, 4 * shannon / forward, jeffreys / (2 * forward)] {
        #expect(variation == 0 || abs(ratio - 1) <= 1e-5)
      }
    }
  }

  /// The component of the only target's own logit is minus the sum of the others, to its own precision.
  @Test(arguments: [0, 10, 30, 80, 500])
  func theOwnComponentKeepsItsPrecision(gap: Double) throws {
    let gradient = try DivergenceLoss.kullbackLeibler().gradient(
      predictions: [gap, 0, -1], targets: [1.0, 0, 0], classCount: 3)
    let rest = exp(-gap) + exp(-gap - 1)
    #expect(abs(gradient[0] + rest / (1 + rest)) <= 4 * (rest / (1 + rest)).ulp)
    #expect(gradient[1] > 0 && abs(gradient[1] - exp(-gap) / (1 + rest)) <= 4 * gradient[1].ulp)
  }

  /// By a logit the curvature of the forward divergence is p(1 − p) Σq, to its own precision where p is almost 1, and in the
  /// sum of both directions `p ln(p/q)` is not lost beside q.
  @Test(arguments: [30.0, 37, 40, 50, 200])
  func theCurvatureOfASureClassKeepsItsPrecision(gap: Double) throws {
    let (z, q) = ([gap, 0, -1], [0.3, 0.3, 0.4])
    let rest = exp(-gap) + exp(-gap - 1)
    let others = [exp(-gap) / (1 + rest), exp(-gap - 1) / (1 + rest)]
    let exact = [rest / (1 + rest) / (1 + rest), others[0] * (1 - others[0]), others[1] * (1 - others[1])]
    let curvature = try DivergenceLoss.kullbackLeibler().valueGradientAndCurvature(
      predictions: z, targets: q, classCount: 3
    ).curvature
    for c in 0..<3 { #expect(abs(curvature[c] - exact[c]) <= 8 * exact[c].ulp, "class \(c)") }
    let wide = DivergenceLoss.jeffreys().reference(predictions: z.map { Wide($0) }, targets: q.map { Wide($0) })
    let both = try DivergenceLoss.jeffreys().valueGradientAndCurvature(predictions: z, targets: q, classCount: 3)
    for c in 0..<3 {
      let size = abs(Double(wide.curvature[c]))
      #expect(abs(both.curvature[c] - Double(wide.curvature[c])) <= 1e-13 * gap * size, "class \(c)")
    }
    let many = [Double](repeating: 0, count: 100_003)
    let one = [1] + many.dropFirst()
    let flat = try DivergenceLoss.kullbackLeibler().valueGradientAndCurvature(
      predictions: many, targets: one, classCount: many.count
    ).curvature
    let p = 1 / Double(many.count)
    #expect(flat.allSatisfy { abs($0 - p * (1 - p)) <= 1e-13 * p })
  }

  /// Zeros on either side, worked out by hand.
  @Test func zeros() throws {
    func value(_ loss: DivergenceLoss, _ p: [Double], _ q: [Double]) throws -> Double {
      try loss.value(predictions: p, targets: q, classCount: p.count)
    }
    let form = DistributionForm.probabilities
    let ln2 = log(2.0)
    #expect(try value(.kullbackLeibler(input: form), [0.5, 0.5, 0], [1, 0, 0]) == ln2)
    #expect(try value(.kullbackLeibler(input: form), [1, 0], [0.5, 0.5]) == .infinity)
    #expect(try value(.reverseKullbackLeibler(input: form), [1, 0, 0], [0.5, 0.5, 0]) == ln2)
    #expect(try value(.reverseKullbackLeibler(input: form), [0.5, 0.5], [1, 0]) == .infinity)
    #expect(try abs(value(.jensenShannon(input: form), [1, 0], [0, 1]) - ln2) <= ln2.ulp)
    #expect(try value(.totalVariation(input: form), [1, 0], [0, 1]) == 1)
    #expect(try value(.hellinger(input: form), [1, 0], [0, 1]) == 1)
    #expect(try value(.jeffreys(input: form), [1, 0], [0.5, 0.5]) == .infinity)
    for loss in DivergenceCase.all.map(\.loss) where loss.input == form && loss.target == form {
      let same = try loss.valueAndGradient(predictions: [0.25, 0.75, 0], targets: [0.25, 0.75, 0], classCount: 3)
      #expect(same.value == 0 && same.gradient[0] == 0 && same.gradient[1] == 0 && same.gradient[2].isFinite)
    }
    // Masked by −∞, in logits and logarithms.
    let inf = Double.infinity
    #expect(try value(.kullbackLeibler(target: .logits), [0, 0, -inf], [0, -inf, -inf]) == ln2)
    #expect(try value(.kullbackLeibler(target: .logProbabilities), [0, 0, -inf], [0, -inf, -inf]) == ln2)
    #expect(try abs(value(.distillation(temperature: 1), [0, 0, -inf], [0, -inf, -inf]) - ln2) <= ln2.ulp)
    // A probability that rounds to 0 has a logarithm all the same.
    let far = try value(.kullbackLeibler(), [0, -2000], [0.5, 0.5])
    #expect(abs(far - (1000 - ln2)) <= far.ulp)
  }

  /// Where a divergence is infinite its gradient leads away from the classes that make it so.
  @Test func gradientsOfInfiniteDivergences() throws {
    let inf = Double.infinity
    for loss in [DivergenceLoss.reverseKullbackLeibler(), .jeffreys()] {
      func gradient(_ z: [Double], _ q: [Double]) throws -> [Double] {
        try loss.gradient(predictions: z, targets: q, classCount: z.count)
      }
      #expect(try gradient([2, 0.5, -1], [1, 0, 0]) == [-inf, inf, inf])
      #expect(try gradient([5, 5, 5], [0, 0, 1]) == [inf, inf, -inf])
      #expect(try gradient([0, 3, -inf], [0.5, 0, 0.5])[..<2] == [-inf, inf])
      let long = try gradient([Double](repeating: 0, count: 1000), [Double](repeating: 1, count: 999) + [0])
      #expect(long[0] == -inf && long[999] == inf)
      let bends = try loss.valueGradientAndCurvature(predictions: [2, 0.5, -inf], targets: [1, 0, 0], classCount: 3)
      #expect(bends.curvature == [inf, inf, 0])
    }
    let finite = try DivergenceLoss.kullbackLeibler().gradient(
      predictions: [2, 0.5, -1], targets: [1, 0, 0], classCount: 3)
    #expect(finite.allSatisfy { $0.isFinite })
  }

  /// Rows that do not sum to one are used as they are, with what makes up for it.
  @Test func otherSums() throws {
    let (p, q) = ([0.5, 1.5], [1.0, 2.0])
    let forward = 1 * log(2.0) + 2 * log(4.0 / 3)
    let backward = 0.5 * log(0.5) + 1.5 * log(0.75)
    func value(_ loss: DivergenceLoss) throws -> Double { try loss.value(predictions: p, targets: q, classCount: 2) }
    let form = DistributionForm.probabilities
    #expect(try abs(value(.kullbackLeibler(input: form)) - (forward - 1)) <= 1e-15)
    #expect(try abs(value(.reverseKullbackLeibler(input: form)) - (backward + 1)) <= 1e-15)
    #expect(try abs(value(.jeffreys(input: form)) - (forward + backward)) <= 1e-15)
    #expect(try value(.totalVariation(input: form)) == 0.5)
    // By logits: p Σq − q.
    let gradient = try DivergenceLoss.kullbackLeibler().gradient(predictions: [0, 0], targets: q, classCount: 2)
    #expect(gradient == [0.5, -0.5])
  }

  @Test func identities() throws {
    let rows = DivergenceRows<Double>.random(.kullbackLeibler(), classes: 6, count: 40, seed: 9)
    func values(_ loss: DivergenceLoss, _ p: [Double], _ q: [Double]?) throws -> [Double] {
      try loss.values(predictions: p, targets: q, classCount: 6)
    }
    let p = (0..<40).flatMap { DivergenceRows<Double>.row(rows.prediction($0), .probabilities) }
    let (z, q) = (rows.predictions, rows.targets)
    let form = DistributionForm.probabilities
    let forward = try values(.kullbackLeibler(), z, q)
    let backward = try values(.reverseKullbackLeibler(), z, q)
    let jeffreys = try values(.jeffreys(), z, q)
    let swapped = try values(.reverseKullbackLeibler(input: form), q, p)
    let shannon = try values(.jensenShannon(input: form), p, q)
    let hellinger = try values(.hellinger(input: form), p, q)
    let entropies = try values(.entropy, z, nil)
    let middle = zip(p, q).map { ($0 + $1) / 2 }
    let left = try values(.kullbackLeibler(input: form), middle, q)
    let right = try values(.kullbackLeibler(input: form), middle, p)
    let uniform = [Double](repeating: 1.0 / 6, count: 240)
    let toUniform = try values(.reverseKullbackLeibler(), z, uniform)
    let teacher = q.map { 3 * log($0) }
    let distilled = try values(.distillation(temperature: 3), z, teacher)
    let cooled = try values(.kullbackLeibler(), z.map { $0 / 3 }, q)
    for i in 0..<40 {
      #expect(abs(forward[i] + backward[i] - jeffreys[i]) <= 1e-14)
      #expect(abs(forward[i] - swapped[i]) <= 1e-14)
      #expect(abs(0.5 * (left[i] + right[i]) - shannon[i]) <= 1e-14)
      let affinity = (0..<6).reduce(0.0) { $0 + (p[6 * i + $1] * q[6 * i + $1]).squareRoot() }
      #expect(abs(1 - affinity - hellinger[i]) <= 1e-14)
      #expect(abs(log(6.0) - entropies[i] - toUniform[i]) <= 1e-14)
      #expect(abs(9 * cooled[i] - distilled[i]) <= 1e-13)
    }
  }

  @Test(arguments: DivergenceCase.all.filter { $0.loss.input == .logits }, ScalarKind.allCases)
  func hugeLogits(_ tested: DivergenceCase, _ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_: S.Type) throws {
      let loss = tested.loss
      let rows: [[Double]] = [[1e30, -1e30, 0], [-1e30, 1e30, 1e30], [1e4, -1e4, 1e4]]
      let targets = DivergenceRows<S>.row([-1, 0, 1], loss.target)
      let result = try loss.valueGradientAndCurvature(
        predictions: rows.flatMap { $0.map(S.make) }, targets: loss.hasTargets ? targets + targets + targets : nil,
        classCount: 3)
      let isFinite = (result.gradient + result.curvature).allSatisfy { $0.isFinite }
      #expect(result.value.isFinite && isFinite, "\(result)")
    }
    if scalar == .float { try check(Float.self) } else { try check(Double.self) }
  }

  /// Equal logits of any level against a single class, up to very many classes: every divergence has its closed form.
  @Test(arguments: [2, 33, 600, 1_000_003], [0, 1e4, -1e30])
  func equalLogits(classes: Int, level: Double) throws {
    let k = Double(classes)
    let z = [Double](repeating: level, count: classes)
    var q = [Double](repeating: 0, count: classes)
    q[classes / 2] = 1
    let m = (1 + 1 / k) / 2
    let shannon = (-log(m) - log(k * m) / k + (k - 1) / k * log(2.0)) / 2
    let expected: [(DivergenceLoss, Double)] = [
      (.kullbackLeibler(), log(k)), (.totalVariation(), 1 - 1 / k), (.hellinger(), 1 - 1 / k.squareRoot()),
      (.jensenShannon(), shannon), (.entropy, log(k)),
    ]
    for (loss, value) in expected {
      let result = try loss.valueAndGradient(
        predictions: z, targets: loss.hasTargets ? q : nil, classCount: classes)
      #expect(abs(result.value - value) <= 1e-15 * k.squareRoot() * value, "\(loss)")
      #expect(abs(result.gradient.reduce(0, +)) <= 1e-15 + 4e-17 * k, "\(loss)")
    }
  }

  /// One class, and very many.
  @Test func sizes() throws {
    for loss in DivergenceCase.all.map(\.loss) where loss.input == .logits {
      let targets: [Double]? = loss.hasTargets ? [loss.target == .probabilities ? 1 : 0] : nil
      let one = try loss.valueAndGradient(predictions: [5.0], targets: targets, classCount: 1)
      #expect(one.value == 0 && one.gradient == [0], "\(loss)")
    }
    let many = 1_000_003
    let flat = [Float](repeating: 2, count: many)
    let entropy = try DivergenceLoss.entropy.valueAndGradient(predictions: flat, targets: nil, classCount: many)
    #expect(abs(entropy.value - log(Double(many))) <= 3e-12)
    #expect(entropy.gradient.allSatisfy { abs($0) <= 1e-17 })
    let uniform = [Float](repeating: 1 / Float(many), count: many)
    let divergence = try DivergenceLoss.kullbackLeibler().valueAndGradient(
      predictions: flat, targets: uniform, classCount: many)
    #expect(divergence.value >= 0 && divergence.value < 1e-13)
    #expect(divergence.gradient.allSatisfy { abs($0) <= 1e-12 })
  }
}

extension DivergenceLoss {
  /// Whether two probabilities are so close that rounding may decide on the sign of their difference.
  fileprivate func jumps<S: TestScalar>(_ z: [S], _ t: [S]) -> Bool {
    guard case .totalVariation = self else { return false }
    let (p, q) = (distribution(z, input), distribution(t, target))
    return p.indices.contains { c in
      let sum = p[c].p + q[c].p
      return sum > 0 && (p[c].p - q[c].p).magnitude <= 0x1p-40 * sum
    }
  }

  /// What the results are sums of: rounding is relative to it.
  fileprivate func scale<S: TestScalar>(_ z: [S], _ t: [S]) -> (value: Wide, gradient: [Wide], curvature: [Wide]) {
    var temperature: Wide = 1
    if case .distillation(let t) = self { temperature = Wide(t) }
    // The error of a softmax grows with the exponent, and is there even in `Float` results.
    let p = distribution(z.map { $0 / S.make(Double(temperature)) }, input)
    let q = hasTargets ? distribution(t.map { $0 / S.make(Double(temperature)) }, target) : p
    // A probability is as uncertain as its logarithm is large, and is a factor of logarithms.
    let sizes = p.indices.map { c -> Wide in
      func size(_ log: Wide) -> Wide { log.isFinite ? 1 + log.magnitude : 1 }
      let (ofP, ofQ) = (size(p[c].log), size(q[c].log))
      return (p[c].p * ofP + q[c].p * ofQ) * (ofP + ofQ)
    }
    let total = sizes.reduce(0, +)
    guard S.self == Double.self else {
      let each = sizes.map { _ in total / 0x1p25 }
      return (total / 0x1p25, each, each)
    }
    let factor = temperature * temperature
    let gradient = p.indices.map { c -> Wide in
      switch input {
      case .logits: factor * (sizes[c] + p[c].p * total)
      case .logProbabilities: sizes[c]
      case .probabilities:
        p[c].p == 0 ? 1 : p[c].log.magnitude + (1 + q[c].p / p[c].p) * (q[c].log.isFinite ? 1 + q[c].log.magnitude : 1)
      }
    }
    let curvature = p.indices.map { c -> Wide in
      switch input {
      case .logits: sizes[c] + p[c].p * total
      case .logProbabilities: sizes[c]
      // A bend is relative to itself, and to its logarithm as it is made of.
      case .probabilities: p[c].p == 0 ? 1 : sizes[c] / p[c].p / p[c].p
      }
    }
    return (factor * total, gradient, curvature)
  }

  private func distribution<S: TestScalar>(_ row: [S], _ form: DistributionForm) -> [(p: Wide, log: Wide)] {
    let row = row.map { Wide($0) }
    switch form {
    case .probabilities: return row.map { ($0, .log($0)) }
    case .logProbabilities: return row.map { (.exp($0), $0) }
    case .logits:
      let top = row.max() ?? 0
      let sum = row.reduce(0) { $0 + Wide.exp($1 - top) }
      return row.map { (.exp($0 - top) / sum, $0 - top - .log(sum)) }
    }
  }

  fileprivate typealias Wide = WidestReferenceScalar
}
