#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Output files that appear together, each of them whole or not at all.
///
/// Adding an output writes it under a temporary name beside its target. `commit()` renames them all when every one is
/// complete. A batch that is not committed removes its temporary files and leaves the targets as they were.
///
/// A path such as `/dev/stdout` or a pipe cannot be replaced by a rename. Its bytes are kept in memory until the commit,
/// which writes them before the first rename, so that a failure leaves the files untouched.
package struct OutputBatch: ~Copyable {
  private struct DirectOutput {
    let target: OutputTarget
    let path: String
    let contents: [UInt8]
  }

  private var direct: [DirectOutput] = []
  private var staged: [StagedFile] = []
  private var publishedCount = 0
  private var identities: Set<String> = []

  /// An empty batch.
  package init() {}

  deinit {
    for file in staged[publishedCount...] { file.discard() }
  }

  /// Throws the error that writing to one of the paths would end with, as far as it can be known beforehand: the
  /// directory is missing or not writable, the path is a directory, or one file is named twice.
  package static func checkWritable(_ paths: [String]) throws(DataFileError) {
    var identities: Set<String> = []
    for path in paths { try claim(try OutputTarget(path: path), path: path, in: &identities) }
  }

  /// Adds bytes.
  package mutating func add(_ contents: [UInt8], to path: String) throws(DataFileError) {
    try contents.withUnsafeBufferPointer { buffer throws(DataFileError) in
      try add([UnsafeRawBufferPointer(buffer)], to: path)
    }
  }

  /// Adds text in UTF-8.
  package mutating func add(_ text: String, to path: String) throws(DataFileError) {
    try add(Array(text.utf8), to: path)
  }

  /// Adds an `.npy` file, version 1.0 in C order, whose type is that of the elements.
  package mutating func addNPY<Element: NPYWritable>(
    _ elements: [Element], shape: [Int], to path: String
  ) throws(DataFileError) {
    guard !shape.contains(where: { $0 < 0 }), elementCount(ofShape: shape) == elements.count else {
      throw .npy(path: path, .wrongElementCount(shape: shape, found: elements.count))
    }
    let preamble = try npyPreamble(dtype: Element.dtype, shape: shape, path: path)
    try preamble.withUnsafeBufferPointer { head throws(DataFileError) in
      try elements.withUnsafeBufferPointer { buffer throws(DataFileError) in
        try add([UnsafeRawBufferPointer(head), UnsafeRawBufferPointer(buffer)], to: path)
      }
    }
  }

  /// Makes all outputs appear.
  ///
  /// If a rename fails, which the checks before make unlikely, the outputs after it do not appear and those before do.
  package consuming func commit() throws(DataFileError) {
    for output in direct { try Self.write(output) }
    for file in staged {
      try file.publish()
      publishedCount += 1
    }
  }

  private mutating func add(_ parts: [UnsafeRawBufferPointer], to path: String) throws(DataFileError) {
    let target = try OutputTarget(path: path)
    try Self.claim(target, path: path, in: &identities)
    switch target {
    case .descriptor, .special:
      direct.append(DirectOutput(target: target, path: path, contents: parts.flatMap { Array($0) }))
    case .file(let targetPath, let mode):
      staged.append(try StagedFile(parts, target: targetPath, mode: mode, requestedPath: path))
    }
  }

  private static func claim(
    _ target: OutputTarget, path: String, in identities: inout Set<String>
  ) throws(DataFileError) {
    // Several outputs on one terminal make sense, and so do several that are thrown away.
    guard case .file = target else { return }
    guard identities.insert(target.identity).inserted else {
      throw .unwritableFile(path: path, reason: "another output goes to the same file")
    }
  }

  private static func write(_ output: DirectOutput) throws(DataFileError) {
    // What the program has printed comes first.
    fflush(nil)
    let descriptor: Int32
    switch output.target {
    case .descriptor(let number):
      descriptor = retryingInterrupted { fcntl(number, F_DUPFD_CLOEXEC, 0) }
    case .special(let path), .file(let path, _):
      descriptor = retryingInterrupted { open(path, O_WRONLY | O_CLOEXEC) }
    }
    guard descriptor >= 0 else { throw .unwritableFile(path: output.path, reason: systemMessage(errno)) }
    defer { close(descriptor) }
    try output.contents.withUnsafeBufferPointer { buffer throws(DataFileError) in
      try DataFiles.write(UnsafeRawBufferPointer(buffer), to: descriptor, for: output.path)
    }
  }
}
