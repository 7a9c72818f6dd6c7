import CLossKernels

/// A node of the graph of a formula: an operation and what it works on. Nodes never change, so graphs share them.
final class FormulaNode: Sendable {
  enum Kind: Hashable, Sendable {
    case prediction
    case target
    case constant(Double)
    /// A constant by which derivatives may be asked for.
    case parameter(Int, Double)
    case operation(UInt32)
  }

  let kind: Kind
  let operands: [FormulaNode]

  /// How many operations are on the longest way to an input.
  let depth: Int

  private init(_ kind: Kind, _ operands: [FormulaNode] = []) {
    self.kind = kind
    self.operands = operands
    depth = operands.reduce(0) { max($0, $1.depth) } + 1
  }

  static let prediction = FormulaNode(.prediction)
  static let target = FormulaNode(.target)

  static func constant(_ value: Double) -> FormulaNode { FormulaNode(.constant(value)) }

  static func parameter(_ index: Int, _ value: Double) -> FormulaNode { FormulaNode(.parameter(index, value)) }

  /// An operation; of constants only, its result.
  static func operation(_ operation: lk_operation, _ operands: FormulaNode...) -> FormulaNode {
    let constants = operands.compactMap(\.constant)
    guard constants.count == operands.count else { return FormulaNode(.operation(operation.rawValue), operands) }
    return constants.withUnsafeBufferPointer { constants in
      var addresses = [UnsafeRawPointer?](repeating: nil, count: 4)
      for i in constants.indices { addresses[i] = UnsafeRawPointer(constants.baseAddress.map { $0 + i }) }
      var result = 0.0
      lk_operate(operation, lk_scalar_double, lk_isa_best, addresses, &result, 1)
      return constant(result)
    }
  }

  /// The largest index of the parameters that the graph reads.
  var largestParameter: Int? {
    var largest: Int?
    var seen: Set<ObjectIdentifier> = []
    var waiting = [self]
    while let node = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      if case .parameter(let index, _) = node.kind {
        // An index below 0 is in no list either.
        largest = Swift.max(largest ?? 0, index < 0 ? .max : index)
      }
      waiting += node.operands
    }
    return largest
  }

  /// The value of a constant that is no parameter.
  var constant: Double? {
    if case .constant(let value) = kind { value } else { nil }
  }

  /// The value of a constant, or of a parameter.
  var number: Double? {
    switch kind {
    case .constant(let value), .parameter(_, let value): value
    default: nil
    }
  }

  // What needs no operation is left out.

  static func sum(_ a: FormulaNode, _ b: FormulaNode) -> FormulaNode {
    if a.constant == 0 { return b }
    if b.constant == 0 { return a }
    return operation(lk_operation_add, a, b)
  }

  static func product(_ a: FormulaNode, _ b: FormulaNode) -> FormulaNode {
    if a.constant == 1 { return b }
    if b.constant == 1 { return a }
    return operation(lk_operation_multiply, a, b)
  }

  static func quotient(_ a: FormulaNode, _ b: FormulaNode) -> FormulaNode {
    b.constant == 1 ? a : operation(lk_operation_divide, a, b)
  }
}
