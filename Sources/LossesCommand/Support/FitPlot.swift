import Charts
import LinearModels
import Losses

/// The picture of a fit: the model with the data, and beside it the convergence.
struct FitPlot<L: PointwiseLoss, S: FileScalar> {
  private let loss: L
  private let fit: LinearFit<LinearModel>
  private let training: TrainingSummary?
  private let data: FitData<S>
  private let rows: [Int]
  private let linearPredictor: [Double]

  init(loss: L, fit: LinearFit<LinearModel>, training: TrainingSummary?, data: FitData<S>) throws {
    (self.loss, self.fit, self.training, self.data) = (loss, fit, training, data)
    rows = data.activeRows
    linearPredictor = try fit.model.linearPredictor(for: data.features)
  }

  var figure: Figure {
    let columns = NumberText.counted(data.features.columnCount, "column")
    let size = "\(NumberText.counted(rows.count, "row")) × \(columns)"
    let value = NumberText.short(fit.value).replacing("-", with: "−")
    return Figure(
      title: "\(data.targetName): linear model, \(fit.model.loss)",
      subtitle: "\(size) · value \(value) · \(training?.end ?? fit.end)",
      panels: [modelPanel, training?.panel ?? .convergence(of: fit.history, isGap: fit.gap != nil)],
      arrangement: .sideBySide, width: 960,
      height: 440)
  }

  private var modelPanel: Panel {
    if loss is MarginLoss { return scorePanel }
    if loss.link == .logit { return probabilityPanel }
    return data.features.columnCount == 1 ? curvePanel : comparisonPanel
  }

  private func target(_ row: Int) -> Double { data.targets[row]._double }

  private var curvePanel: Panel {
    let feature = rows.map { data.features.elements[$0]._double }
    let finite = feature.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let (slope, intercept) = (fit.model.coefficients[0], fit.model.intercept)
    return Panel(
      title: "Data and model", x: Axis(data.columnNames[0]), y: Axis(data.targetName),
      series: [
        Series("data", x: feature, y: rows.map(target), style: .points),
        .curve("model", over: low...high) { loss.link.response(intercept + slope * $0) },
      ])
  }

  private var comparisonPanel: Panel {
    Panel(
      title: "Actual and predicted", x: Axis("predicted \(data.targetName)"), y: Axis(data.targetName),
      series: [
        Series(nil, x: rows.map { loss.link.response(linearPredictor[$0]) }, y: rows.map(target), style: .points)
      ],
      references: [.identity("predicted = actual")], equatesAxes: true)
  }

  private var probabilityPanel: Panel {
    let classes = [0.0, 1].map { label in rows.filter { target($0) == label } }
    let others = rows.filter { target($0) != 0 && target($0) != 1 }
    var series = classes.enumerated().map { label, rows in
      Series.strip(
        "\(data.targetName) = \(label)", x: rows.map { linearPredictor[$0] }, at: Double(label), color: label)
    }
    if !others.isEmpty {
      series.append(
        Series("other targets", x: others.map { linearPredictor[$0] }, y: others.map(target), style: .points))
    }
    let shown = rows.map { linearPredictor[$0] }.filter(\.isFinite)
    let (low, high) = (shown.min() ?? -1, shown.max() ?? 1)
    series.append(.curve("model", over: min(low, -1)...max(high, 1), color: 2, loss.link.response))
    return Panel(
      title: "Probability", x: Axis("linear predictor (logit)"), y: Axis("probability that \(data.targetName) is 1"),
      series: series)
  }

  private var scorePanel: Panel {
    let series = [-1.0, 1].enumerated().map { index, label in
      let members = rows.filter { target($0) == label }
      let name = label < 0 ? "negative class" : "positive class"
      return Series.strip(
        name, x: members.map { linearPredictor[$0] }, at: label, spread: 0.35, color: index)
    }
    return Panel(
      title: "Score of \(data.targetName)", x: Axis("linear predictor (score)"),
      y: Axis("class, spread out", scale: .integer, range: -1.6...1.6), series: series,
      references: [.vertical(0, "decision boundary")])
  }
}

extension LinearFit {
  /// How a title says that it ended.
  var end: String {
    (converged ? "converged after " : "not converged after ") + NumberText.counted(iterations, "iteration")
  }
}

extension Panel {
  /// The gap, or the norm of the gradient, against the iteration.
  static func convergence(of history: [FitRecord], isGap: Bool) -> Panel {
    let points = history.map { Series.Point(Double($0.iteration), $0.gap ?? $0.gradientNorm) }
    return Panel(
      title: "Convergence", x: Axis("iteration", scale: .integer),
      y: Axis(isGap ? "duality gap" : "gradient norm", scale: .logarithmic),
      series: [Series(nil, points, style: .markedLine)])
  }
}
