import LinearModels
import Losses
import TestSupport
import Testing

/// A batch is read where its rows are: it has the bits of an objective over a copy of them.
@Suite struct BatchObjectiveTests {
  /// Rows of several tiles, a few of them, one, and none; columns around the width of vectors, and longer than a tile.
  static let shapes = [(700, 100), (64, 21), (64, 1), (5, 3000), (1, 8), (0, 4), (40, 0)]

  struct Data<S: LossScalar> {
    let features: FeatureMatrix<S>
    let targets: [S]
    let weights: [S]
    let labels: [Int]
    let rows: [Int]

    init(_ rowCount: Int, _ columns: Int) throws {
      var random = SplitMix64(seed: 8)
      let total = 2 * rowCount + 3
      features = try FeatureMatrix(
        (0..<total * columns).map { _ in S(Double.random(in: -1...1, using: &random)) }, rowCount: total,
        columnCount: columns)
      targets = (0..<total).map { _ in S(Double(Int.random(in: 0...1, using: &random))) }
      weights = (0..<total).map { S(Double($0 % 3) / 2) }
      labels = (0..<total).map { _ in Int.random(in: 0..<3, using: &random) }
      rows = Array((0..<total).shuffled(using: &random).prefix(rowCount))
    }

    func copied() throws -> FeatureMatrix<S> {
      let columns = features.columnCount
      return try FeatureMatrix(
        rows.flatMap { Array(features.elements[$0 * columns..<($0 + 1) * columns]) }, rowCount: rows.count,
        columnCount: columns)
    }
  }

  private func bits(
    _ count: Int, _ evaluate: (Span<Double>, inout MutableSpan<Double>) throws -> Double
  ) throws -> [UInt64] {
    let point = (0..<count).map { Double($0 % 7) / 8 - 0.25 }
    var gradient = [Double](repeating: .nan, count: count)
    var output = gradient.mutableSpan
    let value = try evaluate(point.span, &output)
    return [value.bitPattern] + gradient.map(\.bitPattern)
  }

  @Test(arguments: shapes) func linear(_ rowCount: Int, _ columns: Int) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      let data = try Data<S>(rowCount, columns)
      for isWeighted in [false, true] {
        func objective(_ features: FeatureMatrix<S>, _ rows: [Int]) throws -> LinearObjective<BinaryLoss, S> {
          try LinearObjective(
            loss: .logistic(), features: features, targets: rows.map { data.targets[$0] },
            weights: isWeighted ? rows.map { data.weights[$0] } : nil, penalty: .l2(strength: 0.5))
        }
        let whole = try objective(data.features, Array(data.targets.indices))
        let part = try objective(try data.copied(), data.rows)
        let found = try bits(columns + 1) {
          try whole.valueAndGradient(at: $0, rows: data.rows.span, divisor: nil, gradient: &$1)
        }
        #expect(try found == bits(columns + 1) { try part.valueAndGradient(at: $0, gradient: &$1) })
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: shapes) func categorical(_ rowCount: Int, _ columns: Int) throws {
    func check<S: LossScalar>(_: S.Type) throws {
      let data = try Data<S>(rowCount, columns)
      func objective(_ features: FeatureMatrix<S>, _ rows: [Int]) throws -> CategoricalObjective<S> {
        try CategoricalObjective(
          loss: .crossEntropy(), features: features, targets: rows.map { data.labels[$0] }, classCount: 3,
          weights: rows.map { data.weights[$0] }, classOptions: ClassOptions(ignoredIndex: 2),
          penalty: .l2(strength: 0.5))
      }
      let whole = try objective(data.features, Array(data.labels.indices))
      let part = try objective(try data.copied(), data.rows)
      let count = 3 * (columns + 1)
      let found = try bits(count) {
        try whole.valueAndGradient(at: $0, rows: data.rows.span, divisor: nil, gradient: &$1)
      }
      #expect(try found == bits(count) { try part.valueAndGradient(at: $0, gradient: &$1) })
      let counted = data.labels.indices.filter { data.labels[$0] != 2 && data.weights[$0]._double != 0 }
      #expect(whole.countedRows == counted)
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// The objective is the mean of those of single samples, whatever their weights: these are not undone in small batches.
  @Test func weightsCountInEveryBatch() throws {
    let data = try Data<Double>(40, 3)
    func expectTheMean(of batches: BatchObjective<some RowObjective>) throws {
      func values(_ samples: [Int]) throws -> [Double] {
        let point = (0..<batches.parameterCount).map { Double($0 % 7) / 8 - 0.25 }
        var gradient = point
        var output = gradient.mutableSpan
        let value = try batches.valueAndGradient(at: point.span, samples: samples.span, gradient: &output)
        return [value] + gradient
      }
      let samples = Array(0..<batches.sampleCount)
      let whole = try values(samples)
      for length in [1, 2] {
        let parts = try stride(from: 0, to: samples.count - samples.count % length, by: length).map {
          try values(Array(samples[$0..<$0 + length]))
        }
        #expect(parts.count * length == samples.count)
        for (index, expected) in whole.enumerated() {
          #expect(abs(parts.reduce(0) { $0 + $1[index] } / Double(parts.count) - expected) < 1e-14)
        }
      }
    }
    try expectTheMean(
      of: BatchObjective(
        LinearObjective(
          loss: BinaryLoss.logistic(), features: data.features, targets: data.targets,
          weights: data.weights.indices.map { $0 < 1 ? 0 : data.weights[$0] + 1 }, penalty: .l2(strength: 0.5))))
    for (rows, classes) in [
      (nil, [1, 4, 0]), (data.weights.map { $0 + 1 }, nil), (data.weights.map { $0 + 1 }, [1, 4, 0]),
    ]
      as [([Double]?, [Double]?)]
    {
      for weighting in ClassWeighting.allCases {
        var weights = rows ?? [Double](repeating: 1, count: data.labels.count)
        weights[0] = 0
        try expectTheMean(
          of: BatchObjective(
            CategoricalObjective(
              loss: .crossEntropy(), features: data.features, targets: data.labels, classCount: 3, weights: weights,
              classOptions: ClassOptions(weights: classes, weighting: weighting), penalty: .l2(strength: 0.5))))
      }
    }
  }

  /// What is wrong with a row of a batch is reported with the number that the row has in the data.
  @Test func badRows() throws {
    var targets = [Double](repeating: 0, count: 50)
    targets[41] = 2
    let features = try FeatureMatrix([Double](repeating: 1, count: 100), rowCount: 50, columnCount: 2)
    let objective = try LinearObjective(loss: BinaryLoss.logistic(), features: features, targets: targets)
    func evaluate(_ rows: [Int]) throws {
      _ = try bits(3) { try objective.valueAndGradient(at: $0, rows: rows.span, divisor: nil, gradient: &$1) }
    }
    try evaluate([3, 40, 7])
    let error = #expect(throws: LossError.self) { try evaluate([3, 7, 41]) }
    guard case .invalidElement(argument: "targets", index: 41, value: 2, expected: _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      throws: LossError.invalidLabel(argument: "samples", index: 1, value: 50, expected: "a row from 0 to 49")
    ) { try evaluate([3, 50]) }
    #expect(
      throws: LossError.invalidLabel(argument: "samples", index: 0, value: -1, expected: "a row from 0 to 49")
    ) { try evaluate([-1]) }

    var labels = [Int](repeating: 0, count: 50)
    labels[41] = 9
    let classes = try CategoricalObjective(
      loss: .crossEntropy(), features: features, targets: labels, classCount: 2)
    let other = #expect(throws: LossError.self) {
      _ = try bits(6) { try classes.valueAndGradient(at: $0, rows: [3, 7, 41].span, divisor: nil, gradient: &$1) }
    }
    guard case .invalidLabel(argument: "targets", index: 41, value: 9, expected: _) = other else {
      Issue.record("\(String(describing: other))")
      return
    }
  }
}
