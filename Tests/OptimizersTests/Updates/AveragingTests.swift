import Foundation
import Losses
import Optimizers
import TestSupport
import Testing

/// Averages of parameters, slow parameters, and the worst point around.
@Suite struct AveragingTests {
  private func vectors(_ count: Int) -> [[Double]] {
    var random = SplitMix64(seed: 4)
    return (0..<count).map { _ in (0..<20).map { _ in Double.random(in: -1...1, using: &random) } }
  }

  @Test func averagesAreThoseOfTheFormula() throws {
    let steps = vectors(30)
    var uniform = try ParameterAverage(of: steps[0], kind: .uniform)
    var exponential = try ParameterAverage(of: steps[0], kind: .exponential(decay: 0.9))
    var expected = steps[0]
    for (number, step) in steps.enumerated() {
      try uniform.add(step)
      try exponential.add(step)
      for i in step.indices { expected[i] = number == 0 ? step[i] : 0.9 * expected[i] + 0.1 * step[i] }
    }
    for i in 0..<20 {
      let mean = steps.reduce(0) { $0 + $1[i] } / 30
      #expect(abs(uniform.values[i] - mean) < 1e-15 && abs(exponential.values[i] - expected[i]) < 1e-15)
    }
    #expect(uniform.count == 30)
    let decoded = try JSONDecoder().decode(
      ParameterAverage<Double>.self, from: JSONEncoder().encode(exponential))
    #expect(decoded == exponential)
    #expect(throws: LossError.self) { try ParameterAverage(of: steps[0], kind: .exponential(decay: 1)) }
    #expect(throws: LossError.lengthMismatch(argument: "parameters", length: 1, expected: 20)) {
      try uniform.add([1])
    }
  }

  /// A count that no run reaches is refused; from the largest one adding goes on.
  @Test func countsAreBounded() throws {
    var average = try ParameterAverage(of: [1.0, 2], kind: .uniform)
    try average.add([4, 8])
    let text = String(decoding: try JSONEncoder().encode(average), as: UTF8.self)
    #expect(text.contains("\"count\":1"))
    func decoded(_ count: Int) throws -> ParameterAverage<Double> {
      let changed = text.replacing("\"count\":1", with: "\"count\":\(count)")
      return try JSONDecoder().decode(ParameterAverage<Double>.self, from: Data(changed.utf8))
    }
    for count in [Int.max, Int.min, -1, (1 << 53) + 1] {
      #expect(throws: DecodingError.self) { try decoded(count) }
    }
    var long = try decoded(1 << 53)
    try long.add([6, 8])
    #expect(long.count == (1 << 53) + 1 && long.values == [4, 8])
  }

  @Test func slowParametersFollow() throws {
    let steps = vectors(13)
    var lookahead = try Lookahead(from: steps[0], period: 3, share: 0.25)
    var slow = steps[0]
    for number in 1...12 {
      var fast = steps[number]
      let followed = try lookahead.follow(&fast)
      #expect(followed == (number % 3 == 0))
      if followed {
        for i in slow.indices { slow[i] += 0.25 * (steps[number][i] - slow[i]) }
        #expect(fast == slow && lookahead.slow == slow)
      } else {
        #expect(fast == steps[number])
      }
      let decoded = try JSONDecoder().decode(Lookahead<Double>.self, from: JSONEncoder().encode(lookahead))
      #expect(decoded == lookahead)
    }
    #expect(throws: LossError.self) { try Lookahead(from: [1.0], period: 0) }
    #expect(throws: LossError.self) { try Lookahead(from: [1.0], share: 0) }
    #expect(throws: LossError.self) {
      var short = [1.0]
      try lookahead.follow(&short)
    }
  }

  @Test func theWorstPointIsARadiusAway() throws {
    var awareness = try SharpnessAwareness<Double>(radius: 0.1)
    let start = vectors(1)[0]
    let gradient = vectors(2)[1]
    var parameters = start
    let norm = try awareness.climb(&parameters, gradient: gradient)
    let exact = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(norm - exact) < 1e-14)
    for i in start.indices { #expect(abs(parameters[i] - (start[i] + 0.1 * gradient[i] / exact)) < 1e-15) }
    #expect(throws: LossError.self) { try awareness.climb(&parameters, gradient: gradient) }
    try awareness.descend(&parameters)
    #expect(parameters == start)
    for nothing in [[Double](repeating: 0, count: 20), [.nan] + gradient.dropFirst()] {
      try awareness.climb(&parameters, gradient: nothing)
      #expect(parameters == start)
      try awareness.descend(&parameters)
    }
    var small: [Float] = [1, 2]
    var tiny = try SharpnessAwareness<Float>()
    try tiny.climb(&small, gradient: [0x1p-137, 0])
    #expect(small == [1, 2])
    #expect(throws: LossError.self) { try awareness.descend(&parameters) }
    #expect(throws: LossError.self) { try SharpnessAwareness<Double>(radius: 0) }
    #expect(throws: LossError.lengthMismatch(argument: "gradient", length: 1, expected: 20)) {
      try awareness.climb(&parameters, gradient: [1])
    }
  }

  /// All together minimise a quadratic, but for the radius.
  @Test func theyMinimise() throws {
    var (parameters, lookahead) = ([3.0, -2], try Lookahead(from: [3.0, -2]))
    var awareness = try SharpnessAwareness<Double>(radius: 0.01)
    var optimizer = try Optimizer<Double>(.sgd(learningRate: 0.1, momentum: 0.5), parameterCount: 2)
    for _ in 0..<200 {
      try awareness.climb(&parameters, gradient: [2 * parameters[0], 8 * parameters[1]])
      let worst = [2 * parameters[0], 8 * parameters[1]]
      try awareness.descend(&parameters)
      try optimizer.update(&parameters, gradient: worst)
      try lookahead.follow(&parameters)
    }
    #expect(lookahead.slow.allSatisfy { abs($0) < 0.05 })
  }
}
