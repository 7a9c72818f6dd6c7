import Foundation
import Losses
import Optimizers
import Testing

@Suite struct ListCommandTests {
  private let workspace: Workspace
  private let keys = [
    "convex", "curvatureBound", "differentiable", "family", "formula", "inputs", "link", "lipschitzConstant", "loss",
    "name", "noiseModel", "options", "parameters",
  ]

  init() throws { workspace = try Workspace() }

  @Test func table() throws {
    let run = try CommandRun("list", in: workspace)
    run.expectSuccess()
    for item in LossCatalogue.items {
      #expect(run.standardOutput.contains("\n\(item.defaultLoss) "))
      #expect(run.standardOutput.contains(item.formula))
    }
    for item in LossCatalogue.rowItems {
      #expect(run.standardOutput.contains("\n\(item.defaultLoss) ") && run.standardOutput.contains(item.formula))
    }
    for family in ["regression", "binary", "margin", "categorical", "ordinal", "distribution", "divergence"] {
      #expect(run.standardOutput.contains("\(family): prediction"))
    }
  }

  @Test func jsonOfAll() throws {
    let run = try CommandRun("list", "--json", in: workspace)
    run.expectSuccess()
    let value = try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8))
    let list = try #require(value as? [[String: Any]])
    #expect(
      list.compactMap { $0["name"] as? String } == LossCatalogue.items.map(\.name) + LossCatalogue.rowItems.map(\.name))
    for object in list { #expect(object.keys.sorted() == keys) }
  }

  @Test func jsonOfOne() throws {
    let json = try CommandRun("list", "huber(delta: 1.35)", "--json", in: workspace).json()
    #expect(json.keys.sorted() == keys)
    #expect(json["family"] as? String == "regression" && json["loss"] as? String == "huber(delta: 1.35)")
    #expect(json["convex"] as? Bool == true && json["lipschitzConstant"] as? Double == 1.35)
    let parameter = try #require((json["parameters"] as? [[String: Any]])?.first)
    #expect(parameter["name"] as? String == "delta")
    #expect(parameter["value"] as? Double == 1.35 && parameter["default"] as? Double == 1)
    #expect(try CommandRun("list", "hinge", "--json", in: workspace).json()["noiseModel"] is NSNull)
  }

  /// The parameters of families whose parameters are not all numbers.
  @Test func parametersOfAnyKind() throws {
    func parameters(_ loss: String) throws -> [[String: Any]] {
      let json = try CommandRun("list", loss, "--json", in: workspace).json()
      return try #require(json["parameters"] as? [[String: Any]])
    }
    let gaussian = try parameters("gaussian(varianceFloor: 0.5)")
    try #require(gaussian.compactMap { $0["name"] as? String } == ["varianceFloor"])
    #expect(gaussian[0]["value"] as? Double == 0.5 && gaussian[0]["default"] as? Double == 1e-6)
    #expect(gaussian[0]["domain"] as? String == "a finite number greater than 0")
    let distillation = try parameters("distillation")
    try #require(distillation.compactMap { $0["name"] as? String } == ["temperature"])
    #expect(distillation[0]["value"] as? Double == 2 && distillation[0]["default"] as? Double == 2)
    let quantiles = try parameters("quantiles(levels: [0.25, 0.75])")
    try #require(quantiles.compactMap { $0["name"] as? String } == ["levels", "crossingPenalty"])
    #expect(quantiles[0]["value"] as? [Double] == [0.25, 0.75])
    #expect(quantiles[0]["default"] as? [Double] == [0.1, 0.5, 0.9])
    #expect(quantiles[1]["value"] as? Double == 1)
    let hellinger = try parameters("hellinger(input: probabilities)")
    try #require(hellinger.compactMap { $0["name"] as? String } == ["input", "target"])
    #expect(hellinger[0]["value"] as? String == "probabilities" && hellinger[0]["default"] as? String == "logits")
    #expect(hellinger[1]["domain"] as? String == "one of logits, logProbabilities, probabilities")
    for loss in ["entropy", "laplace", "cumulativeLogit"] { #expect(try parameters(loss).isEmpty) }
    let text = try CommandRun("list", "quantiles", in: workspace).standardOutput
    #expect(text.contains("parameter levels:           [0.1, 0.5, 0.9]; 1 to 256 numbers, each strictly"))
  }

  /// Every loss shows the parameters that its text form has.
  @Test func everyParameterIsShown() throws {
    let run = try CommandRun("list", "--json", in: workspace)
    let list = try #require(try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8)) as? [[String: Any]])
    for object in list {
      let text = try #require(object["loss"] as? String)
      let names = (object["parameters"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
      let labels = text.split(whereSeparator: { "(, ".contains($0) }).filter { $0.hasSuffix(":") }
      #expect(labels.map { String($0.dropLast()) } == names, "\(text)")
    }
  }

  @Test func metrics() throws {
    let run = try CommandRun("list", "--metrics", in: workspace)
    run.expectSuccess()
    for item in MetricCatalogue.items {
      #expect(run.standardOutput.contains("\n\(item.defaultMetric) ") && run.standardOutput.contains(item.formula))
    }
    let json = try CommandRun("list", "--metrics", "--json", in: workspace)
    json.expectSuccess()
    let value = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8))
    let list = try #require(value as? [[String: Any]])
    #expect(list.compactMap { $0["name"] as? String } == MetricCatalogue.items.map(\.name))
    #expect(list.compactMap { $0["greaterIsBetter"] as? Bool } == MetricCatalogue.items.map(\.greaterIsBetter))
    try CommandRun("list", "huber", "--metrics", in: workspace).expectFailure(64, "--metrics")
  }

  @Test func schedules() throws {
    let run = try CommandRun("list", "--schedules", in: workspace)
    run.expectSuccess()
    for entry in LearningRateSchedule.catalogue {
      #expect(run.standardOutput.contains("\n\(entry.form) ") && run.standardOutput.contains(entry.formula))
    }
    let json = try CommandRun("list", "--schedules", "--json", in: workspace)
    json.expectSuccess()
    let value = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8))
    let list = try #require(value as? [[String: Any]])
    #expect(list.compactMap { $0["name"] as? String } == LearningRateSchedule.catalogue.map(\.name))
    for object in list { #expect(object.keys.sorted() == ["formula", "name", "parameters", "schedule"]) }
    let cosine = try #require(list.first { $0["name"] as? String == "cosine" })
    #expect(cosine["schedule"] as? String == "cosine(steps:, minimum: 0.0)")
    let parameters = try #require(cosine["parameters"] as? [[String: Any]])
    #expect(parameters.compactMap { $0["name"] as? String } == ["steps", "minimum"])
    #expect(parameters[0]["default"] is NSNull && parameters[1]["default"] as? Double == 0)
    #expect(parameters[1]["domain"] as? String == "a number from 0 to 1")
    try CommandRun("list", "huber", "--schedules", in: workspace).expectFailure(64, "--schedules")
    try CommandRun("list", "--metrics", "--schedules", in: workspace).expectFailure(64, "--metrics", "--schedules")
    try CommandRun("list", "huber", "--optimizers", in: workspace).expectFailure(64, "--optimizers")
    let rules = try CommandRun("list", "--optimizers", in: workspace)
    rules.expectSuccess()
    let listed = try CommandRun("list", "--optimizers", "--json", in: workspace)
    for rule in UpdateRule.catalogue {
      #expect(rules.standardOutput.contains("\(rule.defaultRule)"))
      #expect(listed.standardOutput.contains("\"\(rule.defaultRule)\""))
    }
  }

  @Test func one() throws {
    let run = try CommandRun("list", "binary.focal(gamma: 3)", in: workspace)
    run.expectSuccess()
    for part in [
      "focal(alpha: 0.25, gamma: 3.0)", "convex:              no", "parameter gamma:     3.0", "default 2.0",
    ] {
      #expect(run.standardOutput.contains(part))
    }
    try CommandRun("list", "quantil", in: workspace).expectFailure(64, "did you mean 'quantile'?")
    try CommandRun("list", "huber(a: 1)", in: workspace).expectFailure(64, "delta")
  }
}

@Suite struct PlotCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(arguments: LossCatalogue.items.map(\.name)) func everyLoss(name: String) throws {
    let run = try CommandRun("plot", name, "--likelihood", "-o", "c.svg", in: workspace)
    run.expectSuccess()
    #expect(run.standardOutput == "written: c.svg\n")
    let svg = try workspace.text("c.svg")
    #expect(isSVG(svg) && !svg.contains("no data"))
    #expect(svg.contains(">gradient<"))
    // The densities of positive targets have no simple normaliser to name.
    #expect(svg.contains("exp(−loss)") || svg.contains("of the target"))
  }

  @Test func curvesOfTheTargetsDiffer() throws {
    for (loss, count) in [("logistic", 2), ("poisson", 3), ("huber", 1)] {
      let svg = try CommandRun("plot", loss, "--output", "/dev/stdout", in: workspace).standardOutput
      let curves = svg.split(separator: "\n").filter {
        $0.contains("stroke-width=\"2\"") && $0.contains("stroke-linejoin")
      }
      #expect(curves.count == 2 * count)
      let paths = curves.compactMap { $0.split(separator: "\"").dropFirst().first }
      #expect(Set(paths).count == 2 * count, "\(loss)")
    }
  }

  @Test func likelihoodSaysWhetherItIsNormalised() throws {
    for (loss, label) in [
      ("hinge", "exp(−loss), not normalised"), ("huber", "density exp(−loss)/Z"),
      ("poisson", "probability exp(−loss)/y!"), ("logistic", "probability exp(−loss)"),
    ] {
      let svg = try CommandRun("plot", loss, "--likelihood", "-o", "/dev/stdout", in: workspace).standardOutput
      #expect(svg.contains(">\(label)<"))
    }
    #expect(!(try CommandRun("plot", "huber", "-o", "/dev/stdout", in: workspace).standardOutput.contains("exp(")))
  }

  @Test func ranges() throws {
    func svg(_ arguments: String...) throws -> String {
      let run = try CommandRun(["plot", "huber(delta: 0.5)"] + arguments + ["-o", "/dev/stdout"], in: workspace)
      run.expectSuccess()
      return run.standardOutput
    }
    let standard = try svg()
    #expect(try svg("--range", "-3...3") == standard)
    #expect(try svg("--range=-3...3") == standard)
    #expect(try svg("--range", "-3.5...3") != standard)
    #expect(try svg("--range", "1e2...2e2").contains(">150<"))
    for range in ["3...1", "1...1", "a...b", "1..2", "1", "", "nan...1", "-inf...1", "...", "-1e308...1e308"] {
      let run = try CommandRun("plot", "huber", "--range", range, "-o", "c.svg", in: workspace)
      run.expectFailure(64, "--range", "-3...3")
    }
    #expect(try workspace.names == [])
  }

  @Test(arguments: LearningRateSchedule.catalogue.map(\.name)) func everySchedule(name: String) throws {
    let entry = try #require(LearningRateSchedule.catalogue.first { $0.name == name })
    let required = entry.parameters.filter { $0.defaultValue == nil }.map {
      "\($0.name): " + ($0.name == "milestones" ? "[5, 30]" : ["minimum", "factor"].contains($0.name) ? "0.5" : "20")
    }
    let schedule = "\(name)(\(required.joined(separator: ", ")))"
    let run = try CommandRun("plot", "--schedule", schedule, "-o", "s.svg", in: workspace)
    run.expectSuccess()
    #expect(run.standardOutput == "written: s.svg\n")
    let svg = try workspace.text("s.svg")
    #expect(isSVG(svg) && !svg.contains("no data"))
    #expect(svg.contains(">step<") && svg.contains(">factor of the learning rate<"))
    #expect(svg.contains(try LearningRateSchedule(schedule).description))
  }

  @Test func stepsOfSchedules() throws {
    func svg(_ arguments: String...) throws -> String {
      let run = try CommandRun(["plot", "--schedule"] + arguments + ["-o", "/dev/stdout"], in: workspace)
      run.expectSuccess()
      return run.standardOutput
    }
    let sequence = "linear(from: 0, to: 1, steps: 100) for 100 then cosine(steps: 900)"
    let standard = try svg(sequence)
    #expect(isSVG(standard) && standard.contains(">1,000<"))
    #expect(try svg(sequence, "--steps", "1000") == standard)
    #expect(try svg(sequence, "--steps=500") != standard)
    #expect(try svg("constant") == svg("constant()", "--steps", "1000"))
    #expect(try svg("cosine(steps: 40)") == svg("cosine(steps: 40)", "--steps", "40"))
    #expect(try svg("cosine(steps: 9007199254740992)").contains(">9×10¹⁵<"))
    #expect(isSVG(try svg("constant", "--steps", "1")))
    for steps in ["0", "-3", "9007199254740993", "1.5", "many"] {
      let run = try CommandRun("plot", "--schedule", "constant", "--steps", steps, "-o", "s.svg", in: workspace)
      run.expectFailure(64, "--steps")
    }
    #expect(try workspace.names == [])
  }

  @Test func errorsOfSchedules() throws {
    func expectFailure(_ arguments: String..., parts: String...) throws {
      let run = try CommandRun(["plot"] + arguments + ["-o", "s.svg"], in: workspace)
      run.expectFailure(64)
      for part in parts { #expect(run.standardError.contains(part), "\(run.standardError)") }
    }
    try expectFailure("--schedule", "cosin(steps: 5)", parts: "did you mean 'cosine'?")
    try expectFailure("--schedule", "zzz", parts: "there is no schedule 'zzz'", "losses list --schedules")
    try expectFailure("--schedule", "cosine", parts: "steps is missing")
    try expectFailure("--schedule", "multiStep(milestones: [5, 4])", parts: "multiStep has milestones[1] 4.0")
    try expectFailure("huber", "--schedule", "constant", parts: "--schedule", "leave out the loss")
    try expectFailure("--schedule", "constant", "--range", "0...1", parts: "--range", "--steps")
    try expectFailure("--schedule", "constant", "--likelihood", parts: "--likelihood")
    try expectFailure("huber", "--steps", "5", parts: "--steps", "--range")
    try expectFailure(parts: "--schedule", "loss")
    try CommandRun("plot", "--schedule", "constant", in: workspace).expectFailure(64, "--output")
    let run = try CommandRun("plot", "--schedule", "constant", "-o", "none/s.svg", in: workspace)
    run.expectFailure(73, "'none/s.svg'")
    #expect(try workspace.names == [])
  }

  @Test func errors() throws {
    try CommandRun("plot", "hubr", "-o", "c.svg", in: workspace).expectFailure(64, "did you mean 'huber'?")
    try CommandRun("plot", "huber", in: workspace).expectFailure(64, "--output")
    try CommandRun("plot", "huber", "-o", "none/c.svg", in: workspace).expectFailure(73, "'none/c.svg'")
    try CommandRun("plot", "huber", "-o", "a\nb/c.svg", in: workspace).expectFailure(73)
  }
}

@Suite struct HelpTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test(
    arguments: [
      ("list", ["--json", "--metrics", "--schedules", "--optimizers", "<loss>"]),
      (
        "evaluate",
        [
          "<loss>", "--predictions", "--targets", "--weights", "--reduction", "--gradient", "--curvature", "--values",
          "--metric", "--threads", "--json",
        ]
      ),
      (
        "fit",
        [
          "<data.csv>", "--features", "--target", "--loss", "--penalty", "--no-intercept", "--weights", "--standardize",
          "--tolerance", "--max-iterations", "--model", "--plot", "--threads", "--json",
        ]
      ),
      ("check", ["<loss>", "--predictions", "--targets", "--tolerance", "--json"]),
      ("plot", ["<loss>", "--schedule", "--steps", "--range", "--likelihood", "-o, --output"]),
    ] as [(String, [String])])
  func helpOfCommands(command: String, options: [String]) throws {
    let run = try CommandRun(command, "--help", in: workspace)
    run.expectSuccess()
    // Each has a line of its own with a help text, beside the one in the usage.
    let lines = run.standardOutput.split(separator: "\n").map { $0.drop { $0 == " " } }
    for option in options { #expect(lines.contains { $0.hasPrefix(option + " ") }, "\(option)") }
    #expect(run.standardOutput.contains("Example: losses \(command)"))
    #expect(try CommandRun("help", command, in: workspace).standardOutput == run.standardOutput)
  }

  @Test func helpOfTheCommand() throws {
    let alone = try CommandRun([], in: workspace)
    alone.expectSuccess()
    let words = alone.standardOutput.split(whereSeparator: \.isWhitespace)
    for word in ["list", "evaluate", "check", "fit", "plot", "64", "65", "66", "70", "73"] {
      #expect(words.contains { $0 == word })
    }
    #expect(try CommandRun("--help", in: workspace).standardOutput == alone.standardOutput)
    let version = try CommandRun("--version", in: workspace)
    version.expectSuccess()
    #expect(version.standardOutput == "losses 0.1.0\n")
  }

  @Test func unknownCommandAndOption() throws {
    try CommandRun("frobnicate", in: workspace).expectFailure(64, "'frobnicate'", "losses --help")
    try CommandRun("--frobnicate", in: workspace).expectFailure(64, "--frobnicate")
    try CommandRun("list", "--frobnicate", in: workspace).expectFailure(64, "--frobnicate", "losses list --help")
    try CommandRun("list", "a\nb", in: workspace).expectFailure(64)
  }
}
