// Defines a loss (Cauchy.swift), checks it, and fits real data with it.

import ExampleSupport
import LinearModels
import Losses

let cauchy = CustomLoss(Cauchy(scale: 2))
print(try cauchy.checkGradient())

let table = try Table("stackloss.csv")
let features = try table.features(without: "stackloss")
let targets = table.column("stackloss")

let fit = try LinearModel.fit(loss: cauchy, features: features, targets: targets)

// The built-in robust loss of shape 0 is ln(½(r/c)² + 1): the same curve, where its scale c is 2/√2. Squared error
// follows the outliers of the table instead.
let robust = RegressionLoss.robust(shape: 0, scale: 2.0.squareRoot())
let builtIn = try LinearModel.fit(loss: robust, features: features, targets: targets)
let squared = try LinearModel.fit(loss: RegressionLoss.squaredError, features: features, targets: targets)

printTable(
  "stackloss.csv", columns: ["intercept"] + table.columnNames.dropFirst(),
  rows: [("\(cauchy)", fit), ("\(robust)", builtIn), ("squaredError", squared)].map { name, fit in
    (name, [fit.model.intercept] + fit.model.coefficients)
  })
