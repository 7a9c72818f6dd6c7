/// The greatest of every 2 × 2 pixels.
enum Pooling {
  /// The pixels of a plane of which there is one for each four of its inputs.
  static let outputCount = Convolution.pixelCount / 4

  static func forward(_ planes: Span<Double>) -> [Double] {
    (0..<planes.count / 4).map { planes[greatest(planes, $0)] }
  }

  /// The derivatives by the inputs before their rectifier, given those by the outputs: each goes to the pixel that was
  /// the greatest, unless the rectifier had made it 0.
  static func gradient(_ planes: Span<Double>, output: Span<Double>) -> [Double] {
    var gradient = [Double](repeating: 0, count: planes.count)
    for i in output.indices {
      let place = greatest(planes, i)
      if planes[place] > 0 { gradient[place] = output[i] }
    }
    return gradient
  }

  /// Which input is an output: of several that are the greatest the first one.
  private static func greatest(_ planes: Span<Double>, _ output: Int) -> Int {
    let side = Convolution.side
    let (plane, pixel) = output.quotientAndRemainder(dividingBy: outputCount)
    let (y, x) = pixel.quotientAndRemainder(dividingBy: side / 2)
    let corner = plane * Convolution.pixelCount + 2 * y * side + 2 * x
    var place = corner
    if planes[corner + 1] > planes[place] { place = corner + 1 }
    if planes[corner + side] > planes[place] { place = corner + side }
    if planes[corner + side + 1] > planes[place] { place = corner + side + 1 }
    return place
  }
}
