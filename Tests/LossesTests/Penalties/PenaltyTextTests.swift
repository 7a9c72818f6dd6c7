import Foundation
import Losses
import Testing

/// The text form of penalties, and their errors.
@Suite struct PenaltyTextTests {
  @Test(arguments: TestedPenalties.all) func survivesItsText(_ penalty: Penalty) throws {
    for text in [
      penalty.description, " \(penalty.description)\n",
      penalty.description.replacing("(", with: " ( ").replacing("[", with: "[ ").replacing(",", with: " ,"),
    ] {
      #expect(try Penalty(text) == penalty)
    }
    let data = try JSONEncoder().encode([penalty])
    #expect(try JSONDecoder().decode([Penalty].self, from: data) == [penalty])
  }

  @Test func textNamesEveryParameter() throws {
    let texts: [(Penalty, String)] = [
      (.l1(), "l1(strength: 1.0)"), (.l2(strength: 0.01), "l2(strength: 0.01)"),
      (.elasticNet(), "elasticNet(l1: 1.0, l2: 1.0)"), (.smoothedL1(), "smoothedL1(strength: 1.0, delta: 1.0)"),
      (.mcp(), "mcp(strength: 1.0, gamma: 3.0)"), (.scad(), "scad(strength: 1.0, a: 3.7)"),
      (.groupLasso(groups: [0, 0, 1]), "groupLasso(strength: 1.0, groups: [0, 0, 1])"),
      (.sparseGroupLasso(groups: []), "sparseGroupLasso(l1: 1.0, group: 1.0, groups: [])"),
      (.orthogonality(), "orthogonality(strength: 1.0, columns: 1)"),
      (.gaussianPrior(), "gaussianPrior(means: 0.0, scales: 1.0)"),
      (.laplacePrior(means: [1, -0.5], scales: 2), "laplacePrior(means: [1.0, -0.5], scales: 2.0)"),
      (.totalVariation(), "totalVariation(strength: 1.0)"),
      (
        0.5 * .l1() - .l2(strength: 2) + .mcp(),
        "0.5 * l1(strength: 1.0) - l2(strength: 2.0) + mcp(strength: 1.0, gamma: 3.0)"
      ),
    ]
    for (penalty, text) in texts {
      #expect(penalty.description == text)
      #expect(try Penalty(text) == penalty)
    }
    for penalty in texts.map(\.0) where penalty.combination == nil && !penalty.description.contains("[") {
      let name = penalty.description.prefix { $0 != "(" }
      if penalty != .l2(strength: 0.01) { #expect(try Penalty(String(name)) == penalty) }
    }
    #expect(try Penalty("0.3 * (l1 + 2 * totalVariation)") == 0.3 * (Penalty.l1() + 2 * .totalVariation()))
  }

  @Test(arguments: [
    ("l3", "did you mean 'l1'?"), ("elasticnet", "did you mean 'elasticNet'?"), ("zzz", "there is no 'zzz'"),
    ("l1(gamma: 1)", "l1 has no parameter gamma; its parameters: strength"),
    ("mcp(gamma: 1)", "mcp has gamma 1.0; expected a finite number greater than 1"),
    ("scad(a: 2)", "scad has a 2.0; expected a finite number greater than 2"),
    ("l1(strength: -1)", "strength -1.0; expected a finite number not below 0"), ("l1(strength: inf)", "strength inf"),
    ("elasticNet(l2: nan)", "elasticNet has l2 nan"), ("smoothedL1(delta: 0)", "delta 0.0; expected a finite number"),
    ("l1(strength: [1])", "strength is a list; expected a number"),
    ("gaussianPrior(scales: 0)", "gaussianPrior has scales 0.0; expected a finite number greater than 0"),
    ("laplacePrior(scales: [1, -2])", "scales[1] is -2.0; expected a finite number greater than 0"),
    ("gaussianPrior(means: [0, inf])", "means[1] is inf"), ("groupLasso", "groups must be a list of whole numbers"),
    ("groupLasso(groups: 1)", "groups must be a list"), ("groupLasso(groups: [0.5])", "groups has 0.5"),
    ("groupLasso(groups: [0, -1])", "groups[1] is -1;"), ("orthogonality(columns: 1.5)", "columns is 1.5"),
    ("orthogonality(columns: 0)", "orthogonality has columns 0.0;"),
    ("sparseGroupLasso(l1: 1)", "groups must be a list"),
  ])
  func aTextThatIsWrongIsExplained(text: String, expected: String) {
    do {
      _ = try Penalty(text)
      Issue.record("accepted")
    } catch {
      #expect("\(error)".contains(expected), "\(error)")
    }
    let data = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Penalty].self, from: data) }
  }

  @Test func aWrongCallIsExplained() throws {
    let point = [1.0, 2, 3]
    func message(_ body: () throws(LossError) -> Void) -> String? {
      do {
        try body()
        return nil
      } catch { return error.description }
    }
    let wrong: [(Penalty, String)] = [
      (.l1(strength: -1), "l1 has strength -1.0; expected a finite number not below 0"),
      (.l2(strength: .nan), "l2 has strength nan; expected a finite number not below 0"),
      (.mcp(strength: 1, gamma: 1), "mcp has gamma 1.0; expected a finite number greater than 1"),
      (.mcp(strength: 1, gamma: .infinity), "mcp has gamma inf; expected a finite number greater than 1"),
      (.gaussianPrior(means: [1, 2], scales: 1), "means has 2 elements; expected 3"),
      (.laplacePrior(means: 0, scales: [1]), "scales has 1 elements; expected 3"),
      (.laplacePrior(means: 0, scales: [1, 2, 0]), "scales[2] is 0.0; expected a finite number greater than 0"),
      (.groupLasso(groups: [0, 1]), "groups has 2 elements; expected 3"),
      (.groupLasso(groups: [0, 1, 3]), "groups[2] is 3; expected a number below that of the coefficients, 3"),
      (.sparseGroupLasso(groups: [0, 1, -1]), "groups[2] is -1; expected a finite number not below 0"),
      (.orthogonality(columns: 2), "columns is 2; expected a divisor of the number of coefficients, 3"),
      (.orthogonality(columns: 0), "orthogonality has columns 0.0; expected a finite number greater than 0"),
      (.l1() + .scad(strength: 1, a: 2), "scad has a 2.0; expected a finite number greater than 2"),
      (.infinity * .l1(), "l1(strength: 1.0) has coefficient inf; expected a finite number"),
      (.l1() + .gaussianPrior(means: [1]), "means has 1 elements; expected 3"),
    ]
    for (penalty, expected) in wrong {
      #expect(message { () throws(LossError) in _ = try penalty.value(at: point) } == expected)
      #expect(message { () throws(LossError) in _ = try penalty.gradient(at: point) } == expected)
      #expect(message { () throws(LossError) in _ = try penalty.proximal(at: point, step: 1) } == expected)
    }
    #expect(
      message { () throws(LossError) in _ = try Penalty.l1().value(at: point, threads: 0) }
        == "threads is 0; expected at least 1")
    #expect(
      message { () throws(LossError) in _ = try Penalty.l1().gradient(at: point, scale: .nan) }
        == "scale is nan; expected a finite number")
    var short = [1.0]
    var output = short.mutableSpan
    #expect(throws: LossError.lengthMismatch(argument: "gradient", length: 1, expected: 3)) {
      try Penalty.l1().gradient(at: point.span, gradient: &output)
    }
    #expect(throws: LossError.lengthMismatch(argument: "proximal", length: 1, expected: 3)) {
      try Penalty.l1().proximal(at: point.span, step: 1, proximal: &output)
    }
  }
}
