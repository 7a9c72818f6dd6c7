import DataFiles
import Foundation
import LinearModels
import Losses
import Testing

/// Losses of rows at the command line, and models of several classes.
@Suite struct RowCommandTests {
  private let workspace: Workspace
  private let scores: [Double] = [2, 0.5, -1, 0, 1, 3]

  init() throws {
    workspace = try Workspace()
    try write("z.npy", scores, shape: [2, 3])
    try write("y.npy", [0, 2] as [Double], shape: [2])
    try write("q.npy", [0.5, 0.25, 0.25, 0, 0, 1] as [Double], shape: [2, 3])
    try write("c.npy", [1, 1, 2] as [Double], shape: [3])
  }

  private func write<Element: NPYWritable>(_ name: String, _ elements: [Element], shape: [Int]) throws {
    try AtomicFile.writeNPY(elements, shape: shape, to: workspace.path(name))
  }

  private func evaluate(_ loss: String, _ arguments: String...) throws -> CommandRun {
    try CommandRun(["evaluate", loss, "--predictions", "z.npy"] + arguments, in: workspace)
  }

  private func numbers(_ name: String) throws -> (shape: [Int], elements: [Double]) {
    let array = try NPYArray(contentsOf: workspace.path(name))
    return (array.shape, try array.elements())
  }

  /// Whether the value of a report is this number: the reader of JSON may miss the last place.
  private func isValue(_ value: Double, of json: [String: Any]) -> Bool {
    guard let found = json["value"] as? Double else { return false }
    return abs(found - value) <= 1e-14 * abs(value)
  }

  @Test func classes() throws {
    let json = try evaluate(
      "crossEntropy(labelSmoothing: 0.1)", "--targets", "y.npy", "--class-weights", "c.npy", "--class-weighting",
      "targets", "--gradient", "g.npy", "--curvature", "h.npy", "--values", "v.npy", "--json"
    ).json()
    let loss = CategoricalLoss.crossEntropy(labelSmoothing: 0.1)
    let (value, gradient, curvature) = try loss.valueGradientAndCurvature(
      predictions: scores, targets: [0, 2], classCount: 3, classWeights: [1, 1, 2], classWeighting: .targets)
    #expect(isValue(value, of: json) && json["count"] as? Int == 2 && json["columns"] as? Int == 3)
    let (g, h, v) = (try numbers("g.npy"), try numbers("h.npy"), try numbers("v.npy"))
    #expect(g.shape == [2, 3] && g.elements == gradient && h.elements == curvature && v.shape == [2])
  }

  @Test func severalLabels() throws {
    try write("w.npy", [1, 0.5] as [Double], shape: [2])
    let json = try evaluate(
      "logistic", "--targets", "q.npy", "--weights", "w.npy", "--class-weights", "c.npy", "--positive-weights",
      "c.npy", "--gradient", "g.npy", "--curvature", "h.npy", "--values", "v.npy", "--json"
    ).json()
    let targets = [0.5, 0.25, 0.25, 0, 0, 1]
    let loss = BinaryLoss.logistic()
    let (value, gradient, curvature) = try loss.valueGradientAndCurvature(
      predictions: scores, targets: targets, classCount: 3, weights: [1, 0.5], classWeights: [1, 1, 2],
      positiveWeights: [1, 1, 2])
    #expect(isValue(value, of: json) && json["count"] as? Int == 6 && json["weight"] as? Double == 6)
    let (g, h, v) = (try numbers("g.npy"), try numbers("h.npy"), try numbers("v.npy"))
    #expect(g.shape == [2, 3] && g.elements == gradient && h.elements == curvature && v.shape == [2, 3])
    let ofRows = try evaluate("focal", "--targets", "q.npy", "--weights", "w.npy", "--json").json()
    try evaluate("focal", "--targets", "q.npy", "--weights", "w.npy", "--curvature", "h.npy").expectSuccess()
    let alone = try BinaryLoss.focal().valueGradientAndCurvature(
      predictions: scores, targets: targets, classCount: 3, weights: [1, 0.5])
    #expect(try numbers("h.npy").elements == alone.curvature)
    let expected = try BinaryLoss.focal().value(
      predictions: scores, targets: targets, weights: [1, 1, 1, 0.5, 0.5, 0.5])
    #expect(isValue(expected, of: ofRows))
    // Metrics have the weights of the elements.
    try write("b.npy", [1, 0, 1, 0, 0, 1] as [Double], shape: [2, 3])
    let scored = try evaluate(
      "logistic", "--targets", "b.npy", "--weights", "w.npy", "--class-weights", "c.npy", "--metric", "accuracy",
      "--json"
    ).json()
    let accuracy = try #require((scored["metrics"] as? [String: Double])?["accuracy(threshold: 0.5)"])
    #expect(abs(accuracy - 2.5 / 6) < 1e-12)
    try evaluate("logistic", "--targets", "q.npy", "--weights", "q.npy", "--class-weights", "c.npy")
      .expectFailure(65, "'q.npy'", "(2, 3)", "one number for each row")
    try evaluate("logistic", "--targets", "q.npy", "--class-weights", "w.npy")
      .expectFailure(65, "'w.npy'", "(2,)", "(3,)")
    try write("zero.npy", [1, 0, 1] as [Double], shape: [3])
    try evaluate("logistic", "--targets", "q.npy", "--positive-weights", "zero.npy")
      .expectFailure(65, "'zero.npy'", "element 1", "greater than 0")
    try evaluate("focal", "--targets", "q.npy", "--positive-weights", "c.npy").expectFailure(64, "--positive-weights")
    try CommandRun(
      ["evaluate", "logistic", "--predictions", "y.npy", "--targets", "y.npy", "--class-weights", "c.npy"],
      in: workspace
    ).expectFailure(65, "'y.npy'", "(2,)", "two dimensions")
  }

  @Test func anIgnoredClass() throws {
    let json = try evaluate("crossEntropy", "--targets", "y.npy", "--ignore-index", "2", "--json").json()
    let value = try CategoricalLoss.crossEntropy().value(predictions: [2, 0.5, -1], targets: [0], classCount: 3)
    #expect(isValue(value, of: json))
  }

  @Test func distributions() throws {
    let json = try evaluate("categorical.focal", "--targets", "q.npy", "--json").json()
    let targets = [0.5, 0.25, 0.25, 0, 0, 1]
    #expect(isValue(try CategoricalLoss.focal().value(predictions: scores, targets: targets, classCount: 3), of: json))
    let divergence = try evaluate("jensenShannon", "--targets", "q.npy", "--gradient", "g.npy", "--json").json()
    #expect(
      isValue(
        try DivergenceLoss.jensenShannon().value(predictions: scores, targets: targets, classCount: 3), of: divergence))
    #expect(try numbers("g.npy").shape == [2, 3])
    try evaluate("hellinger", "--targets", "q.npy", "--curvature", "h.npy").expectSuccess()
    let bends = try DivergenceLoss.hellinger().valueGradientAndCurvature(
      predictions: scores, targets: targets, classCount: 3)
    #expect(try numbers("h.npy").elements == bends.curvature)
    let entropy = try evaluate("entropy", "--reduction", "sum", "--json").json()
    #expect(
      isValue(
        try DivergenceLoss.entropy.value(predictions: scores, targets: nil, classCount: 3, reduction: .sum), of: entropy
      ))
  }

  @Test func severalPredictionsOfANumber() throws {
    let levels = "quantiles(levels: [0.1, 0.5, 0.9])"
    try write("t.npy", [0.5, 1] as [Double], shape: [2])
    let json = try evaluate(levels, "--targets", "t.npy", "--json").json()
    #expect(isValue(try DistributionLoss(levels).value(predictions: scores, targets: [0.5, 1]), of: json))
    try write("pairs.npy", [0, 0.5, 1, -1] as [Double], shape: [2, 2])
    try CommandRun(
      [
        "evaluate", "gaussianLogVariance", "--predictions", "pairs.npy", "--targets", "t.npy", "--curvature", "h.npy",
      ], in: workspace
    ).expectSuccess()
    let bends = try DistributionLoss.gaussianLogVariance.valueGradientAndCurvature(
      predictions: [0, 0.5, 1, -1], targets: [0.5, 1])
    #expect(try numbers("h.npy").elements == bends.curvature)
    try evaluate("gaussian", "--targets", "t.npy").expectFailure(65, "3 columns", "expected 2", "mean, variance")
  }

  @Test func thresholds() throws {
    try write("z.npy", [0.5, -1] as [Double], shape: [2])
    try write("th.npy", [-1, 1] as [Double], shape: [2])
    let json = try evaluate(
      "cumulativeLogit", "--targets", "y.npy", "--thresholds", "th.npy", "--threshold-gradient", "tg.npy", "--json"
    ).json()
    let result = try OrdinalLoss.cumulativeLogit.valueAndGradient(
      predictions: [0.5, -1], targets: [0, 2], thresholds: [-1, 1])
    #expect(isValue(result.value, of: json))
    #expect(try numbers("tg.npy").elements == result.thresholdGradient)
    try evaluate("cumulativeLogit", "--targets", "y.npy").expectFailure(64, "Missing --thresholds")
    try evaluate(
      "cumulativeLogit", "--targets", "y.npy", "--thresholds", "th.npy", "--gradient", "g.npy", "--curvature", "h.npy",
      "--values", "v.npy"
    ).expectSuccess()
    let second = try OrdinalLoss.cumulativeLogit.valueGradientAndCurvature(
      predictions: [0.5, -1], targets: [0, 2], thresholds: [-1, 1])
    let values = try OrdinalLoss.cumulativeLogit.values(predictions: [0.5, -1], targets: [0, 2], thresholds: [-1, 1])
    #expect(try numbers("g.npy").elements == second.gradient && numbers("h.npy").elements == second.curvature)
    #expect(try numbers("v.npy").elements == values)
    try write("th.npy", [1, -1] as [Double], shape: [2])
    try evaluate("cumulativeLogit", "--targets", "y.npy", "--thresholds", "th.npy")
      .expectFailure(65, "'th.npy': element 1", "-1.0", "greater than the one before")
  }

  /// Whatever stands beside a weight of 0 counts as deleted, as in a fit.
  @Test func labelsOfDeletedRows() throws {
    try write("w.npy", [1, 0] as [Double], shape: [2])
    let value = try CategoricalLoss.crossEntropy().value(predictions: [2, 0.5, -1], targets: [0], classCount: 3)
    for label in [Double.nan, 1.5, 77, .infinity] {
      try write("y.npy", [0, label], shape: [2])
      let json = try evaluate("crossEntropy", "--targets", "y.npy", "--weights", "w.npy", "--json").json()
      #expect(isValue(value, of: json) && json["weight"] as? Double == 1)
      try evaluate("crossEntropy", "--targets", "y.npy").expectFailure(65, "'y.npy'", "element 1")
    }
  }

  @Test func reportsSayWhatPointwiseOnesSay() throws {
    try write("w.npy", [0.5, 2] as [Double], shape: [2])
    try write("t.npy", [0.5, 1] as [Double], shape: [2])
    let reports = [
      ("crossEntropy", ["--targets", "y.npy"]), ("crossEntropy", ["--targets", "q.npy"]), ("entropy", []),
      ("hellinger", ["--targets", "q.npy"]), ("quantiles", ["--targets", "t.npy"]),
    ]
    for (loss, arguments) in reports {
      let call = ["evaluate", loss, "--predictions", "z.npy", "--weights", "w.npy", "--threads", "1"] + arguments
      let json = try CommandRun(call + ["--json"], in: workspace).json()
      #expect(
        json.keys.sorted() == ["columns", "count", "isa", "loss", "seconds", "threads", "value", "weight"], "\(loss)")
      #expect(json["weight"] as? Double == 2.5 && json["threads"] as? Int == 1 && json["isa"] is String)
      let text = try CommandRun(call, in: workspace).standardOutput
      for line in ["weight:           2.5\n", "threads:          1\n", "instruction set:  "] {
        #expect(text.contains(line), "\(text)")
      }
    }
  }

  /// All outputs come from one pass, and are those of the verbs.
  @Test(arguments: Reduction.allCases) func allOutputsAtOnce(_ reduction: Reduction) throws {
    try write("w.npy", [0.5, 2] as [Double], shape: [2])
    let targets = [0.5, 0.25, 0.25, 0, 0, 1]
    for loss in ["crossEntropy", "hellinger"] {
      let json = try evaluate(
        loss, "--targets", "q.npy", "--weights", "w.npy", "--reduction", reduction.rawValue, "--values", "v.npy",
        "--gradient", "g.npy", "--json"
      ).json()
      let (result, values): ((value: Double, gradient: [Double]), [Double])
      if loss == "crossEntropy" {
        let loss = CategoricalLoss.crossEntropy()
        result = try loss.valueAndGradient(
          predictions: scores, targets: targets, classCount: 3, weights: [0.5, 2], reduction: reduction)
        values = try loss.values(predictions: scores, targets: targets, classCount: 3, weights: [0.5, 2])
      } else {
        let loss = DivergenceLoss.hellinger()
        result = try loss.valueAndGradient(
          predictions: scores, targets: targets, classCount: 3, weights: [0.5, 2], reduction: reduction)
        values = try loss.values(predictions: scores, targets: targets, classCount: 3, weights: [0.5, 2])
      }
      #expect(isValue(result.value, of: json))
      #expect(try numbers("g.npy").elements == result.gradient && numbers("v.npy").elements == values)
    }
  }

  @Test func badInput() throws {
    try write("bad.npy", [0, 3] as [Double], shape: [2])
    try write("half.npy", [0, 1.5] as [Double], shape: [2])
    try write("three.npy", [0, 1, 2] as [Double], shape: [3])
    try evaluate("crossEntropy", "--targets", "bad.npy")
      .expectFailure(65, "'bad.npy': element 1, counted from 0, is 3; expected a class from 0 to 2")
    try evaluate("crossEntropy", "--targets", "half.npy").expectFailure(65, "'half.npy'", "1.5", "whole number")
    try evaluate("crossEntropy", "--targets", "three.npy").expectFailure(65, "'three.npy'", "(3,)", "(2,)")
    try evaluate("crossEntropy").expectFailure(64, "Missing --targets")
    try evaluate("entropy", "--targets", "q.npy").expectFailure(64, "--targets", "entropy")
    try evaluate("crossEntropy", "--targets", "y.npy", "--thresholds", "c.npy").expectFailure(64, "--thresholds")
    try evaluate("crossEntropy", "--targets", "q.npy", "--ignore-index", "1").expectFailure(64, "--ignore-index")
    try evaluate("crossEntropy", "--targets", "y.npy", "--class-weights", "three.npy", "--metric", "accuracy")
      .expectFailure(64, "--metric")
    try evaluate("huber", "--targets", "q.npy", "--class-weights", "c.npy").expectFailure(64, "--class-weights")
    try evaluate("huber").expectFailure(64, "Missing --targets")
    try evaluate("crossEntropy", "--targets", "y.npy", "--class-weighting", "losses")
      .expectFailure(64, "--class-weighting", "--class-weights")
    try write("none.npy", [] as [Double], shape: [2, 0])
    for loss in ["crossEntropy", "entropy"] {
      let targets = loss == "entropy" ? [] : ["--targets", "y.npy"]
      try CommandRun(["evaluate", loss, "--predictions", "none.npy"] + targets, in: workspace)
        .expectFailure(65, "'none.npy'", "(2, 0)", "at least one column")
    }
    #expect(try workspace.names.filter { !$0.hasSuffix(".npy") } == [])
  }

  @Test func multinomialFit() throws {
    let run = try CommandRun(
      "fit", example("digits.csv"), "--target", "digit", "--loss", "crossEntropy", "--penalty", "l2(strength: 0.01)",
      "--model", "m.json", "--plot", "m.svg", in: workspace)
    run.expectSuccess()
    #expect(
      run.standardOutput.contains("classes:          10\n")
        && run.standardOutput.contains("accuracy:         0.998331\n"))
    #expect(isSVG(try workspace.text("m.svg")))
    let model = try JSONDecoder().decode(CategoricalModel.self, from: Data(try workspace.bytes("m.json")))
    #expect(model.classCount == 10 && model.columnNames?.count == 64)
  }

  @Test func fitsOfFewClassesPrintTheirCoefficients() throws {
    try workspace.file("d.csv", "a,b,k,w\n1,0,0,1\n0,1,1,1\n1,1,2,1\n2,0,0,2\n0,2,1,1\n9,9,77,0\n")
    let arguments = ["fit", "d.csv", "--target", "k", "--weights", "w", "--loss", "categorical.focal(gamma: 1)"]
    let run = try CommandRun(arguments + ["--penalty", "l2(strength: 0.1)"], in: workspace)
    run.expectSuccess()
    #expect(run.standardOutput.contains("class 2") && run.standardOutput.contains("(intercept)"))
    let json = try CommandRun(arguments + ["--penalty", "l2(strength: 0.1)", "--json"], in: workspace).json()
    #expect(json["classes"] as? Int == 3 && (json["coefficients"] as? [[String: Any]])?.count == 3)
    try workspace.file("d.csv", "a,k\n1,0\n2,0.5\n")
    try CommandRun("fit", "d.csv", "--target", "k", "--loss", "crossEntropy", in: workspace)
      .expectFailure(65, "column 'k'", "0.5", "whole number")
    try CommandRun("fit", "d.csv", "--target", "k", "--loss", "entropy", in: workspace)
      .expectFailure(64, "no linear model")
  }

  @Test(arguments: [
    ("negativeLogLikelihood", "log-probabilities"), ("categorical.crossEntropyOfProbabilities", "probabilities"),
  ])
  func lossesThatAreNotOfScores(_ loss: String, _ input: String) throws {
    try CommandRun("fit", example("digits.csv"), "--target", "digit", "--loss", loss, in: workspace)
      .expectFailure(64, "expects \(input)", "gives scores", "crossEntropy")
  }

  @Test(arguments: ["4611686018427387904", "9007199254740992", "1e11", "1000", "-1"])
  func aLabelThatIsNoClass(_ label: String) throws {
    try workspace.file("d.csv", "a,k\n1,0\n2,1\n3,\(label)\n")
    let number = try #require(Double(label).flatMap { Int(exactly: $0) })
    try CommandRun("fit", "d.csv", "--target", "k", "--loss", "crossEntropy", in: workspace)
      .expectFailure(65, "column 'k'", "element 2", "is \(number);", "from 0 to 999", "without great gaps")
    // It does not matter where the row counts as deleted.
    try workspace.file("d.csv", "a,k,w\n1,0,1\n2,1,1\n3,\(label),0\n")
    let json = try CommandRun(
      "fit", "d.csv", "--target", "k", "--weights", "w", "--loss", "crossEntropy", "--penalty", "l2", "--json",
      in: workspace
    ).json()
    #expect(json["classes"] as? Int == 2)
  }

  @Test func theGreatestClassOfFewRows() throws {
    try workspace.file("d.csv", "a,k\n1,0\n2,1\n3,999\n")
    let json = try CommandRun(
      "fit", "d.csv", "--target", "k", "--loss", "crossEntropy", "--penalty", "l2", "--json", in: workspace
    ).json()
    #expect(json["classes"] as? Int == 1000)
  }

  @Test func optionsAreNamed() throws {
    for (loss, options) in [
      ("crossEntropy", "--targets, --class-weights, --class-weighting, --ignore-index"),
      ("cumulativeLogit", "--targets, --ignore-index, --thresholds, --threshold-gradient"),
      ("entropy", "-"),
    ] {
      let run = try CommandRun("list", loss, in: workspace)
      run.expectSuccess()
      let line = run.standardOutput.split(separator: "\n").first { $0.hasPrefix("options:") }
      #expect(line?.hasSuffix(" \(options)") == true, "\(run.standardOutput)")
    }
  }
}
