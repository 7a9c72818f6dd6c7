import Losses

/// Parameters that a step treats alike: one range of a layout, or several that follow each other.
struct UpdateSegment: Sendable {
  var range: Range<Int>
  /// Of a matrix.
  var columns: Int?
  /// Where the numbers of `adafactor` for this segment begin among its states.
  var stateOffset = 0
  var learningRateFactor: Double
  var weightDecayFactor: Double
  var isPenalized: Bool
  var isFrozen: Bool

  init(_ range: ParameterRange) {
    self.range = range.range
    columns = range.columns
    learningRateFactor = range.learningRateFactor
    weightDecayFactor = range.weightDecayFactor
    isPenalized = range.isPenalized
    isFrozen = range.isFrozen
  }

  /// Neighbours that are treated alike are one segment, unless each is needed by itself.
  static func segments(of layout: ParameterLayout, separately: Bool) -> [UpdateSegment] {
    var segments: [UpdateSegment] = []
    for range in layout.ranges where !range.range.isEmpty {
      var next = UpdateSegment(range)
      next.stateOffset = segments.last.map { $0.stateOffset + $0.factoredStateCount } ?? 0
      if !separately, let last = segments.last, last.isTreated(as: next) {
        segments[segments.count - 1].range = last.range.lowerBound..<next.range.upperBound
      } else {
        segments.append(next)
      }
    }
    return segments
  }

  /// How many numbers `adafactor` has: those of rows and columns, or one for each parameter.
  var factoredStateCount: Int {
    guard let columns else { return range.count }
    return range.count / columns + columns
  }

  private func isTreated(as other: UpdateSegment) -> Bool {
    isFrozen && other.isFrozen
      || isFrozen == other.isFrozen && learningRateFactor == other.learningRateFactor
        && weightDecayFactor == other.weightDecayFactor && isPenalized == other.isPenalized
  }
}

extension Penalty {
  /// Throws ``Losses/LossError`` where the penalty has no proximal operator, or ties together what a layout treats
  /// differently.
  func checkProximal(of layout: ParameterLayout) throws(LossError) {
    try validate(count: layout.count)
    try checkProximal()
    guard !isSeparable else { return }
    let segments = UpdateSegment.segments(of: layout, separately: false)
    guard segments.count <= 1, segments.allSatisfy({ $0.isPenalized && !$0.isFrozen }) else {
      throw .invalidArgument(
        argument: "layout", value: "one of ranges that are treated differently",
        expected: "ranges that are treated alike, all penalized, for a penalty that ties them together: \(self)")
    }
  }
}
