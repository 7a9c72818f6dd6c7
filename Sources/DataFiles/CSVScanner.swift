/// One field of a CSV file: where its text lies, without the quotes and the blanks around it.
struct CSVField {
  let text: UnsafeBufferPointer<UInt8>
  let hasDoubledQuotes: Bool
  let line: Int
  let endsRecord: Bool

  /// The finite number in the field, if it holds one; blanks inside of quotes do not matter either.
  var number: Double? {
    var trimmed = text[...]
    while let first = trimmed.first, CSVScanner.isBlank(first) { trimmed.removeFirst() }
    while let last = trimmed.last, CSVScanner.isBlank(last) { trimmed.removeLast() }
    return DecimalNumber.parse(UnsafeBufferPointer(rebasing: trimmed))
  }

  /// The text as a string; a doubled quote in a quoted field stands for one.
  var string: String {
    guard hasDoubledQuotes else { return String(decoding: text, as: UTF8.self) }
    var unescaped: [UInt8] = []
    var index = 0
    while index < text.count {
      unescaped.append(text[index])
      index += text[index] == CSVScanner.quote ? 2 : 1
    }
    return String(decoding: unescaped, as: UTF8.self)
  }
}

/// Splits the bytes of a CSV file (RFC 4180) into fields and counts lines.
///
/// LF, CRLF and a lone CR end a line. Blanks around a field do not belong to it. Lines that are blank to the end of the
/// file are left out.
struct CSVScanner {
  static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let path: String
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0
  private(set) var line = 1

  /// The bytes have to outlive the scanner and its fields.
  init(_ raw: UnsafeRawBufferPointer, path: String) throws(DataFileError) {
    if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) {
      throw .malformedCSV(path: path, line: 1, problem: "the text is UTF-16; save it as UTF-8")
    }
    var end = raw.count
    while end > 0, Self.isBlank(raw[end - 1]) || Self.isLineBreak(raw[end - 1]) { end -= 1 }
    let start = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.path = path
    bytes = UnsafeRawBufferPointer(rebasing: raw[min(start, end)..<end]).bindMemory(to: UInt8.self)
  }

  /// How many bytes there are, without a byte order mark and the blank end.
  var byteCount: Int { bytes.count }

  var isAtEnd: Bool { position == bytes.count }

  /// The next field of the record; an empty one after a comma at the end of the file.
  mutating func nextField() throws(DataFileError) -> CSVField {
    var start = position
    while start < bytes.count, Self.isBlank(bytes[start]) { start += 1 }
    if start < bytes.count, bytes[start] == Self.quote { return try quotedField(from: start + 1) }
    var delimiter = start
    while delimiter < bytes.count, !Self.isDelimiter(bytes[delimiter]) { delimiter += 1 }
    var end = delimiter
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    return finishField(start..<end, hasDoubledQuotes: false, line: line, delimiter: delimiter)
  }

  private mutating func quotedField(from start: Int) throws(DataFileError) -> CSVField {
    let firstLine = line
    var hasDoubledQuotes = false
    var end = start
    while true {
      guard end < bytes.count else {
        throw .malformedCSV(path: path, line: firstLine, problem: "a quote is opened and never closed; close it")
      }
      if bytes[end] == Self.quote {
        guard end + 1 < bytes.count, bytes[end + 1] == Self.quote else { break }
        hasDoubledQuotes = true
        end += 2
      } else {
        if endsLine(at: end) { line += 1 }
        end += 1
      }
    }
    var delimiter = end + 1
    while delimiter < bytes.count, Self.isBlank(bytes[delimiter]) { delimiter += 1 }
    guard delimiter == bytes.count || Self.isDelimiter(bytes[delimiter]) else {
      throw .malformedCSV(
        path: path, line: line,
        problem: "text follows a closing quote; double a quote that belongs to the field, or put a comma after it")
    }
    return finishField(start..<end, hasDoubledQuotes: hasDoubledQuotes, line: firstLine, delimiter: delimiter)
  }

  private mutating func finishField(
    _ range: Range<Int>, hasDoubledQuotes: Bool, line fieldLine: Int, delimiter: Int
  ) -> CSVField {
    var endsRecord = true
    if delimiter == bytes.count {
      position = delimiter
    } else if bytes[delimiter] == Self.comma {
      position = delimiter + 1
      endsRecord = false
    } else {
      let lineEnd = endsLine(at: delimiter) ? delimiter : delimiter + 1
      position = lineEnd + 1
      line += 1
    }
    return CSVField(
      text: UnsafeBufferPointer(rebasing: bytes[range]), hasDoubledQuotes: hasDoubledQuotes, line: fieldLine,
      endsRecord: endsRecord)
  }

  /// Whether the byte is the last of a line break: an LF, or a CR without an LF after it.
  private func endsLine(at index: Int) -> Bool {
    switch bytes[index] {
    case Self.lineFeed: true
    case Self.carriageReturn: index + 1 == bytes.count || bytes[index + 1] != Self.lineFeed
    default: false
    }
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isLineBreak(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

  private static func isDelimiter(_ byte: UInt8) -> Bool { byte == comma || isLineBreak(byte) }
}
