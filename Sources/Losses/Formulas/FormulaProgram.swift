import CLossKernels

/// The instructions that compute some nodes: equal operations once, in registers that are used again.
struct FormulaProgram {
  private(set) var instructions: [lk_instruction] = []
  private(set) var constants: [Double] = []
  /// How many of the constants, the first ones, have a register.
  private(set) var constantRowCount = 0
  private(set) var registerCount = 0
  let outputCount: Int

  init(_ outputs: [FormulaNode]) {
    outputCount = outputs.count
    var graph = Graph()
    let roots = outputs.map { graph.add($0) }
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
    private var indices: [Content: Int] = [:]
    private var known: [ObjectIdentifier: Int] = [:]

    mutating func add(_ node: FormulaNode) -> Int {
      if let index = known[ObjectIdentifier(node)] { return index }
      let content: Content =
        switch node.kind {
        case .prediction: .prediction
        case .target: .target
        case .constant(let value), .parameter(_, let value): .constant(value.bitPattern)
        case .operation(let code): .operation(code, inOrder(node).map { add($0) })
        }
      let index = indices[content] ?? contents.count
      if index == contents.count {
        contents.append(content)
        indices[content] = index
      }
      known[ObjectIdentifier(node)] = index
      return index
    }

    /// The operands, a constant second where it may stand there: as such it needs no register.
    private func inOrder(_ node: FormulaNode) -> [FormulaNode] {
      switch node.kind {
      case .operation(lk_operation_add.rawValue), .operation(lk_operation_multiply.rawValue):
        node.operands[0].number == nil ? node.operands : node.operands.reversed()
      default: node.operands
      }
    }

    /// The value of a constant.
    func constant(_ index: Int) -> Double? {
      if case .constant(let bits) = contents[index] { Double(bitPattern: bits) } else { nil }
    }

    /// The constants that are read as rows: as an output, or as another operand than the second one.
    func constantRows(_ roots: [Int]) -> [Int] {
      var rows = Set(roots)
      for case .operation(_, let operands) in contents {
        for (place, operand) in operands.enumerated() where place != 1 { rows.insert(operand) }
      }
      return rows.filter { constant($0) != nil }.sorted()
    }
  }

  /// Gives every content its register. The first ones are the inputs, the outputs and the constants that
  /// are read as rows.
  private mutating func allocate(_ graph: Graph, _ roots: [Int]) {
    var lastUse = [Int](repeating: -1, count: graph.contents.count)
    for (index, content) in graph.contents.enumerated() {
      if case .operation(_, let operands) = content { for operand in operands { lastUse[operand] = index } }
    }
    var registers = [Int](repeating: -1, count: graph.contents.count)
    var free: [Int] = []
    let rows = graph.constantRows(roots)
    constantRowCount = rows.count
    constants = rows.compactMap { graph.constant($0) }
    for (place, row) in rows.enumerated() { registers[row] = 2 + outputCount + place }
    registerCount = 2 + outputCount + constantRowCount
    for (index, content) in graph.contents.enumerated() {
      switch content {
      case .prediction: registers[index] = 0
      case .target: registers[index] = 1
      case .constant: break
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
        let number = operands.count > 1 ? graph.constant(operands[1]) : nil
        append(code, registers[index], operands.map { registers[$0] }, number)
        for operand in Set(operands).sorted() where lastUse[operand] == index && isTemporary(registers[operand]) {
          free.append(registers[operand])
        }
      }
    }
    for (output, root) in roots.enumerated() where registers[root] != 2 + output {
      append(lk_operation_copy.rawValue, 2 + output, [registers[root]], nil)
    }
  }

  private func isTemporary(_ register: Int) -> Bool { register >= 2 + outputCount + constantRowCount }

  private mutating func append(_ code: UInt32, _ result: Int, _ operands: [Int], _ number: Double?) {
    func operand(_ k: Int) -> Int32 { Int32(k < operands.count ? max(0, operands[k]) : 0) }
    instructions.append(
      lk_instruction(
        operation: Int32(code), result: Int32(result), operands: (operand(0), operand(1), operand(2), operand(3)),
        number: number.map { Int32(place(of: $0)) } ?? -1))
  }

  private mutating func place(of number: Double) -> Int {
    if let place = constants.firstIndex(where: { $0.bitPattern == number.bitPattern }) { return place }
    constants.append(number)
    return constants.count - 1
  }
}
