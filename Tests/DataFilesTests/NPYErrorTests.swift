import DataFiles
import TestSupport
import Testing

@Suite struct NPYErrorTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func error(_ bytes: [UInt8]) throws -> DataFileError {
    let path = try directory.file("a.npy", bytes)
    let error = try #require(throws: DataFileError.self) { try NPYArray(contentsOf: path) }
    #expect(error.description.hasPrefix("'\(path)'"))
    #expect(!error.description.contains("\n"))
    #expect(error.kind == .badData)
    return error
  }

  static let files: [([UInt8], String)] = [
    ([], "' is empty;"),
    (Array("a,b\n1,2\n".utf8), "this is not a NumPy .npy file; write it with numpy.save"),
    ([0x93, 0x4E, 0x55], "this is not a NumPy .npy file"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0], "the .npy header is malformed: the file ends within it"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 9, 0, 0x7B], "the .npy header is malformed: the file ends within it"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 0, 0], "the .npy header is malformed: the file ends within it"),
    (
      [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B],
      "the .npy header is malformed: the file ends within it"
    ),
    (
      npyBytes(npyDictionary("<f8", "()"), version: (3, 0)),
      "version 3.0 of the .npy format is not supported, only 1.0 and 2.0"
    ),
    (npyBytes(npyDictionary("<f8", "()"), version: (1, 1)), "version 1.1 of the .npy format is not supported"),
  ]

  @Test(arguments: files)
  func brokenFile(bytes: [UInt8], message: String) throws {
    #expect(try error(bytes).description.contains(message))
  }

  @Test(
    arguments: [
      ("", "expected '{' at character 1"), ("{}", "the key 'descr' is missing"),
      ("{'descr': '<f8', 'shape': ()}", "the key 'fortran_order' is missing"),
      ("{'descr': '<f8', 'fortran_order': False}", "the key 'shape' is missing"),
      ("{'descr': '<f8', 'descr': '<f8'}", "the key 'descr' comes twice"), ("{'x': 1}", "unknown key 'x'"),
      ("{'descr' '<f8'}", "expected ':'"), ("{'descr': <f8}", "expected a string"),
      ("{'descr': '<f8}", "a string is not closed"),
      ("{'fortran_order': false}", "expected True or False"), ("{'fortran_order': 0}", "expected True or False"),
      ("{'shape': 3}", "expected '('"), ("{'shape': (3)}", "expected ','"), ("{'shape': (3, 4}", "expected ')'"),
      ("{'shape': (-1,)}", "expected a size"), ("{'shape': (3L,)}", "expected ','"),
      ("{'shape': (,)}", "expected a size"),
      ("{'descr': '<f8' 'shape': ()}", "expected '}'"),
      ("{'descr': '<f8', 'fortran_order': False, 'shape': ()", "expected '}'"),
      ("{'descr': '<f8', 'fortran_order': False, 'shape': ()} x", "text after the dictionary"),
      ("{'descr", "a string is not closed"),
      ("{'descr':", "expected a string"),
    ])
  func malformedHeader(header: String, message: String) throws {
    #expect(try error(npyBytes(header)).description.contains("the .npy header is malformed: \(message)"))
  }

  @Test(arguments: [
    ">f8", ">i4", "=f8", "<f2", "<c16", "<U5", "|S3", "|O", "<M8[s]", "|V4", "f8", "", "<i3", "|f1", "<b1x",
  ])
  func unsupportedType(descriptor: String) throws {
    let message = try error(npyBytes(npyDictionary(descriptor, "(1,)"))).description
    #expect(message.contains("the element type '\(descriptor)' is not supported"))
    #expect(message.contains("little-endian") == (descriptor.hasPrefix(">") || descriptor.hasPrefix("=")))
    #expect(message.hasSuffix("save array.astype('<f8') or array.astype('<f4')"))
  }

  @Test func structuredType() throws {
    let header = "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }"
    #expect(try error(npyBytes(header)).description.contains("the element type 'structured' is not supported"))
  }

  @Test func fortranOrder() throws {
    let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 1), }"
    let message = try error(npyBytes(header, rawBytes([1.0, 2]))).description
    #expect(
      message.contains("the array of shape (2, 1) is stored in Fortran order; save numpy.ascontiguousarray(array)"))
  }

  @Test(
    arguments: [
      "(4611686018427387904, 4)", "(4611686018427387904, 4, 0)", "(0, 4611686018427387904, 4)",
      "(9223372036854775807, 9223372036854775807)",
      "(9223372036854775807,)", "(1152921504606846976,)", "(9223372036854775808,)", "(99999999999999999999999999, 2)",
    ])
  func hugeShape(shape: String) throws {
    let description = try error(npyBytes(npyDictionary("<f8", shape), [1, 2, 3])).description
    #expect(description.contains("does not fit in memory"))
    #expect(description.contains("an array of shape (" + shape.dropFirst().prefix(10)))
  }

  @Test(
    arguments: [
      ("(2,)", 15, "is truncated: shape (2,) needs 16 bytes of data, found 15"),
      ("(2,)", 0, "is truncated: shape (2,) needs 16 bytes of data, found 0"),
      ("(2, 1)", 17, "has extra bytes at its end: shape (2, 1) needs 16 bytes of data, found 17"),
      ("(0,)", 1, "has extra bytes at its end: shape (0,) needs 0 bytes of data, found 1"),
      ("()", 7, "is truncated: shape () needs 8 bytes of data, found 7"),
      ("(1000000000000,)", 8, "is truncated: shape (1000000000000,) needs 8000000000000 bytes of data, found 8"),
    ])
  func wrongSize(shape: String, count: Int, message: String) throws {
    let payload = [UInt8](repeating: 0, count: count)
    #expect(try error(npyBytes(npyDictionary("<f8", shape), payload)).description.contains(message))
  }

  @Test func inexactElements() throws {
    func element<Value: BitwiseCopyable, Element: NPYElement>(
      _ descriptor: String, _ values: [Value], as type: Element.Type
    ) throws -> String {
      let bytes = npyBytes(npyDictionary(descriptor, "(\(values.count),)"), rawBytes(values))
      let array = try NPYArray(contentsOf: directory.file("a.npy", bytes))
      return try #require(throws: DataFileError.self) { try array.elements(as: type) }.description
    }
    #expect(
      try element("<i8", [1, (1 << 53) + 1] as [Int64], as: Double.self)
        .contains("element 1, 9007199254740993, has no exact Double value"))
    #expect(
      try element("<u8", [UInt64.max], as: Int64.self).contains("element 0, 18446744073709551615, has no exact Int64"))
    #expect(
      try element("<f8", [1, 0.5, 0.1] as [Double], as: Float.self).contains("element 2, 0.1, has no exact Float"))
    #expect(try element("<f8", [1e300] as [Double], as: Float.self).contains("element 0, 1e+300, has no exact Float"))
    #expect(try element("<f4", [2, 0.5] as [Float], as: Int64.self).contains("element 1, 0.5, has no exact Int64"))
    #expect(try element("<f8", [Double.nan], as: Int64.self).contains("element 0, nan, has no exact Int64"))
    #expect(
      try element("<i4", [1, 16_777_217] as [Int32], as: Float.self).contains("element 1, 16777217, has no exact Float")
    )
  }

  @Test func dimensions() throws {
    let path = try directory.file("a.npy", npyBytes(npyDictionary("<f8", "(1, 1, 2)"), rawBytes([1.0, 2])))
    let array = try NPYArray(contentsOf: path)
    try array.requireDimensions(3...3)
    let two = try #require(throws: DataFileError.self) { try array.requireDimensions(2...2) }
    #expect(two.description == "'\(path)': expected an array of 2 dimensions, found shape (1, 1, 2); reshape it")
    let range = try #require(throws: DataFileError.self) { try array.requireDimensions(1...2) }
    #expect(range.description.contains("expected an array of 1 to 2 dimensions"))
  }

  @Test func missingFile() throws {
    let path = directory.path("none.npy")
    let error = try #require(throws: DataFileError.self) { try NPYArray(contentsOf: path) }
    #expect(error == .missingFile(path: path))
  }
}
