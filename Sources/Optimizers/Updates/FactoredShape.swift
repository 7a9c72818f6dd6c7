/// The shape of a range that ``UpdateRule/adafactor(learningRate:decayExponent:epsilon:leastScale:threshold:weightDecay:)``
/// has numbers for: as many numbers can belong to matrices of other rows and columns.
struct FactoredShape: Hashable, Codable, Sendable, CustomStringConvertible {
  var parameters: Int
  /// Of a matrix.
  var columns: Int?

  var description: String {
    "\(parameters) parameters" + (columns.map { " in \($0) columns" } ?? "")
  }

  /// Those of the ranges that are not empty; none for another rule.
  static func shapes(_ rule: UpdateRule, _ layout: ParameterLayout) -> [FactoredShape] {
    guard case .adafactor = rule else { return [] }
    return ranges(of: layout).map { FactoredShape(parameters: $0.range.count, columns: $0.columns) }
  }

  /// The ranges that have a shape.
  static func ranges(of layout: ParameterLayout) -> [ParameterRange] { layout.ranges.filter { !$0.range.isEmpty } }
}
