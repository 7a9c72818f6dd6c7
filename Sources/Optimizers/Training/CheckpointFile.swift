import Losses

#if _endian(big)
  #error("Vectors are copied as they are, little-endian.")
#endif

/// The file form of a checkpoint: a header of 64 bytes, a text, and the bits of the vectors. All numbers are little-endian.
///
/// | bytes | what |
/// |---|---|
/// | 0..<8 | the signature |
/// | 8..<12 | the version of the form |
/// | 12..<16 | the bytes of a number of the vectors: 4 for `Float`, 8 for `Double` |
/// | 16..<24 | the length of the file |
/// | 24..<32 | the length of the text |
/// | 32..<56 | the numbers of the parameters, of the vectors of the rule, and of the best parameters |
/// | 56..<64 | the checksum of all bytes before and after it |
///
/// The text is JSON, and has everything but the vectors, which follow it in this order.
struct CheckpointFile {
  static let headerLength = 64
  static let version: UInt32 = 1

  /// As that of PNG files it has a byte that is no text, and line ends, so that a transfer as text is noticed.
  static let signature: [UInt8] = [0x89] + Array("LCKP".utf8) + [0x0D, 0x0A, 0x1A]

  /// What precedes the vectors, without the checksum.
  struct Header {
    var scalarSize: UInt32
    var textLength: Int
    var counts: [Int]

    /// Of the whole file; `nil` where there is no such number.
    var length: Int? {
      var length = CheckpointFile.headerLength
      let parts = [(textLength, 1)] + counts.map { ($0, Int(scalarSize)) }
      for (count, size) in parts {
        let (bytes, isTooLong) = count.multipliedReportingOverflow(by: size)
        let (sum, isSumTooLong) = length.addingReportingOverflow(bytes)
        if count < 0 || isTooLong || isSumTooLong { return nil }
        length = sum
      }
      return length
    }
  }

  /// The bytes of a file.
  static func bytes<Scalar: LossScalar>(text: [UInt8], vectors: [[Scalar]]) -> [UInt8] {
    let size = MemoryLayout<Scalar>.size
    let length = headerLength + text.count + vectors.reduce(0) { $0 + $1.count * size }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    bytes += signature
    bytes.append(contentsOf: littleEndian(version))
    bytes.append(contentsOf: littleEndian(UInt32(size)))
    for number in [length, text.count] + vectors.map(\.count) {
      bytes.append(contentsOf: littleEndian(UInt64(number)))
    }
    bytes.append(contentsOf: littleEndian(UInt64(0)))
    bytes += text
    for vector in vectors { vector.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    let sum = bytes.withUnsafeBytes { checksum($0) }
    bytes.replaceSubrange(headerLength - 8..<headerLength, with: littleEndian(sum))
    return bytes
  }

  /// The header of a file whose bytes are those that were written. Throws ``CheckpointError``.
  static func header(of bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointError) -> Header {
    guard bytes.prefix(signature.count).elementsEqual(signature.prefix(bytes.count)) else {
      throw .notACheckpoint(path: path)
    }
    guard bytes.count >= headerLength else { throw .truncated(path: path, length: bytes.count, expected: nil) }
    let version = bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
    guard version == Self.version else { throw .unsupportedVersion(path: path, version: version) }
    func number(_ offset: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    let length = number(16)
    guard length <= bytes.count else { throw .truncated(path: path, length: bytes.count, expected: length) }
    guard length == bytes.count, number(headerLength - 8) == checksum(bytes) else { throw .corrupted(path: path) }
    let header = Header(
      scalarSize: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self), textLength: Int(clamping: number(24)),
      counts: [32, 40, 48].map { Int(clamping: number($0)) })
    guard header.length == bytes.count else {
      throw .malformed(path: path, problem: "the lengths of its parts are not that of the file")
    }
    return header
  }

  /// Numbers from their bits.
  static func vector<Scalar: LossScalar>(_ bytes: UnsafeRawBufferPointer.SubSequence) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Scalar>.size) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      count = buffer.count
    }
  }

  /// ``Losses/FNV1a`` of all bytes but those of the checksum.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = FNV1a()
    for part in [bytes[..<(headerLength - 8)], bytes[headerLength...]] {
      for byte in UnsafeRawBufferPointer(rebasing: part) { hash.add(UInt64(byte)) }
    }
    return hash.hash
  }

  private static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
