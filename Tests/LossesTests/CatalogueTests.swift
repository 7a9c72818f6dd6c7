import CLossKernels
import Losses
import Testing

/// The catalogues against the kernels and the cases of the enums.
@Suite struct CatalogueTests {
  @Test func everyKernelHasOneRow() {
    let ids = LossCatalogue.items.map { $0.defaultLoss._kernelTerms.first.loss.rawValue }
    #expect(ids.sorted() == (0..<lk_loss_count.rawValue).map { $0 })
    let names = LossCatalogue.items.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: LossCase.singles)
  func everyLossHasTheRowOfItsName(_ tested: LossCase) { check(tested.loss) }

  private func check<Loss: TestedLoss>(_ loss: Loss) {
    // A case that had no row of its own would get the first.
    let name = String("\(loss)".prefix { $0 != "(" })
    #expect(loss.entry!.name == name)
    #expect(Loss.catalogue.count { $0.name == name } == 1)
    // The enum's own reflection knows the case's name and labels.
    let mirror = Mirror(reflecting: loss)
    if let child = mirror.children.first {
      #expect(child.label == name)
      let labels = Mirror(reflecting: child.value).children.compactMap(\.label)
      if loss.entry!.parameters.count > 1 { #expect(labels == loss.entry!.parameters.map(\.name)) }
    }
    #expect(loss.parameterValues.count == loss.entry!.parameters.count)
    for (value, parameter) in zip(loss.parameterValues, loss.entry!.parameters) {
      #expect(parameter.domain.contains(value) && parameter.domain.contains(parameter.defaultValue))
    }
  }

  /// Every case of every family: a new case fails to compile here, or fails the tests above.
  @Test func theFamiliesHaveTheseLosses() {
    #expect(
      RegressionLoss.catalogue.map(\.defaultLoss) == [
        .squaredError, .absoluteError, .huber(), .smoothL1(), .pseudoHuber(), .logCosh, .quantile(), .expectile(),
        .epsilonInsensitive(), .poisson, .robust(), .robustLikelihood(), .power(), .squaredEpsilonInsensitive(),
        .logisticDistance, .cauchy(), .gemanMcClure(), .welsch(), .tukey(), .fair(), .arctan(), .studentT(), .gamma,
        .tweedie(), .negativeBinomial(), .squaredLogError, .absolutePercentageError(),
        .symmetricAbsolutePercentageError,
      ])
    #expect(
      BinaryLoss.catalogue.map(\.defaultLoss) == [
        .logistic(), .focal(), .crossEntropyOfProbabilities, .poly1(), .asymmetric(), .generalizedCrossEntropy(),
      ])
    #expect(
      MarginLoss.catalogue.map(\.defaultLoss) == [
        .hinge, .squaredHinge, .smoothedHinge(), .modifiedHuber, .perceptron, .exponential, .sigmoid, .savage,
        .distanceWeightedDiscrimination(),
      ])
    #expect(
      LossCatalogue.items.map(\.family).reduce(into: [:]) { $0[$1, default: 0] += 1 } == [
        "regression": 28, "binary": 6, "margin": 9,
      ])
  }

  @Test(arguments: LossCatalogue.items.map(\.name))
  func parametersAreThoseOfTheKernel(name: String) throws {
    let item = try #require(LossCatalogue.items.first { $0.name == name })
    let info = lk_info(item.defaultLoss._kernelTerms.first.loss)
    #expect(Int(info.parameter_count) == item.parameters.count)
    let domains = withUnsafeBytes(of: info.parameter_domains) { Array($0.bindMemory(to: lk_domain.self)) }
    for (domain, parameter) in zip(domains, item.parameters) {
      let expected: ParameterDomain =
        switch domain {
        case lk_domain_positive: .positive
        case lk_domain_nonnegative: .nonnegative
        case lk_domain_open_unit: .openUnitInterval
        case lk_domain_below_infinity: .belowInfinity
        case lk_domain_at_least_one: .atLeastOne
        case lk_domain_at_least_minus_one: .atLeastMinusOne
        case lk_domain_outside_unit: .outsideUnitInterval
        default: .closedUnitInterval
        }
      #expect(parameter.domain == expected)
    }
    #expect(!item.formula.isEmpty && !item.inputs.isEmpty)
  }

  @Test func domainsHaveTheirEnds() {
    let probes: [Double] = [
      -.infinity, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 0.5, 1, 1.0.nextUp, .infinity, .nan,
    ]
    func members(_ domain: ParameterDomain) -> [Bool] { probes.map(domain.contains) }
    #expect(members(.finite) == [false, true, true, true, true, true, true, true, false, false])
    #expect(members(.positive) == [false, false, false, false, true, true, true, true, false, false])
    #expect(members(.nonnegative) == [false, false, false, true, true, true, true, true, false, false])
    #expect(members(.openUnitInterval) == [false, false, false, false, true, true, false, false, false, false])
    #expect(members(.belowInfinity) == [true, true, true, true, true, true, true, true, false, false])
    #expect(members(.closedUnitInterval) == [false, false, false, true, true, true, true, false, false, false])
    #expect(members(.atLeastOne) == [false, false, false, false, false, false, true, true, false, false])
    #expect(members(.atLeastMinusOne) == [false, true, true, true, true, true, true, true, false, false])
    #expect(members(.outsideUnitInterval) == [false, true, true, true, false, false, true, true, false, false])
    #expect(members(.count) == [false, false, false, false, false, false, true, false, false, false])
  }

  @Test func linksAreInverses() {
    for link in Link.allCases {
      for x in [-30, -2.5, -1e-3, 0, 1e-9, 0.7, 5, 30] {
        let back = link.prediction(link.response(x))
        // The logit of a probability near 1 has lost what 1 − p has lost.
        let slack = link == .logit && x > 0 ? 1e-15 * (1 + Math.exp(x)) : 1e-14 * max(1, abs(x))
        #expect(abs(back - x) <= slack, "\(link) at \(x)")
      }
    }
    #expect(Link.logit.response(-800) == 0 && Link.logit.response(800) == 1 && Link.log.response(-.infinity) == 0)
    #expect(Link.logit.prediction(0) == -.infinity && Link.logit.prediction(1) == .infinity)
    #expect(
      RegressionLoss.poisson.link == .log && BinaryLoss.focal().link == .logit && MarginLoss.hinge.link == .identity)
  }
}
