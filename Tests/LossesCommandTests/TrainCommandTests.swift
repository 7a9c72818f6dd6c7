import Foundation
import Losses
import Optimizers
import TestSupport
import Testing

/// `losses fit --optimizer`, as a process on real files.
@Suite struct TrainCommandTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    // y = 2a − b + 1, exactly.
    var random = SplitMix64(seed: 3)
    var text = "a,b,y,k\n"
    for _ in 0..<200 {
      let (a, b) = (Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random))
      text += "\(a),\(b),\(2 * a - b + 1),\(a > b ? 1 : 0)\n"
    }
    try workspace.file("d.csv", text)
  }

  private func fit(_ arguments: String...) throws -> CommandRun {
    try CommandRun(["fit", "d.csv", "--target", "y", "--loss", "squaredError"] + arguments, in: workspace)
  }

  @Test func aModelIsTrained() throws {
    let json = try fit(
      "--optimizer", "nesterov(learningRate: 0.05)", "--schedule", "cosine(steps: 2000)", "--batch-size", "10",
      "--epochs", "100", "--seed", "4", "--trace", "t.csv", "--plot", "p.svg", "--model", "m.json", "--json"
    ).json()
    let coefficients = try #require(json["coefficients"] as? [String: Double])
    #expect(abs((coefficients["a"] ?? 0) - 2) < 1e-6 && abs((coefficients["b"] ?? 0) + 1) < 1e-6)
    let training = try #require(json["training"] as? [String: Any])
    #expect(training["epochs"] as? Int == 100 && training["steps"] as? Int == 2000)
    #expect(json["reason"] as? String == "epochLimit")
    let trace = try workspace.text("t.csv").split(separator: "\n")
    #expect(trace.count == 101 && trace[0] == "epoch,steps,value,validation,learningRateFactor,skipped,seconds")
    #expect(trace[1].hasPrefix("1,20,"))
    #expect(try workspace.text("p.svg").contains("epoch"))
  }

  @Test func validationAndPatience() throws {
    let json = try fit(
      "--optimizer", "adam(learningRate: 0.05)", "--batch-size", "16", "--epochs", "500", "--validation", "0.25",
      "--patience", "3", "--json"
    ).json()
    let training = try #require(json["training"] as? [String: Any])
    #expect(json["reason"] as? String == "earlyStopping")
    let (best, epochs) = (training["bestEpoch"] as? Int ?? 0, training["epochs"] as? Int ?? 0)
    #expect(epochs == best + 3 && epochs < 500 && training["validationValue"] is Double)
  }

  /// Two halves, with a checkpoint between them, end where one run does.
  @Test func aCheckpointIsResumed() throws {
    let options = ["--optimizer", "adam(learningRate: 0.01)", "--batch-size", "7", "--seed", "9", "--json"]
    func run(_ more: [String]) throws -> [String: Double] {
      let json = try CommandRun(
        ["fit", "d.csv", "--target", "y", "--loss", "squaredError"] + options + more, in: workspace
      ).json()
      return try #require(json["coefficients"] as? [String: Double])
    }
    let whole = try run(["--epochs", "20"])
    let half = try run(["--epochs", "11", "--checkpoint", "c.bin"])
    let rest = try run(["--epochs", "20", "--checkpoint", "c.bin"])
    #expect(rest == whole && half != whole)
    try fit("--optimizer", "sgd", "--checkpoint", "c.bin").expectFailure(64, "rule")
    try workspace.file("bad.bin", "no checkpoint")
    try fit("--optimizer", "adam", "--checkpoint", "bad.bin").expectFailure(65, "'bad.bin'", "not a checkpoint")
  }

  @Test func classesAreTrained() throws {
    let json = try CommandRun(
      "fit", "d.csv", "--target", "k", "--loss", "crossEntropy", "--optimizer", "adamW(learningRate: 0.1)",
      "--batch-size", "all", "--epochs", "200", "--json", in: workspace
    ).json()
    #expect(try #require(json["accuracy"] as? Double) > 0.97)
  }

  @Test func divergenceIsToldOf() throws {
    try fit("--optimizer", "sgd(learningRate: 1e300)", "--epochs", "3", "--model", "m.json")
      .expectFailure(65, "the training diverged; give the rule a lower learning rate or scale the data\n")
    // The first epoch is saved.
    try fit("--optimizer", "sgd(learningRate: 5)", "--epochs", "300", "--checkpoint", "c.bin")
      .expectFailure(65, "the training diverged", "remove the checkpoint 'c.bin'")
  }

  /// A file of another problem is not gone on from.
  @Test func aCheckpointOfAnotherObjectiveIsRefused() throws {
    try fit("--optimizer", "adam", "--epochs", "2", "--checkpoint", "c.bin").expectSuccess()
    try fit("--optimizer", "adam", "--epochs", "4", "--checkpoint", "c.bin", "--penalty", "l2")
      .expectFailure(64, "objective")
    try CommandRun(
      "fit", "d.csv", "--target", "y", "--loss", "huber", "--optimizer", "adam", "--checkpoint", "c.bin", in: workspace
    ).expectFailure(64, "objective", "squaredError")
  }

  /// What holds coefficients back leaves the intercept alone.
  @Test func theInterceptDoesNotDecay() throws {
    let json = try fit(
      "--optimizer", "sgd(learningRate: 0.1, weightDecay: 100)", "--schedule", "constant(factor: 0.1)", "--json"
    ).json()
    #expect(abs(try #require(json["intercept"] as? Double) - 1) < 0.2)
  }

  /// What has no meaning beside or without an update rule is an error.
  @Test(arguments: [
    ("--schedule", "constant"), ("--batch-size", "10"), ("--epochs", "3"), ("--seed", "1"), ("--validation", "0.5"),
    ("--patience", "2"), ("--trace", "t.csv"), ("--checkpoint", "c.bin"),
  ])
  func optionsOfATrainingGoWithAnOptimizer(option: String, value: String) throws {
    try fit(option, value).expectFailure(64, "\(option) goes with --optimizer")
    #expect(try workspace.names == ["d.csv"])
  }

  @Test(arguments: [("--tolerance", "1e-8", "--patience"), ("--max-iterations", "1000", "--epochs")])
  func optionsOfAFitGoWithoutOne(option: String, value: String, instead: String) throws {
    try fit("--optimizer", "adam", option, value)
      .expectFailure(64, "\(option) goes without --optimizer; with it \(instead)")
    try fit(option, value).expectSuccess()
  }

  /// y depends on a and b alone.
  @Test func aPenaltyWithKinksMakesCoefficientsZero() throws {
    var random = SplitMix64(seed: 8)
    let lines = try workspace.text("d.csv").split(separator: "\n")
    let wider = lines.enumerated().map { row, line in
      row == 0 ? "\(line),c,d" : "\(line),\(Double.random(in: -1...1, using: &random)),\(Double(row % 7))"
    }
    try workspace.file("wide.csv", wider.joined(separator: "\n") + "\n")
    func fit(_ arguments: String...) throws -> CommandRun {
      try CommandRun(
        ["fit", "wide.csv", "--target", "y", "--loss", "squaredError", "--epochs", "400"] + arguments, in: workspace)
    }
    for optimizer in ["sgd(learningRate: 0.2)", "nesterov(learningRate: 0.02)"] {
      let json = try fit(
        "--penalty", "l1(strength: 0.1) + l2(strength: 0.01)", "--optimizer", optimizer, "--batch-size", "all", "--json"
      ).json()
      let coefficients = try #require(json["coefficients"] as? [String: Double])
      #expect(coefficients["c"] == 0 && coefficients["d"] == 0)
      #expect(try #require(coefficients["a"]) > 1 && #require(coefficients["b"]) < -0.5)
      #expect(try #require(json["gradientNorm"] as? Double) < 1e-6)
      let training = try #require(json["training"] as? [String: Any])
      let value = try #require(json["value"] as? Double)
      #expect(abs(try #require(training["value"] as? Double) - value) < 1e-9 * value)
    }
    let grouped = try fit(
      "--penalty", "groupLasso(strength: 0.1, groups: [0, 0, 1, 2, 2])", "--standardize", "--optimizer",
      "sgd(learningRate: 0.2)", "--batch-size", "50", "--schedule", "cosine(steps: 1600)", "--json"
    ).json()
    let coefficients = try #require(grouped["coefficients"] as? [String: Double])
    #expect(coefficients["c"] == 0 && coefficients["d"] == 0 && coefficients["a"] != 0 && coefficients["b"] != 0)
    let text = try fit("--penalty", "l1(strength: 0.1)", "--optimizer", "sgd(learningRate: 0.2)").standardOutput
    #expect(text.contains("l1(strength: 0.1)"))

    try fit("--penalty", "l1", "--optimizer", "adam").expectFailure(64, "rule is adam", "expected sgd or nesterov")
    try fit("--penalty", "groupLasso(groups: [0])", "--optimizer", "sgd").expectFailure(65, "groups has 1 elements")
  }

  @Test func badInputIsNamed() throws {
    try fit("--optimizer", "adm").expectFailure(64, "there is no 'adm'; did you mean 'adam'?")
    try fit("--optimizer", "zzzzzz").expectFailure(64, "losses list --optimizers")
    try fit("--optimizer", "adam(learningRate: 0)").expectFailure(64, "learningRate")
    try fit("--optimizer", "adam", "--batch-size", "0").expectFailure(64, "--batch-size is '0'")
    try fit("--optimizer", "adam", "--epochs", "-1").expectFailure(64, "epochs is -1")
    try fit("--optimizer", "adam", "--patience", "3").expectFailure(64, "--patience goes with --validation")
    try fit("--optimizer", "adam", "--validation", "1").expectFailure(64, "validationFraction")
    try fit("--optimizer", "adam", "--schedule", "cosin(steps: 3)").expectFailure(64, "cosine")
    try fit("--optimizer", "adam", "--checkpoint", "none/c.bin").expectFailure(73, "none")
    try fit("--optimizer", "adam", "--checkpoint", "/dev/null").expectFailure(64, "'/dev/null'")
  }
}
