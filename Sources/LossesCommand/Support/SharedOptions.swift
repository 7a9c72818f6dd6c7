public import ArgumentParser
import DataFiles
public import Losses

/// The options of every command that computes.
struct SharedOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "At most this many threads; results do not depend on it. Default: as many as pay.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print one JSON object and nothing else.")
  var json = false

  /// The limit, checked.
  var threadLimit: ThreadLimit {
    get throws(LossError) {
      let limit = threads.map(ThreadLimit.atMost) ?? .automatic
      _ = try limit.kernelLimit()
      return limit
    }
  }
}

extension Reduction: ExpressibleByArgument {}

extension ClassWeighting: ExpressibleByArgument {}

/// A number type that files are read into, evaluated in and written from.
typealias FileScalar = LossScalar & NPYWritable
