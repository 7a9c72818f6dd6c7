import DataFiles
import Foundation
import Testing

/// `losses evaluate --metric`.
@Suite struct MetricCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func evaluate(
    _ loss: String, _ predictions: [Double], _ targets: [Double], weights: [Double]? = nil, metrics: [String],
    _ arguments: String...
  ) throws -> CommandRun {
    for (name, numbers) in [("p.npy", predictions), ("t.npy", targets), ("w.npy", weights ?? [])] {
      try AtomicFile.writeNPY(numbers, shape: [numbers.count], to: workspace.path(name))
    }
    return try CommandRun(
      ["evaluate", loss, "--predictions", "p.npy", "--targets", "t.npy"] + metrics.flatMap { ["--metric", $0] }
        + (weights == nil ? [] : ["--weights", "w.npy"]) + arguments, in: workspace)
  }

  private func values(_ run: CommandRun) throws -> [String: Double] {
    try #require(try run.json()["metrics"] as? [String: Double])
  }

  @Test func besideTheLoss() throws {
    let (p, y): ([Double], [Double]) = ([1, 2, 3, 5], [1, 3, 3, 4])
    let metrics = ["rSquared", "pinball(level: 0.9)", "regression.meanAbsoluteError", "rSquared"]
    let text = try evaluate("huber", p, y, metrics: metrics)
    text.expectSuccess()
    for line in ["rSquared:             0.5789", "pinball(level: 0.9):  0.25\n", "meanAbsoluteError:    0.5\n"] {
      #expect(text.standardOutput.contains(line), "\(text.standardOutput)")
    }
    #expect(text.standardOutput.split(separator: "\n").count { $0.hasPrefix("rSquared") } == 1)
    let found = try values(try evaluate("huber", p, y, metrics: metrics, "--json"))
    #expect(found["pinball(level: 0.9)"] == 0.25 && found["meanAbsoluteError"] == 0.5 && found.count == 3)
    let rSquared = try #require(found["rSquared"])
    #expect(abs(rSquared - (1 - 2 / 4.75)) <= 1e-15)
    #expect(try evaluate("huber", p, y, metrics: [], "--json").json()["metrics"] == nil)
    let weighted = try evaluate(
      "huber", p + [.nan], y + [0], weights: [1, 1, 1, 1, 0], metrics: ["meanAbsoluteError"], "--json")
    #expect(try values(weighted) == ["meanAbsoluteError": 0.5])
  }

  /// Metrics see the response of the link.
  @Test func onTheScaleOfTheTargets() throws {
    let counts: [Double] = [0, 2, 5]
    let poisson = try evaluate(
      "poisson", [log(2.0), log(2), log(4)], counts, metrics: ["meanAbsoluteError", "deviance.poisson"], "--json")
    let found = try values(poisson)
    #expect(abs(try #require(found["meanAbsoluteError"]) - 1) <= 1e-15)
    #expect(abs(try #require(found["deviance.poisson"]) - 2 * (2 + 5 * log(1.25) - 1) / 3) <= 1e-15)
    let logits: [Double] = [-2, 0.1, 3]
    let logistic = try evaluate("logistic", logits, [-1, -1, 1], metrics: ["logLoss", "accuracy", "rocAUC"], "--json")
    let object = try logistic.json()
    let scores = try #require(object["metrics"] as? [String: Double])
    #expect(scores["accuracy(threshold: 0.5)"] == 2.0 / 3 && scores["rocAUC"] == 1)
    #expect(abs(try #require(scores["logLoss"]) - #require(object["value"] as? Double)) <= 1e-15)
  }

  /// The sign of a margin loss's score is its class.
  @Test func ofScores() throws {
    for targets: [Double] in [[0, 0, 1, 1], [-1, -1, 1, 1]] {
      let run = try evaluate(
        "hinge", [-2, 0.1, 0.2, 3], targets, metrics: ["accuracy", "recall(threshold: 1)", "rocAUC"], "--json")
      #expect(
        try values(run) == ["accuracy(threshold: 0.0)": 0.75, "recall(threshold: 1.0)": 0.5, "rocAUC": 1])
    }
  }

  @Test func errors() throws {
    func check(_ loss: String, _ metric: String, _ parts: String...) throws {
      let run = try evaluate(loss, [1], [1], metrics: [metric])
      run.expectFailure(64)
      for part in parts { #expect(run.standardError.contains(part), "\(run.standardError)") }
    }
    try check("huber", "rocAUC", "rocAUC is a binary metric", "huber(delta: 1.0)")
    try check("huber", "accuracy", "binary and categorical")
    try check("logistic", "rSquared", "rSquared is a regression metric")
    try check("hinge", "topK(k: 2)", "topK is a categorical metric")
    try check("hinge", "brier", "brier needs probabilities")
    try check("huber", "rSquare", "did you mean 'rSquared'?")
    try check("huber", "xyz", "losses list --metrics")
    try check("huber", "pinball(level: 2)", "strictly between 0 and 1")
    try check("huber", "pinball(", "cannot be read")
    try evaluate("logistic", [1, 2], [1, 0.5], metrics: ["rocAUC"])
      .expectFailure(65, "'t.npy'", "element 1", "0 or 1")
    try evaluate("logistic", [1, .nan], [1, 0], metrics: ["rocAUC"])
      .expectFailure(65, "'p.npy'", "element 1", "a number")
  }
}
