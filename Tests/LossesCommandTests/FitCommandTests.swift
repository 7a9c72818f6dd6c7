import DataFiles
import Foundation
import LinearModels
import Testing

@Suite struct FitCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func coefficients(_ json: [String: Any]) throws -> [String: Double] {
    try #require(json["coefficients"] as? [String: Double])
  }

  @Test(
    arguments: [
      (
        "stackloss.csv", "stackloss", "squaredError", -39.9197,
        ["airflow": 0.7156, "watertemp": 1.2953, "acidconc": -0.1521]
      ),
      (
        "stackloss.csv", "stackloss", "absoluteError", -39.6899,
        ["airflow": 0.8319, "watertemp": 0.5739, "acidconc": -0.0609]
      ),
      ("engel.csv", "foodexp", "squaredError", 147.4754, ["income": 0.4852]),
      ("engel.csv", "foodexp", "quantile(level: 0.5)", 81.4823, ["income": 0.5602]),
    ] as [(String, String, String, Double, [String: Double])])
  func publishedCoefficients(
    file: String, target: String, loss: String, intercept: Double, expected: [String: Double]
  ) throws {
    let run = try CommandRun("fit", example(file), "--target", target, "--loss", loss, "--json", in: workspace)
    let json = try run.json()
    #expect(abs(try #require(json["intercept"] as? Double) - intercept) < 1e-4)
    let found = try coefficients(json)
    #expect(found.count == expected.count)
    for (name, value) in expected { #expect(abs(try #require(found[name]) - value) < 1e-4) }
    #expect(json["converged"] as? Bool == true)
  }

  @Test func jsonKeys() throws {
    let common = [
      "loss", "intercept", "coefficients", "value", "iterations", "gradientNorm", "converged", "reason", "count",
      "threads", "isa", "seconds",
    ]
    let data = example("stackloss.csv")
    let smooth = try CommandRun(
      "fit", data, "--target", "stackloss", "--loss", "huber(delta: 1.35)", "--json", in: workspace
    ).json()
    #expect(smooth.keys.sorted() == common.sorted())
    #expect(smooth["loss"] as? String == "huber(delta: 1.35)")
    #expect(smooth["reason"] as? String == "gradientTolerance")
    #expect(smooth["count"] as? Int == 21)
    #expect(try #require(smooth["seconds"] as? Double) > 0)

    let run = try CommandRun(
      "fit", data, "--target", "stackloss", "--loss", "absoluteError", "--threads", "1", "--json", in: workspace)
    let certified = try run.json()
    #expect(certified.keys.sorted() == (common + ["gap"]).sorted())
    #expect(try #require(certified["gap"] as? Double) >= 0)
    #expect(certified["threads"] as? Int == 1)
    #expect(certified["reason"] as? String == "dualityGapTolerance")
    // The columns keep their order, which a dictionary does not show.
    let places = ["airflow", "watertemp", "acidconc"].map { run.standardOutput.range(of: "\"\($0)\"")?.lowerBound }
    #expect(places.allSatisfy { $0 != nil } && places.compactMap(\.self) == places.compactMap(\.self).sorted())
  }

  @Test func report() throws {
    let run = try CommandRun(
      "fit", example("stackloss.csv"), "--target", "stackloss", "--loss", "absoluteError", "--model", "m.json",
      "--plot", "p.svg", in: workspace)
    run.expectSuccess()
    let lines = run.standardOutput.split(separator: "\n").map(String.init)
    #expect(lines[0] == "term        coefficient")
    #expect(lines[2] == "(intercept)  -39.689855" && lines[5] == "acidconc      -0.060870")
    for name in ["loss", "value", "gap", "iterations", "gradient norm", "time", "threads", "instruction set"] {
      #expect(lines.contains { $0.hasPrefix(name + ":") })
    }
    for line in [
      "data:             21 rows × 3 columns", "converged:        yes",
      "reason:           The duality gap is within the tolerance.", "written:          m.json, p.svg",
    ] {
      #expect(lines.contains(line))
    }
    #expect(try workspace.names == ["m.json", "p.svg"])
    #expect(isSVG(try workspace.text("p.svg")))
    let model = try JSONDecoder().decode(LinearModel.self, from: Data(try workspace.bytes("m.json")))
    #expect(model.columnNames == ["airflow", "watertemp", "acidconc"])
    #expect(abs(model.intercept + 39.68986) < 1e-5)
    #expect(model.loss == "absoluteError")
  }

  @Test func bothNotationsOfLabels() throws {
    let rows = [(1.0, 0), (2, 0), (2.5, 1), (3, 0), (4, 1), (5, 1)]
    try workspace.file("zero.csv", "x,y\n" + rows.map { "\($0),\($1)\n" }.joined())
    try workspace.file("minus.csv", "x,y\n" + rows.map { "\($0),\(2 * $1 - 1)\n" }.joined())
    for loss in ["logistic", "squaredHinge", "hinge"] {
      let fits = try ["zero.csv", "minus.csv"].map { file in
        let json = try CommandRun(
          "fit", file, "--target", "y", "--loss", loss, "--penalty", "l2(strength: 0.1)", "--json", in: workspace
        ).json()
        return [try #require(json["intercept"] as? Double), try #require(coefficients(json)["x"])]
      }
      #expect(fits[0] == fits[1] && fits[0][1] > 0.1, "\(loss)")
    }
  }

  @Test func arrays() throws {
    let x: [Double] = [1, 2, 2, 1, 3, 5, 4, 4.5, 5, 1]
    // 1 + 2 x0 − 3 x1
    let y: [Double] = [-3, 2, -8, -4.5, 8]
    try AtomicFile.writeNPY(x, shape: [5, 2], to: workspace.path("X.npy"))
    try AtomicFile.writeNPY(x.map(Float.init), shape: [5, 2], to: workspace.path("X4.npy"))
    try AtomicFile.writeNPY(y, shape: [5], to: workspace.path("y.npy"))
    try AtomicFile.writeNPY([1, 1, 1, 1, 0] as [Double], shape: [5], to: workspace.path("w.npy"))
    let json = try CommandRun(
      "fit", "--features", "X.npy", "--target", "y.npy", "--loss", "squaredError", "--weights", "w.npy", "--json",
      in: workspace
    ).json()
    #expect(abs(try #require(json["intercept"] as? Double) - 1) < 1e-6)
    #expect(abs(try #require(coefficients(json)["x0"]) - 2) < 1e-6)
    #expect(abs(try #require(coefficients(json)["x1"]) + 3) < 1e-6)
    let single = try CommandRun(
      "fit", "--features", "X4.npy", "--target", "y.npy", "--loss", "squaredError", "--tolerance", "1e-4", "--json",
      in: workspace
    ).json()
    #expect(abs(try #require(coefficients(single)["x1"]) + 3) < 1e-2)
  }

  @Test func weightsInterceptAndScaling() throws {
    try workspace.file("d.csv", "x,w,y\n1,1,2\n2,1,4\n3,0,77\n")
    let through = try CommandRun(
      "fit", "d.csv", "--target", "y", "--weights", "w", "--loss", "squaredError", "--no-intercept", "--json",
      in: workspace
    ).json()
    #expect(through["intercept"] as? Double == 0)
    #expect(abs(try #require(coefficients(through)["x"]) - 2) < 1e-9)
    #expect(try coefficients(through).count == 1)

    func slope(_ scale: String, _ more: String...) throws -> Double {
      try workspace.file("s.csv", "x,y\n" + [1, 2, 3, 5].map { "\($0)\(scale),\($0 * $0)\n" }.joined())
      let run = try CommandRun(
        ["fit", "s.csv", "--target", "y", "--loss", "squaredError", "--penalty", "l2(strength: 1)", "--json"] + more,
        in: workspace)
      return try #require(try coefficients(try run.json())["x"])
    }
    // Scaled columns make the penalty independent of the unit.
    #expect(abs(try slope("", "--standardize") / slope("000", "--standardize") - 1000) < 1e-3)
    #expect(abs(try slope("") / slope("000") - 1000) > 1)
  }

  @Test func fitThatDoesNotConverge() throws {
    let arguments = ["fit", example("engel.csv"), "--target", "foodexp", "--loss", "huber", "--max-iterations", "1"]
    let run = try CommandRun(arguments, in: workspace)
    #expect(run.exitCode == 0)
    #expect(run.standardError.hasPrefix("losses: warning: the fit did not converge: The limit on iterations"))
    #expect(run.standardError.count { $0.isNewline } == 1)
    #expect(run.standardOutput.contains("converged:        no"))
    let quiet = try CommandRun(arguments + ["--json"], in: workspace)
    let json = try JSONSerialization.jsonObject(with: Data(quiet.standardOutput.utf8)) as? [String: Any]
    #expect(json?["converged"] as? Bool == false && json?["reason"] as? String == "iterationLimit")
  }

  @Test(
    arguments: [
      ("stackloss.csv", "stackloss", "huber"), ("engel.csv", "foodexp", "quantile"),
      ("breast_cancer.csv", "benign", "logistic"), ("breast_cancer.csv", "benign", "hinge"),
      ("doctor_visits.csv", "mdvis", "poisson"),
    ])
  func plots(file: String, target: String, loss: String) throws {
    let run = try CommandRun(
      "fit", example(file), "--target", target, "--loss", loss, "--penalty", "l2(strength: 0.01)", "--standardize",
      "--plot", "/dev/stdout", in: workspace)
    // The picture takes the place of the report.
    run.expectSuccess()
    #expect(isSVG(run.standardOutput))
    #expect(run.standardOutput.contains(">Convergence<") && run.standardOutput.contains(target))
  }

  // MARK: Errors

  @Test func wrongCalls() throws {
    let data = example("stackloss.csv")
    func fit(_ arguments: String...) throws -> CommandRun { try CommandRun(["fit"] + arguments, in: workspace) }
    try fit(data, "--target", "stackloss", "--loss", "hubber").expectFailure(64, "did you mean 'huber'?")
    try fit(data, "--target", "stackloss", "--loss", "zzz").expectFailure(64, "'zzz'", "losses list")
    try fit(data, "--target", "stackloss", "--loss", "huber(delta: -1)").expectFailure(
      64, "delta -1.0", "greater than 0")
    try fit(data, "--target", "stackloss", "--loss", "huber(delta 1)").expectFailure(64, "label: number")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--penalty", "zzz").expectFailure(
      64, "'zzz'", "l2(strength: 0.01)")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--penalty", "l3").expectFailure(
      64, "did you mean 'l1'?")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--penalty", "l2(strength: -1)").expectFailure(
      64, "strength")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--threads", "0").expectFailure(64, "at least 1")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--threads", "x").expectFailure(64, "--threads")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--tolerance", "-1").expectFailure(64, "tolerance")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--max-iterations", "-1").expectFailure(64, "at least 0")
    try fit(data, "--target", "stackloss", "--loss", "huber", "--wieghts", "a").expectFailure(64, "--wieghts", "--help")
    try fit(data, "--target", "stackloss").expectFailure(64, "--loss")
    try fit("--target", "a", "--loss", "huber").expectFailure(64, "--features")
    try fit(data, "--features", "X.npy", "--target", "a", "--loss", "huber").expectFailure(64, "not both")
    try fit(data, "--target", "a", "--weights", "a", "--loss", "huber").expectFailure(64, "two columns")
  }

  @Test func penalties() throws {
    func fit(_ penalty: String, loss: String = "squaredError") throws -> CommandRun {
      try CommandRun(
        "fit", example("stackloss.csv"), "--target", "stackloss", "--loss", loss, "--penalty", penalty, "--json",
        in: workspace)
    }
    let ridge = try coefficients(fit("l2(strength: 0.25)").json())
    for penalty in [
      "0.5 * l2(strength: 0.5)", "gaussianPrior(scales: 2)", "gaussianPrior(means: [0, 0, 0], scales: [2, 2, 2])",
    ] {
      #expect(try coefficients(fit(penalty).json()) == ridge)
    }
    let smoothed = try coefficients(fit("smoothedL1(strength: 3, delta: 0.4)").json())
    #expect(abs(try #require(smoothed["airflow"]) - 0.7645988) < 1e-6)
    #expect(try fit("gaussianPrior(scales: 2)", loss: "absoluteError").json()["gap"] is Double)

    try fit("l1(strength: 0.1)").expectFailure(
      64, "penalty is l1(strength: 0.1); expected a differentiable one (l2, gaussianPrior,",
      "no solver here handles kinks")
    try fit("0.5 * l1 + l2").expectFailure(64, "penalty is 0.5 * l1(strength: 1.0) + l2(strength: 1.0)")
    try fit("groupLasso(groups: [0, 0, 1])").expectFailure(64, "groupLasso(strength: 1.0, groups: [0, 0, 1])")
    try fit("smoothedL1", loss: "hinge").expectFailure(64, "smoothedL1", "quadratic", "the loss hinge")
    try fit("gaussianPrior(means: [1, 2])").expectFailure(65, "means has 2 elements; expected 3")
    try fit("mcp(gamma: 1)").expectFailure(64, "mcp has gamma 1.0; expected a finite number greater than 1")
  }

  @Test func badTables() throws {
    func fit(_ text: String, target: String = "y", loss: String = "squaredError") throws -> CommandRun {
      try workspace.file("d.csv", text)
      return try CommandRun(
        "fit", "d.csv", "--target", target, "--loss", loss, "--model", "m.json", in: workspace)
    }
    try CommandRun("fit", "none.csv", "--target", "y", "--loss", "huber", in: workspace)
      .expectFailure(66, "'none.csv' does not exist")
    try fit("x,y\n1,2\n3\n").expectFailure(65, "'d.csv', line 3", "1 field")
    try fit("x,y\n1,2\n,4\n").expectFailure(65, "'d.csv', line 3, column 'x'", "empty")
    try fit("x,y\n1,2\nred,4\n").expectFailure(65, "'d.csv', line 3, column 'x'", "'red'")
    try fit("x,y\n1,nan\n").expectFailure(65, "'d.csv', line 2, column 'y'", "'nan'")
    try fit("x,yield\n1,2\n", target: "yeild").expectFailure(65, "no column 'yeild'", "did you mean 'yield'?")
    try fit("x,y\n").expectFailure(65, "no rows")
    try fit("").expectFailure(65, "empty")
    try fit("x,y\n1,1\n2,0\n3,2\n", loss: "hinge").expectFailure(65, "'d.csv', column 'y'", "element 2", "-1 or 1")
    try fit("x,y\n1,1\n2,1.5\n", loss: "logistic").expectFailure(65, "element 1", "1.5", "from 0 to 1")
    try fit("x,y\n1,1\n2,-1\n", loss: "poisson").expectFailure(65, "element 1", "not below 0")
    try fit("x\u{1B}[31m\nred\n").expectFailure(65, "no column 'y'")
    try workspace.file("w.csv", "x,y,w\n1,2,0\n3,4,0\n")
    try CommandRun("fit", "w.csv", "--target", "y", "--weights", "w", "--loss", "huber", in: workspace)
      .expectFailure(65, "every weight is 0")
    try workspace.file("w.csv", "x,y,w\n1,2,1\n3,4,-2\n")
    try CommandRun("fit", "w.csv", "--target", "y", "--weights", "w", "--loss", "huber", in: workspace)
      .expectFailure(65, "column 'w'", "element 1", "-2.0")
    #expect(try workspace.names == ["d.csv", "w.csv"])
  }

  @Test func badArrays() throws {
    try AtomicFile.writeNPY([1, 2, .nan, 4] as [Double], shape: [4, 1], to: workspace.path("nan.npy"))
    try AtomicFile.writeNPY([1, 2, 3, 4] as [Double], shape: [2, 2], to: workspace.path("X.npy"))
    try AtomicFile.writeNPY([1, 2, 3] as [Double], shape: [3], to: workspace.path("y3.npy"))
    try AtomicFile.writeNPY([1, 2, 3, 4] as [Double], shape: [4], to: workspace.path("y4.npy"))
    try AtomicFile.writeNPY([] as [Double], shape: [0, 2], to: workspace.path("empty.npy"))
    try AtomicFile.writeNPY([] as [Double], shape: [0], to: workspace.path("y0.npy"))
    func fit(_ features: String, _ target: String) throws -> CommandRun {
      try CommandRun("fit", "--features", features, "--target", target, "--loss", "huber", in: workspace)
    }
    try fit("nan.npy", "y4.npy").expectFailure(65, "'nan.npy'", "row 2", "'x0'", "nan")
    try fit("X.npy", "y3.npy").expectFailure(65, "(3,)", "(2,)")
    try fit("y3.npy", "y3.npy").expectFailure(65, "2 dimensions")
    try fit("empty.npy", "y0.npy").expectFailure(65, "no rows")
    try fit("none.npy", "y3.npy").expectFailure(66, "'none.npy'")
    try fit("X.npy", "none.npy").expectFailure(66, "'none.npy'")
  }

  @Test func fewRows() throws {
    try workspace.file("one.csv", "a,b,y\n1,2,3\n")
    try workspace.file("wide.csv", "a,b,c,y\n1,2,3,1\n2,1,5,0\n")
    try workspace.file("alone.csv", "y\n1\n2\n6\n")
    for loss in ["squaredError", "absoluteError", "poisson"] {
      for file in ["one.csv", "wide.csv", "alone.csv"] {
        let run = try CommandRun(
          "fit", file, "--target", "y", "--loss", loss, "--penalty", "l2(strength: 0.001)", "--json", in: workspace)
        #expect(try run.json()["value"] is Double)
      }
    }
    let mean = try CommandRun("fit", "alone.csv", "--target", "y", "--loss", "squaredError", "--json", in: workspace)
    #expect(abs(try #require(try mean.json()["intercept"] as? Double) - 3) < 1e-9)
  }

  @Test func outputsAppearTogether() throws {
    let arguments = ["fit", example("engel.csv"), "--target", "foodexp", "--loss", "huber", "--model", "m.json"]
    try CommandRun(arguments + ["--plot", "none/p.svg"], in: workspace).expectFailure(73, "'none/p.svg'")
    try CommandRun(arguments + ["--plot", workspace.path], in: workspace).expectFailure(73, "directory")
    try CommandRun(arguments + ["--plot", "./m.json"], in: workspace).expectFailure(73, "same file")
    // A device that is full fails when it is written to, after the check.
    try CommandRun(arguments + ["--plot", "/dev/full"], in: workspace).expectFailure(73, "'/dev/full'")
    #expect(try workspace.names == [])
  }
}
