import Losses
import Optimizers
import Testing

/// Nothing that keeps denominators from 0: an ε of 0, or one that is 0 as a number of the scalar.
@Suite struct ZeroEpsilonTests {
  /// Every rule with an ε, as text, with all that is added to a denominator as small as it may be.
  static let rules: [String] = UpdateRule.catalogue.compactMap { entry in
    guard entry.parameters.contains(where: { $0.name == "epsilon" }) else { return nil }
    let least = entry.parameters.compactMap { parameter -> String? in
      switch parameter.name {
      // 0 stands for the default of adafactor.
      case "epsilon":
        "epsilon: \(entry.name == "adafactor" || !parameter.domain.contains(0) ? Double.leastNonzeroMagnitude : 0)"
      case "rootEpsilon", "initialAccumulator", "weightDecay": "\(parameter.name): 0"
      default: nil
      }
    }
    return "\(entry.name)(\(least.joined(separator: ", ")))"
  }

  @Test func theRulesAreAll() { #expect(Self.rules.count == 13) }

  private func layouts(_ count: Int) throws -> [ParameterLayout] {
    [
      try ParameterLayout(count: count),
      try ParameterLayout([ParameterRange(name: "matrix", range: 0..<count, columns: count / 2)]),
    ]
  }

  @Test(arguments: rules) func withoutGradientsAParameterStays(_ rule: String) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      for layout in try layouts(34) {
        var optimizer = try Optimizer<S>(UpdateRule(rule), layout: layout)
        var parameters = [S](repeating: S(2), count: 34)
        // All of the second row has none, nor has every second column.
        let gradient = (0..<34).map { S($0 < 17 && $0 % 2 == 0 ? 0.75 : 0) }
        for _ in 0..<10 { try optimizer.update(&parameters, gradient: gradient) }
        for i in 0..<34 {
          let found = parameters[i]._double
          if gradient[i]._double == 0 { #expect(found == 2, "\(i)") } else { #expect(found.isFinite, "\(i)") }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// Squares that vanish make no step that is not finite.
  @Test(arguments: rules) func tinyGradientsLeaveNumbers(_ rule: String) throws {
    var ofFloat = try Optimizer<Float>(UpdateRule(rule), parameterCount: 17)
    var ofDouble = try Optimizer<Double>(UpdateRule(rule), parameterCount: 17)
    var (floats, doubles) = ([Float](repeating: 2, count: 17), [Double](repeating: 2, count: 17))
    for _ in 0..<10 {
      try ofFloat.update(&floats, gradient: [Float](repeating: 0x1p-140, count: 17))
      try ofDouble.update(&doubles, gradient: [Double](repeating: 0x1p-1060, count: 17))
    }
    #expect(floats.allSatisfy(\.isFinite) && doubles.allSatisfy(\.isFinite))
  }

  /// The others move as if nothing were the matter.
  @Test func whatHasAGradientMoves() throws {
    for rule in Self.rules where !rule.hasPrefix("centeredRMSProp") && !rule.hasPrefix("adadelta") {
      var optimizer = try Optimizer<Double>(UpdateRule(rule), parameterCount: 2)
      var parameters = [2.0, 2]
      for step in 0..<10 { try optimizer.update(&parameters, gradient: [0, step % 2 == 0 ? 0.75 : 0.5]) }
      #expect(parameters[0] == 2 && parameters[1] < 2, "\(rule)")
    }
  }
}
