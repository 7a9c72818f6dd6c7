// Learns the shape and the scale of Barron's robust loss together with a line, from data with outliers.

import ExampleSupport
import Foundation
import LinearModels
import Losses
import Optimizers

// In thousands of francs every parameter is of the size of 1, which suits the minimiser.
let table = try Table("engel.csv")
let income = table.column("income").map { $0 / 1000 }
let food = table.column("foodexp").map { $0 / 1000 }
let features = try FeatureMatrix(income, rowCount: income.count, columnCount: 1)

let squared = try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: food)
let absolute = try LinearModel.fit(loss: RegressionLoss.absoluteError, features: features, targets: food)

// Starts at the squared error's line, with shape 1 and the standard deviation as scale.
let objective = RobustObjective(
  linear: try LinearObjective(loss: RegressionLoss.robustLikelihood(), features: features, targets: food))
let start = squared.model.coefficients + [squared.model.intercept, 0, 0.5 * log(squared.value)]
print(try objective.checkGradient(at: start))
let learned = try LBFGS().minimize(objective, from: start)
let (shape, scale) = RobustObjective.shapeAndScale(learned.parameters[2], learned.parameters[3])
print("\(learned.iterations) iterations. \(learned.stopReason) Shape \(text(shape)), scale \(text(scale)).")

// The other two losses get the noise that suits their residuals best, so that the likelihoods compare.
let lines = [
  Line(
    name: "learned robust loss", intercept: learned.parameters[1], slope: learned.parameters[0],
    noise: .robust(shape: shape, scale: scale)),
  Line(
    name: "squared error", intercept: squared.model.intercept, slope: squared.model.coefficients[0],
    noise: .gaussian(variance: squared.value)),
  Line(
    name: "absolute error", intercept: absolute.model.intercept, slope: absolute.model.coefficients[0],
    noise: .laplace(scale: absolute.value)),
]
printTable(
  "engel.csv", columns: ["intercept", "slope", "−ln density", "median |r|"],
  rows: lines.map { line in
    (
      line.name,
      [line.intercept, line.slope, line.meanLoss(income, food), line.medianResidual(income, food)]
    )
  })

try write(
  picture(of: lines, income: income, food: food, caption: "learned: shape \(text(shape, 2)), scale \(text(scale, 3))"),
  to: "learned-shape.svg")
