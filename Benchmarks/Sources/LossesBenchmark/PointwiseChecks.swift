import Losses

extension PointwiseData {
  /// Throws unless the library gives the value and the gradient of a plain sum in `Double`.
  func checkLibrary(threads: ThreadLimit) throws {
    clear()
    try evaluate(threads: threads, calls: 1)
    try checkResult(of: "\(L.self).\(loss.name)")
  }

  private func checkResult(of what: String) throws(BenchmarkError) {
    let period = Self.period
    // How many times each sample of the first period occurs is known, so the first period suffices for the sum.
    let (whole, rest) = count.quotientAndRemainder(dividingBy: period)
    var (sum, sumOfRest) = (0.0, 0.0)
    for i in 0..<min(count, period) {
      if i == rest { sumOfRest = sum }
      let sample = loss.reference(prediction: Double(predictions[i]), target: Double(targets[i]))
      sum += sample.value
      try requireClose(
        "\(what): count × gradient[\(i)]", Double(gradient[i]) * Double(count), sample.gradient,
        tolerance: S.tolerance)
    }
    let total = whole == 0 ? sum : Double(whole) * sum + sumOfRest
    try requireClose("\(what): value", value, total / Double(count), tolerance: S.tolerance)
    guard count > period else { return }
    for i in period..<count where gradient[i] != gradient[i - period] {
      throw .wrongResult(
        of: "\(what): gradient[\(i)]", value: Double(gradient[i]), expected: Double(gradient[i - period]))
    }
  }

  /// Throws unless the loop has written every word.
  func check(_ loop: RooflineLoop) throws(BenchmarkError) {
    clear()
    run(loop, calls: 1)
    let isRight = predictions.withUnsafeBytes { first in
      targets.withUnsafeBytes { second in
        gradient.withUnsafeBytes { result in
          let (first, second) = (first.bindMemory(to: UInt32.self), second.bindMemory(to: UInt32.self))
          let words = result.bindMemory(to: UInt32.self)
          return words.indices.allSatisfy { words[$0] == first[$0] ^ second[$0] }
        }
      }
    }
    guard isRight else { throw .wrongRoofline(of: loop.kind.rawValue) }
  }
}
