import Charts
import LinearModels
import Losses

/// The picture of a fit of several classes: how far the score of the right class is ahead of the others, and beside it the
/// convergence.
struct ClassFitPlot {
  let fit: LinearFit<CategoricalModel>
  let training: TrainingSummary?
  let targetName: String
  /// The classes of the rows that count, and the scores of all classes for each of them.
  let targets: [Int]
  let scores: [Double]

  var figure: Figure {
    let classes = fit.model.classCount
    let size =
      "\(NumberText.counted(targets.count, "row")) × \(NumberText.counted(fit.model.columnCount, "column")), \(classes) classes"
    return Figure(
      title: "\(targetName): linear model, \(fit.model.loss)",
      subtitle:
        "\(size) · value \(NumberText.short(fit.value).replacing("-", with: "−")) · \(training?.end ?? fit.end)",
      panels: [marginPanel, training?.panel ?? .convergence(of: fit.history, isGap: false)], arrangement: .sideBySide,
      width: 960,
      height: 440)
  }

  /// A row is right where its margin is above 0.
  private var marginPanel: Panel {
    let classes = fit.model.classCount
    let margins = targets.indices.map { row in
      let own = row * classes..<(row + 1) * classes
      let right = scores[own.lowerBound + targets[row]]
      let rival = own.filter { $0 != own.lowerBound + targets[row] }.map { scores[$0] }.max() ?? right
      return right - rival
    }
    let series = [("right", 0), ("wrong", 1)].map { name, color in
      let members = targets.indices.filter { (margins[$0] > 0) == (color == 0) }
      return Series(
        "\(name): \(members.count)", x: members.map { margins[$0] },
        // Rows of one class are spread, in their order, so that they do not hide each other.
        y: members.map { Double(targets[$0]) + 0.5 * (Double($0 * 37 % 101) / 100 - 0.5) }, style: .points,
        color: color)
    }
    return Panel(
      title: "Margin of the right class", x: Axis("its score minus the greatest other score"),
      y: Axis("class of \(targetName), spread out", scale: .integer, range: -0.6...(Double(classes) - 0.4)),
      series: series, references: [.vertical(0, "decision boundary")])
  }
}
