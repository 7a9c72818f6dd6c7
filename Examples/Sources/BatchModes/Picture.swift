import Charts

/// The value above the minimum against the epoch, and against the time.
func picture(_ curves: [Curve], rows: Int) -> Figure {
  func panel(_ title: String, _ axis: Axis, _ x: (Curve) -> [Double]) -> Panel {
    Panel(
      title: title, x: axis, y: Axis("value above the minimum", scale: .logarithmic),
      series: curves.map { Series($0.name, x: x($0), y: $0.excess, style: .line) })
  }
  return Figure(
    title: "Batch, mini-batch and stochastic gradient descent",
    subtitle: "logistic regression on \(rows) rows of breast_cancer.csv; the rate is constant, or falls as a cosine",
    panels: [
      panel("What an epoch is worth", Axis("epochs", scale: .integer)) { $0.excess.indices.map(Double.init) },
      panel("What it costs", Axis("seconds", scale: .logarithmic)) { curve in
        curve.seconds.map { max($0, 1e-5) }
      },
    ], arrangement: .sideBySide, width: 1100, height: 480)
}
