import CLossKernels
import Foundation
import Losses
import Optimizers
import TestSupport
import Testing

/// The rule with a memory of its own kind.
@Suite struct AdafactorTests {
  /// One block of rows and several, one tile of columns and several, neither of them whole.
  static let shapes = [(3, 7), (3000, 40), (40, 3000), (2, 1500), (1025, 512), (600, 513), (5000, 1)]

  private func vector(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Double.random(in: -2...2, using: &random) }
  }

  private func optimizer<S: LossScalar>(_ shape: (Int, Int), _: S.Type) throws -> Optimizer<S> {
    let matrix = ParameterRange(name: "matrix", range: 0..<shape.0 * shape.1, columns: shape.1)
    return try Optimizer(
      .adafactor(learningRate: 0.3, epsilon: 1e-3, weightDecay: 0.1), layout: ParameterLayout([matrix]))
  }

  /// The formula, in its plainest form.
  private struct Formula {
    let columns: Int
    var rowMeans: [Double]
    var columnMeans: [Double]

    init(_ shape: (Int, Int)) {
      columns = shape.1
      rowMeans = [Double](repeating: 0, count: shape.0)
      columnMeans = [Double](repeating: 0, count: shape.1)
    }

    mutating func step(_ w: inout [Double], _ g: [Double], _ t: Int) {
      func rootMeanSquare(_ x: [Double]) -> Double {
        (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
      }
      let rho = pow(Double(t), -0.8)
      for row in rowMeans.indices {
        let mean = (0..<columns).reduce(0) { $0 + g[row * columns + $1] * g[row * columns + $1] } / Double(columns)
        rowMeans[row] += rho * (mean - rowMeans[row])
      }
      for column in 0..<columns {
        let sum = rowMeans.indices.reduce(0) { $0 + g[$1 * columns + column] * g[$1 * columns + column] }
        columnMeans[column] += rho * (sum / Double(rowMeans.count) - columnMeans[column])
      }
      let mean = rowMeans.reduce(0, +) / Double(rowMeans.count)
      let u = g.indices.map {
        g[$0] / max(rowMeans[$0 / columns] * columnMeans[$0 % columns] / mean, 1e-6).squareRoot()
      }
      let length = min(0.3, 1 / Double(t).squareRoot()) * max(1e-3, rootMeanSquare(w)) / max(1, rootMeanSquare(u))
      for i in w.indices { w[i] = (1 - 0.3 * 0.1) * w[i] - length * u[i] }
    }
  }

  @Test(arguments: shapes) func matricesFollowTheFormula(rows: Int, columns: Int) throws {
    var optimizer = try optimizer((rows, columns), Double.self)
    var formula = Formula((rows, columns))
    var found = vector(rows * columns, seed: 50)
    var expected = found
    for t in 1...3 {
      let gradient = vector(rows * columns, seed: UInt64(t))
      try optimizer.update(&found, gradient: gradient)
      formula.step(&expected, gradient, t)
    }
    #expect(maximumDistance(found, expected) < 1e-12)
  }

  @Test(arguments: shapes) func matricesGiveTheSameBits(rows: Int, columns: Int) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      var results: [[UInt64]] = []
      for isa in [lk_isa_baseline, lk_isa_best] {
        for threads: ThreadLimit in [1, 2, 3, 16] {
          var optimizer = try optimizer((rows, columns), S.self)
          optimizer.instructionSet = isa
          var parameters = vector(rows * columns, seed: 50).map { S($0) }
          for t in 1...2 {
            let gradient = vector(rows * columns, seed: UInt64(t)).map { S($0) }
            try optimizer.update(&parameters, gradient: gradient, threads: threads)
          }
          results.append(parameters.map { $0._double.bitPattern })
        }
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// As many numbers can be those of a matrix of another shape.
  @Test func aStateOfAdafactorKnowsItsShapes() throws {
    func optimizer(
      _ shapes: [(Int, Int?)], state: OptimizerState<Float>? = nil
    ) throws -> Optimizer<Float> {
      var ranges: [ParameterRange] = []
      for (index, (count, columns)) in shapes.enumerated() {
        let start = ranges.last?.range.upperBound ?? 0
        ranges.append(ParameterRange(name: "w\(index)", range: start..<start + count, columns: columns))
      }
      return try Optimizer(.adafactor(), layout: ParameterLayout(ranges), state: state)
    }
    var first = try optimizer([(6, 3), (0, nil), (4, nil)])
    var parameters = [Float](repeating: 1, count: 10)
    try first.update(&parameters, gradient: parameters)
    func refusal(_ shapes: [(Int, Int?)]) -> String? {
      do {
        _ = try optimizer(shapes, state: first.state)
        return nil
      } catch { return "\(error)" }
    }
    #expect(refusal([(6, 3), (4, nil)]) == nil)
    #expect(
      refusal([(6, 2), (4, nil)])
        == "the state of w0 is one of 6 parameters in 3 columns; expected one of 6 parameters in 2 columns")
    #expect(
      refusal([(6, 3), (4, 2)]) == "the state of w1 is one of 4 parameters; expected one of 4 parameters in 2 columns")
    #expect(
      refusal([(4, nil), (6, 3)]) == "the state of w0 is one of 6 parameters in 3 columns; expected one of 4 parameters"
    )
    #expect(refusal([(6, 3), (2, nil), (2, nil)]) == "state is one of 2 ranges; expected one of 3 ranges")

    let data = try JSONEncoder().encode(first.state)
    #expect(try JSONDecoder().decode(OptimizerState<Float>.self, from: data) == first.state)
    // As it was written before there were shapes.
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object.removeValue(forKey: "shapes") != nil)
    let old = try JSONSerialization.data(withJSONObject: object)
    let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode(OptimizerState<Float>.self, from: old) }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains("without the shapes of its ranges"))
    // Shapes that no layout has are none of this one.
    object["shapes"] = [["parameters": 6, "columns": 0], ["parameters": -4]]
    let strange = try JSONDecoder().decode(
      OptimizerState<Float>.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(throws: LossError.self) { try optimizer([(6, 3), (4, nil)], state: strange) }
  }
}
