#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the bytes for an output path go.
enum OutputTarget: Hashable {
  /// A descriptor that is already open, for `/dev/stdout` and the like. Opened anew by its path, a file behind it would
  /// be overwritten from its start, and replaced, it would lose what others have written to it.
  case descriptor(Int32)

  /// A device or a pipe, which is written to and never replaced.
  case special(path: String)

  /// A regular file, there or not yet, that is replaced by renaming another; the path has no symbolic link at its end.
  case file(path: String, mode: mode_t?)

  /// Follows symbolic links from the path, and checks what can be checked before there is anything to write.
  init(path: String) throws(DataFileError) {
    guard isUsablePath(path) else { throw .unwritableFile(path: path, reason: systemMessage(EINVAL)) }
    guard !path.isEmpty else { throw .unwritableFile(path: path, reason: "the path is empty") }
    var current = path
    // The kernel gives up after as many links.
    for _ in 0..<40 {
      if let descriptor = Self.openDescriptor(named: current) {
        guard fcntl(descriptor, F_GETFD) != -1 else {
          throw .unwritableFile(path: path, reason: systemMessage(errno))
        }
        self = .descriptor(descriptor)
        return
      }
      var status = stat()
      guard lstat(current, &status) == 0 else {
        guard errno == ENOENT else { throw .unwritableFile(path: path, reason: systemMessage(errno)) }
        try Self.requireWritableDirectory(of: current, for: path)
        self = .file(path: current, mode: nil)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        current = try Self.destination(ofLink: current, for: path)
      case S_IFDIR:
        throw .unwritableFile(path: path, reason: systemMessage(EISDIR))
      case S_IFREG:
        try Self.requireAccess(to: current, for: path)
        try Self.requireWritableDirectory(of: current, for: path)
        self = .file(path: current, mode: status.st_mode & 0o777)
        return
      default:
        try Self.requireAccess(to: current, for: path)
        self = .special(path: current)
        return
      }
    }
    throw .unwritableFile(path: path, reason: systemMessage(ELOOP))
  }

  /// What distinguishes this target from others: two names of one file in one directory are the same.
  var identity: String {
    switch self {
    case .descriptor(let number): return "descriptor \(number)"
    case .special(let path): return path
    case .file(let path, _):
      guard let directory = realpath(directoryPath(of: path), nil) else { return path }
      defer { free(directory) }
      return String(cString: directory) + "/" + fileName(of: path)
    }
  }

  private static func openDescriptor(named path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
        return Int32(path.dropFirst(prefix.count))
      }
      return nil
    }
  }

  private static func destination(ofLink link: String, for path: String) throws(DataFileError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &buffer, Int(PATH_MAX))
    guard count >= 0 else { throw .unwritableFile(path: path, reason: systemMessage(errno)) }
    let destination = String(decoding: buffer[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return destination.hasPrefix("/") ? destination : directoryPath(of: link) + "/" + destination
  }

  private static func requireAccess(to target: String, for path: String) throws(DataFileError) {
    // A rename would replace a file that may not be written to.
    guard access(target, W_OK) == 0 else { throw .unwritableFile(path: path, reason: systemMessage(errno)) }
  }

  private static func requireWritableDirectory(of target: String, for path: String) throws(DataFileError) {
    guard !fileName(of: target).isEmpty else { throw .unwritableFile(path: path, reason: systemMessage(EISDIR)) }
    let directory = directoryPath(of: target)
    guard access(directory, W_OK | X_OK) == 0 else {
      let code = errno
      let reason =
        code == ENOENT
        ? "the directory \(quoted(directory)) does not exist" : "directory \(quoted(directory)): \(systemMessage(code))"
      throw .unwritableFile(path: path, reason: reason)
    }
  }
}

/// The directory in which a path names a file.
func directoryPath(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// What a path has after its last slash.
func fileName(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
  return String(path[path.utf8.index(after: slash)...])
}
