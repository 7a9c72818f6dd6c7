import DataFiles
import TestSupport
import Testing

@Suite struct NPYReadTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func array(_ bytes: [UInt8]) throws -> NPYArray {
    try NPYArray(contentsOf: directory.file("a.npy", bytes))
  }

  /// What `numpy.save` of NumPy 2.4 writes for `numpy.array([1.5, -2, numpy.inf])`.
  @Test func fileOfNumPy() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }" + String(repeating: " ", count: 60) + "\n"
    let bytes: [UInt8] =
      [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0x76, 0] + Array(header.utf8) + [
        0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0xF0, 0x7F,
      ]
    let array = try array(bytes)
    #expect(array.dtype == .float64)
    #expect(array.shape == [3])
    #expect(array.count == 3)
    #expect(try array.elements(as: Double.self) == [1.5, -2, .infinity])
    #expect(try array.elements(as: Float.self) == [1.5, -2, .infinity])
    try AtomicFile.writeNPY([1.5, -2, .infinity] as [Double], shape: [3], to: directory.path("b.npy"))
    #expect(try directory.bytes("b.npy") == bytes)
  }

  /// What NumPy 2.4 writes in version 2.0 for `numpy.array([1, -1], dtype='<i2')`.
  @Test func fileOfNumPyInVersion2() throws {
    let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }" + String(repeating: " ", count: 58) + "\n"
    let bytes: [UInt8] =
      [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 0x74, 0, 0, 0] + Array(header.utf8) + [1, 0, 0xFF, 0xFF]
    let array = try array(bytes)
    #expect(array.dtype == .int16)
    #expect(try array.elements(as: Int64.self) == [1, -1])
  }

  static let typed: [(String, NPYDType, [UInt8], [Double])] = [
    ("<f4", .float32, rawBytes([0.5, -3] as [Float]), [0.5, -3]),
    ("<f8", .float64, rawBytes([0.5, -3] as [Double]), [0.5, -3]),
    ("|i1", .int8, rawBytes([-128, 127] as [Int8]), [-128, 127]),
    ("|u1", .uint8, [0, 255], [0, 255]),
    ("<i1", .int8, [0xFF, 1], [-1, 1]),
    (">u1", .uint8, [0xFF, 1], [255, 1]),
    ("<i2", .int16, rawBytes([-32768, 5] as [Int16]), [-32768, 5]),
    ("<u2", .uint16, rawBytes([65535, 5] as [UInt16]), [65535, 5]),
    ("<i4", .int32, rawBytes([-65536, 5] as [Int32]), [-65536, 5]),
    ("<u4", .uint32, rawBytes([1 << 31, 5] as [UInt32]), [2_147_483_648, 5]),
    ("<i8", .int64, rawBytes([-(1 << 53), 5] as [Int64]), [-9_007_199_254_740_992, 5]),
    ("<u8", .uint64, rawBytes([1 << 63, 5] as [UInt64]), [9_223_372_036_854_775_808, 5]),
    ("|b1", .bool, [1, 0], [1, 0]),
    ("|b1", .bool, [0, 2], [0, 1]),
  ]

  @Test(arguments: typed, 0..<8)
  func everyTypeAtEveryAlignment(
    type: (descriptor: String, dtype: NPYDType, payload: [UInt8], values: [Double]), padding: Int
  ) throws {
    let header = npyDictionary(type.descriptor, "(2,)") + String(repeating: " ", count: padding)
    let array = try array(npyBytes(header, type.payload))
    #expect(array.dtype == type.dtype)
    #expect(array.dtype.byteCount * 2 == type.payload.count)
    #expect(try array.elements(as: Double.self) == type.values)
    if type.values.allSatisfy({ Float(exactly: $0) != nil }) {
      #expect(try array.elements(as: Float.self) == type.values.map { Float($0) })
    }
    if type.values.allSatisfy({ Int64(exactly: $0) != nil }) {
      #expect(try array.elements(as: Int64.self) == type.values.map { Int64($0) })
    }
  }

  @Test(
    arguments: [
      "{'descr':'<f4','fortran_order':False,'shape':(1,2)}",
      "{'shape': (1, 2,), 'fortran_order': False, 'descr': '<f4'}",
      "{\"fortran_order\": False, \"descr\": \"<f4\", \"shape\": (1, 2), }  \n",
      " { 'descr' : '<f4' ,\t'fortran_order' : False , 'shape' : ( 1 , 2 ) } ",
    ])
  func headersInOtherWords(header: String) throws {
    for version in [(1, 0), (2, 0)] as [(UInt8, UInt8)] {
      let array = try array(npyBytes(header, rawBytes([1, 2] as [Float]), version: version))
      #expect(array.shape == [1, 2])
      #expect(try array.elements(as: Float.self) == [1, 2])
    }
  }

  @Test(
    arguments: [("()", [], 1), ("(0,)", [0], 0), ("(3, 0)", [3, 0], 0), ("(1, 1, 1)", [1, 1, 1], 1)]
      as [(String, [Int], Int)])
  func unusualShapes(text: String, shape: [Int], count: Int) throws {
    let array = try array(npyBytes(npyDictionary("<f8", text), rawBytes([Double](repeating: 7, count: count))))
    #expect(array.shape == shape)
    #expect(array.count == count)
    #expect(try array.elements(as: Double.self) == [Double](repeating: 7, count: count))
    #expect(try array.elements(as: Float.self) == [Float](repeating: 7, count: count))
  }

  @Test func fortranOrderOfOneDimension() throws {
    for shape in ["()", "(1,)"] {
      let header = "{'descr': '<f8', 'fortran_order': True, 'shape': \(shape), }"
      #expect(try array(npyBytes(header, rawBytes([2.5]))).elements(as: Double.self) == [2.5])
    }
  }

  @Test func nanStaysNaN() throws {
    let doubles = try array(npyBytes(npyDictionary("<f8", "(1,)"), rawBytes([Double.nan])))
    #expect(try doubles.elements(as: Float.self)[0].isNaN)
    let floats = try array(npyBytes(npyDictionary("<f4", "(1,)"), rawBytes([Float.nan])))
    #expect(try floats.elements(as: Double.self)[0].isNaN)
  }

  @Test func theArrayOutlivesTheNameOfItsFile() throws {
    let path = try directory.file("a.npy", npyBytes(npyDictionary("<f8", "(2,)"), rawBytes([1.0, 2])))
    let array = try NPYArray(contentsOf: path)
    try AtomicFile.writeNPY([3] as [Float], shape: [1], to: path)
    #expect(try array.elements(as: Double.self) == [1, 2])
    #expect(try NPYArray(contentsOf: path).elements(as: Float.self) == [3])
  }
}
