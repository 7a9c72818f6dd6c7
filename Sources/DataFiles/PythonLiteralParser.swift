/// Reads the few Python literals of an `.npy` header, with white space before any of them.
struct PythonLiteralParser {
  typealias Failure = NPYDictionary.Failure

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Steps over the character if it is next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard skip(character) else { throw failure("expected '\(character)'") }
  }

  mutating func expectEnd() throws(Failure) {
    skipSpace()
    guard position == bytes.count else { throw failure("text after the dictionary") }
  }

  /// A string in single or double quotes. An escape is left as it is: none of the strings that count has any.
  mutating func string() throws(Failure) -> String {
    skipSpace()
    guard position < bytes.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[position]) else {
      throw failure("expected a string")
    }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: bytes[position]) else { throw failure("a string is not closed") }
    position = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The string that names a type; the list of a structured type is not supported.
  mutating func descriptor() throws(Failure) -> String {
    if skip("[") { throw Failure(.unsupportedDType("structured")) }
    return try string()
  }

  /// `True` or `False`.
  mutating func bool() throws(Failure) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("expected True or False")
  }

  /// A tuple of sizes: `()`, `(3,)`, `(3, 4)`.
  mutating func shape() throws(Failure) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !skip(")") {
      sizes.append(try size())
      if skip(",") { continue }
      // Without a comma it is a number in parentheses, which is no tuple.
      guard sizes.count > 1 else { throw failure("expected ','") }
      try expect(")")
      break
    }
    return sizes
  }

  private mutating func size() throws(Failure) -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard !digits.isEmpty else { throw failure("expected a size") }
    position = digits.endIndex
    let text = String(decoding: digits, as: UTF8.self)
    guard let size = Int(text) else {
      throw Failure(.shapeTooLarge(shape: "(\(text.prefix(40)), …)"))
    }
    return size
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private func failure(_ reason: String) -> Failure {
    Failure(reason: "\(reason) at character \(position + 1) of it")
  }
}
