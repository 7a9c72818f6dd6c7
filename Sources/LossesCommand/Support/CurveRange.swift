import ArgumentParser

/// An interval as the command line has it: `-3...3`.
struct CurveRange {
  let bounds: ClosedRange<Double>

  init(_ text: String) throws {
    guard let dots = text.range(of: "..."), let low = Double(text[..<dots.lowerBound]),
      let high = Double(text[dots.upperBound...]),
      // Wide enough to be told apart, and small enough for any function of it to be drawn.
      max(abs(low), abs(high)) <= 1e100, high - low > 1e-9 * max(abs(low), abs(high))
    else {
      throw ValidationError("expected two finite numbers, the lower one first, as in -3...3")
    }
    bounds = low...high
  }
}
