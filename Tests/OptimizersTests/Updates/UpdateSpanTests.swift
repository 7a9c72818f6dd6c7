import Losses
import Optimizers
import TestSupport
import Testing

/// Updates through spans, wherever in memory they begin.
@Suite struct UpdateSpanTests {
  /// Parameters after a few steps, where parameters and gradient begin so many elements into their memory. What is around
  /// the parameters stays.
  private func run<S: LossScalar>(
    _ rule: UpdateRule, _ options: UpdateOptions, count: Int, parametersAt first: Int, gradientAt second: Int,
    _: S.Type
  ) throws -> [UInt64] {
    let layout = try ParameterLayout([
      ParameterRange(name: "matrix", range: 0..<count / 2 * 2, columns: max(1, count / 2)),
      ParameterRange(name: "rest", range: count / 2 * 2..<count, learningRateFactor: 0.5),
    ])
    var optimizer = try Optimizer<S>(rule, layout: layout, options: options)
    var random = SplitMix64(seed: 8)
    func vector() -> [S] { (0..<count).map { _ in S(Double.random(in: -2...2, using: &random)) } }
    let margin = [S](repeating: S(77), count: 20)
    var parameters = Array(margin[..<first]) + vector() + margin
    for _ in 0..<3 {
      let gradient = Array(margin[..<second]) + vector() + margin
      try parameters.withUnsafeMutableBufferPointer { parameters in
        try gradient.withUnsafeBufferPointer { gradient in
          var part = MutableSpan(
            _unsafeElements: UnsafeMutableBufferPointer(rebasing: parameters[first..<first + count]))
          let slope = Span(_unsafeElements: UnsafeBufferPointer(rebasing: gradient[second..<second + count]))
          try optimizer.update(&part, gradient: slope, threads: 2)
        }
      }
    }
    let around = Array(parameters[..<first]) + Array(parameters[(first + count)...])
    #expect(around.allSatisfy { $0._double == 77 })
    return parameters[first..<first + count].map { $0._double.bitPattern }
  }

  private func check<S: LossScalar>(_ rule: UpdateRule, _: S.Type) throws {
    for options in [UpdateOptions(), UpdateOptions(clipping: .value(1))] {
      for count in [1, 33, 4097, 20_000] {
        let aligned = try run(rule, options, count: count, parametersAt: 0, gradientAt: 0, S.self)
        for (first, second) in [(1, 1), (1, 0), (0, 1), (3, 2), (15, 7)] {
          let found = try run(rule, options, count: count, parametersAt: first, gradientAt: second, S.self)
          #expect(found == aligned, "\(count) from \(first) and \(second)")
        }
      }
    }
  }

  @Test(arguments: OptimizerTests.rules) func theStartDoesNotMatter(_ rule: UpdateRule) throws {
    try check(rule, Float.self)
    try check(rule, Double.self)
  }

  /// What is around an update rule, too.
  @Test(arguments: [33, 20_000]) func averagesAndWorstPoints(count: Int) throws {
    var random = SplitMix64(seed: 9)
    let numbers = (0..<count).map { _ in Float.random(in: -2...2, using: &random) }
    let gradient = numbers.map { 1 - $0 }
    var average = try ParameterAverage(of: numbers, kind: .exponential(decay: 0.75))
    var shifted = average
    var (awareness, other) = (try SharpnessAwareness<Float>(), try SharpnessAwareness<Float>())
    var (worst, later) = (numbers, [5] + numbers)
    for _ in 0..<2 {
      try average.add(gradient)
      try ([9] + gradient).withUnsafeBufferPointer { buffer in
        try shifted.add(Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[1...])))
      }
    }
    try awareness.climb(&worst, gradient: gradient)
    try later.withUnsafeMutableBufferPointer { parameters in
      try ([9] + gradient).withUnsafeBufferPointer { gradient in
        var part = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: parameters[1...]))
        try other.climb(&part, gradient: Span(_unsafeElements: UnsafeBufferPointer(rebasing: gradient[1...])))
      }
    }
    #expect(average == shifted && average.values != numbers)
    #expect(Array(later.dropFirst()) == worst && later[0] == 5 && worst != numbers)
  }
}
