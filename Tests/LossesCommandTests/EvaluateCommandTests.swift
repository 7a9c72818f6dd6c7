import DataFiles
import Foundation
import Testing

@Suite struct EvaluateCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func evaluate(_ loss: String, _ arguments: String...) throws -> CommandRun {
    try CommandRun(["evaluate", loss, "--predictions", "p.npy", "--targets", "t.npy"] + arguments, in: workspace)
  }

  private func write<Element: NPYWritable>(_ name: String, _ elements: [Element], shape: [Int]? = nil) throws {
    try AtomicFile.writeNPY(elements, shape: shape ?? [elements.count], to: workspace.path(name))
  }

  /// An `.npy` file with any header.
  private func writeRaw(_ name: String, descriptor: String, shape: String, fortran: Bool = false, _ data: [UInt8])
    throws
  {
    let text = "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
    let length = [UInt8(text.utf8.count & 0xFF), UInt8(text.utf8.count >> 8)]
    try workspace.file(name, [0x93] + Array("NUMPY".utf8) + [1, 0] + length + Array(text.utf8) + data)
  }

  /// The environment lowers the instruction set and the number of threads, and the value stays the same.
  @Test func environmentLowersInstructionSetAndThreads() throws {
    let numbers = (0..<1_000_000).map { Double($0 % 1000) / 100 - 5 }
    try write("p.npy", numbers, shape: [numbers.count])
    try write("t.npy", numbers.map { $0.rounded() }, shape: [numbers.count])
    func run(_ environment: [String: String]) throws -> [String: Any] {
      try CommandRun(
        ["evaluate", "logCosh", "--predictions", "p.npy", "--targets", "t.npy", "--json"], in: workspace,
        environment: environment
      ).json()
    }
    let plain = try run([:])
    let lowered = try run(["LOSSES_ISA": "baseline", "OMP_NUM_THREADS": "1"])
    #expect(lowered["isa"] as? String == "baseline" && lowered["threads"] as? Int == 1)
    #expect(lowered["value"] as? Double == plain["value"] as? Double)
    #if OpenMP
      let threads = try #require(plain["threads"] as? Int)
      #expect(threads == 1 || threads <= ProcessInfo.processInfo.activeProcessorCount)
    #endif
  }

  /// An empty file can claim any number of columns.
  @Test func hugeShapeWithoutRows() throws {
    try writeRaw("x.npy", descriptor: "<f8", shape: "(0, 1152921504606846976)", [])
    try write("y.npy", [] as [Double], shape: [0])
    try CommandRun("fit", "--features", "x.npy", "--target", "y.npy", "--loss", "huber", in: workspace)
      .expectFailure(65, "no rows")
  }

  @Test func roundTripOfArrays() throws {
    try write("p.npy", [0, 0.5, -3, 0.5] as [Double], shape: [2, 2])
    try write("t.npy", [0, 0, 0, 1] as [Double], shape: [2, 2])
    try write("w.npy", [1, 2, 1, 0] as [Double], shape: [2, 2])
    let json = try evaluate(
      "huber(delta: 1)", "--weights", "w.npy", "--reduction", "sum", "--values", "v.npy", "--gradient", "g.npy",
      "--curvature", "h.npy", "--threads", "1", "--json"
    ).json()
    #expect(json.keys.sorted() == ["count", "isa", "loss", "seconds", "threads", "value", "weight"])
    #expect(json["value"] as? Double == 2.75 && json["weight"] as? Double == 4 && json["count"] as? Int == 4)
    #expect(json["loss"] as? String == "huber(delta: 1.0)" && json["threads"] as? Int == 1)
    for (name, expected) in [
      ("v.npy", [0, 0.25, 2.5, 0]), ("g.npy", [0, 1, -1, 0]), ("h.npy", [1, 2, 0, 0]),
    ] as [(String, [Double])] {
      let array = try NPYArray(contentsOf: workspace.path(name))
      #expect(array.shape == [2, 2] && array.dtype == .float64)
      #expect(try array.elements(as: Double.self) == expected, "\(name)")
    }
  }

  @Test func singlePrecision() throws {
    try write("p.npy", [0.1, 0.3] as [Float])
    try write("t.npy", [0.1, 0.2] as [Double])
    try evaluate("squaredError", "--reduction", "sum", "--values", "v.npy").expectSuccess()
    let array = try NPYArray(contentsOf: workspace.path("v.npy"))
    #expect(array.dtype == .float32)
    let difference = Float(0.3) - Float(0.2)
    // The target 0.1 is rounded to Float, so that the first residual is 0.
    #expect(try array.elements(as: Float.self) == [0, difference * difference])
    try write("t.npy", [0.1, 1e300] as [Double])
    try evaluate("squaredError").expectFailure(65, "'t.npy'", "element 1", "float32")
  }

  @Test func integersAndTables() throws {
    try write("p.npy", [1, 2, 3] as [Double])
    try writeRaw("t.npy", descriptor: "|i1", shape: "(3,)", [1, 0, 255])
    #expect(try evaluate("squaredError", "--reduction", "sum", "--json").json()["value"] as? Double == 20)
    try workspace.file("t.csv", "target\n1\n0\n-1\n")
    try workspace.file("plain.csv", "1\n2\n3\n")
    try workspace.file("array", try workspace.bytes("p.npy"))
    for predictions in ["p.npy", "plain.csv", "array"] {
      let run = try CommandRun(
        "evaluate", "squaredError", "--predictions", predictions, "--targets", "t.csv", "--reduction", "mean", "--json",
        in: workspace)
      #expect(abs(try #require(try run.json()["value"] as? Double) - 20.0 / 3) < 1e-15)
    }
    let root = try evaluate("squaredError", "--reduction", "rootMean", "--json").json()
    #expect(abs(try #require(root["value"] as? Double) - (20.0 / 3).squareRoot()) < 1e-15)
  }

  @Test func bothNotationsOfLabels() throws {
    try write("p.npy", [2, -1, 0.5] as [Double])
    for loss in ["hinge", "logistic"] {
      let results = try [[1, 0, 0], [1, -1, -1]].map { labels in
        try write("t.npy", labels.map(Double.init))
        return try #require(try evaluate(loss, "--reduction", "sum", "--json").json()["value"] as? Double)
      }
      #expect(results[0] == results[1])
      #expect(abs(results[0] - (loss == "hinge" ? 1.5 : 1.414266)) < 1e-5)
    }
    // All of one class, and labels of weight 0, which do not count.
    try write("t.npy", [0, 0, 0] as [Double])
    #expect(try evaluate("hinge", "--reduction", "sum", "--json").json()["value"] as? Double == 4.5)
    try write("t.npy", [1, 0, -1] as [Double])
    try evaluate("hinge").expectFailure(65, "'t.npy'", "element 1", "0.0", "-1 or 1")
    try write("w.npy", [1, 1, 0] as [Double])
    #expect(try evaluate("hinge", "--weights", "w.npy", "--reduction", "sum", "--json").json()["value"] as? Double == 0)
  }

  @Test func valueThatIsNotFinite() throws {
    try write("p.npy", [1e300] as [Double])
    try write("t.npy", [0] as [Double])
    #expect(try evaluate("squaredError", "--json").json()["value"] is NSNull)
    #expect(try evaluate("squaredError").standardOutput.contains("inf"))
  }

  @Test func report() throws {
    try write("p.npy", [1, 2] as [Double])
    try write("t.npy", [1, 0] as [Double])
    let run = try evaluate("squaredError", "--gradient", "g.npy")
    run.expectSuccess()
    for line in ["loss:             squaredError\n", "value:            2.0\n", "written:          g.npy\n"] {
      #expect(run.standardOutput.contains(line))
    }
    let piped = try evaluate("squaredError", "--json", "--gradient", "/dev/stdout")
    piped.expectSuccess()
    #expect(piped.standardOutput.contains("'descr': '<f8'") && !piped.standardOutput.contains("\"value\""))
  }

  // MARK: Errors

  @Test func wrongCalls() throws {
    try write("p.npy", [1, 2] as [Double])
    try write("t.npy", [1, 0] as [Double])
    try evaluate("hing").expectFailure(64, "did you mean 'hinge'?")
    try evaluate("huber(delta: -1)").expectFailure(64, "delta", "greater than 0")
    try evaluate("huber", "--reduction", "max").expectFailure(64, "'sum', 'mean' or 'rootMean'")
    try evaluate("huber", "--reduction", "rootMean", "--curvature", "h.npy").expectFailure(64, "--curvature")
    try evaluate("huber", "--gradent", "g.npy").expectFailure(64, "--gradent")
    try evaluate("huber", "--threads", "-2").expectFailure(64, "at least 1")
    try CommandRun("evaluate", "huber", "--targets", "t.npy", in: workspace).expectFailure(64, "--predictions")
  }

  @Test func badFiles() throws {
    try write("p.npy", [1, 2] as [Double])
    try write("t.npy", [1, 0, 1] as [Double])
    try evaluate("huber").expectFailure(65, "'t.npy' has shape (3,)", "'p.npy' has shape (2,)")
    try write("t.npy", [1, 0] as [Double], shape: [2, 1])
    try evaluate("huber").expectFailure(65, "(2, 1)")
    try write("t.npy", [1, 0] as [Double])
    try write("w.npy", [1, 0, 1] as [Double])
    try evaluate("huber", "--weights", "w.npy").expectFailure(65, "'w.npy'")
    try write("w.npy", [1, -1] as [Double])
    try evaluate("huber", "--weights", "w.npy").expectFailure(65, "'w.npy'", "element 1")
    try evaluate("huber", "--weights", "none.npy").expectFailure(66, "'none.npy' does not exist")
    try workspace.file("t.npy", Array(try workspace.bytes("p.npy").dropLast(3)))
    try evaluate("huber").expectFailure(65, "'t.npy'", "truncated")
    try writeRaw("t.npy", descriptor: "<f8", shape: "(4000000000, 4000000000)", [])
    try evaluate("huber").expectFailure(65, "'t.npy'", "memory")
    try writeRaw("t.npy", descriptor: "<f8", shape: "(2, 2)", fortran: true, [UInt8](repeating: 0, count: 32))
    try evaluate("huber").expectFailure(65, "'t.npy'", "Fortran")
    try writeRaw("t.npy", descriptor: ">f8", shape: "(2,)", [UInt8](repeating: 0, count: 16))
    try evaluate("huber").expectFailure(65, "'t.npy'", "little-endian")
    try workspace.file("t.npy", "1\n2\n")
    try evaluate("huber").expectFailure(65, "'t.npy'", "numpy.save")
    try workspace.file("two.csv", "1,2\n3,4\n")
    try CommandRun("evaluate", "huber", "--predictions", "two.csv", "--targets", "p.npy", in: workspace)
      .expectFailure(65, "'two.csv' has 2 columns")
    // The mean of the Poisson loss may be negative, and then has no root.
    try write("p.npy", [1.5] as [Double])
    try write("t.npy", [5] as [Double])
    try evaluate("poisson", "--reduction", "rootMean").expectFailure(65, "negative")
  }

  @Test func outputsAppearTogether() throws {
    try write("p.npy", [1, 2] as [Double])
    try write("t.npy", [1, 0] as [Double])
    try workspace.file("g.npy", "old")
    let before = try workspace.names
    try evaluate("huber", "--gradient", "g.npy", "--values", "none/v.npy").expectFailure(73, "'none/v.npy'")
    try evaluate("huber", "--gradient", "g.npy", "--values", "/dev/full").expectFailure(73, "'/dev/full'")
    try evaluate("huber", "--gradient", "v.npy", "--values", "v.npy").expectFailure(73, "same file")
    try write("t.npy", [1, 7] as [Double])
    try evaluate("hinge", "--gradient", "g.npy", "--values", "v.npy").expectFailure(65, "element 1")
    #expect(try workspace.names == before)
    #expect(try workspace.text("g.npy") == "old")
  }
}
