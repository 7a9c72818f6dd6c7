import CLossKernels

/// The programs of a formula in memory that stays where it is, as the kernels want them.
final class CompiledFormula: @unchecked Sendable {
  /// Its address is the formula for the kernels.
  let formula: UnsafeMutablePointer<lk_formula>

  /// Why the kernels cannot run the formula; then there are no programs.
  let problem: LossError?

  /// The number of parameters.
  let parameterCount: Int

  private var memory: [UnsafeMutableRawPointer] = []

  /// The graphs of what the formula gives. `derivatives` is called if the value's graph is no deeper than the compilation
  /// can follow.
  init(
    value: FormulaNode, parameterCount: Int,
    derivatives: () -> (gradient: FormulaNode, curvature: FormulaNode, slopes: [FormulaNode])
  ) {
    self.parameterCount = parameterCount
    formula = .allocate(capacity: 1)
    formula.initialize(to: lk_formula())
    if let problem = Self.problem(of: value, parameterCount: parameterCount) {
      self.problem = problem
      return
    }
    let (gradient, curvature, slopes) = derivatives()
    let programs = [
      FormulaProgram([value]), FormulaProgram([value, gradient]), FormulaProgram([value, gradient, curvature]),
      FormulaProgram(slopes),
    ]
    let registers = programs.map(\.registerCount).max() ?? 0
    guard registers <= Int(LK_MAX_REGISTERS) else {
      problem = .invalidArgument(
        argument: "formula", value: "in need of \(registers) constants and intermediate results at once",
        expected: "at most \(LK_MAX_REGISTERS)")
      return
    }
    problem = nil
    formula.pointee = lk_formula(
      value: install(programs[0]), both: install(programs[1]), all: install(programs[2]), slopes: install(programs[3]))
  }

  deinit {
    for block in memory { block.deallocate() }
    formula.deallocate()
  }

  private static func problem(of value: FormulaNode, parameterCount: Int) -> LossError? {
    guard parameterCount <= Int(LK_MAX_PARAMETERS) else {
      return .invalidArgument(
        argument: "parameters", value: "\(parameterCount) of them", expected: "at most \(LK_MAX_PARAMETERS)")
    }
    // Graphs are walked by recursion.
    let limit = 1000
    guard value.depth <= limit else {
      return .invalidArgument(
        argument: "formula", value: "\(value.depth) operations deep", expected: "at most \(limit)")
    }
    if let index = value.largestParameter, index >= parameterCount {
      return .invalidArgument(
        argument: "T.parameter(\(index), …)", value: "not in the list of parameters",
        expected: "an index from 0 to \(parameterCount - 1)")
    }
    return nil
  }

  private func install(_ program: FormulaProgram) -> lk_program {
    lk_program(
      instructions: copy(program.instructions), instruction_count: Int64(program.instructions.count),
      constants: copy(program.constants), constant_row_count: Int32(program.constantRowCount),
      output_count: Int32(program.outputCount), register_count: Int32(program.registerCount))
  }

  private func copy<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    copy.initialize(from: elements, count: elements.count)
    memory.append(UnsafeMutableRawPointer(copy))
    return UnsafePointer(copy)
  }
}
