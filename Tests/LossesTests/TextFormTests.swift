import CLossKernels
import Foundation
import Losses
import Testing

/// The text form of losses and penalties.
@Suite struct TextFormTests {
  @Test(arguments: LossCase.all)
  func everyLossSurvivesItsTextForm(_ tested: LossCase) throws { try check(tested.loss) }

  private func check<Loss: TestedLoss>(_ loss: Loss) throws {
    let qualified = loss.terms.reduce(loss.description) { text, term in
      let name = String(term.summand.description.prefix { $0 != "(" })
      return text.replacing(name, with: "\(Loss.familyName).\(name)", maxReplacements: 1)
    }
    for text in [
      loss.description, qualified, "  \(loss.description)\n",
      loss.description.replacing("(", with: " ( ").replacing(":", with: " :  ").replacing(",", with: " , "),
    ] {
      #expect(try Loss(text) == loss)
      let found = try LossCatalogue.pointwiseLoss(text)
      #expect(found as? Loss == loss)
    }
    let data = try JSONEncoder().encode([loss])
    #expect(try JSONDecoder().decode([Loss].self, from: data) == [loss])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(loss.description)\"]")
  }

  @Test func numbersKeepEveryBit() throws {
    for x in [1e-300, 0.1, 1.0 / 3, 1e300, .leastNonzeroMagnitude, .pi, 1.0.nextUp] {
      #expect(try RegressionLoss("\(RegressionLoss.huber(delta: x))") == .huber(delta: x))
      #expect(try MarginLoss("\(MarginLoss.smoothedHinge(gamma: x))") == .smoothedHinge(gamma: x))
      let focal = BinaryLoss.focal(alpha: min(x, 1), gamma: x)
      #expect(try BinaryLoss("\(focal)") == focal)
      #expect(try Penalty("\(Penalty.l2(strength: x))") == .l2(strength: x))
    }
  }

  @Test func theTextNamesEveryParameter() {
    #expect(RegressionLoss.huber(delta: 1.35).description == "huber(delta: 1.35)")
    #expect(RegressionLoss.squaredError.description == "squaredError")
    #expect(BinaryLoss.logistic().description == "logistic(positiveWeight: 1.0, labelSmoothing: 0.0)")
    #expect(BinaryLoss.focal().description == "focal(alpha: 0.25, gamma: 2.0)")
    #expect(Penalty.l2(strength: 0.01).description == "l2(strength: 0.01)")
  }

  @Test func whatIsNotGivenHasItsDefault() throws {
    for text in ["huber", "huber()", " huber ( ) ", "regression.huber", "huber(delta: 1)", "huber(delta:1e0)"] {
      #expect(try RegressionLoss(text) == .huber())
    }
    #expect(try BinaryLoss("focal(gamma: 3)") == .focal(alpha: 0.25, gamma: 3))
    #expect(try BinaryLoss("focal(gamma: 3, alpha: 0.5)") == .focal(alpha: 0.5, gamma: 3))
    #expect(try Penalty("l2") == .l2())
  }

  @Test(
    arguments: [
      ("hubber", "huber"), ("squarederror", "squaredError"), ("Huber", "huber"), ("logistik", "logistic"),
      ("perceptrom(delta: 1)", "perceptron"), ("xylophone", nil), ("regression.hubber", nil),
    ] as [(String, String?)])
  func anUnknownNameGetsASuggestion(text: String, suggestion: String?) {
    do {
      let found = try LossCatalogue.pointwiseLoss(text)
      Issue.record("found \(found)")
    } catch {
      guard case .unknownName(_, let found) = error else { Issue.record("\(error)"); return }
      if text.hasPrefix("regression.") { #expect(found == "huber") } else { #expect(found == suggestion) }
    }
  }

  @Test(
    arguments: [
      "", " ", "1", "huber(", "huber)", "huber(delta=1)", "huber(delta: )", "huber(: 1)", "huber(1)", "(delta: 1)",
      "huber(delta: 1", "huber(delta: one)", "huber(delta: 1,)", "huber(delta: 1, delta: 2)", "huber(beta: 1)",
      "squaredError(delta: 1)", "huber(delta: 1) x", "hüber", "huber(delta: 1)(delta: 1)", "huber(δ: 1)", "🙂",
      "huber(delta: 1:2)", "huber(delta: 0x)", "huber()()", "hub er", "huber(delta: ١)", ".huber", "regression.",
      "binary.huber",
    ])
  func whatIsNotATextFormIsRefused(text: String) {
    #expect(throws: LossError.self) { try RegressionLoss(text) }
    #expect(throws: LossError.self) { try LossCatalogue.pointwiseLoss(text) }
    let data = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([RegressionLoss].self, from: data) }
  }

  @Test(arguments: [
    "huber(delta: 0)", "huber(delta: -1)", "huber(delta: nan)", "huber(delta: inf)", "huber(delta: 1e999)",
  ])
  func parametersOutsideTheirDomainAreRefused(text: String) {
    do {
      _ = try RegressionLoss(text)
      Issue.record("accepted")
    } catch {
      guard case .invalidParameter(let owner, let parameter, _, let expected) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(owner == "huber" && parameter == "delta" && expected == "a finite number greater than 0")
    }
  }

  @Test func messagesSayWhatWasExpected() {
    #expect(message { try RegressionLoss("hubber") } == "there is no 'hubber'; did you mean 'huber'?")
    #expect(message { try RegressionLoss("zzz") } == "there is no 'zzz'")
    #expect(
      message { try RegressionLoss("huber(beta: 2)") }
        == "'huber(beta: 2)' cannot be read: huber has no parameter beta; its parameters: delta")
    #expect(
      message { try RegressionLoss("logCosh(beta: 2)") }
        == "'logCosh(beta: 2)' cannot be read: logCosh has no parameter beta; its parameters: none")
    #expect(
      message { try RegressionLoss("huber(delta: 1, delta: 1)") }
        == "'huber(delta: 1, delta: 1)' cannot be read: delta is given twice")
    #expect(
      message { try RegressionLoss("quantile(level: 1)") }
        == "quantile has level 1.0; expected a number strictly between 0 and 1")
    #expect(message { try Penalty("l2(strength: -1)") } == "l2 has strength -1.0; expected a finite number not below 0")
    #expect(message { try Penalty("l3") } == "there is no 'l3'; did you mean 'l1'?")
  }

  private func message<Result>(_ body: () throws -> Result) -> String? {
    do {
      _ = try body()
      return nil
    } catch { return "\(error)" }
  }

  @Test func codingErrorsAreDecodingErrors() throws {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([MarginLoss].self, from: Data("[1]".utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([BinaryLoss].self, from: Data("[\"hinge\"]".utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Penalty].self, from: Data("[\"l3\"]".utf8)) }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode([.infinity * RegressionLoss.logCosh]) }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode([.nan * Penalty.l2()]) }
    let penalty = try JSONDecoder().decode([Penalty].self, from: JSONEncoder().encode([Penalty.l2(strength: 0.1)]))
    #expect(penalty == [.l2(strength: 0.1)])
  }
}
