/// How often each digit, by row, is taken for each, by column.
struct Confusion {
  private(set) var counts: [[Int]]

  init(_ network: DigitNetwork, at parameters: [Double], samples: [Int]) {
    let classCount = Digits.classCount
    counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    let scores = network.scores(at: parameters.span, samples: samples.span)
    for (i, digit) in network.targets(samples.span).enumerated() {
      let row = scores[i * classCount..<(i + 1) * classCount]
      guard let greatest = row.indices.max(by: { row[$0] < row[$1] }) else { continue }
      counts[Int(digit)][greatest - row.startIndex] += 1
    }
  }

  /// The digit of which the smallest share is recognised, with what it is taken for.
  var worstClass: String {
    func share(_ digit: Int) -> Double { Double(counts[digit][digit]) / Double(counts[digit].reduce(0, +)) }
    guard let worst = counts.indices.min(by: { share($0) < share($1) }) else { return "none" }
    let row = counts[worst]
    let mistakes = row.indices.filter { $0 != worst && row[$0] > 0 }.map { "\(row[$0]) as \($0)" }
    return "\(worst), of which \(row[worst]) of \(row.reduce(0, +)) images are recognised"
      + (mistakes.isEmpty ? "" : ", " + mistakes.joined(separator: ", "))
  }
}
