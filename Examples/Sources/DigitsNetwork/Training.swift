import Losses
import Optimizers

/// How a network learns: AdamW over batches of shuffled samples, with a rate that rises over the first epoch and then
/// falls as half a wave of a cosine, until the validation loss has got no better for a while.
struct Training {
  /// The most epochs, for which the schedule is made.
  var epochs = 40
  var batchSize = 16
  /// After how many epochs without a lower validation loss to stop.
  var patience = 10
  /// Of three rates, two decays and two sizes of batches these have the least validation loss, in the mean of five
  /// starts.
  var rule = UpdateRule.adamW(learningRate: 0.02, weightDecay: 0.05)
  var seed: UInt64 = 1

  /// What came of it.
  struct Outcome<Scalar: NetworkScalar> {
    /// The parameters of the lowest validation loss.
    var parameters: [Scalar]
    /// The epoch that they are of.
    var bestEpoch = 0
    /// The scores before the first epoch and after each.
    var training: [Score] = []
    var validation: [Score] = []
  }

  func run<Scalar>(
    _ network: DigitNetwork<Scalar>, from start: [Scalar], samples: [Int], validation: [Int]
  ) throws -> Outcome<Scalar> {
    let batchCount = (samples.count + batchSize - 1) / batchSize
    let schedule = LearningRateSchedule.cosine(steps: (epochs - 1) * batchCount).warmedUp(steps: batchCount, from: 0.05)
    var optimizer = try Optimizer<Scalar>(rule, layout: network.layout)
    var generator = Generator(seed: seed)
    var parameters = start
    var gradient = [Scalar](repeating: 0, count: network.parameterCount)
    var outcome = Outcome(parameters: start)
    for epoch in 0...epochs {
      if epoch > 0 {
        let order = samples.shuffled(using: &generator)
        for first in stride(from: 0, to: order.count, by: batchSize) {
          let batch = order.span.extracting(first..<min(first + batchSize, order.count))
          var output = gradient.mutableSpan
          _ = try network.valueAndGradient(at: parameters.span, samples: batch, gradient: &output)
          try optimizer.update(
            &parameters, gradient: gradient, learningRateFactor: schedule.factor(at: optimizer.state.stepCount))
        }
      }
      outcome.training.append(try network.score(at: parameters, samples: samples))
      outcome.validation.append(try network.score(at: parameters, samples: validation))
      if outcome.validation[epoch].loss < outcome.validation[outcome.bestEpoch].loss {
        (outcome.parameters, outcome.bestEpoch) = (parameters, epoch)
      }
      if epoch - outcome.bestEpoch >= patience { break }
    }
    return outcome
  }
}
