// Tunes alpha and gamma of the focal loss on data that is held back: is a digit an 8 or another one?

import Charts
import ExampleSupport
import LinearModels
import Losses

/// Images and whether they show an 8, as one in ten does.
struct Part {
  let features: FeatureMatrix<Double>
  let targets: [Double]

  init(_ table: Table) throws {
    features = try table.features(without: "digit")
    targets = table.column("digit").map { $0 == 8 ? 1 : 0 }
  }

  func score(_ model: LinearModel, _ metric: BinaryMetric) throws -> Double {
    try metric.value(predictions: model.predict(features), targets: targets)
  }
}

let thirds = try Table("digits.csv").thirds()
let (training, heldBack, test) = (try Part(thirds.0), try Part(thirds.1), try Part(thirds.2))

// The penalty is the same for all: of 0.0003, 0.001 and 0.003 it is the one that suits the logistic loss best.
func model(_ loss: BinaryLoss) throws -> LinearModel {
  let options = FitOptions(penalty: .l2(strength: 0.001), standardize: true)
  return try LinearModel.fit(
    loss: loss, features: training.features, targets: training.targets, options: options
  ).model
}

let alphas = [0.25, 0.5, 0.75]
let gammas = [0, 0.5, 1, 2, 3, 4, 5]
let logistic = try model(.logistic())
let focal = try gammas.map { gamma in try alphas.map { alpha in try model(.focal(alpha: alpha, gamma: gamma)) } }

// Average precision decides, which sees only the order of the scores: a focal loss with gamma > 0 draws probabilities
// towards ½, and the log loss counts that as an error.
let metrics: [(name: String, metric: BinaryMetric)] = [
  ("average precision", .averagePrecision), ("log loss", .logLoss),
]
let scores = try metrics.map { _, metric in try focal.map { try $0.map { try heldBack.score($0, metric) } } }
for (metric, values) in zip(metrics, scores) {
  printTable(
    "held back: \(metric.name)", columns: alphas.map { "α = \($0)" },
    rows: zip(gammas, values).map { ("γ = \($0)", $1) })
}

let models = focal.flatMap(\.self)
let ranked = zip(models, scores[0].flatMap(\.self)).max { $0.1 < $1.1 }
guard let chosen = ranked?.0 else { fatalError("there is no model to choose from") }
print("\nchosen on the data held back: \(chosen.loss)")
let judges: [BinaryMetric] = [.averagePrecision, .logLoss, .f1(), .brier]
printTable(
  "test", columns: judges.map(\.name),
  rows: try [logistic, chosen].map { model in (model.loss, try judges.map { try test.score(model, $0) }) })

try write(
  picture(
    gammas: gammas, alphas: alphas, metrics: metrics.map(\.name), scores: scores,
    logistic: try metrics.map { try heldBack.score(logistic, $0.metric) }),
  to: "tuned-focal.svg")
