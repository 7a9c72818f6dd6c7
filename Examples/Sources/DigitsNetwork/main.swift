// Trains a convolutional network, written in plain Swift, to read digits. The loss, the update rule, the schedule and
// the check of the gradient are the package's.

import ExampleSupport
import Losses

let leastAccuracy = 0.97
let clock = ContinuousClock()
let begin = clock.now
func secondsSoFar() -> String { text((clock.now - begin) / .seconds(1), 1) + " s" }

let digits = Digits(try Table("digits.csv"), seed: 1)
let network = try DigitNetwork<Float>(digits)
print("\(network.parameterCount) parameters:")
for range in network.layout.ranges { print("  \(range.name) \(range.range.count)") }

// The same network in Double: each derivative of the mean loss of three images against differences of that loss.
let exact = try DigitNetwork<Double>(digits)
let check = try exact.checkGradient(at: exact.initialParameters(seed: 2), samples: Array(digits.training.prefix(3)))
print(check)
guard check.passed, check.comparedCount == check.componentCount else {
  fail("the gradient is wrong, or was not checked")
}
print("The check took \(secondsSoFar()).")

let training = Training()
let learned = try training.run(
  network, from: network.initialParameters(seed: 2), samples: digits.training, validation: digits.validation)
print(
  """
  \(learned.training.count - 1) epochs of batches of \(training.batchSize), \(training.rule); \
  kept: epoch \(learned.bestEpoch). All that took \(secondsSoFar()).
  """)

// The test images are seen here for the first time.
let parts = [("training", digits.training), ("validation", digits.validation), ("test", digits.test)]
let scores = try parts.map { try network.score(at: learned.parameters, samples: $0.1) }
printTable(
  "digits.csv", columns: ["loss", "accuracy"],
  rows: zip(parts, scores).map { part, score in ("\(part.0), \(part.1.count) images", [score.loss, score.accuracy]) })

let confusion = Confusion(network, at: learned.parameters, samples: digits.test)
print("\nworst class of the test: \(confusion.worstClass)")

let accuracy = scores[2].accuracy
try write(
  picture(
    learned.training, learned.validation, bestEpoch: learned.bestEpoch,
    caption:
      "\(network.parameterCount) parameters; \(text(100 * accuracy, 1)) % of the \(digits.test.count) test images right"
  ),
  to: "digits-network.svg")
guard accuracy >= leastAccuracy else {
  fail("accuracy \(text(accuracy)) of the test images, less than \(leastAccuracy)")
}
