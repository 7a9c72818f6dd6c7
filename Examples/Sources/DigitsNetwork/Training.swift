import Losses
import Optimizers

/// How a network learns: AdamW over batches of images, with a rate that rises over the first epoch and then falls as half a
/// wave of a cosine, until the loss of a quarter of the images, which is held back, has got no better for a while.
struct Training {
  let trainer: Trainer
  /// The images that the gradient is of.
  let learned: [Int]
  /// Those that say when to stop.
  let heldBack: [Int]

  /// What came of it.
  struct Outcome {
    var result: TrainingResult<Double>
    /// The accuracy on either part after each epoch.
    var learned: [Double]
    var heldBack: [Double]
  }

  init(sampleCount: Int) throws {
    let (epochs, batchSize) = (40, 16)
    var trainer = Trainer(
      .adamW(learningRate: 0.02, weightDecay: 0.05), batchSize: .count(batchSize), epochs: epochs, seed: 1,
      validationFraction: 0.25, earlyStopping: EarlyStopping(patience: 10))
    (learned, heldBack) = try trainer.split(sampleCount: sampleCount)
    let steps = (learned.count + batchSize - 1) / batchSize
    trainer.schedule = .cosine(steps: (epochs - 1) * steps).warmedUp(steps: steps, from: 0.05)
    self.trainer = trainer
  }

  func run(_ network: DigitNetwork, from start: [Double]) throws -> Outcome {
    var accuracies: (learned: [Double], heldBack: [Double]) = ([], [])
    let result = try trainer.train(
      network, from: start, layout: network.layout,
      checkpointing: { state in
        accuracies.learned.append(try network.accuracy(at: state.parameters, samples: learned))
        accuracies.heldBack.append(try network.accuracy(at: state.parameters, samples: heldBack))
      })
    return Outcome(result: result, learned: accuracies.learned, heldBack: accuracies.heldBack)
  }
}
