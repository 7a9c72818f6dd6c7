import CRoofline
import Foundation

/// Where and how the figures came about.
struct Environment: Encodable {
  let processor: String
  let instructionSet: String
  let rooflineInstructionSet: String
  let threads: Int
  let loadAverage: Double
  let revision: String
  let date: String
  let swift: String
  let command: String

  init(_ probe: LibraryProbe) {
    processor = Self.processorName()
    instructionSet = probe.instructionSet
    rooflineInstructionSet = String(cString: cr_instruction_set())
    threads = probe.threads
    var load = 0.0
    loadAverage = getloadavg(&load, 1) == 1 ? load : .nan
    revision = Self.output(of: ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]) ?? "unknown"
    date = Date.now.formatted(.iso8601)
    swift = Self.output(of: ["swift", "--version"]) ?? "unknown"
    command = (["losses-benchmark"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
  }

  /// The header of the table.
  var lines: [String] {
    [
      "processor        \(processor)",
      "instruction set  \(instructionSet); roofline: \(rooflineInstructionSet)",
      "threads          \(threads)",
      "load average     \(loadAverage.formatted(.number.precision(.fractionLength(2)))) at the start",
      "revision         \(revision)",
      "date             \(date)",
      "swift            \(swift)",
      "command          \(command)",
    ]
  }

  private static func processorName() -> String {
    #if os(Linux)
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      let name = line?.split(separator: ":", maxSplits: 1).last
      return name?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    #else
      return output(of: ["sysctl", "-n", "machdep.cpu.brand_string"]) ?? "unknown"
    #endif
  }

  /// The first line that a command prints; `nil` where it fails.
  private static func output(of command: [String]) -> String? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }
}
