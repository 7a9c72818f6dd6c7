import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// One run of the built command `losses`, as a process of its own.
struct CommandRun {
  let exitCode: Int32
  let standardOutput: String
  let standardError: String

  /// Runs the command in a directory and waits for its end.
  init(_ arguments: String..., in directory: Workspace) throws {
    try self.init(arguments, in: directory)
  }

  /// The same with variables of the environment.
  init(_ arguments: [String], in directory: Workspace, environment: [String: String] = [:]) throws {
    let streams = try Workspace()
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory.path)
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, because a pipe that nobody reads blocks the process when it is full.
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: try streams.file("out", [])))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: try streams.file("err", [])))
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    exitCode = process.terminationStatus
    standardOutput = try streams.text("out")
    standardError = try streams.text("err")
  }

  /// The products lie beside the tests.
  private static let executable: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    let tests = bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    let directory = tests.pathExtension == "xctest" ? tests.deletingLastPathComponent() : Bundle.main.bundleURL
    return directory.appendingPathComponent("losses")
  }()

  /// The one JSON object that standard output has to be, with nothing on standard error.
  func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
    #expect(exitCode == 0 && standardError == "", "\(standardError)", sourceLocation: sourceLocation)
    let value = try JSONSerialization.jsonObject(with: Data(standardOutput.utf8))
    return try #require(value as? [String: Any], sourceLocation: sourceLocation)
  }

  /// Checks that the command failed as it should: the code, nothing on standard output, one line on standard error.
  func expectFailure(
    _ code: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(exitCode == code, "\(standardError)", sourceLocation: sourceLocation)
    #expect(standardOutput == "", sourceLocation: sourceLocation)
    #expect(standardError.hasPrefix("losses: "), sourceLocation: sourceLocation)
    #expect(standardError.hasSuffix("\n") && standardError.count { $0.isNewline } == 1, sourceLocation: sourceLocation)
    for part in parts {
      #expect(standardError.contains(part), "\(standardError)", sourceLocation: sourceLocation)
    }
  }

  /// Checks that the command succeeded without a word on standard error.
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(exitCode == 0 && standardError == "", "\(standardError)", sourceLocation: sourceLocation)
  }
}

/// A directory that exists as long as this object.
final class Workspace: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("losses-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }

  @discardableResult func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  @discardableResult func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// The names of all files, hidden ones included.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

/// The path of an example data set.
func example(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Examples/Data/\(name)").path
}

/// Whether the text is a well-formed SVG document.
func isSVG(_ text: String) -> Bool {
  text.hasPrefix("<svg ") && XMLParser(data: Data(text.utf8)).parse()
}
