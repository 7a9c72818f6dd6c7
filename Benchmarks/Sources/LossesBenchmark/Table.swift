import Foundation

/// Prints measurements as the rows of a table, each as soon as it is there.
enum Table {
  private static let columns: [(title: String, width: Int)] = [
    ("benchmark", 24), ("scalar", 7), ("size", 14), ("threads", 8), ("ns/call", 13), ("M elements/s", 13),
    ("GB/s", 8), ("roofline GB/s", 14), ("roofline loop", 15), ("fraction", 9),
  ]

  /// Prints the titles of the columns.
  static func printTitles() {
    printRow(columns.map(\.title))
  }

  /// Prints one row.
  static func printRow(_ measurement: Measurement) {
    func threads(_ count: Int) -> String { count == 0 ? "all" : "\(count)" }
    let roofline = measurement.roofline
    printRow([
      measurement.benchmark, measurement.scalar, measurement.size, threads(measurement.threads),
      number(measurement.call.median, digits: 1), number(measurement.elementsPerSecond / 1e6, digits: 1),
      number(measurement.gigabytesPerSecond, digits: 2), number(roofline?.gigabytesPerSecond, digits: 2),
      roofline.map { "\($0.fastest.kind.rawValue) × \($0.fastest.threads)" } ?? "",
      number(measurement.fractionOfRoofline, digits: 3),
    ])
  }

  /// Prints a line of its own.
  static func printLine(_ line: String) {
    print(line)
    fflush(nil)
  }

  private static func printRow(_ cells: [String]) {
    let padded = zip(cells, columns).enumerated().map { index, cell in
      let padding = String(repeating: " ", count: max(0, cell.1.width - cell.0.count))
      return index < 2 ? cell.0 + padding : padding + cell.0
    }
    printLine(padded.joined(separator: " "))
  }

  private static func number(_ value: Double?, digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? ""
  }
}
