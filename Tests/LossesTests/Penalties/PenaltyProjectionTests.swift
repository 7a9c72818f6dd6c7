import Foundation
import Losses
import TestSupport
import Testing

/// Projections on convex sets.
@Suite struct PenaltyProjectionTests {
  static let projections: [Projection] = [
    .box(), .box(lower: -0.5, upper: .same(.infinity)), .box(lower: [-1, 0, 2, -9], upper: [1, 0, 3, 9]), .nonnegative,
    .simplex(), .simplex(total: 5), .simplex(total: 1e-3), .l1Ball(), .l1Ball(radius: 0), .l1Ball(radius: 3), .l2Ball(),
    .l2Ball(radius: 0), .l2Ball(radius: 2.5),
  ]

  private func points() -> [[Double]] {
    var random = SplitMix64(seed: 1)
    let scattered = (0..<30).map { k in
      (0..<4).map { _ in Double.random(in: -1...1, using: &random) * [0.1, 1, 5, 1e6][k % 4] }
    }
    return scattered + [
      [0, 0, 0, 0], [1, 1, 1, 1], [0.25, 0.25, 0.25, 0.25], [-1, 1, -1, 1], [1e9, 1e9 + 1, 0, 0],
    ]
  }

  /// A point of the set, from a random one.
  private func feasible(_ projection: Projection, _ random: inout SplitMix64) -> [Double] {
    let x = (0..<4).map { _ in Double.random(in: -1...1, using: &random) }
    let share = Double.random(in: 0...1, using: &random)
    switch projection {
    case .box(let lower, let upper):
      return x.indices.map { min(max(10 * x[$0], lower.number($0)), upper.number($0)) }
    case .nonnegative: return x.map { 10 * abs($0) }
    case .simplex(let total):
      let sizes = x.map { $0 < -0.5 ? 0 : abs($0) }
      let sum = sizes.reduce(0, +)
      return sum > 0 ? sizes.map { $0 / sum * total } : [total, 0, 0, 0]
    case .l1Ball(let radius): return x.map { $0 / x.map(abs).reduce(0, +) * radius * share }
    case .l2Ball(let radius):
      return x.map { $0 / x.map { $0 * $0 }.reduce(0, +).squareRoot() * radius * share }
    }
  }

  private func distance(_ projection: Projection, outside x: [Double]) -> Double {
    switch projection {
    case .box(let lower, let upper):
      x.indices.map { max(0, lower.number($0) - x[$0], x[$0] - upper.number($0)) }.reduce(0, +)
    case .nonnegative: x.map { max(0, -$0) }.reduce(0, +)
    case .simplex(let total): x.map { max(0, -$0) }.reduce(0, +) + abs(x.reduce(0, +) - total)
    case .l1Ball(let radius): max(0, x.map(abs).reduce(0, +) - radius)
    case .l2Ball(let radius): max(0, x.map { $0 * $0 }.reduce(0, +).squareRoot() - radius)
    }
  }

  /// x is the point nearest to v exactly if (v − x)ᵀ(z − x) ≤ 0 for every z of the set.
  @Test(arguments: projections) func isTheNearestPoint(_ projection: Projection) throws {
    var random = SplitMix64(seed: 2)
    for point in points() {
      let x = try projection.project(point)
      #expect(distance(projection, outside: x) <= 1e-14 * max(1, x.map(abs).max() ?? 0))
      let again = try projection.project(x)
      for (a, b) in zip(again, x) { #expect(abs(a - b) <= 1e-15 * max(1, abs(b))) }
      for _ in 0..<200 {
        let z = feasible(projection, &random)
        let product = x.indices.map { (point[$0] - x[$0]) * (z[$0] - x[$0]) }.reduce(0, +)
        let size = point.map(abs).reduce(1, +)
        #expect(product <= 1e-13 * size * (x + z).map(abs).reduce(1, +))
      }
      var place = point
      var span = place.mutableSpan
      try projection.project(overwriting: &span)
      #expect(place == x)
      let single = try projection.project(point.map(Float.init))
      let reference = try projection.project(point.map { Double(Float($0)) })
      #expect(single == reference.map(Float.init))
    }
  }

  @Test func smallCases() throws {
    #expect(try Projection.simplex().project([0.5, 0.25, 2]) == [0, 0, 1])
    #expect(try Projection.simplex().project([0.75, 0.75, -3]) == [0.5, 0.5, 0])
    #expect(try Projection.simplex().project([-5.0]) == [1])
    #expect(try Projection.l1Ball().project([3.0, -2.5, 0]) == [0.75, -0.25, 0])
    #expect(try Projection.l1Ball(radius: 6).project([3.0, -2.5, 0]) == [3, -2.5, 0])
    #expect(try Projection.l2Ball(radius: 10).project([30.0, -40]) == [6, -8])
    let huge = try Projection.l2Ball(radius: 1).project([3e300, -4e300])
    #expect(abs(huge[0] - 0.6) < 1e-15 && abs(huge[1] + 0.8) < 1e-15)
    #expect(try Projection.nonnegative.project([-1.0, .nan, .infinity, -.infinity])[2] == .infinity)
    #expect(try Projection.box().project([.nan, -1.0, 5]).dropFirst() == [0, 1])
    #expect(try Projection.box().project([.nan, -1.0, 5])[0].isNaN)
    for projection in Self.projections where !"\(projection)".contains("[") {
      #expect(try projection.project([Double]()) == [])
    }
    // Large numbers that lie close together lose nothing.
    #expect(try Projection.simplex().project([1e15, 1e15 + 0.5]) == [0.25, 0.75])
  }

  /// A long vector: the sum is right, and the order of the numbers does not matter.
  @Test func longVectors() throws {
    var random = SplitMix64(seed: 3)
    let point = (0..<100_000).map { _ in Double.random(in: -1...1, using: &random) }
    let x = try Projection.simplex(total: 40).project(point)
    #expect(abs(x.reduce(0, +) - 40) < 1e-10)
    // All that stays was moved by the same.
    let moves = zip(point, x).filter { $1 > 0 }.map { $0 - $1 }
    #expect((moves.max() ?? 0) - (moves.min() ?? 1) < 1e-12)
    #expect(try Projection.simplex(total: 40).project(point.reversed()) == x.reversed())
    #expect(abs(try Projection.l1Ball(radius: 7).project(point).map { abs($0) }.reduce(0, +) - 7) < 1e-10)
  }

  @Test(arguments: projections) func survivesItsText(_ projection: Projection) throws {
    #expect(try Projection(projection.description) == projection)
    let data = try JSONEncoder().encode([projection])
    #expect(try JSONDecoder().decode([Projection].self, from: data) == [projection])
  }

  @Test func texts() throws {
    #expect(Projection.box(lower: -1, upper: [1, 2]).description == "box(lower: -1.0, upper: [1.0, 2.0])")
    #expect(try Projection("box") == .box())
    #expect(try Projection("simplex()") == .simplex())
    #expect(try Projection("l1Ball") == .l1Ball())
    #expect(try Projection("l2Ball(radius: 3)") == .l2Ball(radius: 3))
    for (text, expected) in [
      ("simplx", "did you mean 'simplex'?"), ("2 * simplex", "expected a single name, not a sum"),
      ("simplex(total: 0)", "simplex has total 0.0"), ("l1Ball(radius: -1)", "l1Ball has radius -1.0"),
      ("nonnegative(x: 1)", "has no parameter x; its parameters: none"), ("l2Ball(radius: inf)", "radius inf"),
      ("box(lower: 2)", "upper[0] is 1.0"), ("box(lower: [0, nan], upper: 1)", "upper[1] is 1.0"),
      ("box(lower: [0, 0], upper: [1])", "upper has 1 elements; expected 2"),
      ("box(lower: inf, upper: inf)", "upper[0]"),
    ] {
      do {
        _ = try Projection(text)
        Issue.record("accepted \(text)")
      } catch { #expect("\(error)".contains(expected), "\(error)") }
    }
    #expect(throws: LossError.lengthMismatch(argument: "lower", length: 2, expected: 3)) {
      try Projection.box(lower: [0, 0], upper: 1).project([1.0, 2, 3])
    }
    #expect(throws: LossError.self) { try Projection.simplex().project([1, .nan]) }
    #expect(throws: LossError.self) { try Projection.l1Ball().project([1, Float.infinity]) }
    #expect(throws: LossError.self) { try Projection.l2Ball().project([1, Double.infinity]) }
    var short = [1.0]
    var output = short.mutableSpan
    #expect(throws: LossError.lengthMismatch(argument: "result", length: 1, expected: 2)) {
      try Projection.nonnegative.project([1.0, 2].span, result: &output)
    }
  }
}
