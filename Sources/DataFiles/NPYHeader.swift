/// What the beginning of an `.npy` file says of the array in it.
struct NPYHeader {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  let dtype: NPYDType
  let shape: [Int]
  let elementCount: Int
  let dataOffset: Int

  /// Reads and checks the header, and that the file has as many bytes after it as the array needs.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(DataFileError) {
    guard !bytes.isEmpty else { throw .emptyFile(path: path) }
    guard bytes.starts(with: Self.magic) else { throw .npy(path: path, .badMagic) }
    guard bytes.count >= 10 else { throw .npy(path: path, .malformedHeader(reason: "the file ends within it")) }
    let version = (major: Int(bytes[6]), minor: Int(bytes[7]))
    let lengthSize: Int
    switch version {
    case (1, 0): lengthSize = 2
    case (2, 0): lengthSize = 4
    default: throw .npy(path: path, .unsupportedVersion(major: version.major, minor: version.minor))
    }
    let start = 8 + lengthSize
    guard bytes.count >= start else {
      throw .npy(path: path, .malformedHeader(reason: "the file ends within it"))
    }
    let declaredLength = bytes[8..<start].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let length = Int(exactly: declaredLength), length <= bytes.count - start else {
      throw .npy(path: path, .malformedHeader(reason: "the file ends within it"))
    }
    dataOffset = start + length

    let dictionary: NPYDictionary
    do {
      dictionary = try NPYDictionary(UnsafeRawBufferPointer(rebasing: bytes[start..<dataOffset]))
    } catch {
      throw .npy(path: path, error.problem)
    }
    guard let dtype = NPYDType(descriptor: dictionary.descriptor) else {
      throw .npy(path: path, .unsupportedDType(dictionary.descriptor))
    }
    self.dtype = dtype
    shape = dictionary.shape
    // With one dimension the two orders are the same.
    guard !dictionary.isFortranOrder || shape.count <= 1 else {
      throw .npy(path: path, .fortranOrder(shape: shape))
    }
    guard let count = DataFiles.elementCount(ofShape: shape) else {
      throw .npy(path: path, .shapeTooLarge(shape: pythonTuple(shape)))
    }
    elementCount = count
    let (expected, overflow) = count.multipliedReportingOverflow(by: dtype.byteCount)
    guard !overflow else { throw .npy(path: path, .shapeTooLarge(shape: pythonTuple(shape))) }
    let found = bytes.count - dataOffset
    guard found == expected else {
      throw .npy(path: path, .wrongDataSize(shape: shape, expected: expected, found: found))
    }
  }
}
