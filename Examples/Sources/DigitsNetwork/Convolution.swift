import Losses

/// A convolution of planes of 8 × 8 pixels by 3 × 3 weights, with zeros beyond the border.
///
/// As a product of matrices it is W·U: row o of W has the weights of the output o, 9 for each input; column p of U, the
/// unfolded input, has the pixels about p that they meet.
struct Convolution {
  static let side = 8
  static let pixelCount = side * side
  static let tapCount = 9

  let inputs: Int
  let outputs: Int
  /// For each of the 9 weights and each pixel, the pixel that meets the weight there; −1 beyond the border.
  private let sources: [Int]

  init(inputs: Int, outputs: Int) {
    self.inputs = inputs
    self.outputs = outputs
    sources = (0..<Self.tapCount).flatMap { tap in
      (0..<Self.pixelCount).map { pixel in
        let (y, x) = (pixel / Self.side + tap / 3 - 1, pixel % Self.side + tap % 3 - 1)
        return (0..<Self.side).contains(y) && (0..<Self.side).contains(x) ? y * Self.side + x : -1
      }
    }
  }

  /// The inputs of one output.
  var fanIn: Int { inputs * Self.tapCount }
  var weightCount: Int { outputs * fanIn }

  /// Writes the outputs of one sample, after a rectifier: the greater one of 0 and what weights and biases give.
  func forward(
    _ planes: Span<Double>, weights: Span<Double>, biases: Span<Double>, to output: inout MutableSpan<Double>,
    at range: Range<Int>
  ) {
    for (i, place) in range.enumerated() { output[place] = biases[i / Self.pixelCount] }
    addProduct(weights, unfold(planes).span, columns: Self.pixelCount, to: &output, at: range)
    for place in range { output[place] = max(0, output[place]) }
  }

  /// Adds the derivatives by the weights, given those by the outputs of one sample before their rectifier.
  func addWeightGradient(
    _ planes: Span<Double>, output: Span<Double>, to gradient: inout MutableSpan<Double>, at range: Range<Int>
  ) {
    let patches = transposed(unfold(planes).span, columns: Self.pixelCount)
    addProduct(output, patches.span, columns: fanIn, to: &gradient, at: range)
  }

  /// Adds the derivatives by the biases.
  func addBiasGradient(output: Span<Double>, to gradient: inout MutableSpan<Double>, at range: Range<Int>) {
    for i in output.indices { gradient[range.lowerBound + i / Self.pixelCount] += output[i] }
  }

  /// The derivatives by the inputs: what was unfolded is folded up again.
  func inputGradient(output: Span<Double>, weights: Span<Double>) -> [Double] {
    var unfolded = [Double](repeating: 0, count: fanIn * Self.pixelCount)
    var span = unfolded.mutableSpan
    addProduct(weights, isTransposed: true, output, columns: Self.pixelCount, to: &span, at: span.indices)
    var planes = [Double](repeating: 0, count: inputs * Self.pixelCount)
    for input in 0..<inputs {
      let (plane, row) = (input * Self.pixelCount, input * sources.count)
      for i in sources.indices where sources[i] >= 0 { planes[plane + sources[i]] += span[row + i] }
    }
    return planes
  }

  private func unfold(_ planes: Span<Double>) -> [Double] {
    var unfolded = [Double](repeating: 0, count: fanIn * Self.pixelCount)
    for input in 0..<inputs {
      let (plane, row) = (input * Self.pixelCount, input * sources.count)
      for i in sources.indices where sources[i] >= 0 { unfolded[row + i] = planes[plane + sources[i]] }
    }
    return unfolded
  }
}
