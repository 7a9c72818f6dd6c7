import Losses

extension GoldenRow {
  /// What the numbers for each class are.
  enum LabelNumbers {
    case positiveWeights, classWeights
  }

  /// A call that a binary loss of several labels gives. Where the record has a number for each row, that is the mean over
  /// its labels. Class weights do not count in the mean.
  static func multilabel(_ call: String, _ loss: BinaryLoss, _ numbers: LabelNumbers) -> GoldenRow {
    GoldenRow(call: call) { record, samples in
      let (y, classCount) = (samples.y ?? [], samples.columns ?? 1)
      let classWeights = numbers == .classWeights ? samples.c : nil
      let positiveWeights = numbers == .positiveWeights ? samples.c : nil
      let (value, gradient) = try loss.valueAndGradient(
        predictions: samples.x, targets: y, classCount: classCount, classWeights: classWeights,
        positiveWeights: positiveWeights, reduction: record.isMean && classWeights == nil ? .mean : .sum)
      let values = try loss.values(
        predictions: samples.x, targets: y, classCount: classCount, classWeights: classWeights,
        positiveWeights: positiveWeights)
      let rows = stride(from: 0, to: values.count, by: classCount).map {
        values[$0..<$0 + classCount].reduce(0, +) / Double(classCount)
      }
      let perLabel = record.isMean ? 1 / Double(y.count) : 1 / Double(classCount)
      let factor = record.isMean && classWeights == nil ? 1 : perLabel
      return GoldenNumbers(value: factor * value, values: rows, gradient: ["x": gradient.map { factor * $0 }])
    }
  }
}
