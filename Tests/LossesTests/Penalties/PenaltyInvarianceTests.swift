import CLossKernels
import Foundation
import Losses
import TestSupport
import Testing

/// Results depend on the coefficients alone.
@Suite struct PenaltyInvarianceTests {
  static let count = 300_001

  /// Penalties of many coefficients.
  static let penalties: [Penalty] = {
    var random = SplitMix64(seed: 1)
    let means = PerCoefficient.each((0..<count).map { _ in Double.random(in: -1...1, using: &random) })
    let scales = PerCoefficient.each((0..<count).map { _ in Double.random(in: 0.1...3, using: &random) })
    return [
      .l1(strength: 0.7), .l2(strength: 1.3), .elasticNet(l1: 0.4, l2: 2), .smoothedL1(strength: 0.8, delta: 0.3),
      .mcp(strength: 0.6, gamma: 2.5), .scad(strength: 0.5), .gaussianPrior(means: means, scales: scales),
      .laplacePrior(means: means, scales: scales), .gaussianPrior(means: 1, scales: scales),
      .l1() + .laplacePrior(means: means, scales: 2) + .gaussianPrior(means: means, scales: scales),
      .groupLasso(strength: 0.1, groups: (0..<count).map { $0 / 1000 }) + .l1(strength: 0.2),
      // Every block meets all groups; groups that come again; too many that are scattered for sums of each block; pairs.
      .groupLasso(strength: 0.1, groups: (0..<count).map { $0 % 7 }) + .gaussianPrior(),
      .sparseGroupLasso(l1: 0.1, group: 0.2, groups: (0..<count).map { $0 % 100_000 }),
      .groupLasso(strength: 0.2, groups: (0..<count).map { $0 * 7919 % count }),
      .groupLasso(strength: 0.3, groups: (0..<count).map { $0 / 2 }),
      .totalVariation(strength: 0.3) + .l2(strength: 0.2),
    ]
  }()

  private func point<S: TestScalar>(_: S.Type, count: Int) -> [S] {
    var random = SplitMix64(seed: 2)
    return (0..<count).map { S.make($0 % 17 == 0 ? 0 : Double.random(in: -4...4, using: &random)) }
  }

  @Test(arguments: penalties.indices, ScalarKind.allCases)
  func bitsDoNotDependOnThreadsAndInstructionSets(_ index: Int, _ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_ type: S.Type) throws {
      let point = point(type, count: Self.count)
      let penalty = Self.penalties[index]
      let expected = try PenaltyResults(penalty, point, threads: 1)
      for threads in [2, 3, 7] {
        #expect(try PenaltyResults(penalty, point, threads: .atMost(threads)).isIdentical(to: expected), "\(threads)")
      }
      for isa in lk_isa.ofThisMachine {
        #expect(try PenaltyResults(penalty, point, threads: 1, isa: isa).isIdentical(to: expected), "\(isa)")
      }
    }
    try check(scalar.type)
  }

  /// Tall and wide matrices, and one of no tidy shape.
  @Test(arguments: [(3000, 100), (100, 3000), (1, 5000), (5000, 1), (257, 131)], ScalarKind.allCases)
  func bitsOfTheOrthogonality(_ shape: (rows: Int, columns: Int), _ scalar: ScalarKind) throws {
    func check<S: TestScalar>(_ type: S.Type) throws {
      let point = point(type, count: shape.rows * shape.columns)
      let penalty = Penalty.orthogonality(strength: 0.3, columns: shape.columns) + .l1(strength: 0.2)
      func evaluate(_ threads: ThreadLimit, _ isa: lk_isa) throws -> (Double, [S]) {
        var gradient = point
        var output = gradient.mutableSpan
        let span = point.span
        var call = try PenaltyCall(span, "gradient", &output)
        call.instructionSet = isa
        return (try call.evaluate(penalty, threads), gradient)
      }
      let expected = try evaluate(1, lk_isa_baseline)
      for isa in lk_isa.ofThisMachine {
        for threads in [1, 2, 3, 7] {
          let other = try evaluate(.atMost(threads), isa)
          #expect(other.0 == expected.0 && bits(other.1) == bits(expected.1), "\(threads) threads, \(isa)")
        }
      }
    }
    try check(scalar.type)
  }

  /// Blocks of groups, quadruples of rows, transposed matrices: what a dozen coefficients do not meet.
  @Test func largePenaltiesAgreeWithTheirFormula() throws {
    let size = 20_011
    let scattered = (0..<size).map { $0 * 7919 % size }
    var penalties: [(Penalty, Int)] = [
      (.groupLasso(strength: 0.1, groups: (0..<size).map { $0 / 100 }), size),
      (.groupLasso(strength: 0.1, groups: (0..<size).map { $0 % 7 }), size),
      (.groupLasso(strength: 0.1, groups: scattered), size),
      (.totalVariation(strength: 0.3), size),
    ]
    for (rows, columns) in [(257, 131), (131, 257), (7, 20), (20, 7), (66, 5)] {
      penalties.append((.orthogonality(strength: 0.3, columns: columns), rows * columns))
    }
    for (penalty, count) in penalties {
      let point = point(Double.self, count: count)
      let (value, gradient) = try penalty.valueAndGradient(at: point)
      let expected: Double
      if case .groupLasso(_, let groups) = penalty {
        var squares = [Double](repeating: 0, count: count)
        var sizes = squares
        for (group, x) in zip(groups, point) {
          squares[group] += x * x
          sizes[group] += 1
        }
        expected = 0.1 * zip(squares, sizes).reduce(0) { $0 + ($1.0 * $1.1).squareRoot() }
        let slopes = zip(groups, point).map { group, x in
          squares[group] == 0 ? 0 : 0.1 * sizes[group].squareRoot() * x / squares[group].squareRoot()
        }
        #expect(zip(gradient, slopes).allSatisfy { abs($0 - $1) <= 1e-13 })
      } else {
        expected = penalty.textbookValue(at: point)
      }
      if case .orthogonality(let strength, let columns) = penalty {
        let slopes = orthogonalityGradient(strength, columns, at: point)
        #expect(zip(gradient, slopes).allSatisfy { abs($0 - $1) <= 1e-9 }, "\(count) of \(columns)")
      }
      #expect(abs(value - expected) <= 1e-12 * expected, "\(count)")
    }
  }

  /// 2λW(WᵀW − I), entry by entry.
  private func orthogonalityGradient(_ strength: Double, _ columns: Int, at w: [Double]) -> [Double] {
    let rows = w.count / columns
    var excess = [Double](repeating: 0, count: columns * columns)
    for i in 0..<columns {
      for j in 0..<columns {
        excess[i * columns + j] = (0..<rows).reduce(i == j ? -1 : 0) { $0 + w[$1 * columns + i] * w[$1 * columns + j] }
      }
    }
    return w.indices.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return 2 * strength
        * (0..<columns).reduce(0) { $0 + w[row * columns + $1] * excess[$1 * columns + column] }
    }
  }

  /// The last block of a constant vector belongs to a run of an earlier one. Behind the vector no memory may be read.
  @Test func nothingBehindThePointIsRead() throws {
    let (page, count) = (4096, 5120)
    let length = count * MemoryLayout<Double>.stride
    let memory = try #require(
      mmap(nil, length + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer { munmap(memory, length + page) }
    try #require(mprotect(memory + length, page, PROT_NONE) == 0)
    let numbers = UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: Double.self), count: count)
    numbers.update(repeating: 1)
    for penalty in [
      Penalty.totalVariation(), .groupLasso(groups: Array(repeating: 0, count: count)), .orthogonality(columns: 5),
      .l1() + .mcp(),
    ] {
      var gradient = [Double](repeating: .nan, count: count)
      var output = gradient.mutableSpan
      try penalty.gradient(at: Span(_unsafeElements: UnsafeBufferPointer(numbers)), gradient: &output)
      let isFinite = gradient.allSatisfy { $0.isFinite }
      #expect(isFinite)
    }
  }

  @Test func infiniteNumbers() throws {
    #expect(try Penalty.totalVariation().value(at: [Double.infinity, .infinity]) == 0)
    #expect(try Penalty.totalVariation().value(at: [-Double.infinity, .infinity]) == .infinity)
    for point in [[1e200], [.infinity], [1e200, 1, 2], [.infinity, 1, 2, 3, 4]] as [[Double]] {
      let (value, gradient) = try Penalty.orthogonality(columns: 1).valueAndGradient(at: point)
      #expect(value == .infinity && gradient[0] == .infinity)
    }
    // Neither does a product overflow before the value does.
    let value = try Penalty.groupLasso(strength: 1e-3, groups: [0, 0, 0, 0]).value(at: [1e308, 0, 0, 0])
    #expect(abs(value / 2e305 - 1) < 1e-15)
  }

  /// Runs that end, begin or lie across the ends of blocks belong to one of them each.
  @Test func runsOfEqualNumbersAcrossBlocks() throws {
    var random = SplitMix64(seed: 3)
    for longest in [1, 3, 5000, 200_000] {
      var point: [Double] = []
      while point.count < Self.count {
        let length = Int.random(in: 1...longest, using: &random)
        point += Array(repeating: Double(Int.random(in: -2...2, using: &random)), count: length)
      }
      point.removeLast(point.count - Self.count)
      let penalty = Penalty.totalVariation(strength: 0.5)
      let (value, gradient) = try penalty.valueAndGradient(at: point, threads: 3)
      var (expected, begin, wrong) = (0.0, 0, 0)
      while begin < point.count {
        let end = point[begin...].firstIndex { $0 != point[begin] } ?? point.count
        func sign(_ x: Double) -> Double { x > 0 ? 1 : -1 }
        let before = begin == 0 ? 0 : sign(point[begin] - point[begin - 1])
        let after = end == point.count ? 0 : sign(point[end] - point[begin])
        expected += end == point.count ? 0 : abs(point[end] - point[begin])
        let share = 0.5 * (before - after) / Double(end - begin)
        wrong += gradient[begin..<end].count { $0 != share }
        begin = end
      }
      #expect(wrong == 0)
      #expect(abs(value - 0.5 * expected) <= 1e-12 * expected)
    }
  }

  /// The comparison above is worth something only where a call does get its threads.
  @Test func aCallGetsTheThreadsThatItAsksFor() throws {
    let point = point(Double.self, count: Self.count)
    var term = lk_penalty_term(penalty: lk_penalty_l2, coefficient: 1, parameters: (1, 0), means: nil, scales: nil)
    #if OpenMP
      let wanted: Int32 = 3
    #else
      let wanted: Int32 = 1
    #endif
    let got = repeatedly {
      point.withUnsafeBufferPointer { point in
        withUnsafePointer(to: &term) { term in
          var call = lk_penalty_call()
          var result = lk_result()
          (call.terms, call.term_count, call.scalar) = (term, 1, lk_scalar_double)
          (call.point, call.count, call.threads, call.isa) = (
            UnsafeRawPointer(point.baseAddress), Int64(point.count), 3, lk_isa_best
          )
          lk_penalty_run(&call, &result)
          return result.threads == wanted
        }
      }
    }
    #expect(got)
  }

  /// Numbers that are not finite, huge or tiny leave the others alone, and every instruction set agrees on them.
  @Test(arguments: TestedPenalties.separable, ScalarKind.allCases)
  func neighboursAreLeftAlone(_ penalty: Penalty, _ scalar: ScalarKind) throws {
    func check<S: TestScalar & BinaryFloatingPoint>(_ type: S.Type) throws {
      let point = point(type, count: TestedPenalties.count)
      let clean = try PenaltyResults(penalty, point)
      for intruder in [S.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0] {
        for place in [0, 5, 11] {
          var spoiled = point
          spoiled[place] = intruder
          let results = try PenaltyResults(penalty, spoiled)
          for j in point.indices where j != place {
            #expect(results.gradient[j] == clean.gradient[j] && results.proximal[j] == clean.proximal[j])
          }
          if intruder.isNaN, penalty.curvatureBound != 0, !"\(penalty)".contains("strength: 0.0") {
            #expect(results.gradient[place].isNaN && results.proximal[place].isNaN && results.value.isNaN)
          }
          for isa in lk_isa.ofThisMachine {
            #expect(try PenaltyResults(penalty, spoiled, isa: isa).isIdentical(to: results))
          }
        }
      }
    }
    if scalar == .float { try check(Float.self) } else { try check(Double.self) }
  }

  @Test func groupsAreLeftAlone() throws {
    let penalty = Penalty.groupLasso(strength: 1, groups: [0, 1, 0, 1])
    for intruder in [Double.nan, .infinity] {
      let (point, clean) = ([intruder, 2, 3, 4], [0.0, 2, 3, 4])
      for j in [1, 3] {
        #expect(try penalty.gradient(at: point)[j] == penalty.gradient(at: clean)[j])
        #expect(try penalty.proximal(at: point, step: 1)[j] == penalty.proximal(at: clean, step: 1)[j])
      }
    }
    #expect(try penalty.gradient(at: [.nan, 0, 1, 0])[0].isNaN)
    #expect(try penalty.gradient(at: [1, 0, .nan, 0])[0].isNaN)
    // Norms do not overflow before the value does.
    #expect(abs(try penalty.value(at: [3e200, 0, 4e200, 0]) / 5e200 - 2.0.squareRoot()) < 1e-15)
    #expect(try penalty.gradient(at: [3e200, 0, 4e200, 0]).allSatisfy { abs($0) < 2 })
    #expect(abs(try penalty.value(at: [3e-200, 0, 4e-200, 0]) / 5e-200 - 2.0.squareRoot()) < 1e-15)
    // A group of numbers of every size, and one that begins below the range of the squares and ends in it.
    for (small, large) in [(1e-300, 1e300), (1e-200, 1.0), (3e-170, 4e-140), (1e149, 1e151)] {
      let norm = large * (1 + (small / large) * (small / large)).squareRoot()
      #expect(abs(try penalty.value(at: [small, 0, large, 0]) / norm - 2.0.squareRoot()) < 1e-15)
    }
  }

  /// Lengths around those of vectors, groups and tiles: no neighbour is read, none is written.
  @Test(arguments: [0, 1, 2, 15, 16, 17, 31, 32, 33, 511, 512, 513, 1025, 4096, 4097])
  func everyLength(count: Int) throws {
    for penalty in [Penalty.elasticNet(l1: 0.4, l2: 2), .scad(strength: 0.5), .laplacePrior(means: 1, scales: 2)] {
      let point = point(Float.self, count: count)
      let results = try PenaltyResults(penalty, point)
      let expected = penalty.textbookValue(at: point.map(Double.init))
      #expect(abs(results.value - expected) <= 1e-12 * expected)
      for j in stride(from: 0, to: count, by: 7) {
        let single = try PenaltyResults(penalty, [point[j]])
        #expect(results.gradient[j] == single.gradient[0] && results.proximal[j] == single.proximal[0])
      }
    }
  }

  @Test(.enabled(if: countsAllocations, "allocations are counted with glibc only"))
  func separablePenaltiesAllocateNothing() throws {
    for penalty in TestedPenalties.separable + TestedPenalties.separableSums {
      let point = point(Float.self, count: TestedPenalties.count)
      let span = point.span
      var first = point
      var output = first.mutableSpan
      for round in 1...2 {
        let number = try allocations {
          _ = try penalty.value(at: span, threads: 1)
          _ = try penalty.valueAndGradient(at: span, threads: 1, gradient: &output)
          try penalty.gradient(at: span, accumulating: true, threads: 1, gradient: &output)
          try penalty.proximal(at: span, step: 1, threads: 1, proximal: &output)
          try penalty.proximal(overwriting: &output, step: 1, threads: 1)
          try penalty.gradient(overwriting: &output, threads: 1)
        }
        #expect(round == 1 || number == 0, "\(penalty)")
      }
    }
  }
}
