import DataFiles
import LossesCommand
import Testing

/// Numbers in reports.
@Suite struct NumberTextTests {
  /// A processor sets the sign of what is not a number at its own discretion.
  @Test(arguments: [Double.nan, -Double.nan]) func notANumberHasNoSign(_ number: Double) {
    #expect(NumberText.short(number) == "nan" && NumberText.exact(number) == "nan")
    #expect(NumberText.column([number, 2]).first == "nan" && NumberText.column([2, number]).last == "nan")
    #expect(NumberText.column([1e9, number, 2]) == ["1.00000e+09", "nan", "2.00000e+00"])
  }

  @Test func numbersKeepTheirSign() {
    #expect(NumberText.short(-.infinity) == "-inf" && NumberText.exact(-.infinity) == "-inf")
    #expect(NumberText.short(-0.5) == "-0.5" && NumberText.exact(-0.1) == "-0.1")
    #expect(NumberText.column([-1.5, 2]) == ["-1.5000", "2.0000"])
  }

  /// ∞ − ∞ is one whose sign is set.
  @Test func aReportHasNoSignOfIt() throws {
    let workspace = try Workspace()
    try AtomicFile.writeNPY([Double.infinity], shape: [1], to: workspace.path("p.npy"))
    try AtomicFile.writeNPY([1.0], shape: [1], to: workspace.path("t.npy"))
    let run = try CommandRun(
      "evaluate", "poisson", "--predictions", "p.npy", "--targets", "t.npy", in: workspace)
    #expect(run.exitCode == 0 && run.standardOutput.contains("value:            nan\n"), "\(run.standardOutput)")
  }
}
