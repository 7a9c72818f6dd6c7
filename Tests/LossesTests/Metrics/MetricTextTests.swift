import Foundation
import Losses
import Testing

/// The text form and the catalogue of metrics.
@Suite struct MetricTextTests {
  @Test(arguments: MetricCase.all)
  func everyMetricSurvivesItsTextForm(_ tested: MetricCase) throws { try check(tested.metric) }

  private func check<Metric: Losses.Metric>(_ metric: Metric) throws {
    for text in [
      metric.description, "\(Metric.familyName).\(metric)", "  \(metric)\n", metric.name, "\(metric.name)()",
      metric.description.replacing("(", with: " ( ").replacing(":", with: " :  "),
    ] {
      #expect(try Metric(text) == metric)
    }
    let data = try JSONEncoder().encode([metric])
    #expect(try JSONDecoder().decode([Metric].self, from: data) == [metric])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(metric)\"]")
  }

  @Test(arguments: MetricCase.all)
  func everyMetricHasTheRowOfItsName(_ tested: MetricCase) { checkRow(tested.metric) }

  private func checkRow<Metric: Losses.Metric>(_ metric: Metric) {
    // A case that had no row of its own would get the first.
    #expect(metric.entry.name == metric.name)
    #expect(Metric.catalogue.count { $0.name == metric.name } == 1)
    #expect(metric.parameterValues.count == metric.entry.parameters.count)
    #expect(!metric.entry.formula.isEmpty && !Metric.inputs.isEmpty)
    // The enum's own reflection knows the case's name.
    let label = Mirror(reflecting: metric).children.first?.label ?? metric.name
    #expect(metric.name.hasPrefix(label))
    for (value, parameter) in zip(metric.parameterValues, metric.entry.parameters) {
      #expect(value == parameter.defaultValue && parameter.domain.contains(value))
    }
  }

  @Test func theKindsHaveTheseMetrics() {
    let families: [Deviance] = [
      .gaussian, .laplace, .asymmetricLaplace(), .poisson, .gamma, .tweedie(), .bernoulli,
    ]
    #expect(
      RegressionMetric.catalogue.map(\.defaultMetric) == [
        .rootMeanSquaredError, .meanSquaredError, .meanAbsoluteError, .medianAbsoluteError, .rSquared, .pinball(),
      ] + families.map { .deviance($0) } + families.map { .devianceExplained($0) })
    #expect(
      BinaryMetric.catalogue.map(\.defaultMetric) == [
        .accuracy(), .balancedAccuracy(), .precision(), .recall(), .f1(), .matthews(), .rocAUC, .averagePrecision,
        .logLoss, .brier, .calibrationError(), .devianceExplained,
      ])
    #expect(
      CategoricalMetric.catalogue.map(\.defaultMetric) == [
        .accuracy, .balancedAccuracy, .precision, .recall, .f1, .matthews, .topK(), .logLoss, .brier,
        .calibrationError(),
      ])
    #expect(MetricCatalogue.items.count == 20 + 12 + 10)
  }

  @Test func theTextNamesEveryParameter() throws {
    #expect(RegressionMetric.pinball(level: 0.9).description == "pinball(level: 0.9)")
    #expect(RegressionMetric.deviance(.tweedie(power: 1.25)).description == "deviance.tweedie(power: 1.25)")
    #expect(RegressionMetric.devianceExplained(.poisson).description == "devianceExplained.poisson")
    #expect(BinaryMetric.f1(threshold: 0).description == "f1(threshold: 0.0)")
    #expect(CategoricalMetric.topK(k: 3).description == "topK(k: 3)")
    #expect(BinaryMetric.calibrationError(bins: 15).description == "calibrationError(bins: 15)")
    #expect(try CategoricalMetric("topK(k: 3)") == .topK(k: 3))
    #expect(try RegressionMetric("deviance.tweedie(power: 1.25)") == .deviance(.tweedie(power: 1.25)))
    #expect(
      try RegressionMetric("devianceExplained.asymmetricLaplace(level: 0.25)")
        == .devianceExplained(.asymmetricLaplace(level: 0.25)))
  }

  @Test(
    arguments: [
      ("there is no 'rsquare'; did you mean 'rSquared'?", "rsquare"),
      ("there is no 'deviance.poison'; did you mean 'deviance.poisson'?", "deviance.poison"),
      ("there is no 'deviance'; did you mean 'deviance.gaussian'?", "deviance"),
      ("there is no 'xyz'", "xyz"),
      ("pinball has level 1.0; expected a number strictly between 0 and 1", "pinball(level: 1)"),
      ("deviance.tweedie has power 0.0; expected a finite number not below 1", "deviance.tweedie(power: 0)"),
      ("'pinball(tau: 0.1)' cannot be read: pinball has no parameter tau; its parameters: level", "pinball(tau: 0.1)"),
      ("'pinball(' cannot be read: expected ')' at the end", "pinball("),
    ])
  func errors(expected: String, text: String) {
    #expect(lossError { _ = try RegressionMetric(text) }?.description == expected)
    let data = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([RegressionMetric].self, from: data) }
  }

  @Test(arguments: ["topK(k: 0)", "topK(k: 2.5)", "topK(k: 1e7)", "topK(k: nan)", "calibrationError(bins: -1)"])
  func countsAreWholeNumbers(text: String) {
    guard
      case .invalidParameter(_, _, _, "a whole number from 1 to 1000000")? = lossError({
        _ = try CategoricalMetric(text)
      })
    else {
      Issue.record("accepted")
      return
    }
  }

  @Test func theOrientation() {
    let better = MetricCatalogue.items.filter(\.greaterIsBetter).map(\.name)
    for name in better { #expect(!name.contains("Error") && !name.hasPrefix("deviance.")) }
    #expect(RegressionMetric.rSquared.greaterIsBetter && !RegressionMetric.rootMeanSquaredError.greaterIsBetter)
    #expect(BinaryMetric.rocAUC.greaterIsBetter && !BinaryMetric.brier.greaterIsBetter)
    #expect(better.count == 1 + 7 + 9 + 7)
  }
}
