import CLossKernels
import Foundation
import Losses
import TestSupport

extension Penalty {
  /// The textbook formula, coefficient by coefficient, without a thought of speed.
  func textbookValue(at w: [Double]) -> Double {
    func sum(_ term: (Double) -> Double) -> Double { w.map(term).reduce(0, +) }
    func norms(_ groups: [Int]) -> Double {
      Set(groups).map { group in
        let members = w.indices.filter { groups[$0] == group }.map { w[$0] }
        return Double(members.count).squareRoot() * members.map { $0 * $0 }.reduce(0, +).squareRoot()
      }.reduce(0, +)
    }
    switch self {
    case .l1(let λ): return λ * sum { abs($0) }
    case .l2(let λ): return λ / 2 * sum { $0 * $0 }
    case .elasticNet(let l1, let l2): return l1 * sum { abs($0) } + l2 / 2 * sum { $0 * $0 }
    case .smoothedL1(let λ, let δ):
      return λ / δ * sum { abs($0) <= δ ? $0 * $0 / 2 : δ * (abs($0) - δ / 2) }
    case .mcp(let λ, let γ):
      return sum { abs($0) <= γ * λ ? λ * abs($0) - $0 * $0 / (2 * γ) : γ * λ * λ / 2 }
    case .scad(let λ, let a):
      return sum { w in
        let x = abs(w)
        if x <= λ { return λ * x }
        return x <= a * λ ? (2 * a * λ * x - x * x - λ * λ) / (2 * (a - 1)) : λ * λ * (a + 1) / 2
      }
    case .groupLasso(let λ, let groups): return λ * norms(groups)
    case .sparseGroupLasso(let l1, let group, let groups): return l1 * sum { abs($0) } + group * norms(groups)
    case .orthogonality(let λ, let columns):
      var total = 0.0
      for i in 0..<columns {
        for j in 0..<columns {
          var product = i == j ? -1.0 : 0
          for row in 0..<w.count / columns { product += w[row * columns + i] * w[row * columns + j] }
          total += product * product
        }
      }
      return λ / 2 * total
    case .gaussianPrior(let means, let scales):
      return w.indices.map { pow((w[$0] - means.number($0)) / scales.number($0), 2) / 2 }.reduce(0, +)
    case .laplacePrior(let means, let scales):
      return w.indices.map { abs(w[$0] - means.number($0)) / scales.number($0) }.reduce(0, +)
    case .totalVariation(let λ): return λ * zip(w.dropFirst(), w).map { abs($0 - $1) }.reduce(0, +)
    case .combination(let combination):
      return combination.terms.map { $0.coefficient * $0.summand.textbookValue(at: w) }.reduce(0, +)
    }
  }

  /// `½‖x − v‖² + step·penalty(x)`, which the proximal point minimises.
  func proximalObjective(_ x: [Double], _ v: [Double], _ step: Double) -> Double {
    zip(x, v).map { ($0 - $1) * ($0 - $1) / 2 }.reduce(0, +) + step * textbookValue(at: x)
  }
}

extension PerCoefficient {
  func number(_ index: Int) -> Double {
    switch self {
    case .same(let value): value
    case .each(let values): values[index]
    }
  }
}

/// Penalties of ``count`` coefficients.
enum TestedPenalties {
  static let count = 12
  static let groups = [0, 1, 0, 2, 2, 2, 1, 4, 4, 0, 0, 7]
  static let means: PerCoefficient = [0, 1, -1, 0.5, 0, 2, -0.25, 0, 3, 0, 0, 1]
  static let scales: PerCoefficient = [1, 2, 0.5, 1, 3, 0.1, 1, 1, 10, 0.75, 1, 2]

  static let separable: [Penalty] = [
    .l1(strength: 0.7), .l2(strength: 1.3), .elasticNet(l1: 0.4, l2: 2), .smoothedL1(strength: 0.8, delta: 0.3),
    .mcp(strength: 0.6, gamma: 2.5), .scad(strength: 0.5, a: 3.7), .gaussianPrior(means: 0.5, scales: 2),
    .gaussianPrior(means: means, scales: scales), .laplacePrior(means: -0.5, scales: 3),
    .laplacePrior(means: means, scales: scales), .laplacePrior(means: means, scales: 2),
    .gaussianPrior(means: 1, scales: scales), .mcp(strength: 1, gamma: 1.0000001), .scad(strength: 1, a: 2.0000001),
    .l1(strength: 0), .mcp(strength: 0), .scad(strength: 0), .l2(strength: 0),
  ]

  static let separableSums: [Penalty] = [
    0.5 * .l1(strength: 0.7) + 2 * .l2(strength: 0.3), .l1(strength: 0.2) + .laplacePrior(means: means, scales: scales),
    .laplacePrior(means: means, scales: 2) + .laplacePrior(means: 1, scales: scales) + .elasticNet(l1: 0.1, l2: 0.2)
      + .gaussianPrior(means: means, scales: scales),
    .l1() + .l1(strength: 0.5), .mcp(strength: 0.6) + .l2(strength: 0.5),
    .scad(strength: 0.6) + .gaussianPrior(means: 1, scales: scales), 3 * .smoothedL1(strength: 0.2) + .l2(),
    0 * .mcp() + .l1(strength: 0.5),
  ]

  static let coupled: [Penalty] = [
    .groupLasso(strength: 0.6, groups: groups), .sparseGroupLasso(l1: 0.3, group: 0.5, groups: groups),
    .totalVariation(strength: 0.5), .groupLasso(strength: 0, groups: groups), .totalVariation(strength: 0),
  ]

  static let coupledSums: [Penalty] = [
    .groupLasso(strength: 0.4, groups: groups) + .l2(strength: 0.5) + 2 * .l1(strength: 0.1),
    .groupLasso(strength: 0.4, groups: groups) + .groupLasso(strength: 0.1, groups: groups)
      + .laplacePrior(means: 0, scales: scales) + .gaussianPrior(means: means, scales: 2),
    .totalVariation(strength: 0.5) + .l1(strength: 0.2),
    .totalVariation(strength: 0.3) + 0.5 * .totalVariation(strength: 0.3) + .elasticNet(l1: 0.1, l2: 0.3)
      + .gaussianPrior(means: means, scales: 2) + .laplacePrior(means: 0.5, scales: 4),
    .totalVariation(strength: 0.5) + .smoothedL1(strength: 0.2, delta: 0.5),
  ]

  static let orthogonality: [Penalty] = [
    .orthogonality(strength: 0.7, columns: 3), .orthogonality(strength: 0.7, columns: 12),
    .orthogonality(strength: 1, columns: 1),
  ]

  /// Those that have a proximal operator.
  static let proximal = separable + separableSums + coupled + coupledSums
  static let all = proximal + orthogonality

  /// Points in general position, and points with ties, zeros and means in them.
  static func points(seed: UInt64 = 1) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    let scattered = (0..<6).map { k in
      (0..<count).map { _ in Double.random(in: -3...3, using: &random) * [0.1, 1, 3][k % 3] }
    }
    let levels: [Double] = [0, 0, 0, 1, -1, 2, 0.5]
    let tied = (0..<4).map { _ in (0..<count).map { _ in levels.randomElement(using: &random) ?? 0 } }
    return scattered + tied + [[Double](repeating: 0, count: count), (0..<count).map(means.number)]
  }
}

/// Every form of a call, for comparisons of bits.
struct PenaltyResults<S: TestScalar> {
  var value: Double
  var gradient: [S]
  var proximal: [S]

  init(_ penalty: Penalty, _ point: [S], threads: ThreadLimit = .automatic, isa: lk_isa = lk_isa_best) throws {
    var gradient = point
    var proximal = point
    var output = gradient.mutableSpan
    var call = try PenaltyCall(point.span, "gradient", &output)
    call.instructionSet = isa
    value = try call.evaluate(penalty, threads)
    var second = proximal.mutableSpan
    var other = try PenaltyCall(point.span, "proximal", &second)
    other.instructionSet = isa
    try other.writeProximal(penalty, 0.75, threads)
    self.gradient = gradient
    self.proximal = proximal
  }

  /// Whether all bits agree; the payload of a NaN is not part of the contract.
  func isIdentical(to other: Self) -> Bool {
    func same<T: BinaryFloatingPoint>(_ x: T, _ y: T) -> Bool { x == y && x.sign == y.sign || x.isNaN && y.isNaN }
    if value == other.value, bits(gradient) == bits(other.gradient), bits(proximal) == bits(other.proximal) {
      return true
    }
    return same(value, other.value) && zip(gradient, other.gradient).allSatisfy(same)
      && zip(proximal, other.proximal).allSatisfy(same)
  }
}
