import Charts

/// The data with the lines, and beside them the losses that made the lines.
func picture(of lines: [Line], income: [Double], food: [Double], caption: String) -> Figure {
  let range = (income.min() ?? 0)...(income.max() ?? 1)
  let data = Panel(
    title: "Data and lines", x: Axis("income (1,000 Belgian francs)"), y: Axis("spent on food (1,000 francs)"),
    series: [Series("household", x: income, y: food, style: .points, color: 5)]
      + lines.enumerated().map { .curve($1.name, over: range, color: $0, $1.prediction) })
  let losses = Panel(
    title: "Losses", x: Axis("residual (1,000 francs)"), y: Axis("−ln density of the residual", range: -2.5...10),
    series: lines.enumerated().map { .curve($1.name, over: -0.8...0.8, breaks: [0], color: $0, $1.loss) })
  return Figure(
    title: "Engel's households: a loss that learns its own shape", subtitle: caption, panels: [data, losses],
    arrangement: .sideBySide, width: 1000, height: 480)
}
