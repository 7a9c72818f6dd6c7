import Foundation
import Losses
import Optimizers
import TestSupport
import Testing

@Suite struct CheckpointFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// One checkpoint after each step, of 3 for each epoch.
  private func checkpoints<S: LossScalar & BinaryFloatingPoint>(_: S.Type) throws -> [TrainingCheckpoint<S>] {
    let problem = LeastSquares<S>(sampleCount: 16)
    var checkpoints: [TrainingCheckpoint<S>] = []
    _ = try TrainingCheckpointTests.trainer(.adamW(learningRate: 0.2)).train(
      problem, from: problem.start, checkpointing: { checkpoints.append($0) })
    return checkpoints
  }

  private func error<S: LossScalar>(_: S.Type, reading path: String) -> CheckpointError? {
    do {
      _ = try TrainingCheckpoint<S>(contentsOf: path)
      return nil
    } catch { return error as? CheckpointError }
  }

  @Test(arguments: [1, 7, 9]) func whatIsWrittenIsRead(step: Int) throws {
    func check<S: LossScalar & BinaryFloatingPoint>(_: S.Type) throws {
      let checkpoint = try checkpoints(S.self)[step - 1]
      let path = directory.path("checkpoint")
      try checkpoint.write(to: path)
      let read = try TrainingCheckpoint<S>(contentsOf: path)
      #expect(read == checkpoint && read.duration == checkpoint.duration)
      let problem = LeastSquares<S>(sampleCount: 16)
      let trainer = try TrainingCheckpointTests.trainer(.adamW(learningRate: 0.2))
      let whole = try trainer.train(problem, from: problem.start)
      #expect(try trainer.train(problem, from: problem.start, resuming: read) == whole)
      // One file for one checkpoint, and nothing beside it.
      let bytes = try directory.bytes("checkpoint")
      try read.write(to: path)
      #expect(try directory.bytes("checkpoint") == bytes)
      #expect(try directory.names == ["checkpoint"])
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// 0 parameters, and no best ones.
  @Test func emptyVectorsAreRead() throws {
    let constant = SampleFunction<Double>(parameterCount: 0, sampleCount: 1) { _, _, _ in 7 }
    for earlyStopping in [nil, EarlyStopping(patience: 1)] {
      let checkpoint = try Trainer(.sgd(), epochs: 1, earlyStopping: earlyStopping).train(constant, from: []).checkpoint
      try checkpoint.write(to: directory.path("empty"))
      let read = try TrainingCheckpoint<Double>(contentsOf: directory.path("empty"))
      #expect(read == checkpoint && (read.bestParameters == nil) == (earlyStopping == nil))
    }
  }

  @Test func everyPrefixIsTruncated() throws {
    let path = directory.path("checkpoint")
    try checkpoints(Float.self)[6].write(to: path)
    let bytes = try directory.bytes("checkpoint")
    for count in bytes.indices {
      let cut = try directory.file("cut", Array(bytes[..<count]))
      let expected = count < 64 ? nil : UInt64(bytes.count)
      #expect(error(Float.self, reading: cut) == .truncated(path: cut, length: count, expected: expected))
    }
    let longer = try directory.file("longer", bytes + [0])
    #expect(error(Float.self, reading: longer) == .corrupted(path: longer))
  }

  @Test func everyFlippedBitIsNoticed() throws {
    let path = directory.path("checkpoint")
    try checkpoints(Float.self)[6].write(to: path)
    var bytes = try directory.bytes("checkpoint")
    for position in bytes.indices {
      // All bits of the header, one of each byte that follows.
      for bit in position < 64 ? Array(0..<8) : [position % 8] {
        bytes[position] ^= 1 << bit
        let flipped = try directory.file("flipped", bytes)
        let found = error(Float.self, reading: flipped)
        switch position {
        case ..<8: #expect(found == .notACheckpoint(path: flipped))
        case 8..<12:
          #expect(found == .unsupportedVersion(path: flipped, version: 1 ^ (1 << UInt32(8 * (position - 8) + bit))))
        case 16..<24:
          let length = UInt64(bytes.count) ^ (1 << UInt64(8 * (position - 16) + bit))
          #expect(
            found
              == (length > bytes.count
                ? .truncated(path: flipped, length: bytes.count, expected: length) : .corrupted(path: flipped)))
        default: #expect(found == .corrupted(path: flipped))
        }
        bytes[position] ^= 1 << bit
      }
    }
  }

  @Test func eachProblemHasItsOwnError() throws {
    let path = directory.path("checkpoint")
    try checkpoints(Double.self)[0].write(to: path)
    let missing = directory.path("missing")
    let text = try directory.file("text", "epoch 7")
    let empty = try directory.file("empty", "")
    let bytes = try directory.bytes("checkpoint")
    let next = try directory.file("next", Array(bytes[..<8]) + [2, 0, 0, 0] + Array(bytes[12...]))
    let found: [(CheckpointError?, CheckpointError, String)] = [
      (
        error(Double.self, reading: missing), .missingFile(path: missing), "'\(missing)' does not exist; check the path"
      ),
      (
        error(Double.self, reading: text), .notACheckpoint(path: text), "'\(text)' is not a checkpoint; check the path"
      ),
      (
        error(Double.self, reading: empty), .truncated(path: empty, length: 0, expected: nil),
        "'\(empty)' has only 0 bytes: its end is missing; use another checkpoint"
      ),
      (
        error(Double.self, reading: next), .unsupportedVersion(path: next, version: 2),
        "'\(next)' is a checkpoint of version 2; this program reads version 1"
      ),
      (
        error(Float.self, reading: path), .otherScalar(path: path, found: "Double", expected: "Float"),
        "'\(path)' has parameters of type Double; expected Float"
      ),
    ]
    for (found, expected, message) in found {
      #expect(found == expected)
      #expect(found?.description == message)
    }
    guard case .unreadableFile? = error(Double.self, reading: directory.path) else {
      Issue.record("a directory was read")
      return
    }
  }

  /// Bytes with the right checksum that are none the less no checkpoint.
  @Test func whatWasNeverWrittenIsMalformed() throws {
    let path = directory.path("checkpoint")
    try checkpoints(Double.self)[6].write(to: path)
    let bytes = try directory.bytes("checkpoint")
    func expectMalformed(_ change: (inout [UInt8]) -> Void) throws {
      var bytes = bytes
      change(&bytes)
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes[..<56] + bytes[64...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      for i in 0..<8 { bytes[56 + i] = UInt8(truncatingIfNeeded: hash >> UInt64(8 * i)) }
      let path = try directory.file("changed", bytes)
      guard case .malformed(path, _)? = error(Double.self, reading: path) else {
        Issue.record("\(String(describing: error(Double.self, reading: path)))")
        return
      }
    }
    // The text, its length, the numbers of the vectors.
    try expectMalformed { $0[64] = UInt8(ascii: "?") }
    try expectMalformed { $0[24] ^= 1 }
    for start in [32, 40, 48] {
      try expectMalformed { $0[start] += 1 }
      try expectMalformed { $0[start + 7] = 0x7F }
      try expectMalformed { $0[start + 7] = 0xFF }
    }
    // As many numbers in all, of other vectors.
    try expectMalformed {
      $0[32] += 1
      $0[40] -= 1
    }
    try expectMalformed {
      $0[48] -= 1
      $0[40] += 1
    }
  }

  @Test func whatCannotBeWrittenIsAnError() throws {
    let checkpoint = try checkpoints(Double.self)[0]
    for path in [directory.path("no/such"), directory.path, ""] {
      let error = #expect(throws: CheckpointError.self) { try checkpoint.write(to: path) }
      guard case .unwritableFile(path, _)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(try directory.names == [])
  }
}
