import LinearModels
import Losses

/// What the library chooses for itself on this machine. Only a fit tells, so a small one is made.
struct LibraryProbe {
  /// The instruction set of the kernels.
  let instructionSet: String

  /// How many threads a call uses that may use all and has work for them.
  let threads: Int

  init() throws {
    let (rows, columns) = (8192, 64)
    var generator = SplitMix64(seed: 3)
    let elements = (0..<rows * columns).map { _ in Float(generator.uniform(from: -1, to: 1)) }
    let fit = try LinearModel.fit(
      loss: RegressionLoss.squaredError,
      features: FeatureMatrix(elements, rowCount: rows, columnCount: columns),
      targets: (0..<rows).map { elements[$0 * columns] }, options: FitOptions(maximumIterations: 1))
    instructionSet = fit.instructionSet
    threads = fit.threads
  }
}
