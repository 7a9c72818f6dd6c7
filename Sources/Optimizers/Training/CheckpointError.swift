import DataFiles

/// Why a file with a ``TrainingCheckpoint`` could not be written or read.
@nonexhaustive
public enum CheckpointError: Error, Hashable, Sendable {
  /// No file has this path.
  case missingFile(path: String)

  /// The file is there but the system does not let it be read.
  case unreadableFile(path: String, reason: String)

  /// The file cannot be created or filled. What was there before is still there.
  case unwritableFile(path: String, reason: String)

  /// The file does not begin as a checkpoint does.
  case notACheckpoint(path: String)

  /// The end of the file is missing: it has `length` bytes. `expected` is `nil` where not even that can be read.
  case truncated(path: String, length: Int, expected: UInt64?)

  /// The file has another form than the one that this version reads, 1.
  case unsupportedVersion(path: String, version: UInt32)

  /// Some bytes of the file are not those that were written.
  case corrupted(path: String)

  /// The file has parameters of another type.
  case otherScalar(path: String, found: String, expected: String)

  /// All bytes are those that were written, and are no checkpoint.
  case malformed(path: String, problem: String)
}

extension CheckpointError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missingFile(let path):
      "\(quoted(path)) does not exist; check the path"
    case .unreadableFile(let path, let reason):
      "cannot read \(quoted(path)): \(reason)"
    case .unwritableFile(let path, let reason):
      "cannot write \(quoted(path)): \(reason)"
    case .notACheckpoint(let path):
      "\(quoted(path)) is not a checkpoint; check the path"
    case .truncated(let path, let length, let expected?):
      "\(quoted(path)) has \(length) bytes of \(expected): its end is missing; use another checkpoint"
    case .truncated(let path, let length, nil):
      "\(quoted(path)) has only \(length) bytes: its end is missing; use another checkpoint"
    case .unsupportedVersion(let path, let version):
      "\(quoted(path)) is a checkpoint of version \(version); this program reads version 1"
    case .corrupted(let path):
      "\(quoted(path)) is damaged: its checksum is wrong; use another checkpoint"
    case .otherScalar(let path, let found, let expected):
      "\(quoted(path)) has parameters of type \(found); expected \(expected)"
    case .malformed(let path, let problem):
      "\(quoted(path)) is not a valid checkpoint: \(problem)"
    }
  }
}

extension CheckpointError {
  /// What the error of reading or writing a file says.
  init(_ error: DataFileError, path: String) {
    self =
      switch error {
      case .missingFile: .missingFile(path: path)
      case .unwritableFile(_, let reason): .unwritableFile(path: path, reason: reason)
      case .unreadableFile(_, let reason): .unreadableFile(path: path, reason: reason)
      default: .unreadableFile(path: path, reason: "\(error)")
      }
  }
}
