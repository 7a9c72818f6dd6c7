// Batch, mini-batch and stochastic gradient descent on the same logistic regression: what an epoch of each is worth, and
// what it costs.

import Charts
import ExampleSupport
import LinearModels
import Losses
import Optimizers

let table = try Table("breast_cancer.csv")
let objective = try LinearObjective(
  loss: BinaryLoss.logistic(), features: try table.features(without: "benign").standardized(),
  targets: table.column("benign"), penalty: .l2(strength: 0.01), threads: 1)
let start = [Double](repeating: 0, count: objective.parameterCount)
let minimum = try LBFGS().minimize(objective, from: start).value

// Each mode has about the greatest constant rate that it bears, and falls to 0 as half a wave of a cosine.
let epochs = 100
let rowCount = objective.rowCount
let modes = [
  Mode("batch", batchSize: .all, steps: epochs, rate: 0.5),
  Mode("mini-batches of 32", batchSize: 32, steps: epochs * ((rowCount + 31) / 32), rate: 0.2),
  Mode("stochastic", batchSize: 1, steps: epochs * rowCount, rate: 0.02),
]
// What happens once in a program is no time of the mode that comes first.
for mode in modes { _ = try mode.run(objective, from: start, minimum: minimum, epochs: 1, rateFalls: false) }
let curves = try modes.flatMap { mode in
  try [false, true].map { falls in
    try mode.run(objective, from: start, minimum: minimum, epochs: epochs, rateFalls: falls)
  }
}

printTable(
  "millionths above the minimum, \(text(minimum, 5))",
  columns: ["1 epoch", "10 epochs", "\(epochs) epochs", "seconds"],
  rows: curves.map { curve in
    (curve.name, [1, 10, epochs].map { 1e6 * curve.excess[$0] } + [curve.seconds[epochs]])
  })
print(
  """

  After one epoch, which costs every mode as many derivatives, the stochastic descent is ahead: it has made \(rowCount)
  steps where the batch has made one. With a constant rate it then stays where the noise of single rows keeps it; a rate that falls
  takes it on. Mini-batches have nearly all of its steps' worth, with less noise, and take a small part of its time, since a
  step on 32 rows costs little more than one on a single row.
  """)
try write(picture(curves, rows: rowCount), to: "batch-modes.svg")

let byName = Dictionary(uniqueKeysWithValues: curves.map { ($0.name, $0) })
guard let batch = byName["batch, falling"], let mini = byName["mini-batches of 32, falling"],
  let stochastic = byName["stochastic"], mini.excess[epochs] < batch.excess[epochs],
  stochastic.excess[1] < batch.excess[1], mini.excess[epochs] < stochastic.excess[epochs]
else { fail("the descents do not come out as the text above says") }
