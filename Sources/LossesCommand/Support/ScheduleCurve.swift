import Charts
import Optimizers

/// The curve of a schedule: what the learning rate is multiplied by, over the step.
struct ScheduleCurve {
  /// How many steps are drawn where the schedule does not say.
  static let defaultSteps = 1000

  /// More points than this do not show.
  private static let pointLimit = 2000

  private let schedule: LearningRateSchedule
  private let steps: Int

  init(_ schedule: LearningRateSchedule, steps: Int?) {
    self.schedule = schedule
    self.steps = steps ?? schedule.naturalLength ?? Self.defaultSteps
  }

  var figure: Figure {
    let series = Series(nil, points, style: .line)
    let panel = Panel(
      x: Axis("step", scale: .integer), y: Axis("factor of the learning rate"), series: [series],
      references: [.horizontal(0)])
    return Figure(title: schedule.description, panels: [panel], width: 720, height: 360)
  }

  /// One for every step, or as many as show.
  private var points: [Series.Point] {
    let count = min(steps, Self.pointLimit)
    return (0...count).map { index in
      let step = steps > count ? Int(Double(steps) * (Double(index) / Double(count))) : index
      return Series.Point(Double(step), schedule.factor(at: step))
    }
  }
}
