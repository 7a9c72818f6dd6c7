import Losses
import Testing

/// What categorical losses refuse, and what they say about it.
@Suite struct CategoricalErrorTests {
  private let loss = CategoricalLoss.crossEntropy()

  private func message<Result>(_ body: () throws -> Result) -> String? {
    do {
      _ = try body()
      return nil
    } catch { return "\(error)" }
  }

  @Test(arguments: [4, 40, 5000])
  func aLabelOutOfRangeNamesRowAndValue(classCount: Int) throws {
    let row = [Float](repeating: 0, count: 50 * classCount)
    for bad in [-1, classCount, 1 << 40] {
      var labels = [Int](repeating: 1, count: 50)
      labels[37] = bad
      let expected = "targets[37] is \(bad); expected a class from 0 to \(classCount - 1)"
      #expect(message { try loss.gradient(predictions: row, targets: labels, classCount: classCount) } == expected)
      #expect(message { try loss.value(predictions: row, targets: labels, classCount: classCount) } == expected)
      // The row counts as deleted: then its label may be anything.
      #expect(throws: Never.self) {
        try loss.value(predictions: row, targets: labels, classCount: classCount, ignoredIndex: bad)
      }
    }
    let bytes = [UInt8](repeating: 255, count: 50)
    let accepted = message { try loss.value(predictions: row, targets: bytes, classCount: classCount) } == nil
    #expect(accepted == (classCount > 255))
  }

  @Test(arguments: [3, 40])
  func elementsThatAreNotAllowed(classCount: Int) throws {
    let row = [Double](repeating: 0, count: 4 * classCount)
    for bad in [-0.5, .infinity, .nan] {
      var q = [Double](repeating: 1, count: 4 * classCount)
      q[2 * classCount + 1] = bad
      #expect(
        message { try loss.value(predictions: row, targets: q, classCount: classCount) }
          == "targets[\(2 * classCount + 1)] is \(bad); expected a finite number not below 0")
      #expect(
        message {
          try loss.value(predictions: row, targets: [0, 0, 0, 0], classCount: classCount, weights: [1, bad, 1, 1])
        } == "weights[1] is \(bad); expected a finite number not below 0")
      var w = [Double](repeating: 1, count: classCount)
      w[2] = bad
      #expect(
        message { try loss.value(predictions: row, targets: [0, 0, 0, 0], classCount: classCount, classWeights: w) }
          == "classWeights[2] is \(bad); expected a finite number not below 0")
    }
  }

  @Test func shapesMustAgree() throws {
    let row = [Double](repeating: 0, count: 6)
    func expect(_ expected: String, _ body: () throws -> Double) { #expect(message(body) == expected) }
    expect("predictions has 6 elements; expected 9") {
      try loss.value(predictions: row, targets: [0, 0, 0], classCount: 3)
    }
    expect("classCount is 0; expected at least 1") { try loss.value(predictions: row, targets: [0, 0], classCount: 0) }
    expect("weights has 1 elements; expected 2") {
      try loss.value(predictions: row, targets: [0, 0], classCount: 3, weights: [1])
    }
    expect("classWeights has 2 elements; expected 3") {
      try loss.value(predictions: row, targets: [0, 0], classCount: 3, classWeights: [1, 1])
    }
    let rows = try MatrixView(row.span, rowCount: 2, columnCount: 3)
    var output = [Double](repeating: 0, count: 6)
    do {
      var view = try MutableMatrixView(output.mutableSpan, rowCount: 3, columnCount: 2)
      let labels = [0, 1]
      try loss.gradient(predictions: rows, targets: labels.span, gradient: &view)
      Issue.record("accepted")
    } catch {
      #expect("\(error)" == "gradient is a matrix of 3 × 2; expected 2 × 3, as the predictions have it")
    }
    do {
      let labels = [0, 1, 2]
      _ = try loss.value(predictions: rows, targets: labels.span)
      Issue.record("accepted")
    } catch { #expect("\(error)" == "targets has 3 elements; expected 2") }
  }

  @Test func argumentsAreChecked() throws {
    let row = [Float](repeating: 0, count: 6)
    for (bad, expected) in [
      (
        CategoricalLoss.crossEntropy(labelSmoothing: 1.5),
        "crossEntropy has labelSmoothing 1.5; expected a number from 0 to 1"
      ),
      (.focal(gamma: -1), "focal has gamma -1.0; expected a finite number not below 0"),
      (.westonWatkins(power: 3), "westonWatkins has power 3.0; expected 1 or 2"),
      (.poly1(epsilon: 1e300), "poly1 has epsilon 1e+300; expected a finite number, even when rounded to Float"),
      (.crammerSinger(margin: .nan), "crammerSinger has margin nan; expected a finite number not below 0"),
    ] {
      #expect(message { try bad.value(predictions: row, targets: [0, 1], classCount: 3) } == expected)
    }
    #expect(throws: LossError.self) {
      try loss.gradient(predictions: row, targets: [0, 1], classCount: 3, scale: .infinity)
    }
    #expect(throws: LossError.self) { try loss.value(predictions: row, targets: [0, 1], classCount: 3, threads: 0) }
    #expect(throws: LossError.negativeMean(value: -1)) {
      try CategoricalLoss.negativeLogLikelihood.value(
        predictions: [1.0, 1, 1, 1], targets: [0, 1], classCount: 2, reduction: .rootMean)
    }
    #expect(throws: LossError.self) {
      try loss.valueGradientAndCurvature(
        predictions: row, targets: [0, 1], classCount: 3, reduction: .rootMean)
    }
    for loss in [CategoricalLoss.crammerSinger(), .westonWatkins(), .perceptron] {
      let text = message { try loss.value(predictions: row, targets: row, classCount: 3) }
      #expect(text == "targets is distributions; expected class indices for \(loss)")
    }
  }
}
