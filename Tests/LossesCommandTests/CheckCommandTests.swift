import DataFiles
import Foundation
import Losses
import LossesCommand
import Testing

@Suite struct CheckCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func check(_ arguments: String...) throws -> CommandRun {
    try CommandRun(["check"] + arguments, in: workspace)
  }

  @Test(arguments: LossCatalogue.items.map { "\($0.family).\($0.name)" })
  func everyLossPasses(_ name: String) throws {
    let json = try check(name, "--json").json()
    #expect(json["passed"] as? Bool == true)
    for part in ["gradient", "curvature"] {
      let part = try #require(json[part] as? [String: Any])
      #expect(part["failures"] as? Int == 0)
      // A loss of probabilities has a value at few of the predictions.
      #expect(try #require(part["compared"] as? Int) > (name.hasSuffix("OfProbabilities") ? 30 : 100))
      #expect(try #require((part["worst"] as? [String: Any])?["error"] as? Double) <= 1e-6)
    }
  }

  @Test func report() throws {
    let run = try check("huber(delta: 1.35)")
    run.expectSuccess()
    for line in [
      "loss:       huber(delta: 1.35)\n", "tolerance:  1e-06\n", "passed:     yes\n",
      "gradient:      agrees with the differences\n", "curvature:     agrees with the differences\n",
      "kinks:         0\n", "inconclusive:  0\n",
    ] {
      #expect(run.standardOutput.contains(line), "\(run.standardOutput)")
    }
    #expect(run.standardOutput.contains("counted from 0: prediction "))
  }

  @Test func samplesFromFiles() throws {
    try workspace.file("p.csv", "prediction\n1\n-0.5\n2\n")
    try workspace.file("t.csv", "1\n0\n1\n")
    let files = ["--predictions", "p.csv", "--targets", "t.csv"]
    let json = try CommandRun(["check", "hinge", "--json"] + files, in: workspace).json()
    #expect(json["samples"] as? Int == 3 && json["passed"] as? Bool == true && json["tolerance"] as? Double == 1e-6)
    let gradient = try #require(json["gradient"] as? [String: Any])
    #expect(gradient["kinks"] as? Int == 1 && gradient["inconclusive"] as? Int == 0)
    try workspace.file("p.csv", "1\n1e200\n3\n")
    let huge = try CommandRun(["check", "squaredError"] + files, in: workspace)
    huge.expectSuccess()
    #expect(huge.standardOutput.contains("inconclusive:  1\n"))
  }

  @Test func nothingToCompare() throws {
    try workspace.file("p.csv", "1e200\n")
    try workspace.file("t.csv", "0\n")
    let run = try check("squaredError", "--predictions", "p.csv", "--targets", "t.csv")
    #expect(run.exitCode == 65 && run.standardOutput.contains("passed:     no\n"))
    #expect(run.standardError == "losses: no gradient of the samples could be compared with differences\n")
  }

  /// A wrong gradient cannot come from the catalogue, so the report is made of one by hand.
  @Test func aWrongGradientIsAFailure() throws {
    let wrong = LossCheck(
      predictions: [1, 2, 3], targets: [0, 0, 0],
      gradient: try GradientCheck(at: [1, 2, 3], gradient: [2, -4, 6]) { x in x.reduce(0) { $0 + $1 * $1 } },
      curvature: try GradientCheck(at: [1, 2, 3], gradient: [2, 2, 2]) { x in x.reduce(0) { $0 + 2 * $1 } })
    let report = CheckReport(loss: RegressionLoss.squaredError, check: wrong, isBuiltIn: false)
    #expect(report.exitCode == 70)
    #expect(report.text.contains("gradient:      wrong at 1 sample\n"))
    #expect(report.text.contains("at sample:     1, counted from 0: prediction 2.0, target 0.0\n"))
    #expect(report.json.contains("\"passed\": false"))
  }

  @Test func wrongCalls() throws {
    try workspace.file("p.csv", "1\n2\n")
    try workspace.file("t.csv", "1\n2\n3\n")
    try check("hing").expectFailure(64, "did you mean 'hinge'?")
    for loss in ["crossEntropy", "cumulativeLogit", "gaussian", "entropy", "categorical.focal(gamma: 1)"] {
      try check(loss).expectFailure(64, "is not a pointwise loss", "'losses check'", "regression, binary and margin")
    }
    try CommandRun("plot", "crossEntropy", "-o", "c.svg", in: workspace)
      .expectFailure(64, "crossEntropy(labelSmoothing: 0.0) is not a pointwise loss", "'losses plot'")
    try check("huber", "--tolerance", "-1").expectFailure(64, "tolerance", "greater than 0")
    try check("huber", "--predictions", "p.csv").expectFailure(64, "--targets")
    try check("huber", "--predictions", "p.csv", "--targets", "t.csv").expectFailure(65, "'t.csv'", "shape")
    try check("huber", "--predictions", "p.csv", "--targets", "none.csv").expectFailure(66, "'none.csv'")
    try check("hinge", "--predictions", "t.csv", "--targets", "t.csv").expectFailure(65, "'t.csv'", "element 1")
  }
}
