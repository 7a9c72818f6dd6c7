import ExampleSupport

/// The images, and which of them are for what.
struct Digits {
  static let classCount = 10

  /// Images of 64 pixels each, row by row, from 0 to 1.
  let pixels: [Double]
  /// Which digit each image shows.
  let labels: [UInt8]
  /// Three fifths of the images: the gradient is theirs.
  let training: [Int]
  /// A fifth: it says when to stop.
  let validation: [Int]
  /// A fifth that is looked at once, at the end.
  let test: [Int]

  /// Deals the images of each digit out by chance, so that every part has a like share of each. The people who wrote
  /// them are in all parts: the table does not say who wrote what.
  init(_ table: Table, seed: UInt64) {
    pixels = table.rows.flatMap { $0.dropLast().map { $0 / 16 } }
    let labels = table.column("digit").map { UInt8($0) }
    self.labels = labels
    var generator = Generator(seed: seed)
    var fifths = [[Int]](repeating: [], count: 5)
    var dealt = 0
    for digit in 0..<UInt8(Self.classCount) {
      for image in labels.indices.filter({ labels[$0] == digit }).shuffled(using: &generator) {
        fifths[dealt % 5].append(image)
        dealt += 1
      }
    }
    fifths = fifths.map { $0.shuffled(using: &generator) }
    (test, validation, training) = (fifths[0], fifths[1], fifths[2] + fifths[3] + fifths[4])
  }
}
