import CLossKernels
import Foundation
import Losses
import Optimizers
import TestSupport
import Testing

/// What a step does to parameters and state, whatever the rule.
@Suite struct OptimizerTests {
  static let rules = UpdateRule.catalogue.map(\.defaultRule) + [.sgd(momentum: 0.9), .rmsProp(momentum: 0.5)]

  private func bits<S: LossScalar>(_ numbers: [S]) -> [UInt64] { numbers.map { $0._double.bitPattern } }

  private func vector<S: LossScalar>(_ count: Int, seed: UInt64, _: S.Type) -> [S] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in S(Double.random(in: -2...2, using: &random)) }
  }

  private func run<S: LossScalar>(
    _ optimizer: inout Optimizer<S>, _ parameters: inout [S], steps: Range<Int>, threads: ThreadLimit = 1
  ) throws {
    for step in steps {
      let gradient = vector(parameters.count, seed: UInt64(step), S.self)
      try optimizer.update(
        &parameters, gradient: gradient, learningRateFactor: 1 / Double(step + 1).squareRoot(), threads: threads)
    }
  }

  /// A layout with a bit of everything.
  private func layout(_ count: Int) throws -> ParameterLayout {
    try ParameterLayout([
      ParameterRange(name: "first", range: 0..<count / 4, columns: count >= 8 ? count / 8 : nil),
      ParameterRange(name: "fixed", range: count / 4..<count / 2, isFrozen: true),
      ParameterRange(name: "slow", range: count / 2..<count, learningRateFactor: 0.25, weightDecayFactor: 3),
    ])
  }

  @Test(arguments: rules) func bitsDoNotDependOnThreadsOrInstructionSets(_ rule: UpdateRule) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      for count in [1, 17, 100_000] {
        let start = vector(count, seed: 99, S.self)
        for options in [UpdateOptions(), UpdateOptions(clipping: .norm(3), weightDecay: .decoupled)] {
          var results: [[UInt64]] = []
          for isa in [lk_isa_baseline, lk_isa_best] {
            for threads: ThreadLimit in [1, 2, 5] {
              var optimizer = try Optimizer<S>(rule, layout: layout(count), options: options)
              optimizer.instructionSet = isa
              var parameters = start
              try run(&optimizer, &parameters, steps: 0..<3, threads: threads)
              results.append(bits(parameters))
            }
          }
          #expect(results.allSatisfy { $0 == results[0] }, "\(count)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// A run that goes on from a state that was written and read ends at the same bits.
  @Test(arguments: rules) func aRunIsResumed(_ rule: UpdateRule) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      let start = vector(50, seed: 7, S.self)
      var whole = try Optimizer<S>(rule, layout: layout(50))
      var parameters = start
      try run(&whole, &parameters, steps: 0..<20)
      var part = try Optimizer<S>(rule, layout: layout(50))
      var resumed = start
      try run(&part, &resumed, steps: 0..<11)
      let data = try JSONEncoder().encode(part.state)
      let state = try JSONDecoder().decode(OptimizerState<S>.self, from: data)
      #expect(state == part.state && state.stepCount == 11)
      var other = try Optimizer<S>(rule, layout: layout(50), state: state)
      try run(&other, &resumed, steps: 11..<20)
      #expect(bits(resumed) == bits(parameters) && other.state == whole.state)
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// Each range is as if it were alone, with a rule of its own; a frozen one stays, whatever its gradient.
  @Test(arguments: rules) func rangesAreTreatedByThemselves(_ rule: UpdateRule) throws {
    let count = 40
    var optimizer = try Optimizer<Double>(rule, layout: layout(count))
    var parameters = vector(count, seed: 5, Double.self)
    let start = parameters
    for step in 0..<5 {
      var gradient = vector(count, seed: UInt64(step), Double.self)
      for i in count / 4..<count / 2 { gradient[i] = .nan }
      #expect(try !optimizer.update(&parameters, gradient: gradient).isSkipped)
    }
    #expect(bits(Array(parameters[count / 4..<count / 2])) == bits(Array(start[count / 4..<count / 2])))
    for (range, columns, factor) in [(0..<count / 4, Optional(5), 1.0), (count / 2..<count, nil, 0.25)] {
      // Decay factor 3 of the second range is in the options of a rule of one range only.
      let alone = try ParameterLayout([
        ParameterRange(
          name: "alone", range: 0..<range.count, columns: columns, weightDecayFactor: factor == 1 ? 1 : 3)
      ])
      var single = try Optimizer<Double>(rule, layout: alone)
      var part = Array(start[range])
      for step in 0..<5 {
        let gradient = Array(vector(count, seed: UInt64(step), Double.self)[range])
        try single.update(&part, gradient: gradient, learningRateFactor: factor)
      }
      #expect(bits(part) == bits(Array(parameters[range])))
    }
  }

  @Test(arguments: rules, [Double.nan, .infinity, -.infinity])
  func aGradientThatIsNotFiniteIsSkipped(_ rule: UpdateRule, bad: Double) throws {
    for clipping in [nil, GradientClipping.norm(1), .normOfEachRange(1), .value(1)] {
      var optimizer = try Optimizer<Float>(rule, parameterCount: 5000, options: UpdateOptions(clipping: clipping))
      var parameters = vector(5000, seed: 1, Float.self)
      try run(&optimizer, &parameters, steps: 0..<2)
      let (state, before) = (optimizer.state, parameters)
      for place in [0, 4096, 4999] {
        var gradient = vector(5000, seed: 2, Float.self)
        gradient[place] = Float(bad)
        #expect(try optimizer.update(&parameters, gradient: gradient).isSkipped)
        #expect(optimizer.state == state && bits(parameters) == bits(before))
      }
      try run(&optimizer, &parameters, steps: 2..<3)
      #expect(optimizer.state.stepCount == 3 && bits(parameters) != bits(before))
    }
  }

  @Test func clipping() throws {
    func step(_ gradient: [Double], _ clipping: GradientClipping) throws -> [Double] {
      let layout = try ParameterLayout(["a": 2, "b": 1])
      var optimizer = try Optimizer<Double>(
        .sgd(learningRate: 1), layout: layout, options: UpdateOptions(clipping: clipping))
      var parameters = [0.0, 0, 0]
      try optimizer.update(&parameters, gradient: gradient)
      return parameters.map { -$0 }
    }
    #expect(try step([3, -4, 12], .value(3.5)) == [3, -3.5, 3.5])
    #expect(try step([3, -4, 12], .norm(6.5)) == [1.5, -2, 6])
    #expect(try step([3, -4, 12], .norm(13)) == [3, -4, 12])
    #expect(try step([3, -4, 12], .normOfEachRange(2.5)) == [1.5, -2, 2.5])
    // Squares that overflow or vanish.
    let huge = try step([3e200, -4e200, 0], .norm(10))
    #expect(abs(huge[0] - 6) < 1e-14 && abs(huge[1] + 8) < 1e-14 && huge[2] == 0)
    let tiny = try step([3e-200, -4e-200, 0], .norm(1e-200))
    #expect(abs(tiny[0] / 6e-201 - 1) < 1e-15 && abs(tiny[1] / -8e-201 - 1) < 1e-15)
    #expect(try step([0, 0, 0], .norm(1)) == [0, 0, 0])
  }

  /// A penalty is the rule's step, then its proximal operator.
  @Test(arguments: [
    "l1(strength: 0.5)", "elasticNet(l1: 0.5, l2: 2)", "mcp(strength: 0.5)",
    "l1(strength: 0.3) + 2 * l2(strength: 0.1)",
    "groupLasso(strength: 0.4, groups: [0, 0, 1, 1, 2, 2, 3, 3])", "totalVariation(strength: 0.3)",
    "laplacePrior(means: [0, 0.5, 1, -1, 0, 0.25, 2, 0], scales: [1, 2, 1, 2, 1, 2, 1, 0.5])",
  ])
  func penaltiesFollowTheStep(_ text: String) throws {
    let penalty = try Penalty(text)
    let start = vector(8, seed: 3, Double.self)
    var optimizer = try Optimizer<Double>(
      .adam(learningRate: 0.2), parameterCount: 8, options: UpdateOptions(penalty: penalty))
    var plain = try Optimizer<Double>(.adam(learningRate: 0.2), parameterCount: 8)
    var (found, expected) = (start, start)
    for step in 0..<20 {
      let gradient = vector(8, seed: UInt64(step), Double.self)
      try optimizer.update(&found, gradient: gradient, learningRateFactor: 0.5)
      try plain.update(&expected, gradient: gradient, learningRateFactor: 0.5)
      expected = try penalty.proximal(at: expected, step: 0.1)
    }
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-14 })
    #expect(found != start)
    if text.hasPrefix("l1(strength: 0.5)") { #expect(found.contains(0)) }
    // A factor of 0 moves nothing.
    let before = found
    try optimizer.update(&found, gradient: start, learningRateFactor: 0)
    #expect(bits(found) == bits(before))
  }

  @Test func unpenalizedRangesStayFree() throws {
    let layout = try ParameterLayout([
      ParameterRange(name: "weights", range: 0..<2),
      ParameterRange(name: "intercept", range: 2..<3, isPenalized: false),
    ])
    var optimizer = try Optimizer<Double>(
      .sgd(learningRate: 1), layout: layout, options: UpdateOptions(penalty: .l1(strength: 10)))
    var parameters = [1.0, 2, 3]
    try optimizer.update(&parameters, gradient: [0, 0, 0])
    #expect(parameters == [0, 0, 3])
  }

  /// A factor is refused before a penalty that ties parameters together has the time to act.
  @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 1e308])
  func aBadFactorChangesNothingThatIsTied(factor: Double) throws {
    for penalty in ["totalVariation(strength: 0.3)", "groupLasso(strength: 0.4, groups: [0, 0, 1])"] {
      var optimizer = try Optimizer<Double>(
        .sgd(learningRate: 10, momentum: 0.5), parameterCount: 3, options: UpdateOptions(penalty: Penalty(penalty)))
      var parameters = [1.0, 2, 4]
      try optimizer.update(&parameters, gradient: [0.01, 0, 0], learningRateFactor: 0.01)
      let (state, before) = (optimizer.state, parameters)
      #expect(
        throws: LossError.invalidArgument(
          argument: "learningRateFactor", value: "\(factor)",
          expected: "a finite number not below 0, also times the learning rate")
      ) { try optimizer.update(&parameters, gradient: [1, 1, 1], learningRateFactor: factor) }
      #expect(optimizer.state == state && bits(parameters) == bits(before) && before != [1, 2, 4])
    }
  }

  /// A factor that is allowed stays so where a momentum multiplies it beyond the largest number.
  @Test(arguments: [
    ("l1(strength: 0.5)", [0, 0, 0]), ("groupLasso(strength: 0.4, groups: [0, 0, 1])", [0, 0, 0]),
    ("totalVariation(strength: 0.3)", [2, 2, 2]),
  ])
  func aPenaltyIsAppliedWithTheGreatestStep(penalty: String, expected: [Double]) throws {
    var optimizer = try Optimizer<Double>(
      .sgd(learningRate: 10, momentum: 0.9), parameterCount: 3, options: UpdateOptions(penalty: Penalty(penalty)))
    var parameters = [0.0, 2, 4]
    try optimizer.update(&parameters, gradient: [0, 0, 0], learningRateFactor: 1e307)
    #expect(parameters == expected)
  }

  /// The lists of a penalty are those of the penalized parameters, and what ties parameters together ties these alone.
  @Test(arguments: [
    "l1(strength: 0.5)", "laplacePrior(means: [0, 0.5, 1, -1], scales: [1, 2, 1, 0.5])",
    "gaussianPrior(means: [0, 0.5, 1, -1], scales: [1, 2, 1, 0.5])", "groupLasso(strength: 0.4, groups: [0, 1, 0, 1])",
    "totalVariation(strength: 0.3)",
  ])
  func aPenaltyIsOneOfThePenalizedRanges(_ text: String) throws {
    let penalty = try Penalty(text)
    let layout = try ParameterLayout([
      ParameterRange(name: "first", range: 0..<3, isPenalized: false),
      ParameterRange(name: "weights", range: 3..<5),
      ParameterRange(name: "more", range: 5..<7, weightDecayFactor: 0),
      ParameterRange(name: "last", range: 7..<8, isPenalized: false),
    ])
    let start = vector(8, seed: 3, Double.self)
    for clipping in [nil, GradientClipping.normOfEachRange(1e9)] {
      var optimizer = try Optimizer<Double>(
        .sgd(learningRate: 0.2), layout: layout, options: UpdateOptions(clipping: clipping, penalty: penalty))
      var (found, expected) = (start, start)
      for step in 0..<5 {
        let gradient = vector(8, seed: UInt64(step), Double.self)
        try optimizer.update(&found, gradient: gradient)
        for index in expected.indices { expected[index] -= 0.2 * gradient[index] }
        expected.replaceSubrange(3..<7, with: try penalty.proximal(at: Array(expected[3..<7]), step: 0.2))
      }
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-14 })
    }
  }

  /// Where the gradient balances the penalty parameters stay, whatever the momentum.
  @Test(arguments: [
    UpdateRule.sgd(learningRate: 0.1), .sgd(learningRate: 0.1, dampening: 0.5), .sgd(learningRate: 0.02, momentum: 0.9),
    .sgd(learningRate: 0.02, momentum: 0.9, dampening: 0.5), .nesterov(learningRate: 0.02, momentum: 0.8),
  ])
  func aPenaltyIsInProportionToTheGradient(_ rule: UpdateRule) throws {
    for penalty in [Penalty.l1(strength: 0.5), .groupLasso(strength: 0.5, groups: [0, 1, 2])] {
      var optimizer = try Optimizer<Double>(rule, parameterCount: 3, options: UpdateOptions(penalty: penalty))
      var parameters = [3.0, 3, 3]
      // ½(w − c)² + ½|w| is least where w = c − ½, or at 0.
      let centers = [2, -1, 0.499]
      for _ in 0..<2000 {
        try optimizer.update(&parameters, gradient: zip(parameters, centers).map { $0 - $1 })
      }
      #expect(zip(parameters, [1.5, -0.5, 0]).allSatisfy { abs($0 - $1) <= 1e-12 } && parameters[2] == 0)
    }
  }

  @Test(.enabled(if: countsAllocations), arguments: rules) func aStepAllocatesNothing(_ rule: UpdateRule) throws {
    for options in [UpdateOptions(), UpdateOptions(clipping: .norm(1)), UpdateOptions(clipping: .normOfEachRange(1))] {
      var optimizer = try Optimizer<Float>(rule, layout: layout(1024), options: options)
      var parameters = vector(1024, seed: 1, Float.self)
      let gradient = vector(1024, seed: 2, Float.self)
      for round in 1...2 {
        let number = try allocations {
          for _ in 0..<3 { try optimizer.update(&parameters, gradient: gradient, threads: 1) }
        }
        #expect(round == 1 || number == 0)
      }
    }
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return "\(error)" }
  }

  @Test func badInputIsNamed() throws {
    var optimizer = try Optimizer<Double>(.adam(), parameterCount: 3)
    var parameters = [1.0, 2, 3]
    var short = [1.0]
    var long = [1.0, 2, 3, 4]
    let expected: [(String?, String)] = [
      (
        message { try optimizer.update(&parameters, gradient: [1, 2]) },
        "gradient has 2 elements; expected 3"
      ),
      (
        message { try optimizer.update(&short, gradient: [1, 2, 3]) }, "parameters has 1 elements; expected 3"
      ),
      (
        message { try optimizer.update(&long, gradient: [1, 2, 3, 4]) }, "parameters has 4 elements; expected 3"
      ),
      (
        message { try optimizer.update(&parameters, gradient: [1, 2, 3], learningRateFactor: -1) },
        "learningRateFactor is -1.0; expected a finite number not below 0, also times the learning rate"
      ),
      (
        message { try optimizer.update(&parameters, gradient: [1, 2, 3], learningRateFactor: .nan) },
        "learningRateFactor is nan; expected a finite number not below 0, also times the learning rate"
      ),
      (
        message { _ = try Optimizer<Double>(.sgd(), parameterCount: 3, state: optimizer.state) },
        "state is one of adam; expected one of sgd"
      ),
      (
        message { _ = try Optimizer<Double>(.adam(), parameterCount: 4, state: optimizer.state) },
        "state is one of 3 parameters with 6 numbers; expected one of 4 parameters with 8 numbers"
      ),
      (
        message { _ = try Optimizer<Double>(.adam(learningRate: 0), parameterCount: 4) },
        "adam has learningRate 0.0; expected a finite number greater than 0"
      ),
      (
        message { _ = try Optimizer<Double>(.adam(beta2: 1), parameterCount: 4) },
        "adam has beta2 1.0; expected a number from 0 up to 1, but not 1"
      ),
      (
        message { _ = try Optimizer<Double>(.adam(), parameterCount: -1) },
        "count is -1; expected a whole number not below 0"
      ),
      (
        message { _ = try Optimizer<Double>(.amsgrad(), parameterCount: .max) },
        "the range of parameters is 0..<9223372036854775807; expected one that ends at 281474976710656 or before"
      ),
      (
        message {
          _ = try Optimizer<Double>(.adam(), parameterCount: 4, options: UpdateOptions(clipping: .norm(0)))
        }, "clipping has limit 0.0; expected a finite number greater than 0"
      ),
      (
        message {
          _ = try Optimizer<Double>(.adafactor(), parameterCount: 4, options: UpdateOptions(penalty: .l1()))
        }, "penalty is l1(strength: 1.0); expected nil for adafactor, whose steps have no fixed length"
      ),
    ]
    for (found, wanted) in expected { #expect(found == wanted) }
    #expect(parameters == [1, 2, 3] && optimizer.state.stepCount == 0)
    // No closed form, and a penalty that ties together what is treated differently.
    #expect(throws: LossError.self) {
      _ = try Optimizer<Double>(.sgd(), parameterCount: 4, options: UpdateOptions(penalty: .orthogonality(columns: 2)))
    }
    for ranges in [
      [ParameterRange(name: "a", range: 0..<2), ParameterRange(name: "b", range: 2..<4, learningRateFactor: 0.5)],
      [ParameterRange(name: "a", range: 0..<2), ParameterRange(name: "b", range: 2..<4, isFrozen: true)],
      [ParameterRange(name: "a", range: 0..<4, isFrozen: true)],
      [
        ParameterRange(name: "a", range: 0..<1), ParameterRange(name: "b", range: 1..<2, isPenalized: false),
        ParameterRange(name: "c", range: 2..<4),
      ],
    ] {
      let text = message {
        _ = try Optimizer<Double>(
          .sgd(), layout: ParameterLayout(ranges), options: UpdateOptions(penalty: .totalVariation(strength: 1)))
      }
      #expect(text?.contains("penalized ranges that follow each other") == true)
    }
    let free = try ParameterLayout([
      ParameterRange(name: "a", range: 0..<2), ParameterRange(name: "b", range: 2..<3, isPenalized: false),
    ])
    #expect(
      message {
        _ = try Optimizer<Double>(
          .sgd(), layout: free, options: UpdateOptions(penalty: .groupLasso(groups: [0, 1, 1])))
      } == "groups has 3 elements; expected 2")
  }

  @Test func layoutsAreChecked() throws {
    let expected: [([ParameterRange], String)] = [
      (
        [ParameterRange(name: "a", range: 0..<2), ParameterRange(name: "b", range: 3..<4)],
        "the range of b is 3..<4; expected one that begins at 2"
      ),
      ([ParameterRange(name: "a", range: 1..<2)], "the range of a is 1..<2; expected one that begins at 0"),
      (
        [ParameterRange(name: "a", range: 0..<2), ParameterRange(name: "a", range: 2..<4)],
        "the name of a range is a; expected one that no other has"
      ),
      (
        [ParameterRange(name: "a", range: 0..<4, columns: 3)],
        "the columns of a is 3; expected a divisor of its length, 4"
      ),
      (
        [ParameterRange(name: "a", range: 0..<4, learningRateFactor: -1)],
        "a has learningRateFactor -1.0; expected a finite number not below 0"
      ),
    ]
    for (ranges, wanted) in expected { #expect(message { _ = try ParameterLayout(ranges) } == wanted) }
    let layout = try ParameterLayout(["weights": 6, "bias": 2])
    #expect(layout.count == 8 && layout["bias"] == 6..<8 && layout["other"] == nil)
    #expect(try JSONDecoder().decode(ParameterLayout.self, from: JSONEncoder().encode(layout)) == layout)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        ParameterLayout.self,
        from: JSONEncoder().encode([ParameterRange(name: "a", range: 1..<2)]))
    }
  }

  /// A state of another scalar, or one that lost numbers, is no state.
  @Test func corruptedStatesAreRefused() throws {
    var optimizer = try Optimizer<Float>(.adam(), parameterCount: 3)
    var parameters: [Float] = [1, 2, 3]
    try optimizer.update(&parameters, gradient: [1, 1, 1])
    let data = try JSONEncoder().encode(optimizer.state)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(OptimizerState<Double>.self, from: data) }
    for steps in ["-1", "\(Int.max)", "\((1 << 53) + 1)"] {
      let text = String(decoding: data, as: UTF8.self).replacing("\"steps\":1", with: "\"steps\":\(steps)")
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(OptimizerState<Float>.self, from: Data(text.utf8))
      }
    }
    let short = String(decoding: data, as: UTF8.self).replacing("\"parameters\":3", with: "\"parameters\":4")
    let state = try JSONDecoder().decode(OptimizerState<Float>.self, from: Data(short.utf8))
    #expect(
      throws: LossError.invalidArgument(
        argument: "state", value: "one of 4 parameters with 6 numbers",
        expected: "one of 4 parameters with 8 numbers")
    ) { _ = try Optimizer(.adam(), parameterCount: 4, state: state) }
  }

  /// Arrays that nothing but the call refers to live until it has read them; see `LifetimeTests`.
  @Test func literals() throws {
    var (ofArrays, ofSpans) = ([3.0, -2], [3.0, -2])
    var first = try Optimizer<Double>(.sgd(learningRate: 0.1, momentum: 0.5), parameterCount: 2)
    var second = first
    for _ in 0..<3 {
      try first.update(&ofArrays, gradient: [2 * ofArrays[0], 8 * ofArrays[1]])
      let gradient = [2 * ofSpans[0], 8 * ofSpans[1]]
      var span = ofSpans.mutableSpan
      try second.update(&span, gradient: gradient.span)
    }
    #expect(ofArrays == ofSpans && abs(ofArrays[0] - 0.906) < 1e-12 && abs(ofArrays[1] - 0.704) < 1e-12)
  }
}
