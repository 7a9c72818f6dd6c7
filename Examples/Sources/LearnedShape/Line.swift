import Losses

/// A fitted line, and the distribution of the data about it that its loss stands for.
struct Line: Sendable {
  var name: String
  var intercept: Double
  var slope: Double
  var noise: NoiseModel

  func prediction(_ x: Double) -> Double { intercept + slope * x }

  /// `−ln density` of a residual: the loss with the normaliser that makes losses comparable.
  func loss(_ residual: Double) -> Double { -noise.logDensity(target: residual, prediction: 0) }

  func meanLoss(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + loss($1.1 - prediction($1.0)) } / Double(x.count)
  }

  func medianResidual(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).map { abs($1 - prediction($0)) }.sorted()[x.count / 2]
  }
}
