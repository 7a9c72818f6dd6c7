/// A JSON value whose objects keep the order of their keys, which `JSONEncoder` does not.
enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int)
  /// JSON has no infinity and no NaN: both are written as `null`.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(KeyValuePairs<String, JSONValue?>)
  /// An object whose keys are data.
  case dictionary([(key: String, value: JSONValue)])

  init(_ number: Double?) { self = number.map(Self.number) ?? .null }
  init(_ string: String?) { self = string.map(Self.string) ?? .null }

  /// The text, two spaces per level, without a line break at its end. A key without a value is left out.
  func text(indent: String = "") -> String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.quoted(value)
    case .array(let values):
      Self.block("[", "]", values.map { $0.text(indent: indent + "  ") }, indent)
    case .object(let members):
      JSONValue.dictionary(members.compactMap { key, value in value.map { (key, $0) } }).text(indent: indent)
    case .dictionary(let members):
      Self.block("{", "}", members.map { "\(Self.quoted($0)): \($1.text(indent: indent + "  "))" }, indent)
    }
  }

  private static func block(_ open: String, _ close: String, _ parts: [String], _ indent: String) -> String {
    guard !parts.isEmpty else { return open + close }
    return open + "\n" + parts.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)" + close
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
