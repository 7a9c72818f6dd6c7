#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A complete file under a temporary name beside the target that it is going to replace.
struct StagedFile {
  private let temporaryPath: String
  private let targetPath: String
  private let requestedPath: String

  /// Writes the parts one after another. On failure no file is left.
  ///
  /// An existing target passes on its permissions; a new file gets those that the umask allows.
  init(
    _ parts: [UnsafeRawBufferPointer], target: String, mode: mode_t?, requestedPath: String
  ) throws(DataFileError) {
    let (descriptor, path) = try Self.create(beside: target, mode: mode ?? 0o666, for: requestedPath)
    do throws(DataFileError) {
      // The umask has taken bits from the mode that the target may have.
      if let mode, fchmod(descriptor, mode) != 0 {
        throw .unwritableFile(path: requestedPath, reason: systemMessage(errno))
      }
      for part in parts { try write(part, to: descriptor, for: requestedPath) }
    } catch {
      close(descriptor)
      unlink(path)
      throw error
    }
    // Some file systems report only now that the disk is full.
    guard close(descriptor) == 0 else {
      let reason = systemMessage(errno)
      unlink(path)
      throw .unwritableFile(path: requestedPath, reason: reason)
    }
    temporaryPath = path
    targetPath = target
    self.requestedPath = requestedPath
  }

  /// Puts the file in the place of its target.
  func publish() throws(DataFileError) {
    guard rename(temporaryPath, targetPath) == 0 else {
      throw .unwritableFile(path: requestedPath, reason: systemMessage(errno))
    }
  }

  /// Removes the temporary file.
  func discard() {
    unlink(temporaryPath)
  }

  private static func create(
    beside target: String, mode: mode_t, for requestedPath: String
  ) throws(DataFileError) -> (descriptor: Int32, path: String) {
    var code = EEXIST
    for _ in 0..<100 where code == EEXIST {
      // The name does not contain the target's, which may already be as long as a name can be.
      let name = ".losses-" + String(UInt64.random(in: .min ... .max), radix: 16) + ".tmp"
      let path = directoryPath(of: target) + "/" + name
      let descriptor = retryingInterrupted { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
      if descriptor >= 0 { return (descriptor, path) }
      code = errno
    }
    throw .unwritableFile(path: requestedPath, reason: systemMessage(code))
  }
}

/// Writes all of the bytes.
func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, for path: String) throws(DataFileError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let part = UnsafeRawBufferPointer(rebasing: rest)
    let count = retryingInterrupted { write(descriptor, part.baseAddress, part.count) }
    guard count > 0 else {
      throw .unwritableFile(path: path, reason: systemMessage(count == 0 ? EIO : errno))
    }
    rest = rest.dropFirst(count)
  }
}
