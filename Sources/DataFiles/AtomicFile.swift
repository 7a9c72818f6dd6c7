/// Writes single files, each whole or not at all; ``OutputBatch`` does so for several together.
package enum AtomicFile {
  /// Writes bytes, and replaces the file if there is one.
  package static func write(_ contents: [UInt8], to path: String) throws(DataFileError) {
    var batch = OutputBatch()
    try batch.add(contents, to: path)
    try batch.commit()
  }

  /// Writes text in UTF-8, and replaces the file if there is one.
  package static func write(_ text: String, to path: String) throws(DataFileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes an `.npy` file, version 1.0 in C order, whose type is that of the elements.
  package static func writeNPY<Element: NPYWritable>(
    _ elements: [Element], shape: [Int], to path: String
  ) throws(DataFileError) {
    var batch = OutputBatch()
    try batch.addNPY(elements, shape: shape, to: path)
    try batch.commit()
  }
}
