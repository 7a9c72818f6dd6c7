/// For each class the weight of its samples, of its predictions, and of those that are right: what accuracy, precision,
/// recall, F1 and the Matthews correlation are made of.
struct ClassTally {
  private var targets: [CompensatedSum]
  private var predictions: [CompensatedSum]
  private var hits: [CompensatedSum]
  private var allHits = CompensatedSum()
  private var total = CompensatedSum()

  init(classCount: Int) {
    targets = Array(repeating: CompensatedSum(), count: classCount)
    predictions = targets
    hits = targets
  }

  mutating func add(target: Int, prediction: Int, weight: Double) {
    targets[target].add(weight)
    predictions[prediction].add(weight)
    total.add(weight)
    if target == prediction {
      hits[target].add(weight)
      allHits.add(weight)
    }
  }

  private static func ratio(_ part: Double, _ whole: Double) -> Double { whole == 0 ? 0 : part / whole }

  /// The share of samples whose class is predicted.
  var accuracy: Double { Self.ratio(allHits.value, total.value) }

  /// The share of hits among the predictions of a class; 0 where there are none.
  func precision(of index: Int) -> Double { Self.ratio(hits[index].value, predictions[index].value) }

  /// The share of hits among the samples of a class; 0 where there are none.
  func recall(of index: Int) -> Double { Self.ratio(hits[index].value, targets[index].value) }

  /// The harmonic mean of precision and recall; 0 where there is neither a sample nor a prediction.
  func f1(of index: Int) -> Double {
    Self.ratio(2 * hits[index].value, predictions[index].value + targets[index].value)
  }

  /// The mean of the recalls of the classes that have samples.
  var balancedAccuracy: Double { mean(over: targets.indices.filter { targets[$0].value > 0 }, recall) }

  /// The mean of a measure over the classes that have samples or predictions.
  func macroMean(_ measure: (Int) -> Double) -> Double {
    mean(over: targets.indices.filter { targets[$0].value > 0 || predictions[$0].value > 0 }, measure)
  }

  private func mean(over classes: [Int], _ measure: (Int) -> Double) -> Double {
    var sum = CompensatedSum()
    for index in classes { sum.add(measure(index)) }
    return Self.ratio(sum.value, Double(classes.count))
  }

  /// The correlation `R_K` of predictions and targets (Gorodkin 2004), for two classes that of Matthews (1975); 0 where
  /// all targets or all predictions are of one class.
  var matthews: Double {
    guard total.value > 0 else { return 0 }
    // A power of two brings the weights near 1, so that products of them neither overflow nor vanish.
    let scale = Double(sign: .plus, exponent: max(-1000, min(1000, -total.value.exponent)), significand: 1)
    let total = scale * total.value
    var covariance = CompensatedSum()
    var targetVariance = CompensatedSum()
    var predictionVariance = CompensatedSum()
    for index in targets.indices {
      let (target, prediction) = (scale * targets[index].value, scale * predictions[index].value)
      covariance.add(scale * hits[index].value * total - prediction * target)
      targetVariance.add(target * (total - target))
      predictionVariance.add(prediction * (total - prediction))
    }
    let deviation = targetVariance.value.squareRoot() * predictionVariance.value.squareRoot()
    return deviation > 0 ? max(-1, min(1, covariance.value / deviation)) : 0
  }
}
