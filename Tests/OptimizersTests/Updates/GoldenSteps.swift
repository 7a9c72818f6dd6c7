import Foundation

/// The steps of `Tests/Golden/steps.py`, and the files of what other systems make of them.
enum GoldenSteps {
  static let count = 100

  /// The first parameters.
  static let start = (0..<21).map { Double($0 - 10) / 8 }

  static func gradient(_ step: Int) -> [Double] {
    (0..<21).map { i in
      let sizes = [1, 0.0625, 0.00390625]
      return Double((7 * step + 13 * i) % 29 - 14) / 8 * sizes[i % 3]
    }
  }

  /// A record of each call, with what came of it in both precisions.
  struct File<Outcome: Decodable & Sendable>: Decodable, Sendable {
    struct Record: Decodable, Sendable {
      var call: String
      var system: String
      var double: Outcome
      var float: Outcome
    }
    var records: [Record]

    init(_ name: String) {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      let path = folder.appendingPathComponent("../../Golden/\(name)").standardizedFileURL
      self = try! JSONDecoder().decode(Self.self, from: Data(contentsOf: path))
    }
  }

  /// Whether numbers are the same relative to the largest one: some are near 0.
  static func agree(_ found: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
    let size = expected.map(abs).max() ?? 1
    return found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * size }
  }
}
