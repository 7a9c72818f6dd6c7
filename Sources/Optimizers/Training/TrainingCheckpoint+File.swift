import DataFiles
import Foundation
import Losses

extension TrainingCheckpoint {
  /// Everything but the vectors.
  private struct Head: Codable {
    var setup: TrainingSetup
    var position: TrainingPosition
    var duration: Duration
    /// Without its vectors.
    var optimizerState: OptimizerState<Scalar>
  }

  /// Writes the checkpoint, and replaces the file if there is one.
  ///
  /// The file is there whole or not at all: what is written goes to another one beside it, which then takes its place, so
  /// that a program that is ended meanwhile leaves the checkpoint before. The file has a version and a checksum, and 4 bytes
  /// for each `Float` and 8 for each `Double`.
  ///
  /// - Throws: ``CheckpointError/unwritableFile(path:reason:)``.
  public func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let head = Head(
      setup: setup, position: position, duration: duration, optimizerState: optimizerState.replacingVectors(with: []))
    let bytes = CheckpointFile.bytes(
      text: Array(try encoder.encode(head)),
      vectors: [parameters, optimizerState.vectors, bestParameters ?? []])
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw CheckpointError(error, path: path)
    }
  }

  /// Reads what ``write(to:)`` has written.
  ///
  /// - Throws: ``CheckpointError`` for a file that cannot be read, is no checkpoint, is one of another version or scalar, or
  ///   has bytes that are missing or not those that were written.
  public init(contentsOf path: String) throws {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw CheckpointError(error, path: path)
    }
    self = try withExtendedLifetime(file) { try Self(bytes: file.bytes, path: path) }
  }

  private init(bytes: UnsafeRawBufferPointer, path: String) throws {
    let header = try CheckpointFile.header(of: bytes, path: path)
    guard header.scalarSize == UInt32(MemoryLayout<Scalar>.size) else {
      let names: [UInt32: String] = [4: Float.scalarName, 8: Double.scalarName]
      throw CheckpointError.otherScalar(
        path: path, found: names[header.scalarSize] ?? "\(header.scalarSize) bytes", expected: Scalar.scalarName)
    }
    var rest = bytes.dropFirst(CheckpointFile.headerLength)
    let head: Head
    do {
      head = try JSONDecoder().decode(Head.self, from: Data(rest.prefix(header.textLength)))
    } catch {
      throw CheckpointError.malformed(path: path, problem: "\(error)")
    }
    rest = rest.dropFirst(header.textLength)
    let vectors: [[Scalar]] = header.counts.map { count in
      let length = count * MemoryLayout<Scalar>.size
      defer { rest = rest.dropFirst(length) }
      return CheckpointFile.vector(rest.prefix(length))
    }
    self.init(
      setup: head.setup, parameters: vectors[0],
      optimizerState: head.optimizerState.replacingVectors(with: vectors[1]),
      bestParameters: head.position.best == nil && vectors[2].isEmpty ? nil : vectors[2], duration: head.duration,
      position: head.position)
    if let problem { throw CheckpointError.malformed(path: path, problem: problem) }
  }
}

extension OptimizerState {
  fileprivate func replacingVectors(with vectors: [Scalar]) -> Self {
    var copy = self
    copy.vectors = vectors
    return copy
  }
}
