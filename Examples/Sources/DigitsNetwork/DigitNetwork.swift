import Losses
import Optimizers

/// Two convolutions with rectifiers, the greatest of every 2 × 2 pixels, and 10 scores that are linear in what is left.
///
/// What is minimised is the mean cross-entropy of the images that it was made with, a few at a time. The parameters are one
/// flat buffer; ``layout`` says what lies where.
struct DigitNetwork: SampleObjective {
  let layout: ParameterLayout
  let loss = CategoricalLoss.crossEntropy()
  private let first = Convolution(inputs: 1, outputs: 8)
  private let second = Convolution(inputs: 8, outputs: 16)
  private let parts: Parts
  private let images: [Double]
  private let labels: [UInt8]

  /// Where the parameters of each layer lie.
  private struct Parts {
    let firstWeights, firstBiases, secondWeights, secondBiases, scoreWeights, scoreBiases: Range<Int>
  }

  init(_ digits: Digits) throws {
    images = digits.pixels
    labels = digits.labels
    var end = 0
    func part(_ count: Int) -> Range<Int> {
      defer { end += count }
      return end..<end + count
    }
    let featureCount = second.outputs * Pooling.outputCount
    parts = Parts(
      firstWeights: part(first.weightCount), firstBiases: part(first.outputs),
      secondWeights: part(second.weightCount), secondBiases: part(second.outputs),
      scoreWeights: part(Digits.classCount * featureCount), scoreBiases: part(Digits.classCount))
    // All weights shrink, biases do not: ℓ2, but as the weight decay of the update rule and not as a `Penalty` in the
    // value. The gradient of a penalty would be divided by the second moments of Adam, so that the weights of the
    // steepest gradients would be held back least (Loshchilov and Hutter 2019); and the value stays the plain loss.
    layout = try ParameterLayout([
      ParameterRange(name: "first.weights", range: parts.firstWeights),
      ParameterRange(name: "first.biases", range: parts.firstBiases, weightDecayFactor: 0),
      ParameterRange(name: "second.weights", range: parts.secondWeights),
      ParameterRange(name: "second.biases", range: parts.secondBiases, weightDecayFactor: 0),
      ParameterRange(name: "scores.weights", range: parts.scoreWeights),
      ParameterRange(name: "scores.biases", range: parts.scoreBiases, weightDecayFactor: 0),
    ])
  }

  var parameterCount: Int { layout.count }
  var sampleCount: Int { labels.count }

  /// Where to start: weights of a size that keeps the activations of all layers alike (He et al. 2015), small biases.
  func initialParameters(seed: UInt64) -> [Double] {
    var generator = Generator(seed: seed)
    var parameters = [Double](repeating: 0, count: parameterCount)
    let layers = [
      (parts.firstWeights, parts.firstBiases), (parts.secondWeights, parts.secondBiases),
      (parts.scoreWeights, parts.scoreBiases),
    ]
    for (weights, biases) in layers {
      let bound = (6 / Double(weights.count / biases.count)).squareRoot()
      for i in weights { parameters[i] = generator.uniform(within: bound) }
      for i in biases { parameters[i] = generator.uniform(within: 0.1) }
    }
    return parameters
  }

  /// The digits of these images.
  func targets(_ samples: Span<Int>) -> [UInt8] { samples.indices.map { labels[samples[$0]] } }

  /// The scores of the samples, 10 for each.
  func scores(at parameters: Span<Double>, samples: Span<Int>) -> [Double] {
    activations(at: parameters, samples: samples).scores
  }

  /// The mean loss of the samples.
  func value(at parameters: Span<Double>, samples: Span<Int>) throws -> Double {
    try loss.value(
      predictions: scores(at: parameters, samples: samples), targets: targets(samples), classCount: Digits.classCount)
  }

  /// The mean loss of the samples; writes its derivative by each parameter.
  func valueAndGradient(
    at parameters: Span<Double>, samples: Span<Int>, gradient: inout MutableSpan<Double>
  ) throws -> Double {
    var layers = activations(at: parameters, samples: samples)
    let value = try replaceScoresByDerivatives(&layers.scores, targets(samples))
    for i in gradient.indices { gradient[i] = 0 }
    let features = addScoreGradient(layers, at: parameters, to: &gradient)
    addConvolutionGradients(layers, features: features, at: parameters, samples: samples, to: &gradient)
    return value
  }
}

// MARK: Forward

extension DigitNetwork {
  /// What the layers give for a batch, sample by sample: the convolutions after their rectifiers.
  private struct Activations {
    let first, second, features: [Double]
    var scores: [Double]
  }

  private var firstCount: Int { first.outputs * Convolution.pixelCount }
  private var secondCount: Int { second.outputs * Convolution.pixelCount }
  private var featureCount: Int { second.outputs * Pooling.outputCount }

  private func activations(at parameters: Span<Double>, samples: Span<Int>) -> Activations {
    var hidden = [Double](repeating: 0, count: samples.count * firstCount)
    var output = hidden.mutableSpan
    for i in samples.indices {
      first.forward(
        images.span.extracting(block(samples[i], Convolution.pixelCount)),
        weights: parameters.extracting(parts.firstWeights), biases: parameters.extracting(parts.firstBiases),
        to: &output, at: block(i, firstCount))
    }
    var deeper = [Double](repeating: 0, count: samples.count * secondCount)
    output = deeper.mutableSpan
    for i in samples.indices {
      second.forward(
        hidden.span.extracting(block(i, firstCount)), weights: parameters.extracting(parts.secondWeights),
        biases: parameters.extracting(parts.secondBiases), to: &output, at: block(i, secondCount))
    }
    let features = Pooling.forward(deeper.span)
    return Activations(
      first: hidden, second: deeper, features: features, scores: scores(of: features, at: parameters))
  }

  /// One product for the batch: F·Wᵀ + b.
  private func scores(of features: [Double], at parameters: Span<Double>) -> [Double] {
    let weights = transposed(parameters.extracting(parts.scoreWeights), columns: featureCount)
    let biases = parameters.extracting(parts.scoreBiases)
    var scores = (0..<features.count / featureCount * Digits.classCount).map { biases[$0 % Digits.classCount] }
    var output = scores.mutableSpan
    addProduct(features.span, weights.span, columns: Digits.classCount, to: &output, at: output.indices)
    return scores
  }

  /// The part of sample `i` in a layer with this many elements for each.
  private func block(_ i: Int, _ count: Int) -> Range<Int> { i * count..<(i + 1) * count }
}

// MARK: Backward

extension DigitNetwork {
  /// The mean loss; the scores become its derivatives by them.
  private func replaceScoresByDerivatives(_ scores: inout [Double], _ targets: [UInt8]) throws -> Double {
    var rows = try MutableMatrixView(scores.mutableSpan, rowCount: targets.count, columnCount: Digits.classCount)
    return try loss.valueAndGradient(overwriting: &rows, targets: targets.span)
  }

  /// Adds the derivatives by the parameters of the scores, given those by the scores, returns those by the features.
  private func addScoreGradient(
    _ layers: Activations, at parameters: Span<Double>, to gradient: inout MutableSpan<Double>
  ) -> [Double] {
    let scores = layers.scores.span
    addProduct(
      scores, isTransposed: true, layers.features.span, columns: featureCount, to: &gradient, at: parts.scoreWeights)
    for i in scores.indices { gradient[parts.scoreBiases.lowerBound + i % Digits.classCount] += scores[i] }

    var features = [Double](repeating: 0, count: layers.features.count)
    var output = features.mutableSpan
    addProduct(
      scores, parameters.extracting(parts.scoreWeights), columns: featureCount, to: &output, at: output.indices)
    return features
  }

  /// Adds the derivatives by the parameters of the convolutions, given those by the features.
  private func addConvolutionGradients(
    _ layers: Activations, features: [Double], at parameters: Span<Double>, samples: Span<Int>,
    to gradient: inout MutableSpan<Double>
  ) {
    for i in samples.indices {
      let hidden = layers.first.span.extracting(block(i, firstCount))
      let deeper = Pooling.gradient(
        layers.second.span.extracting(block(i, secondCount)),
        output: features.span.extracting(block(i, featureCount)))
      second.addWeightGradient(hidden, output: deeper.span, to: &gradient, at: parts.secondWeights)
      second.addBiasGradient(output: deeper.span, to: &gradient, at: parts.secondBiases)

      var output = second.inputGradient(output: deeper.span, weights: parameters.extracting(parts.secondWeights))
      for j in hidden.indices where hidden[j] <= 0 { output[j] = 0 }
      let image = images.span.extracting(block(samples[i], Convolution.pixelCount))
      first.addWeightGradient(image, output: output.span, to: &gradient, at: parts.firstWeights)
      first.addBiasGradient(output: output.span, to: &gradient, at: parts.firstBiases)
    }
  }
}
