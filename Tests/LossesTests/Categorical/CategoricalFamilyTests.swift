import CLossKernels
import Foundation
import Losses
import TestSupport
import Testing

/// The family's text form, catalogue and claims.
@Suite struct CategoricalFamilyTests {
  @Test(arguments: CategoricalCase.all)
  func everyLossSurvivesItsTextForm(_ tested: CategoricalCase) throws {
    let loss = tested.loss
    for text in [loss.description, " categorical.\(loss) \n"] {
      #expect(try CategoricalLoss(text) == loss)
    }
    #expect(try LossCatalogue.loss("categorical.\(loss)") as? CategoricalLoss == loss)
    let data = try JSONEncoder().encode([loss])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(loss)\"]")
    #expect(try JSONDecoder().decode([CategoricalLoss].self, from: data) == [loss])
  }

  @Test func namesAreFoundInEveryFamily() throws {
    #expect(try LossCatalogue.loss("crossEntropy") as? CategoricalLoss == .crossEntropy())
    #expect(try LossCatalogue.loss("focal") as? BinaryLoss == .focal())
    #expect(try LossCatalogue.loss("categorical.focal(gamma: 3)") as? CategoricalLoss == .focal(gamma: 3))
    #expect(try LossCatalogue.loss("perceptron") as? MarginLoss == .perceptron)
    #expect(try LossCatalogue.loss("huber + squaredError") is RegressionLoss)
    #expect(throws: LossError.unknownName(name: "crossEntropi", suggestion: "crossEntropy")) {
      try LossCatalogue.loss("crossEntropi")
    }
    #expect(throws: LossError.self) { try LossCatalogue.loss("huber + hinge") }
    #expect(throws: LossError.self) { try CategoricalLoss("crossEntropy + focal") }
    #expect(throws: LossError.self) { try CategoricalLoss("westonWatkins(power: 1.5)") }
    #expect(throws: LossError.self) { try LossCatalogue.pointwiseLoss("crossEntropy") }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CategoricalLoss].self, from: Data("[\"hinge\"]".utf8))
    }
  }

  @Test func everyKernelHasOneRow() {
    let losses = CategoricalLoss.catalogue.map(\.defaultLoss)
    #expect(losses.map(\._kernelIndex) == (0..<lk_categorical_count.rawValue).map { $0 })
    #expect(
      losses == [
        .crossEntropy(), .negativeLogLikelihood, .crossEntropyOfProbabilities, .focal(), .poly1(),
        .generalizedCrossEntropy(), .crammerSinger(), .westonWatkins(), .perceptron, .sparsemax,
      ])
    for (loss, entry) in zip(losses, CategoricalLoss.catalogue) {
      #expect(loss.description.prefix { $0 != "(" } == entry.name && !entry.formula.isEmpty)
      let info = lk_info_categorical(lk_categorical_loss(loss._kernelIndex))
      #expect(
        Int(info.parameter_count) == entry.parameters.count && loss.parameterValues.count == entry.parameters.count)
      // The enum's own reflection knows the case's name and labels.
      if let child = Mirror(reflecting: loss).children.first {
        #expect(child.label == entry.name)
        let labels = Mirror(reflecting: child.value).children.compactMap(\.label)
        if entry.parameters.count > 1 { #expect(labels == entry.parameters.map(\.name)) }
      }
    }
    #expect(
      LossCatalogue.rowItems.filter { $0.family == "categorical" }.map(\.name) == CategoricalLoss.catalogue.map(\.name))
    #expect(ParameterDomain.oneOrTwo.contains(2) && !ParameterDomain.oneOrTwo.contains(1.5))
  }

  /// The norm of a row's gradient, and how much it changes between rows, keep to what is claimed; a chord lies above a loss
  /// that is convex.
  @Test(arguments: CategoricalCase.all)
  func claimsHold(_ tested: CategoricalCase) throws {
    let loss = tested.loss
    var random = SplitMix64(seed: 21)
    var (steepest, sharpest, isViolated) = (0.0, 0.0, false)
    for classCount in [2, 5] {
      for round in 0..<400 {
        let spread = round % 2 == 0 ? 3.0 : 30
        let targets = [Int.random(in: 0..<classCount, using: &random)]
        func row() -> [Double] {
          (0..<classCount).map { _ in
            loss == .crossEntropyOfProbabilities
              ? Double.random(in: 1e-3...1, using: &random) : Double.random(in: -spread...spread, using: &random)
          }
        }
        let (a, b) = (row(), row())
        func result(_ z: [Double]) throws -> (value: Double, gradient: [Double]) {
          try loss.valueAndGradient(predictions: z, targets: targets, classCount: classCount)
        }
        let (left, right) = (try result(a), try result(b))
        let middle = try result(zip(a, b).map { ($0 + $1) / 2 })
        if middle.value > (left.value + right.value) / 2 + 1e-13 * (1 + abs(left.value) + abs(right.value)) {
          isViolated = true
        }
        func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        steepest = max(steepest, norm(left.gradient))
        let step = norm(zip(a, b).map { $0 - $1 })
        sharpest = max(sharpest, norm(zip(left.gradient, right.gradient).map { $0 - $1 }) / step)
      }
    }
    #expect(isViolated == !loss.isConvex)
    if let bound = loss.lipschitzConstant {
      #expect(steepest <= bound * (1 + 1e-14) && steepest > 0.1 * bound)
    }
    if let bound = loss.curvatureBound { #expect(sharpest <= bound * (1 + 1e-12)) }
  }
}
