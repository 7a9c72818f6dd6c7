import DataFiles

/// The files of one run and its report on standard output: all of them appear, or none does.
struct Outputs: ~Copyable {
  private static let standardOutput = "/dev/stdout"

  private var batch = OutputBatch()
  /// The files added so far, in their order.
  private(set) var paths: [String] = []

  /// Throws the error that writing would end with, before there is any work.
  static func check(_ paths: [String?] = []) throws(DataFileError) {
    try OutputBatch.checkWritable(paths.compactMap(\.self) + [standardOutput])
  }

  /// Adds text in UTF-8.
  mutating func add(_ text: String, to path: String) throws(DataFileError) {
    try batch.add(text, to: path)
    paths.append(path)
  }

  /// Adds an `.npy` file.
  mutating func addNPY<Element: NPYWritable>(
    _ elements: [Element], shape: [Int], to path: String
  ) throws(DataFileError) {
    try batch.addNPY(elements, shape: shape, to: path)
    paths.append(path)
  }

  /// Makes everything appear. A file that goes to standard output takes the place of the report.
  consuming func commit(report: String) throws(DataFileError) {
    if !paths.contains(Self.standardOutput) { try batch.add(report, to: Self.standardOutput) }
    try batch.commit()
  }
}
