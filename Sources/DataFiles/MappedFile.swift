#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file: mapped into memory if it is a regular file, read to the end if it is a pipe or the like.
///
/// The bytes live as long as the object; hold on to it with `withExtendedLifetime` while they are used.
package final class MappedFile: @unchecked Sendable {
  // Unchecked because pointers are not Sendable; these bytes are never written after the initializer.

  /// The bytes.
  package let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps or reads the file at a path.
  package init(path: String) throws(DataFileError) {
    guard isUsablePath(path) else {
      throw .unreadableFile(path: path, reason: systemMessage(EINVAL))
    }
    let descriptor = retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT ? .missingFile(path: path) : .unreadableFile(path: path, reason: systemMessage(code))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadableFile(path: path, reason: systemMessage(errno))
    }
    // Files in /proc say that they are empty and are not, so that an empty file is read, too. So is a directory, whose
    // reading fails with the message for it.
    if status.st_mode & S_IFMT == S_IFREG, let size = Int(exactly: status.st_size), size > 0 {
      guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
        start != UnsafeMutableRawPointer(bitPattern: -1)
      else {
        throw .unreadableFile(path: path, reason: systemMessage(errno))
      }
      bytes = UnsafeRawBufferPointer(start: start, count: size)
      isMapped = true
    } else {
      bytes = try Self.readToEnd(of: descriptor, path: path)
      isMapped = false
    }
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }

  private static func readToEnd(of descriptor: Int32, path: String) throws(DataFileError) -> UnsafeRawBufferPointer {
    var contents: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = retryingInterrupted { read(descriptor, chunk.baseAddress, chunk.count) }
      guard count >= 0 else { throw .unreadableFile(path: path, reason: systemMessage(errno)) }
      guard count > 0 else { break }
      contents.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 16)
    copy.copyBytes(from: contents)
    return UnsafeRawBufferPointer(copy)
  }
}
