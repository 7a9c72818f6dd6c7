import DataFiles
import TestSupport
import Testing

@Suite struct NPYWriteTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: [[], [0], [6], [2, 3], [3, 2, 1], [0, 4], [1, 1, 1, 1, 6]])
  func roundTrip(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let doubles = (0..<count).map { 0.1 * Double($0) - 0.2 }
    let path = directory.path("a.npy")
    try AtomicFile.writeNPY(doubles, shape: shape, to: path)
    let double = try NPYArray(contentsOf: path)
    #expect(double.dtype == .float64)
    #expect(double.shape == shape)
    #expect(try double.elements(as: Double.self) == doubles)
    #expect((try directory.bytes("a.npy").count - count * 8) % 64 == 0)

    let floats = doubles.map { Float($0) }
    try AtomicFile.writeNPY(floats, shape: shape, to: path)
    let float = try NPYArray(contentsOf: path)
    #expect(float.dtype == .float32)
    #expect(float.shape == shape)
    #expect(try float.elements(as: Float.self) == floats)
    #expect(try float.elements(as: Double.self) == floats.map { Double($0) })
    #expect((try directory.bytes("a.npy").count - count * 4) % 64 == 0)
  }

  @Test func payloadKeepsEveryBit() throws {
    let patterns: [UInt64] = [0x8000_0000_0000_0000, 0x7FF8_0000_0000_1234, 1, 0xFFF0_0000_0000_0000]
    let path = directory.path("a.npy")
    try AtomicFile.writeNPY(patterns.map { Double(bitPattern: $0) }, shape: [4], to: path)
    #expect(try NPYArray(contentsOf: path).elements(as: Double.self).map(\.bitPattern) == patterns)
  }

  /// What `numpy.save` of NumPy 2.4 writes for `numpy.array([[1, 2], [3, 4]], dtype='<f4')`.
  @Test func sameBytesAsNumPy() throws {
    try AtomicFile.writeNPY([1, 2, 3, 4] as [Float], shape: [2, 2], to: directory.path("a.npy"))
    let header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" + String(repeating: " ", count: 58) + "\n"
    let expected: [UInt8] =
      [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0x76, 0] + Array(header.utf8) + [
        0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40,
      ]
    #expect(try directory.bytes("a.npy") == expected)
  }

  @Test(arguments: [[], [2], [4], [-3], [-1, -3], [.max, .max], [.max, 0]] as [[Int]])
  func shapesThatDoNotHoldTheElements(shape: [Int]) throws {
    let path = directory.path("a.npy")
    let error = try #require(throws: DataFileError.self) {
      try AtomicFile.writeNPY([1, 2, 3] as [Double], shape: shape, to: path)
    }
    #expect(error == .npy(path: path, .wrongElementCount(shape: shape, found: 3)))
    #expect(error.description.hasSuffix("cannot be made of 3 elements"))
    #expect(try directory.names == [])
  }

  @Test func tooManyDimensionsForTheHeader() throws {
    let shape = [Int](repeating: 1, count: 30_000)
    let error = try #require(throws: DataFileError.self) {
      try AtomicFile.writeNPY([1] as [Double], shape: shape, to: directory.path("a.npy"))
    }
    #expect(error.description.contains("a shape of 30000 dimensions is too long for it"))
  }
}
