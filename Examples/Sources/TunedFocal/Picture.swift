import Charts

/// A panel for each metric: its value over gamma, a line for each alpha.
func picture(
  gammas: [Double], alphas: [Double], metrics: [String], scores: [[[Double]]], logistic: [Double]
) -> Figure {
  let panels = metrics.indices.map { m in
    Panel(
      x: Axis("gamma"), y: Axis(metrics[m]),
      series: alphas.enumerated().map { a, alpha in
        Series("focal, alpha \(alpha)", x: gammas, y: scores[m].map { $0[a] }, style: .markedLine)
      },
      references: [.horizontal(logistic[m], "logistic")])
  }
  return Figure(
    title: "Is it an 8? Focal losses, scored on data held back",
    subtitle: "a linear model of 64 pixels, fitted to 599 of 1797 digits", panels: panels, arrangement: .sideBySide,
    width: 1000, height: 440)
}
