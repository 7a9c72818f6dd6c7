import Foundation
import Losses
import Optimizers
import Testing

/// The text form of update rules.
@Suite struct UpdateRuleTests {
  @Test(arguments: UpdateRule.catalogue.map(\.name)) func aNameTakesTheDefaults(name: String) throws {
    let entry = try #require(UpdateRule.catalogue.first { $0.name == name })
    let rule = entry.defaultRule
    #expect(rule.name == name && !entry.formula.isEmpty && rule.parameterValues == entry.parameters.map(\.defaultValue))
    #expect(try UpdateRule(name) == rule && UpdateRule("\(name)()") == rule && UpdateRule(rule.description) == rule)
    #expect(try JSONDecoder().decode([UpdateRule].self, from: JSONEncoder().encode([rule])) == [rule])
    #expect(Mirror(reflecting: rule).children.first?.label == name)
    // The labels of the text are those of the case, in its order.
    let labels = Mirror(reflecting: Mirror(reflecting: rule).children.first!.value).children.map { $0.label ?? "" }
    #expect(labels == entry.parameters.map(\.name))
  }

  /// Every value comes to its own place.
  @Test(arguments: UpdateRule.catalogue.map(\.name)) func everyHyperparameterIsRead(name: String) throws {
    let entry = try #require(UpdateRule.catalogue.first { $0.name == name })
    for (index, parameter) in entry.parameters.enumerated() {
      let value = parameter.domain.contains(0.75) ? 0.75 : 1.75
      let rule = try UpdateRule("\(name)(\(parameter.name): \(value))")
      var values = entry.parameters.map(\.defaultValue)
      values[index] = value
      #expect(rule.parameterValues == values)
      #expect(try UpdateRule(rule.description) == rule)
    }
  }

  static let invalid: [(String, String)] = [
    ("adamw", "there is no 'adamw'; did you mean 'adamW'?"),
    ("adam(learningRate: 0)", "adam has learningRate 0.0; expected a finite number greater than 0"),
    ("adam(learningRate: -1)", "adam has learningRate -1.0; expected a finite number greater than 0"),
    ("adam(learningRate: inf)", "adam has learningRate inf; expected a finite number greater than 0"),
    ("adam(learningRate: nan)", "adam has learningRate nan; expected a finite number greater than 0"),
    ("sgd(learningRate: -inf)", "sgd has learningRate -inf; expected a finite number greater than 0"),
    ("adam(beta1: 1)", "adam has beta1 1.0; expected a number from 0 up to 1, but not 1"),
    ("adam(beta1: -0.1)", "adam has beta1 -0.1; expected a number from 0 up to 1, but not 1"),
    ("lion(beta2: nan)", "lion has beta2 nan; expected a number from 0 up to 1, but not 1"),
    (
      "rprop(minimumStep: 2, maximumStep: 1)",
      "rprop has maximumStep 1.0; expected a number not below minimumStep, 2.0"
    ),
    (
      "sgd(rate: 1)",
      "'sgd(rate: 1)' cannot be read: sgd has no parameter rate; its parameters: learningRate, momentum, dampening, weightDecay"
    ),
    ("sgd + adam", "'sgd + adam' cannot be read: expected a single name, not a sum"),
  ]

  @Test(arguments: invalid.indices) func whatIsNotATextFormIsRefused(index: Int) {
    let (text, message) = Self.invalid[index]
    var found: String?
    do { _ = try UpdateRule(text) } catch { found = "\(error)" }
    #expect(found == message)
  }
}
