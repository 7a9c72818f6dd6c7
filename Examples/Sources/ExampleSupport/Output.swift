public import Charts
import Foundation

/// A number with this many decimals.
public func text(_ value: Double, _ decimals: Int = 4) -> String { String(format: "%.\(decimals)f", value) }

/// Prints numbers below each other, right-aligned under the names of their columns.
public func printTable(_ title: String, columns: [String], rows: [(name: String, values: [Double])]) {
  let width = max(10, columns.map(\.count).max() ?? 0) + 2
  let firstWidth = ([title] + rows.map(\.name)).map(\.count).max() ?? 0
  func printLine(_ name: String, _ cells: [String]) {
    let padded = cells.map { String(repeating: " ", count: max(0, width - $0.count)) + $0 }
    print(name + String(repeating: " ", count: firstWidth - name.count) + padded.joined())
  }
  print()
  printLine(title, columns)
  for row in rows { printLine(row.name, row.values.map { text($0) }) }
}

/// Writes the figure into the folder that the program was given, by default `Examples/Output`.
public func write(_ figure: Figure, to name: String) throws {
  let folder = CommandLine.arguments.dropFirst().first ?? "Examples/Output"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  try figure.svg.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  print("\nwritten: \(folder)/\(name)")
}

/// Ends the program with a message on standard error, and with a status that says that it failed.
public func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("error: \(message)\n".utf8))
  exit(1)
}
