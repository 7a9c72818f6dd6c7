import Foundation
import LinearModels
import Optimizers

/// One line on standard error that shows how far a fit is, where a person can see it.
struct ProgressLine {
  private static let interval = Duration.milliseconds(100)

  private let isShown = isatty(STDERR_FILENO) == 1
  // The first line waits as well: a fast fit shows none.
  private var lastUpdate = ContinuousClock.now
  private var isDirty = false

  /// Shows an iteration, at most ten times a second.
  mutating func update(_ record: FitRecord) {
    guard isShown, .now - lastUpdate >= Self.interval else { return }
    lastUpdate = .now
    isDirty = true
    let gap = record.gap.map { ", gap \(NumberText.short($0))" } ?? ""
    write(
      "iteration \(record.iteration), value \(NumberText.short(record.value)),"
        + " gradient norm \(NumberText.short(record.gradientNorm))\(gap)")
  }

  /// Shows an epoch, with a bar of how many of all there were, at most ten times a second.
  mutating func update(_ record: TrainingRecord, of trainer: Trainer) -> ProgressDecision {
    guard isShown, .now - lastUpdate >= Self.interval else { return .proceed }
    lastUpdate = .now
    isDirty = true
    let width = 24
    let done = min(width, width * record.epoch / max(1, trainer.epochs))
    let bar = String(repeating: "█", count: done) + String(repeating: "░", count: width - done)
    let validation = record.validationValue.map { ", validation \(NumberText.short($0))" } ?? ""
    write("\(bar) epoch \(record.epoch) of \(trainer.epochs), value \(NumberText.short(record.value))\(validation)")
    return .proceed
  }

  /// Removes the line.
  mutating func clear() {
    if isDirty { write("") }
    isDirty = false
  }

  private func write(_ text: String) {
    // To the start of the line, then clear it to its end.
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }
}
