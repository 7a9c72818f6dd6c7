import Charts
import Optimizers

/// Loss and accuracy of the images that are learned from, and of those that say when to stop, epoch by epoch. The loss of
/// training is the mean over the batches of the epoch, each before its step.
func picture(_ outcome: Training.Outcome, caption: String) -> Figure {
  let history = outcome.result.history
  func panel(_ y: Axis, _ learned: [Double], _ heldBack: [Double]) -> Panel {
    let epochs = history.map { Double($0.epoch) }
    return Panel(
      x: Axis("epoch", scale: .integer), y: y,
      series: [
        Series("training", x: epochs, y: learned, style: .line),
        Series("validation", x: epochs, y: heldBack, style: .line),
      ],
      references: outcome.result.bestEpoch.map { [.vertical(Double($0), "kept")] } ?? [])
  }
  return Figure(
    title: "Digits: a convolutional network learns", subtitle: caption,
    panels: [
      panel(
        Axis("cross-entropy", scale: .logarithmic), history.map(\.value), history.map { $0.validationValue ?? .nan }),
      panel(
        Axis("accuracy (%)", range: 80...100), outcome.learned.map { 100 * $0 }, outcome.heldBack.map { 100 * $0 }),
    ], arrangement: .sideBySide, width: 1000, height: 440)
}
