import LinearModels
import Losses
import Optimizers

/// One way to descend: how many rows a step looks at, and how far it goes.
struct Mode {
  var name: String
  var batchSize: BatchSize
  /// Of all epochs.
  var steps: Int
  var rate: Double

  init(_ name: String, batchSize: BatchSize, steps: Int, rate: Double) {
    (self.name, self.batchSize, self.steps, self.rate) = (name, batchSize, steps, rate)
  }

  /// Descends, and looks at the whole objective after each epoch; the time that this takes is not counted.
  func run(
    _ objective: LinearObjective<BinaryLoss, Double>, from start: [Double], minimum: Double, epochs: Int,
    rateFalls: Bool
  ) throws -> Curve {
    var curve = Curve(name: rateFalls ? "\(name), falling" : name)
    var looking = Duration.zero
    func look(_ parameters: [Double], _ duration: Duration) throws {
      let begin = ContinuousClock.now
      var gradient = parameters
      var span = gradient.mutableSpan
      let value = try objective.valueAndGradient(at: parameters.span, gradient: &span)
      curve.excess.append(max(value - minimum, 1e-12))
      curve.seconds.append((duration - looking) / .seconds(1))
      looking += .now - begin
    }
    try look(start, .zero)
    looking = .zero
    let trainer = Trainer(
      .sgd(learningRate: rate), schedule: rateFalls ? .cosine(steps: steps) : .constant(), batchSize: batchSize,
      epochs: epochs, seed: 1, threads: 1)
    _ = try trainer.train(
      BatchObjective(objective), from: start, checkpointing: { try look($0.parameters, $0.duration) })
    return curve
  }
}

/// How far the value of all rows is above the minimum, before the first epoch and after each.
struct Curve {
  var name: String
  var excess: [Double] = []
  var seconds: [Double] = []
}

extension FeatureMatrix<Double> {
  /// Columns of mean 0 and standard deviation 1.
  func standardized() throws -> FeatureMatrix {
    var elements = elements
    for column in 0..<columnCount {
      let places = stride(from: column, to: elements.count, by: columnCount)
      let mean = places.reduce(0) { $0 + elements[$1] } / Double(rowCount)
      let variance = places.reduce(0) { $0 + (elements[$1] - mean) * (elements[$1] - mean) } / Double(rowCount)
      for place in places { elements[place] = (elements[place] - mean) / variance.squareRoot() }
    }
    return try FeatureMatrix(elements, rowCount: rowCount, columnCount: columnCount)
  }
}
