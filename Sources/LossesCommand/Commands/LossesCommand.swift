package import ArgumentParser
import Foundation

/// The command `losses`.
@main
package struct LossesCommand: ParsableCommand {
  package static let version = "0.1.0"

  package static let configuration = CommandConfiguration(
    commandName: "losses",
    abstract: "Loss functions: their properties, values, gradients and curves, and linear models fitted with them.",
    discussion: """
      A loss is written by name, with parameters where they differ from the defaults: huber, 'huber(delta: 1.35)', \
      'focal(alpha: 0.25, gamma: 2)'.

      Exit codes: 0 success; 64 a wrong call, such as an unknown option or loss; 65 wrong data, such as an unknown \
      column or a bad label; 66 an input that is missing or cannot be read; 70 a derivative that 'losses check' found \
      wrong, or another error of the program; 73 an output that cannot be written. Errors are one line on standard error. All outputs of a run appear together, or none of them does.

      Example: losses fit Examples/Data/stackloss.csv --target stackloss --loss absoluteError
      """,
    version: "losses \(version)",
    subcommands: [ListCommand.self, EvaluateCommand.self, CheckCommand.self, FitCommand.self, PlotCommand.self])

  package init() {}

  /// Runs the command that the arguments name and exits with its code.
  package static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      if exitCode(for: error) == .success {
        // Help and version.
        return print(message(for: error))
      }
      let failure = CommandFailure(error)
      FileHandle.standardError.write(Data("losses: \(failure.message)\n".utf8))
      Foundation.exit(failure.status.rawValue)
    }
  }
}
