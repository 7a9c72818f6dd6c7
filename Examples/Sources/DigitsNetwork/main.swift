// Trains a convolutional network, written in plain Swift, to read digits. The loss, the update rule, the schedule, the
// training and the check of the gradient are the package's.

import ExampleSupport
import Losses
import Optimizers

let leastAccuracy = 0.97
let clock = ContinuousClock()
let begin = clock.now
func secondsSoFar() -> String { text((clock.now - begin) / .seconds(1), 1) + " s" }

let (learning, test) = Digits.dealt(try Table("digits.csv"))
let network = try DigitNetwork(learning)
print("\(network.parameterCount) parameters:")
for range in network.layout.ranges { print("  \(range.name) \(range.range.count)") }

// Each derivative of the mean loss of three images against differences of that loss.
let start = network.initialParameters(seed: 2)
let check = try network.checkGradient(at: start, samples: [0, 1, 2])
print(check)
guard check.passed, check.comparedCount == check.componentCount else {
  fail("the gradient is wrong, or was not checked")
}
print("The check took \(secondsSoFar()).")

let training = try Training(sampleCount: network.sampleCount)
let outcome = try training.run(network, from: start)
let parameters = outcome.result.parameters
print(
  """
  \(outcome.result.history.count) epochs, \(outcome.result.steps) steps of \(training.trainer.rule); \
  kept: epoch \(outcome.result.bestEpoch ?? 0). All that took \(secondsSoFar()).
  """)

// The test images are seen here for the first time.
let testNetwork = try DigitNetwork(test)
let parts = [
  ("training", network, training.learned), ("validation", network, training.heldBack),
  ("test", testNetwork, Array(0..<test.count)),
]
let scores = try parts.map { _, network, samples in
  [
    try network.value(at: parameters.span, samples: samples.span),
    try network.accuracy(at: parameters, samples: samples),
  ]
}
printTable(
  "digits.csv", columns: ["loss", "accuracy"],
  rows: zip(parts, scores).map { part, scores in ("\(part.0), \(part.2.count) images", scores) })
print("\nworst class of the test: \(Confusion(testNetwork, at: parameters, samples: parts[2].2).worstClass)")

let accuracy = scores[2][1]
try write(
  picture(
    outcome,
    caption: "\(network.parameterCount) parameters; \(text(100 * accuracy, 1)) % of the \(test.count) test images right"
  ),
  to: "digits-network.svg")
guard accuracy >= leastAccuracy else {
  fail("accuracy \(text(accuracy)) of the test images, less than \(leastAccuracy)")
}
