import ArgumentParser
import DataFiles
import Losses
import Optimizers

/// An error as the user sees it: one line and an exit code.
struct CommandFailure: Error {
  /// The exit codes of `sysexits.h` that the command uses.
  enum Status: Int32 {
    /// The call is wrong.
    case usage = 64
    /// The input was read and is wrong.
    case data = 65
    /// The input is missing or cannot be read.
    case noInput = 66
    /// Something went wrong that should not.
    case software = 70
    /// The system refused memory.
    case system = 71
    /// The output cannot be written.
    case cannotCreate = 73
  }

  let status: Status
  let message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message.onOneLine
  }

  /// The failure that an error of the parser, the libraries or the command amounts to.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure:
      self = failure
    case let error as DataFileError:
      let status: Status =
        switch error.kind {
        case .cannotRead: .noInput
        case .badData: .data
        case .cannotWrite: .cannotCreate
        }
      self.init(status, error.description)
    case let error as LossError:
      self.init(Status(error), error.description)
    case let error as OptimizerError:
      if case .notFiniteAtStart = error {
        self.init(.data, "\(error); scale the data or use a loss that grows more slowly")
      } else {
        self.init(.usage, error.description)
      }
    case _ where LossesCommand.exitCode(for: error) == .validationFailure:
      let message = LossesCommand.message(for: error)
      // The parser puts this hint, which names the subcommand, below its usage text.
      let lines = LossesCommand.fullMessage(for: error).split(whereSeparator: \.isNewline)
      let hint = lines.last.map { $0.drop(while: \.isWhitespace) } ?? ""
      let isSentence = message.last.map { ".?!".contains($0) } ?? true
      self.init(.usage, hint.hasPrefix("See '") ? message + (isSentence ? " " : ". ") + hint : message)
    default:
      self.init(.software, "\(error)")
    }
  }
}

extension CommandFailure.Status {
  fileprivate init(_ error: LossError) {
    switch error {
    case .lengthMismatch, .invalidElement, .invalidLabel, .negativeMean: self = .data
    case .invalidParameter, .invalidArgument, .unknownName, .malformedText: self = .usage
    case .outOfMemory: self = .system
    }
  }
}

extension String {
  /// The text with line breaks made spaces and control characters, which could command a terminal, escaped.
  var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar.properties.isWhitespace, .lineSeparator, .paragraphSeparator:
        if line.last != " " { line += " " }
      case .control, .format: line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}
