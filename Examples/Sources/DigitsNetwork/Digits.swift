import ExampleSupport

/// Images of handwritten digits, and what they show.
struct Digits {
  static let classCount = 10

  /// 64 pixels for each image, row by row, from 0 to 1.
  private(set) var pixels: [Double] = []
  /// Which digit each image shows.
  private(set) var labels: [UInt8] = []

  var count: Int { labels.count }

  /// Every fifth image of each digit, which is looked at once, at the end, and the others, which are learned from. The
  /// people who wrote them are in both: the table does not say who wrote what.
  static func dealt(_ table: Table) -> (learning: Digits, test: Digits) {
    var (learning, test) = (Digits(), Digits())
    var seen = [Int](repeating: 0, count: classCount)
    for (row, label) in zip(table.rows, table.column("digit")) {
      let digit = Int(label)
      if seen[digit] % 5 == 4 { test.append(row, digit) } else { learning.append(row, digit) }
      seen[digit] += 1
    }
    return (learning, test)
  }

  private mutating func append(_ row: [Double], _ digit: Int) {
    pixels += row.dropLast().map { $0 / 16 }
    labels.append(UInt8(digit))
  }
}
