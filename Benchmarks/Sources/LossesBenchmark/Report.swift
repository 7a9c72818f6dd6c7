import Foundation

/// Everything that one run found, as written by `--json`.
struct Report: Encodable {
  let environment: Environment
  var measurements: [Measurement] = []
  var idleCost: IdleCost?

  init(environment: Environment) {
    self.environment = environment
  }

  /// Writes the report as JSON.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try encoder.encode(self).write(to: URL(filePath: path))
  }
}
