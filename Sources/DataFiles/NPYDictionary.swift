/// The dictionary in an `.npy` header: exactly the keys `descr`, `fortran_order` and `shape`, in any order.
///
/// The parser takes the Python literals that these keys can have and nothing else.
struct NPYDictionary {
  private(set) var descriptor: String
  private(set) var isFortranOrder: Bool
  private(set) var shape: [Int]

  /// A problem, as long as the path of the file is not known.
  struct Failure: Error {
    let problem: NPYProblem

    init(_ problem: NPYProblem) { self.problem = problem }

    init(reason: String) { problem = .malformedHeader(reason: reason) }
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    var parser = PythonLiteralParser(bytes)
    var descriptor: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try parser.expect("{")
    while !parser.skip("}") {
      let key = try parser.string()
      try parser.expect(":")
      let isRepeated: Bool
      switch key {
      case "descr":
        isRepeated = descriptor != nil
        descriptor = try parser.descriptor()
      case "fortran_order":
        isRepeated = isFortranOrder != nil
        isFortranOrder = try parser.bool()
      case "shape":
        isRepeated = shape != nil
        shape = try parser.shape()
      default:
        throw Failure(reason: "unknown key \(quoted(key))")
      }
      guard !isRepeated else { throw Failure(reason: "the key \(quoted(key)) comes twice") }
      if !parser.skip(",") {
        try parser.expect("}")
        break
      }
    }
    try parser.expectEnd()
    guard let descriptor else { throw Failure(reason: "the key 'descr' is missing") }
    guard let isFortranOrder else { throw Failure(reason: "the key 'fortran_order' is missing") }
    guard let shape else { throw Failure(reason: "the key 'shape' is missing") }
    self.descriptor = descriptor
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }
}
