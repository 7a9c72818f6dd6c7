import Charts

/// Loss and accuracy of the data that is learned from, and of the data that says when to stop, epoch by epoch.
func picture(_ training: [Score], _ validation: [Score], bestEpoch: Int, caption: String) -> Figure {
  func panel(_ y: Axis, _ value: (Score) -> Double) -> Panel {
    Panel(
      x: Axis("epoch", scale: .integer), y: y,
      series: [
        Series("training", values: training.map(value)), Series("validation", values: validation.map(value)),
      ],
      references: [.vertical(Double(bestEpoch), "kept")])
  }
  return Figure(
    title: "Digits: a convolutional network learns", subtitle: caption,
    panels: [
      panel(Axis("cross-entropy", scale: .logarithmic), \.loss),
      panel(Axis("accuracy (%)", range: 80...100)) { 100 * $0.accuracy },
    ], arrangement: .sideBySide, width: 1000, height: 440)
}
