/// The last pairs of `s`, a change of the parameters, and `y`, the change of the gradient with it, of an L-BFGS iteration.
///
/// A ring: the pair in slot `k` is `s[kn..<(k+1)n]` and `y[kn..<(k+1)n]`. It grows to its capacity as pairs come, so that a
/// large capacity costs nothing before it is used.
package struct CurvaturePairs {
  private let capacity: Int
  private var s: [Double] = []
  private var y: [Double] = []
  /// `1/sᵀy` by slot.
  private var inverseCurvatures: [Double] = []
  /// The first loop's coefficients by slot, kept only to save their allocation.
  private var coefficients: [Double] = []
  private var newest = -1
  /// `γ = sᵀy/yᵀy` of the newest pair.
  private var initialScale = 1.0

  package init(capacity: Int) { self.capacity = capacity }

  private var count: Int { inverseCurvatures.count }

  package var isEmpty: Bool { count == 0 }

  mutating func removeAll() { self = Self(capacity: capacity) }

  /// Takes up a pair, in place of the oldest if the ring is full, unless its curvature is not safely positive.
  package mutating func append(
    parametersFrom oldParameters: Span<Double>, to newParameters: Span<Double>,
    gradientFrom oldGradient: Span<Double>, to newGradient: Span<Double>
  ) {
    var curvature = 0.0, stepSquare = 0.0, changeSquare = 0.0
    for i in oldParameters.indices {
      let step = newParameters[i] - oldParameters[i], change = newGradient[i] - oldGradient[i]
      curvature += step * change
      stepSquare += step * step
      changeSquare += change * change
    }
    let threshold = Double.ulpOfOne * stepSquare.squareRoot() * changeSquare.squareRoot()
    // The squares may overflow, or underflow where the curvature does not; neither leaves a usable pair.
    guard curvature > threshold, (1 / curvature).isFinite, changeSquare > 0, changeSquare.isFinite else { return }

    let length = oldParameters.count
    if count < capacity {
      newest = count
      s.append(contentsOf: repeatElement(0, count: length))
      y.append(contentsOf: repeatElement(0, count: length))
      inverseCurvatures.append(0)
      coefficients.append(0)
    } else {
      newest = (newest + 1) % capacity
    }
    let offset = newest * length
    for i in oldParameters.indices {
      s[offset + i] = newParameters[i] - oldParameters[i]
      y[offset + i] = newGradient[i] - oldGradient[i]
    }
    inverseCurvatures[newest] = 1 / curvature
    initialScale = curvature / changeSquare
  }

  /// Replaces `v` by `Hv`: the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4). Leaves `v` if there is no pair.
  package mutating func multiplyByInverseHessian(_ v: inout MutableSpan<Double>) {
    guard !isEmpty else { return }
    let length = v.count
    for age in 0..<count {
      let slot = slot(age: age), range = slot * length..<(slot + 1) * length
      coefficients[slot] = inverseCurvatures[slot] * dot(s.span.extracting(range), v.span)
      add(-coefficients[slot], times: y.span.extracting(range), to: &v)
    }
    for i in v.indices { v[i] *= initialScale }
    for age in (0..<count).reversed() {
      let slot = slot(age: age), range = slot * length..<(slot + 1) * length
      let correction = inverseCurvatures[slot] * dot(y.span.extracting(range), v.span)
      add(coefficients[slot] - correction, times: s.span.extracting(range), to: &v)
    }
  }

  /// The slot of the pair that is `age` younger pairs away from the newest.
  private func slot(age: Int) -> Int {
    let slot = newest - age
    return slot < 0 ? slot + count : slot
  }
}
