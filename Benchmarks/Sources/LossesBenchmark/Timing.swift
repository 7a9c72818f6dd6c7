/// The time of one call in nanoseconds, over the samples of a run.
struct Timing: Encodable {
  let minimum: Double
  let median: Double
  let maximum: Double

  /// How many samples were taken, and how many calls each of them averages.
  let samples: Int
  let callsPerSample: Int

  /// Sums up at least one sample.
  init(_ times: [Double], callsPerSample: Int) {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    minimum = sorted[0]
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    maximum = sorted[sorted.count - 1]
    samples = sorted.count
    self.callsPerSample = callsPerSample
  }
}
