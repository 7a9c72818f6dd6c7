import CLossKernels

/// The instructions that compute some nodes: equal operations once, in registers that are used again.
struct FormulaProgram {
  private(set) var instructions: [lk_instruction] = []
  private(set) var constants: [Double] = []
  private(set) var registerCount = 0
  let outputCount: Int

  init(_ outputs: [FormulaNode]) {
    outputCount = outputs.count
    var graph = Graph()
    let roots = outputs.map { graph.add($0) }
    constants = graph.constants
    allocate(graph, roots)
  }

  /// What a register or an operation holds, so that equal ones are recognised.
  private enum Content: Hashable {
    case prediction, target
    case constant(UInt64)
    case operation(UInt32, [Int])
  }

  /// The distinct contents, each after what it needs.
  private struct Graph {
    var contents: [Content] = []
    var constants: [Double] = []
    private var indices: [Content: Int] = [:]
    private var known: [ObjectIdentifier: Int] = [:]

    mutating func add(_ node: FormulaNode) -> Int {
      if let index = known[ObjectIdentifier(node)] { return index }
      let content: Content =
        switch node.kind {
        case .prediction: .prediction
        case .target: .target
        case .constant(let value), .parameter(_, let value): .constant(value.bitPattern)
        case .operation(let code): .operation(code, node.operands.map { add($0) })
        }
      let index = indices[content] ?? contents.count
      if index == contents.count {
        contents.append(content)
        indices[content] = index
        if case .constant(let bits) = content { constants.append(Double(bitPattern: bits)) }
      }
      known[ObjectIdentifier(node)] = index
      return index
    }
  }

  /// Gives every content its register. The first ones are the inputs, the outputs and the constants.
  private mutating func allocate(_ graph: Graph, _ roots: [Int]) {
    var lastUse = [Int](repeating: -1, count: graph.contents.count)
    for (index, content) in graph.contents.enumerated() {
      if case .operation(_, let operands) = content { for operand in operands { lastUse[operand] = index } }
    }
    var registers = [Int](repeating: -1, count: graph.contents.count)
    var free: [Int] = []
    var nextConstant = 2 + outputCount
    registerCount = 2 + outputCount + constants.count
    for (index, content) in graph.contents.enumerated() {
      switch content {
      case .prediction: registers[index] = 0
      case .target: registers[index] = 1
      case .constant:
        registers[index] = nextConstant
        nextConstant += 1
      case .operation(let code, let operands):
        // The result's register is none of the operands': these are freed after it is chosen.
        if let output = roots.firstIndex(of: index) {
          registers[index] = 2 + output
        } else if let register = free.popLast() {
          registers[index] = register
        } else {
          registers[index] = registerCount
          registerCount += 1
        }
        append(code, registers[index], operands.map { registers[$0] })
        for operand in Set(operands).sorted() where lastUse[operand] == index && isTemporary(registers[operand]) {
          free.append(registers[operand])
        }
      }
    }
    for (output, root) in roots.enumerated() where registers[root] != 2 + output {
      append(lk_operation_copy.rawValue, 2 + output, [registers[root]])
    }
  }

  private func isTemporary(_ register: Int) -> Bool { register >= 2 + outputCount + constants.count }

  private mutating func append(_ code: UInt32, _ result: Int, _ operands: [Int]) {
    func operand(_ k: Int) -> Int32 { Int32(k < operands.count ? operands[k] : 0) }
    instructions.append(
      lk_instruction(
        operation: Int32(code), result: Int32(result), operands: (operand(0), operand(1), operand(2), operand(3))))
  }
}
