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
  /// How many parameters before these are penalized: where their numbers begin in the lists of a penalty.
  var penaltyOffset = 0
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
      next.penaltyOffset = segments.last.map { $0.penaltyOffset + $0.penalizedCount } ?? 0
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

  var penalizedCount: Int { isPenalized ? range.count : 0 }

  private func isTreated(as other: UpdateSegment) -> Bool {
    guard isFrozen == other.isFrozen, isPenalized == other.isPenalized else { return false }
    return isFrozen
      || learningRateFactor == other.learningRateFactor && weightDecayFactor == other.weightDecayFactor
  }
}

extension Penalty {
  /// Throws ``Losses/LossError`` where the penalty has no proximal operator, does not fit the parameters that are penalized,
  /// or ties together what is treated differently.
  ///
  /// Returns what a penalty that ties parameters together acts on; `nil` for a sum of a function of each.
  func checkProximal(of segments: [UpdateSegment]) throws(LossError) -> UpdateSegment? {
    let penalized = segments.filter(\.isPenalized)
    try validate(count: penalized.reduce(0) { $0 + $1.range.count })
    try checkProximal()
    guard !isSeparable, var tied = penalized.first else { return nil }
    for next in penalized {
      let isNext = next.range.lowerBound == tied.range.upperBound || next.range == tied.range
      guard isNext, next.learningRateFactor == tied.learningRateFactor, !next.isFrozen else {
        throw .invalidArgument(
          argument: "layout", value: "one of penalized ranges that are apart, frozen, or of different learning rates",
          expected: "penalized ranges that follow each other, with one learning rate, for a penalty that ties them"
            + " together: \(self)")
      }
      tied.range = tied.range.lowerBound..<next.range.upperBound
    }
    return tied
  }
}
